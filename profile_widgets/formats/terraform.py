"""The profile as a Terraform resource, ``aws_sagemaker_user_profile`` of the provider ``hashicorp/aws``.

What the provider takes is data, ``terraform.json`` beside this module: its attributes and blocks, and what it is known
to do otherwise than written. AWS's member names are not in it: an attribute belongs to the member with the same letters
(``sagemaker_image_arn`` to ``SageMakerImageArn``, the block ``code_repository`` to ``CodeRepositories``). What the
provider cannot express stands in a comment at its place; explicitly empty values are among that, for the provider does
not send them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, TypeAlias

from profile_widgets.formats.leaving_out import (
    Items,
    Leaf,
    Members,
    Part,
    everything_left_out,
    fit,
    seen,
    stays_outside,
)
from profile_widgets.formats.registry import exporter
from profile_widgets.model.documents import get, same
from profile_widgets.model.halves import holds_half
from profile_widgets.model.shapes import UPDATE

INDENT = "  "
WIDTH = 100
"""How long a line with a list may be before each item gets a line of its own."""
_ARN = re.compile(r"arn:aws(-[a-z]+)*:[^:]+:([a-z]{2}(-[a-z]+)+-[0-9]{1,2})?:[^:]*:.+", re.DOTALL)
_TEMPLATE = re.compile(r"[$%](?=\{)")
_ESCAPE = re.compile(r"\\.")
_ESCAPES = {r"\b": r"\u0008", r"\f": r"\u000c"}
"""Escapes of JSON that HCL does not know."""
_NAME = re.compile("[A-Za-z0-9][A-Za-z0-9-]{0,62}")
"""What a shell and a comment take as it is, and all that AWS lets a domain's id and a profile's name be."""
_OTHER = re.compile(r"[^A-Za-z0-9_]")


@cache
def table() -> Mapping[str, Any]:
    """Return what the provider takes, read once: ``resource``, ``schema``, ``blocks``, ``remarks``."""
    text = resources.files("profile_widgets.formats").joinpath("terraform.json").read_text(encoding="utf-8")
    found: Mapping[str, Any] = json.loads(text)
    return found


@dataclass(frozen=True)
class ProviderPlace:
    """Describe one place of the resource: the provider's name for it, and what stands there."""

    attribute: str
    kind: Any

    @property
    def item(self) -> ProviderPlace:
        """Return the place of a list's items."""
        if isinstance(self.kind, list):
            return ProviderPlace(self.attribute, _resolved(self.kind[0]))
        return ProviderPlace(self.attribute, {"map": "tag", "arn set": "arn", "set": "string"}.get(self.kind, ""))

    def member(self, name: str) -> ProviderPlace | None:
        """Return the place of a member; ``None`` when the provider has no such attribute or block."""
        if self.kind == "tag":
            return ProviderPlace(name.lower(), "tag text") if name in ("Key", "Value") else None
        found = _attributes(self.kind).get(name.lower()) if isinstance(self.kind, dict) else None
        return None if found is None else ProviderPlace(found, _resolved(self.kind[found]))

    def lacks(self, name: str) -> str:
        """Say in a sentence that the provider has no such attribute or block."""
        where = f" in {self.attribute}" if self.attribute else ""
        return f"{table()['resource']} has nothing for {seen(json.dumps(name)[1:-1])}{where}."

    def needs(self, name: str) -> bool:
        """Tell whether the block that stands here cannot be written without this member of it."""
        below = self.member(name)
        return self.kind == "tag" or (below is not None and below.attribute in table()["required"])

    def collide(self, one: Any, other: Any) -> bool:
        """Tell whether two items are one in a set, or two tags have one key."""
        if self.kind == "map":
            return bool(get(one, "Key") == get(other, "Key"))
        return self.kind in ("set", "arn set") and same(one, other)

    def refusal(self, value: Any) -> str:
        """Say in a sentence why the provider cannot express this value here; ``""`` when it can."""
        name = self.attribute
        if self.kind == "number":
            return "" if isinstance(value, int) and not isinstance(value, bool) else f"{name} takes a whole number."
        if isinstance(self.kind, str) and self.kind in ("string", "arn", "tag text"):
            return self._refused_text(value)
        if isinstance(self.kind, dict) or self.kind == "tag":
            expected, words = isinstance(value, Mapping), "a structure"
        else:
            expected, words = isinstance(value, (list, tuple)), "a list"
        if not expected:
            return f"{name} takes {words}."
        if self.kind == "tag" and not {"Key", "Value"} <= value.keys():
            return "A tag has a key and a value."
        return "" if value or not name else f"The provider does not send an empty {words.split()[-1]}."

    def _refused_text(self, value: Any) -> str:
        if not isinstance(value, str):
            return f"{self.attribute} takes a text."
        if holds_half(value):
            return "Terraform cannot hold half a character."
        if not value and self.kind != "tag text":
            return "The provider does not send an empty text."
        return "" if self.kind != "arn" or _ARN.fullmatch(value) else f"{self.attribute} takes nothing but an ARN."


