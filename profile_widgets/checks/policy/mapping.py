"""The ``profile`` part of a policy: which profile is a visitor's own, and the mapping file that may say it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Any

from profile_widgets.checks.policy.located import Finding, Located, read
from profile_widgets.checks.policy.whose import (
    FILE,
    LOCAL,
    SSO,
    TEMPLATE,
    USER,
    WhoseRule,
    doubled,
    is_a_domain_id,
    is_a_profile_name,
    lossy,
    wrong_with,
)
from profile_widgets.checks.problems import shown

MAX_BYTES = 8 * 1024 * 1024
"""How long a mapping file may be; a person is a line of some 40 characters."""
MOST_TOLD = 20

Row = tuple[int, str, str, str]
"""A line of a mapping file: its number, the visitor, the domain ("" when none is said), the profile's name."""


def whose_rule(
    part: dict[str, Any], folder: Path | None, located: Located, findings: list[Finding]
) -> WhoseRule | None:
    """Return the rule; what is wrong with it goes into ``findings``."""

    def find(text: str, *way: str) -> None:
        findings.append(located.finding(("profile", *way), text))

    if "domain_id" in part and "domains" in part:
        find("domain_id and domains say the same in two ways: keep one.", "domain_id")
    common = {"domain_id": part.get("domain_id", ""), "domains": MappingProxyType(dict(part.get("domains", {})))}
    if "sso" in part:
        return WhoseRule(SSO, template=part["sso"], **common)
    if "file" in part:
        names = _mapped(part["file"], folder, find)
        return WhoseRule(FILE, names=MappingProxyType(names), **common)
    for text, way in _wrong_template(part):
        find(text, way)
    return WhoseRule(
        TEMPLATE,
        template=part["template"],
        email_domain=part.get("email_domain", ""),
        replace=MappingProxyType(dict(part.get("replace", {}))),
        lower=part.get("case") == "lower",
        **common,
    )


def _wrong_template(part: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with a template, and at which member."""
    template = part["template"]
    if LOCAL in template and "email_domain" not in part:
        text = "{local} needs email_domain, the one domain of your addresses: another company has an alice@ too."
        yield text, "template"
    if USER in template and "email_domain" in part:
        yield "email_domain has a meaning with {local} only.", "email_domain"
    bare = template.replace(USER, "a").replace(LOCAL, "a")
    if not is_a_profile_name(bare):
        yield f"No name made from this is a profile's. {wrong_with(bare)}", "template"
    if "collisions" in part and "replace" not in part:
        yield "collisions has a meaning with replace only.", "collisions"
    for text in lossy(part.get("replace", {}), part.get("collisions", "")):
        yield text, "replace"


def _mapped(file: str, folder: Path | None, find: Any) -> dict[str, tuple[str, str]]:
    from profile_widgets.checks.policy.loading import read_file

    if folder is None and not Path(file).is_absolute():
        find("This policy is no file, so that no file stands beside it: give the whole path.", "file")
        return {}
    path = (folder / file) if folder is not None else Path(file)
    try:
        text = read_file(path, MAX_BYTES)
        rows, wrong = _rows(text, path)
    except ValueError as error:
        find(f"{path.name}: {error}", "file")
        return {}
    names: dict[str, tuple[str, str]] = {}
    for line, visitor, domain, name in rows:
        wrong += [(line, each) for each in _wrong_row(visitor, domain, name)]
        if visitor in names:
            wrong.append((line, f"{shown(visitor)} stands twice."))
        names[visitor] = (domain, name)
    lines = {visitor: line for line, visitor, _, _ in rows}
    wrong += [
        (lines[one], f"{shown(one)} and {shown(other)} would meet in the profile {name}.")
        for one, other, name in doubled(names)
    ]
    for line, sentence in sorted(wrong)[:MOST_TOLD]:
        find(f"{path.name}:{line}: {sentence}", "file")
    if len(wrong) > MOST_TOLD:
        find(f"{path.name}: {len(wrong) - MOST_TOLD:,} more lines are wrong.", "file")
    return names


def _wrong_row(visitor: str, domain: str, name: str) -> Iterator[str]:
    if not visitor or visitor != visitor.strip() or not visitor.isprintable() or len(visitor) > 256:
        yield f"{shown(visitor)} is no visitor's name."
    if not is_a_profile_name(name):
        yield f"{shown(name)} is no profile's name. {wrong_with(name)}"
    if domain and not is_a_domain_id(domain):
        yield f"{shown(domain)} is no domain's id."


def _rows(text: str, path: Path) -> tuple[list[Row], list[tuple[int, str]]]:
    """Return the rows of a mapping file and what is wrong with its form: CSV by its name, YAML otherwise."""
    return _of_csv(text) if path.suffix.lower() == ".csv" else _of_yaml(text)


def _of_csv(text: str) -> tuple[list[Row], list[tuple[int, str]]]:
    """Read ``visitor,profile`` or ``visitor,profile,domain_id``, with these words in the first line."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[Row] = []
    wrong: list[tuple[int, str]] = []
    try:
        head = [each.strip() for each in next(reader, [])]
        if head[:2] != ["visitor", "profile"] or head[2:] not in ([], ["domain_id"]):
            raise ValueError("The first line has to say visitor,profile or visitor,profile,domain_id.")
        for row in reader:
            if not row:
                continue
            if len(row) != len(head):
                wrong.append((reader.line_num, f"There are {len(row)} values, and the first line says {len(head)}."))
                continue
            found.append((reader.line_num, row[0], row[2].strip() if len(row) > 2 else "", row[1].strip()))
    except csv.Error as error:
        raise ValueError(f"Line {reader.line_num} is no CSV: {error}.") from error
    return found, wrong


def _of_yaml(text: str) -> tuple[list[Row], list[tuple[int, str]]]:
    """Read ``visitor: profile``, or ``visitor: {profile: ..., domain_id: ...}``."""
    located = read(text, MAX_BYTES)
    wrong = [(line, message) for line, _, _, message in located.findings]
    found: list[Row] = []
    if wrong:
        return found, wrong
    if not isinstance(located.document, dict):
        return found, [(1, "It has to name visitors, each with a profile.")]
    for visitor, value in located.document.items():
        line, _ = located.at((visitor,), name=True)
        entry = {"profile": value} if isinstance(value, (str, int)) and not isinstance(value, bool) else value
        if not isinstance(entry, dict) or "profile" not in entry or set(entry) - {"profile", "domain_id"}:
            wrong.append((line, f"{shown(visitor)} needs a profile's name, or profile and domain_id."))
            continue
        found.append((line, visitor, str(entry.get("domain_id", "")), str(entry["profile"])))
    return found, wrong
