"""The members that a policy speaks of, and which of them no wildcard opens.

All come from the installed service model. A path of a policy has no positions of lists: a rule speaks of every item.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache, lru_cache
from types import MappingProxyType

from profile_widgets.model.documents import is_within, join, steps
from profile_widgets.model.shapes import CREATE, UPDATE, Member, input_member, shape

SETTINGS = "UserSettings"
IDENTIFIERS = frozenset({"DomainId", "UserProfileName"})
"""What says which profile a request is about; who may touch which is a matter of a grant's scope."""

NEEDS_NAMING = {
    "Role": "a role decides about rights, and whoever chooses one can take another person's",
    "Arn": "an ARN leads to other resources of the account",
    "Security": "security groups decide what the network lets through",
    "Group": "a group decides about rights",
    "Subnet": "a subnet decides what the network lets through",
    "Vpc": "a network decides what can be reached",
    "Network": "a network decides what can be reached",
    "Access": "access decides about rights",
    "Permission": "permissions decide about rights",
    "Policy": "policies decide about rights",
    "Principal": "a principal decides about rights",
    "Trusted": "trust decides about rights",
    "Owner": "an owner has rights",
    "Admin": "administrators have rights",
    "Account": "an account is somebody's",
    "Identity": "an identity provider decides who somebody is",
    "Auth": "signing in decides who somebody is",
    "Sso": "signing in decides who somebody is",
    "Sign": "signing in decides who somebody is",
    "Key": "a key decides who can read data",
    "Kms": "a key decides who can read data",
    "Encryption": "encryption decides who can read data",
    "Certificate": "a certificate decides who is trusted",
    "Secret": "a secret opens other systems",
    "Password": "a password opens other systems",
    "Token": "a token opens other systems",
    "Credential": "credentials open other systems",
    "Uid": "a user id decides whose files can be read",
    "Gid": "a group id decides whose files can be read",
    "Posix": "user and group ids decide whose files can be read",
    "File": "a file system holds other people's files",
    "Efs": "a file system holds other people's files",
    "Mount": "what is mounted can be read",
    "Volume": "storage can be somebody's",
    "Bucket": "a bucket holds other people's data",
    "Path": "a path leads to data",
    "Uri": "an address leads to data, or to code that runs",
    "Url": "an address leads to data, or to code that runs",
    "Endpoint": "an address says where data goes",
    "Host": "an address says where data goes",
    "Proxy": "a proxy sees what is sent",
    "Sharing": "sharing shows data to others",
    "Repository": "code of a repository runs",
    "Image": "an image runs with the profile's rights",
    "Container": "a container runs with the profile's rights",
    "Script": "a script runs with the profile's rights",
    "Command": "a command runs with the profile's rights",
    "Environment": "an environment changes what runs",
    "Hook": "a hook runs with the profile's rights",
    "Package": "a package runs with the profile's rights",
    "Plugin": "a plugin runs with the profile's rights",
    "Id": "an id leads to other resources of the account",
    "Tag": "tags decide about rights and about costs",
    "Min": "a bound is there to bind the person",
    "Max": "a bound is there to bind the person",
    "Minimum": "a bound is there to bind the person",
    "Maximum": "a bound is there to bind the person",
}
"""Words in the name or shape of a member, or of what it lies in, for which no wildcard opens it; and why."""

_WORDS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
_TRAILING = "?"
_PLAIN = ("enum", "integer", "number", "boolean")


@dataclass(frozen=True)
class Leaf:
    """Describe a member that holds a value: its path, its node, and why a policy must name it ("" when it need not)."""

    path: str
    member: Member
    naming: str = ""


@cache
def nodes() -> Mapping[str, Member]:
    """Return every node of the requests by its path, parents first; a list's items have the list's path."""
    found: dict[str, Member] = {}
    for operation in (CREATE, UPDATE):
        for path, member in _below(input_member(operation), ""):
            if path.partition(".")[0] not in IDENTIFIERS:
                found.setdefault(path, member)
    return MappingProxyType(found)


def _below(root: Member, prefix: str, owners: tuple[str, ...] = ()) -> Iterator[tuple[str, Member]]:
    for name, member in root.members.items():
        path = join(prefix, name)
        yield path, member
        inner = member.item if member.kind == "list" else member
        if inner.is_structure and inner.shape not in owners:
            yield from _below(inner, path, (*owners, inner.shape))


@cache
def leaves() -> Mapping[str, Leaf]:
    """Return every member that holds a value, by its path; lists of texts and numbers are such members."""
    known = nodes()
    parents = {path.rpartition(".")[0] for path in known}
    return MappingProxyType(
        {path: Leaf(path, member, _naming(path, member)) for path, member in known.items() if path not in parents}
    )