def _resolved(kind: Any) -> Any:
    return table()["blocks"][kind[1:]] if isinstance(kind, str) and kind.startswith("@") else kind


def _attributes(block: Mapping[str, Any]) -> dict[str, str]:
    """Return the attributes and blocks by the letters that a member of theirs may have."""
    found: dict[str, str] = {}
    for name, kind in block.items():
        letters = name.replace("_", "")
        found[letters] = name
        if isinstance(kind, list):
            found[letters + "s"] = found[re.sub("y$", "ie", letters) + "s"] = name
    return found


@dataclass(frozen=True)
class _Attribute:
    name: str
    text: str


@dataclass(frozen=True)
class _Comment:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class _Block:
    name: str
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Map:
    name: str
    rows: tuple[_Row, ...]


_Row: TypeAlias = "_Attribute | _Comment | _Block | _Map"


@exporter("terraform", label="Terraform", suffix="tf", rank=6, whole=True)
def write(request: Mapping[str, Any], operation: str) -> str:
    """Return the resource in HCL; what the provider cannot express stands in it as a comment."""
    facts = table()
    resource, label = facts["resource"], label_of(request.get("UserProfileName"))
    whole = fit(request, ProviderPlace("", facts["schema"]))
    lines: list[str] = []
    if operation == UPDATE:
        lines += [
            "# This profile exists already: let Terraform take it over before it is applied, by its ARN:",
            f"#   terraform import {resource}.{label} {_arn(request)}",
        ]
    if everything_left_out(whole):
        lines.append(f"# {resource} as {facts['provider']} had it on {facts['date']}; the rest is in comments.")
    rows = tuple(_rows(whole, "")) if isinstance(whole, Members) else ()
    return "\n".join([*lines, f'resource "{resource}" "{label}" {{', *_written(rows, INDENT), "}"])


def _arn(request: Mapping[str, Any]) -> str:
    """Return the profile's ARN with a word for what is not known; a name that AWS cannot have is not known either."""
    known = [request.get("DomainId"), request.get("UserProfileName")]
    words = ("DOMAIN", "NAME")
    shown = [
        each if isinstance(each, str) and _NAME.fullmatch(each) else word
        for each, word in zip(known, words, strict=True)
    ]
    return f"arn:aws:sagemaker:REGION:ACCOUNT:user-profile/{'/'.join(shown)}"


def label_of(name: Any) -> str:
    """Return the resource's name in Terraform for a user profile's name.

    Example::

        >>> label_of("Alice-B"), label_of("7th")
        ('alice_b', 'user_7th')
    """
    text = _OTHER.sub("_", name if isinstance(name, str) else "").lower().strip("_") or "profile"
    return text if text[0].isalpha() else f"user_{text}"


