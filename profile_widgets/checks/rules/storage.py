"""Rules about where data lies: shared notebooks, volumes, file systems, POSIX identity, home folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from profile_widgets.checks.problems import ERROR, WARNING, Fix, shown
from profile_widgets.checks.rules.case import SETTINGS, Case
from profile_widgets.checks.rules.reading import items, number, structure, structures, word
from profile_widgets.checks.rules.registry import Findings, error, rule, warning
from profile_widgets.model.shapes import shape

SHARING = f"{SETTINGS}.SharingSettings"
VOLUMES = f"{SETTINGS}.SpaceStorageSettings.DefaultEbsStorageSettings"
FILE_SYSTEMS = f"{SETTINGS}.CustomFileSystemConfigs"
POSIX = f"{SETTINGS}.CustomPosixUserConfig"
HOME = f"{SETTINGS}.AutoMountHomeEFS"
SMALLEST, LARGEST = 5, 16_384
"""The bounds of a space's volume, in GiB."""

MOST_FILE_SYSTEMS = 10
NAMED = 3
"""How many of too many kinds of one file system a message names."""

LOWEST = {"Uid": 10_000, "Gid": 1_001}
"""The lowest POSIX ids."""

_DEFAULT, _MAXIMUM = "DefaultEbsVolumeSizeInGb", "MaximumEbsVolumeSizeInGb"


@rule(
    8,
    "sharing-output",
    paths=(f"{SHARING}.S3OutputPath", f"{SHARING}.S3KmsKeyId", f"{SHARING}.NotebookOutputOption"),
    severities=(WARNING,),
)
def sharing_output(case: Case) -> Findings:
    """Warn of a place for shared notebooks that is not used, and of one that is missing."""
    own = structure(case.own, "SharingSettings")
    if not own:
        return
    allowed = case.in_force("NotebookOutputOption", "SharingSettings")
    path = case.in_force("S3OutputPath", "SharingSettings")
    idle = next((name for name in ("S3OutputPath", "S3KmsKeyId") if word(own, name)), None)
    unless = "" if case.inherits else ", unless the domain says otherwise"
    if idle is not None and allowed in ("", "Disabled"):
        stands = "Disabled" if allowed else "Disabled, AWS's default"
        fixes = (case.setting(f"{SHARING}.NotebookOutputOption", "Allowed"),) if path else ()
        yield warning(f"{SHARING}.{idle}", f"Not used: NotebookOutputOption is {stands}{unless}.", *fixes)
    if word(own, "NotebookOutputOption") == "Allowed" and not path:
        text = f"Allowed output needs S3OutputPath, where it is to be stored{unless}."
        yield warning(f"{SHARING}.NotebookOutputOption", text)


@rule(12, "volume-sizes", paths=(f"{VOLUMES}.*",), severities=(ERROR,))
def volume_sizes(case: Case) -> Findings:
    """Ask for both sizes of a space's volume, in bounds, the default not above the largest."""
    storage = structure(case.own, "SpaceStorageSettings")
    own = storage.get("DefaultEbsStorageSettings")
    if not isinstance(own, Mapping):
        return
    default, largest = _size(own, _DEFAULT), _size(own, _MAXIMUM)
    for name, other in ((_DEFAULT, largest), (_MAXIMUM, default)):
        size = number(own, name)
        place = f"{VOLUMES}.{name}"
        if own.get(name) is None:
            yield error(place, f"Both sizes are needed: set {name}.", *([case.setting(place, other)] if other else ()))
        elif size is not None and not SMALLEST <= size <= LARGEST:
            yield error(place, f"From {SMALLEST} to {LARGEST:,} GiB; this is {shown(size)}.")
    if default is not None and largest is not None and default > largest:
        places = (f"{VOLUMES}.{_DEFAULT}", f"{VOLUMES}.{_MAXIMUM}")
        text = f"The default, {default:,} GiB, is above the largest size, {largest:,} GiB: lower it, or raise that."
        yield error(places, text, case.setting(places[0], largest), case.setting(places[1], default))


def _size(node: Mapping[str, object], name: str) -> int | None:
    size = number(node, name)
    return size if size is not None and SMALLEST <= size <= LARGEST else None


@rule(15, "file-systems", paths=(FILE_SYSTEMS, f"{FILE_SYSTEMS}[*]"), severities=(ERROR,))
def file_systems(case: Case) -> Findings:
    """Ask for one file system of one kind in each item, and for ten items at most."""
    listed = items(case.own, "CustomFileSystemConfigs")
    if len(listed) > MOST_FILE_SYSTEMS:
        yield error(FILE_SYSTEMS, f"At most {MOST_FILE_SYSTEMS} file systems; there are {len(listed)}.")
    for index, each in structures(case.own, "CustomFileSystemConfigs"):
        if len(each) != 1:
            found = " and ".join(shown(str(kind)) for kind in [*each][:NAMED]) or "none"
            text = f"One item is one file system of one kind; here: {found}."
            yield error(f"{FILE_SYSTEMS}[{index}]", text, *_parted(case, listed, index))


def _parted(case: Case, listed: Sequence[Any], index: int) -> tuple[Fix, ...]:
    """Return the way out that makes an item of each kind, as far as the installed model takes that."""
    kinds = listed[index]
    parted = [*listed[:index], *({kind: value} for kind, value in kinds.items()), *listed[index + 1 :]]
    model = shape("CustomFileSystemConfigs")
    most = min(MOST_FILE_SYSTEMS, model.maximum or MOST_FILE_SYSTEMS)
    if len(parted) > most or not model.item.members.keys() >= kinds.keys():
        return ()
    return (case.setting(FILE_SYSTEMS, parted, f"Make {len(kinds)} file systems of it" if kinds else "Take it out"),)


@rule(16, "posix-identity", paths=(POSIX, f"{POSIX}.*"), severities=(ERROR,))
def posix_identity(case: Case) -> Findings:
    """Refuse a POSIX identity in an update, half of one, and one of the system's own."""
    own = case.own.get("CustomPosixUserConfig")
    if not isinstance(own, Mapping):
        return
    if case.updates:
        text = (
            "AWS takes a POSIX identity only when a profile is created. Another one means to delete the profile and "
            "create it again, which loses its home folder."
        )
        if "CustomPosixUserConfig" in case.sent:
            yield error(POSIX, text, *case.leaving_out(POSIX, label="Take the POSIX identity out of this update"))
        return
    for name, lowest in LOWEST.items():
        value = number(own, name)
        if own.get(name) is None:
            yield error(f"{POSIX}.{name}", f"Uid and Gid go together: set {name} too.")
        elif value is not None and value < lowest:
            yield error(f"{POSIX}.{name}", f"At least {lowest:,}; this is {shown(value)}.")


@rule(17, "home-as-domain", paths=(HOME,), severities=(ERROR,))
def home_as_domain(case: Case) -> Findings:
    """Refuse to leave the home folder to a domain that leaves it to its domain."""
    own, given = case.own.get("AutoMountHomeEFS"), case.defaults.get("AutoMountHomeEFS")
    if own == given == "DefaultAsDomain":
        text = (
            "The domain says DefaultAsDomain itself, which AWS allows for profiles only, so this leads nowhere: "
            "choose Enabled or Disabled."
        )
        yield error(HOME, text, *_choices(case))


def _choices(case: Case) -> tuple[Fix, ...]:
    return tuple(case.setting(HOME, each) for each in ("Enabled", "Disabled"))
