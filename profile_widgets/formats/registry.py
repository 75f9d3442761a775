"""The registry of export formats."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.formats import hiding
from profile_widgets.model.shapes import OPERATIONS

Writer = Callable[[Mapping[str, Any], str], str]


@dataclass(frozen=True)
class Exporter:
    """Describe a format: its name, a label for people, a file name's ending, its rank in the review, and its writer.

    A format that is ``whole`` describes a profile as it shall be (CloudFormation), not a change of it: its writer gets
    all settings of the profile, and not only those that an update sends.
    """

    name: str
    label: str
    suffix: str
    rank: int
    write: Writer
    whole: bool = False


EXPORTERS: dict[str, Exporter] = {}
"""Every export format by name."""


def exporter(name: str, *, label: str, suffix: str, rank: int, whole: bool = False) -> Callable[[Writer], Writer]:
    """Register a function ``write(request, operation) -> text`` as an export format; a name taken is an error."""

    def register(write: Writer) -> Writer:
        if name in EXPORTERS:
            raise ValueError(f"There is an export format {name!r} already.")
        EXPORTERS[name] = Exporter(name, label, suffix, rank, write, whole)
        return write

    return register


def export(request: Mapping[str, Any], operation: str, name: str, *, hide_account_ids: bool = False) -> str:
    """Write a request in a format; raises :class:`ValueError` naming the formats, or the operations, that exist.

    ``hide_account_ids`` puts made-up account ids in place of the real ones (:mod:`profile_widgets.formats.hiding`).

    Example::

        export({"DomainId": "d-abc123", "UserProfileName": "alice"}, "UpdateUserProfile", "cli")
    """
    if name not in EXPORTERS:
        raise ValueError(f"There is no export format {name!r}: choose one of {', '.join(EXPORTERS)}.")
    if operation not in OPERATIONS:
        raise ValueError(f"{operation!r} is not an operation of this kit: choose {' or '.join(OPERATIONS)}.")
    text = EXPORTERS[name].write(request, operation)
    return hiding.hide_account_ids(text) if hide_account_ids else text