def _rows(structure: Members, block: str) -> Iterator[_Row]:
    """Return what stands in a block, in the document's order."""
    written = [place for _, place, part in structure.parts if not stays_outside(part)]
    kept = {place.attribute for place in written if isinstance(place, ProviderPlace)}
    remarks = table()["remarks"]
    for key, remark in remarks["absent"].items():
        within, _, attribute = key.partition(".")
        if within == block and attribute not in kept:
            yield _Comment((f"# {remark}",))
    for _name, place, part in structure.parts:
        if not isinstance(place, ProviderPlace) or stays_outside(part):
            yield from (_Comment(tuple(each.comment())) for each in everything_left_out(part))
            continue
        if remark := remarks["given"].get(f"{block}.{place.attribute}"):
            yield _Comment((f"# {remark}",))
        yield from _entry(place, part)


def _entry(place: ProviderPlace, part: Part) -> Iterator[_Row]:
    if isinstance(part, Leaf):
        yield _Attribute(place.attribute, literal(part.value))
    elif isinstance(part, Members):
        yield _Block(place.attribute, tuple(_rows(part, place.attribute)))
    elif isinstance(part, Items) and place.kind == "map":
        yield _Map(place.attribute, tuple(_pairs(part)))
    elif isinstance(part, Items) and isinstance(place.kind, list):
        for each in part.parts:
            yield from _entry(place, each)
    elif isinstance(part, Items):
        yield from (_Comment(tuple(each.comment())) for each in everything_left_out(part))
        yield _Attribute(place.attribute, _list([each.value for each in part.parts if isinstance(each, Leaf)]))
    else:
        yield _Comment(tuple(part.comment()))


def _pairs(tags: Items) -> Iterator[_Row]:
    for each in tags.parts:
        if isinstance(each, Members):
            texts = {name: part.value for name, _place, part in each.parts if isinstance(part, Leaf)}
            yield _Attribute(literal(texts["Key"]), literal(texts["Value"]))
        else:
            yield from (_Comment(tuple(left.comment())) for left in everything_left_out(each))


def _list(values: list[Any]) -> str:
    texts = [literal(each) for each in values]
    whole = f"[{', '.join(texts)}]"
    return whole if len(whole) < WIDTH else "\n".join(["[", *(f"{INDENT}{each}," for each in texts), "]"])


def literal(value: str | float) -> str:
    r"""Return a text, a number or a truth value in HCL.

    A dollar or percent sign before a brace is written by its number, so that nothing is taken for a template.

    Example::

        >>> print(literal('say "${x}"'))
        "say \"\u0024{x}\""
    """
    text = _ESCAPE.sub(lambda found: _ESCAPES.get(found[0], found[0]), seen(json.dumps(value, ensure_ascii=False)))
    return _TEMPLATE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _written(rows: Sequence[_Row], indent: str) -> list[str]:
    """Return the lines of a block's body, laid out as ``terraform fmt`` does."""
    lines: list[str] = []
    for index, row in enumerate(rows):
        if index and (isinstance(row, _Block) or isinstance(rows[index - 1], _Block)):
            lines.append("")
        if isinstance(row, _Comment):
            lines += [f"{indent}{each}" for each in row.lines]
        elif isinstance(row, _Attribute):
            name = row.name.ljust(_width(rows, index)) if "\n" not in row.text else row.name
            lines += [f"{indent}{each}" for each in f"{name} = {row.text}".split("\n")]
        else:
            head = f"{row.name} {{" if isinstance(row, _Block) else f"{row.name} = {{"
            lines += [f"{indent}{head}", *_written(row.rows, indent + INDENT), f"{indent}}}"]
    return lines


def _width(rows: Sequence[_Row], index: int) -> int:
    """Return the longest name among the attributes of one line that stand together with this one."""
    first = last = index
    while first > 0 and _is_short(rows[first - 1]):
        first -= 1
    while last + 1 < len(rows) and _is_short(rows[last + 1]):
        last += 1
    return max(len(row.name) for row in rows[first : last + 1] if isinstance(row, _Attribute))


def _is_short(row: _Row) -> bool:
    return isinstance(row, _Attribute) and "\n" not in row.text
