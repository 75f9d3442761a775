"""A policy's text made into a policy: everything wrong with it found at once, each with its line and its path."""

from __future__ import annotations

import codecs
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from profile_widgets.checks.policy.acting import USUAL, AssumeRole
from profile_widgets.checks.policy.located import MAX_BYTES, Finding, Located, Place, read, written
from profile_widgets.checks.policy.mapping import whose_rule
from profile_widgets.checks.policy.resolving import resolved
from profile_widgets.checks.policy.rules import OWN, Rule
from profile_widgets.checks.policy.schema import complaints
from profile_widgets.checks.policy.whose import WhoseRule
from profile_widgets.errors import PolicyError

READY = ("self-service", "read-only", "administrator")
"""The policies that come with the kit, by name."""


@dataclass(frozen=True)
class Parts:
    """Hold what a policy's text says."""

    document: dict[str, Any]
    rules: tuple[Rule, ...]
    whose: WhoseRule | None
    assume_role: AssumeRole | None


def ready_text(name: str) -> str:
    """Return the text of a policy that comes with the kit."""
    return resources.files(__package__).joinpath(f"ready/{name}.yaml").read_text("utf-8")


def text_of(source: str | Path) -> tuple[str, str, Path | None]:
    """Return a policy's text, its name for messages, and the folder beside which its mapping file stands.

    Raises :class:`PolicyError` for a file that cannot be read.
    """
    if isinstance(source, str) and source in READY:
        return ready_text(source), f"{source}.yaml", None
    path = Path(source).expanduser()
    try:
        return read_file(path, MAX_BYTES), path.name, path.parent
    except ValueError as error:
        hint = ""
        if not path.suffix and path.name == str(source):
            near = difflib.get_close_matches(str(source), READY, n=1)
            known = f"The ready policies are {', '.join(READY)}."
            hint = f" {known} Did you mean {near[0]}?" if near else f" {known}"
        raise PolicyError(str(source), [(0, 0, "", f"{error}{hint}")]) from error


def read_file(path: Path, most: int) -> str:
    """Return the text of a plain file; raises :class:`ValueError` with a sentence."""
    try:
        if path.exists() and not path.is_file():
            raise ValueError("This is no plain file.")
        with path.open("rb") as file:
            raw = file.read(most + 1)
    except OSError as error:
        raise ValueError(f"This cannot be read: {error.strerror or 'no such file'}.") from error
    if len(raw) > most:
        raise ValueError(f"This is longer than {most // 1024:,} KiB, which is the most.")
    try:
        return raw.decode("utf-16" if raw[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE) else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise ValueError(f"This is no text in UTF-8 (line {line}).") from error


def parsed(text: str, name: str, folder: Path | None) -> Parts:
    """Return what a policy's text says; raises :class:`PolicyError` with everything that is wrong."""
    located = read(text)
    if located.findings:
        raise PolicyError(name, located.findings)
    return assembled(located, name, folder)


def plain(document: Any) -> Located:
    """Return a document of Python's as one that was read, with findings for what YAML could not say."""
    located = Located()
    located.document = _plain(document, (), located)
    return located


def _plain(value: Any, place: Place, located: Located) -> Any:
    if len(place) > 20:
        located.findings.append((0, 0, written(place), "It is nested deeper than any policy is."))
    elif isinstance(value, dict):
        if all(isinstance(name, str) for name in value):
            return {name: _plain(each, (*place, name), located) for name, each in value.items()}
        located.findings.append((0, 0, written(place), "Every name is a text."))
    elif isinstance(value, (list, tuple)):
        return [_plain(each, (*place, index), located) for index, each in enumerate(value)]
    elif value is None or isinstance(value, (str, bool, int, float)):
        return value
    else:
        located.findings.append((0, 0, written(place), f"{type(value).__name__} is no kind of value that YAML has."))
    return None


def assembled(located: Located, name: str, folder: Path | None) -> Parts:
    """Return what a located document says; raises :class:`PolicyError` with everything that is wrong."""
    if located.findings:
        raise PolicyError(name, _in_order(located.findings))
    findings: list[Finding] = []
    if ill := list(complaints(located.document)):
        findings += (located.finding(place, text, name=about_name) for place, about_name, text in ill)
        _read_the_rest(located, folder, {place[:2] for place, _, _ in ill}, findings)
        raise PolicyError(name, _in_order(findings))
    document = located.document
    whose = whose_rule(document["profile"], folder, located, findings) if "profile" in document else None
    rules = tuple(resolved(document["rules"], located, findings))
    findings += _together(rules, whose, located)
    if findings:
        raise PolicyError(name, _in_order(findings))
    acting = document.get("assume_role")
    role = AssumeRole(acting["role_arn"], int(acting.get("duration", USUAL))) if acting else None
    return Parts(document, rules, whose, role)


def _read_the_rest(located: Located, folder: Path | None, ill: set[Place], findings: list[Finding]) -> None:
    """Find what is wrong in the parts of a policy that are well formed, where others are not."""
    document = located.document
    if not isinstance(document, dict):
        return
    if "profile" in document and all(place[:1] != ("profile",) for place in ill):
        whose_rule(document["profile"], folder, located, findings)
    if "rules" in document and ("rules",) not in ill:
        numbers = {place[1] for place in ill if place[:1] == ("rules",)}
        tuple(resolved(document["rules"], located, findings, numbers))


def _together(rules: tuple[Rule, ...], whose: WhoseRule | None, located: Located) -> Iterator[Finding]:
    """Yield what is wrong between the parts."""
    for rule in rules:
        uses = rule.operations or rule.edit or rule.read
        if rule.profiles == OWN and uses and whose is None and "profile" not in located.document:
            text = "This is about the visitor's own profile, and the policy does not say which that is: add profile."
            yield located.finding(("rules", rule.number), text)
            return


def _in_order(findings: list[Finding]) -> list[Finding]:
    return sorted(dict.fromkeys(findings), key=lambda each: each[:2])
