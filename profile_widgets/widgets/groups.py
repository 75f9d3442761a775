"""In which order and under which headings the settings stand.

One table; a member that it does not know lands in "More".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

MORE = "More"


@dataclass(frozen=True)
class Part:
    """Describe a section of its own for loose members: single values and lists that have no structure around them."""

    title: str
    members: tuple[str, ...]
    help: str = ""


GROUPS: tuple[tuple[str, tuple[str | Part, ...]], ...] = (
    (
        "Access and network",
        (
            Part(
                "Execution role and security groups",
                ("ExecutionRole", "SecurityGroups"),
                "As whom this person's work runs, and in which network.",
            ),
            "SharingSettings",
        ),
    ),
    (
        "Studio",
        (
            Part(
                "Studio access and landing page",
                ("StudioWebPortal", "DefaultLandingUri"),
                "Whether this person may open Studio, and what opens first.",
            ),
            "StudioWebPortalSettings",
        ),
    ),
    ("JupyterLab", ("JupyterLabAppSettings",)),
    ("Code Editor", ("CodeEditorAppSettings",)),
    ("Canvas", ("CanvasAppSettings",)),
    ("RStudio", ("RStudioServerProAppSettings", "RSessionAppSettings")),
    (
        "Storage and files",
        (
            "SpaceStorageSettings",
            Part(
                "File systems",
                ("AutoMountHomeEFS", "CustomFileSystemConfigs"),
                "Which file systems this person's private spaces mount.",
            ),
            "CustomPosixUserConfig",
        ),
    ),
    ("Studio Classic", ("JupyterServerAppSettings", "KernelGatewayAppSettings", "TensorBoardAppSettings")),
)
"""Heading, then members in order; a :class:`Part` gathers loose members."""


def arranged(structures: Iterable[str], loose: Iterable[str]) -> Iterator[tuple[str, str | Part]]:
    """Yield ``(heading, member or part)`` for the members that the installed model has.

    ``structures`` are the names of members that are structures, ``loose`` those of all others.

    Example::

        >>> list(arranged(["CanvasAppSettings"], ["BrandNew"]))[-1]
        ('More', Part(title='More settings', members=('BrandNew',), help=''))
    """
    nested, single = list(structures), list(loose)
    for heading, entries in GROUPS:
        for entry in entries:
            if isinstance(entry, Part):
                held = tuple(name for name in entry.members if name in single)
                single = [name for name in single if name not in held]
                if held:
                    yield heading, Part(entry.title, held, entry.help)
            elif entry in nested:
                nested.remove(entry)
                yield heading, entry
    for name in nested:
        yield MORE, name
    if single:
        yield MORE, Part("More settings", tuple(single))