@lru_cache(maxsize=1024)
def leaves_below(path: str) -> tuple[str, ...]:
    """Return the paths of the leaves at and below a path; those of the whole request for the empty one."""
    return tuple(each for each in leaves() if is_within(each, path))


def _naming(path: str, member: Member) -> str:
    first = path.partition(".")[0]
    if first != SETTINGS:
        return "a policy must name what is not a setting" if first != "Tags" else NEEDS_NAMING["Tag"]
    shapes = [member.shape, member.item.shape] if member.kind == "list" else [member.shape]
    for text in (*path.split(".")[:0:-1], *shapes):
        for word in _WORDS.findall(text):
            single = word.capitalize()
            reason = NEEDS_NAMING.get(single) or NEEDS_NAMING.get(single.removesuffix("s"))
            reason = reason or NEEDS_NAMING.get(single.removesuffix("ies") + "y")
            if reason:
                return reason
    inner = member.item if member.kind == "list" else member
    return "" if inner.kind in _PLAIN else "a free text can lead anywhere"


# -- paths ---------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=4096)
def canonical(path: str) -> str:
    """Return a path without positions of lists, from the request's root; raises :class:`ValueError` for no path.

    Example::

        >>> canonical("JupyterLabAppSettings.CustomImages[2].ImageName")
        'UserSettings.JupyterLabAppSettings.CustomImages.ImageName'
    """
    names = [step for step in steps(path.replace("[]", "")) if isinstance(step, str)]
    if names and names[0] not in input_member(CREATE).members:
        names.insert(0, SETTINGS)
    return ".".join(names)


def short(path: str) -> str:
    """Return a path as people write it: settings without their first member."""
    return path.removeprefix(f"{SETTINGS}.")


@dataclass(frozen=True)
class Pattern:
    """Match paths: ``A.*`` is all below A, a structure's own name too, and ``*`` inside stands for one name.

    Example::

        >>> Pattern("*.DefaultResourceSpec.InstanceType").matches(
        ...     "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType")
        True
    """

    text: str

    @property
    def is_optional(self) -> bool:
        """Tell whether the installed botocore need not know what this names."""
        return self.text.endswith(_TRAILING)

    @property
    def path(self) -> str:
        """Return the path from the request's root, which may hold stars."""
        plain = self.text.removesuffix(_TRAILING)
        if plain == "*":
            return plain
        names = plain.replace("[]", "").split(".")
        if names[0] not in input_member(CREATE).members:
            names.insert(0, SETTINGS)
        return ".".join(names)

    @property
    def names_one(self) -> bool:
        """Tell whether this is one member's whole path, without a star."""
        return "*" not in self.text

    def matches(self, path: str) -> bool:
        """Tell whether a path without positions lies at or below what this names."""
        return _matches(self.path, path)

    def opens(self, leaf: Leaf) -> bool:
        """Tell whether this, standing under ``edit``, opens a leaf: those that need naming only by their whole path."""
        return self.path == leaf.path or (not leaf.naming and self.matches(leaf.path))


@lru_cache(maxsize=65536)
def _matches(pattern: str, path: str) -> bool:
    wanted, names = pattern.split("."), path.split(".")
    for index, each in enumerate(wanted):
        if each == "*" and index == len(wanted) - 1:
            return len(names) > index
        if index >= len(names) or not fnmatchcase(names[index], each):
            return False
    return True


def nearest(path: str) -> str:
    """Return the path of the member whose name or path is nearest to a wrong one, as people write it; or ""."""
    known = {short(each): each for each in nodes()}
    wrong = short(path)[:200]
    near = difflib.get_close_matches(wrong, known, n=1, cutoff=0.75)
    if not near:
        last = wrong.rpartition(".")[2]
        by_name = {each.rpartition(".")[2]: each for each in reversed(known)}
        near = [by_name[each] for each in difflib.get_close_matches(last, by_name, n=1, cutoff=0.8)]
    return near[0] if near else ""


@cache
def can_be_bounded_by_the_domain(path: str) -> tuple[str, str]:
    """Return the members beside a number in which a domain keeps its bounds: ``(lowest, highest)``, "" for none."""
    parent, _, name = path.rpartition(".")
    beside = {each.rpartition(".")[2] for each in nodes() if each.rpartition(".")[0] == parent}
    word = name.removeprefix("Default")
    low = next((each for each in (f"Min{word}", f"Minimum{word}") if each in beside), "")
    high = next((each for each in (f"Max{word}", f"Maximum{word}") if each in beside), "")
    return low, high


def settings_member(path: str) -> Member:
    """Return the node at a path without positions; raises :class:`KeyError` when there is none."""
    return shape(SETTINGS) if path == SETTINGS else nodes()[path]
