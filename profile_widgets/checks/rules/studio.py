"""Rules about Studio's pages: where people land, what is hidden from them, which spaces settings hold in."""

from __future__ import annotations

import re

from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, shown
from profile_widgets.checks.rules.case import SETTINGS, Case
from profile_widgets.checks.rules.reading import items, structure, structures, word
from profile_widgets.checks.rules.registry import Findings, error, information, rule, warning

LANDING, PORTAL = f"{SETTINGS}.DefaultLandingUri", f"{SETTINGS}.StudioWebPortal"
PAGES = f"{SETTINGS}.StudioWebPortalSettings"
VERSIONS = f"{PAGES}.HiddenSageMakerImageVersionAliases"
STUDIO, CLASSIC = "studio:", "app:JupyterServer:"
ENABLED, DISABLED = "ENABLED", "DISABLED"
MOST_IMAGES, MOST_VERSIONS = 5, 20
LONGEST_ALIAS = 128
PRIVATE_ONLY = (
    "ExecutionRole", "SecurityGroups", "JupyterLabAppSettings", "CodeEditorAppSettings", "SpaceStorageSettings",
    "CustomPosixUserConfig", "CustomFileSystemConfigs", "AutoMountHomeEFS",
)  # fmt: skip
"""The members of which AWS says that shared spaces do not follow them."""

_MINOR = re.compile(r"(0|[1-9][0-9]*)\.(0|[1-9][0-9]*)")
_HIDING = ("HiddenMlTools", "HiddenAppTypes", "HiddenInstanceTypes", "HiddenSageMakerImageVersionAliases")


@rule(13, "landing-page", paths=(LANDING, PORTAL), severities=(ERROR, WARNING))
def landing_page(case: Case) -> Findings:
    """Refuse to send people to Studio while it is closed."""
    own, portal = word(case.own, "DefaultLandingUri"), case.in_force("StudioWebPortal")
    if portal not in ("", DISABLED):
        return
    if own.startswith(STUDIO):
        fix = case.setting(PORTAL, ENABLED)
        if portal or (case.inherits and case.complete):
            closed = "is DISABLED" if portal else "is not set, here or in the domain"
            text = f"People land on Studio, but StudioWebPortal {closed}: it must be ENABLED. Change the two together."
            yield error((LANDING, PORTAL), text, fix)
        else:
            text = "Studio as the landing page needs StudioWebPortal ENABLED: send the two together."
            yield warning((LANDING, PORTAL), text, fix)
    elif not own and word(case.own, "StudioWebPortal") and word(case.defaults, "DefaultLandingUri").startswith(STUDIO):
        text = "The domain sends people to Studio, which this closes. Change the landing page with it."
        yield warning(PORTAL, text, case.setting(LANDING, CLASSIC))


@rule(
    14,
    "hidden-in-studio",
    paths=(PAGES, VERSIONS, f"{VERSIONS}[*].VersionAliases", f"{VERSIONS}[*].VersionAliases[*]"),
    severities=(ERROR, INFORMATION),
)
def hidden_in_studio(case: Case) -> Findings:
    """Say that hiding is no permission; ask for minor versions where image versions are hidden."""
    own = structure(case.own, "StudioWebPortalSettings")
    if any(items(own, name) for name in _HIDING):
        text = "What is hidden is out of sight in Studio only. This grants and denies nothing: IAM policies do."
        yield information(PAGES, text)
    images = items(own, "HiddenSageMakerImageVersionAliases")
    if len(images) > MOST_IMAGES:
        yield error(VERSIONS, f"At most {MOST_IMAGES} images; there are {len(images)}.")
    for index, image in structures(own, "HiddenSageMakerImageVersionAliases"):
        aliases = items(image, "VersionAliases")
        path = f"{VERSIONS}[{index}].VersionAliases"
        if len(aliases) > MOST_VERSIONS:
            yield error(path, f"At most {MOST_VERSIONS} versions of an image; there are {len(aliases)}.")
        for position, alias in enumerate(aliases):
            if isinstance(alias, str) and _MINOR.fullmatch(alias) is None:
                text = f"Versions are hidden by minor version, such as 1.10; this is {shown(alias)}."
                yield error(f"{path}[{position}]", text, *_minor(case, index, alias))


def _minor(case: Case, index: int, alias: str) -> tuple[Fix, ...]:
    """Return the way out that hides the whole minor version of a full one."""
    start = _MINOR.match(alias[:LONGEST_ALIAS])
    if start is None or not alias.startswith(f"{start[0]}."):
        return ()
    images = list(items(structure(case.own, "StudioWebPortalSettings"), "HiddenSageMakerImageVersionAliases"))
    aliases = [start[0] if each == alias else each for each in items(images[index], "VersionAliases")]
    once = [each for position, each in enumerate(aliases) if each not in aliases[:position]]
    images[index] = {**images[index], "VersionAliases": once}
    return (case.setting(VERSIONS, images, f"Hide {start[0]}, all of it"),)


@rule(
    22,
    "private-spaces",
    paths=tuple(f"{SETTINGS}.{name}" for name in PRIVATE_ONLY),
    severities=(INFORMATION,),
)
def private_spaces(case: Case) -> Findings:
    """Say which settings hold in private spaces only."""
    for name in PRIVATE_ONLY:
        if case.sent.get(name) not in (None, "", [], {}, ()):
            text = "Holds in the user's private spaces; shared spaces do not follow it."
            yield information(f"{SETTINGS}.{name}", text)
