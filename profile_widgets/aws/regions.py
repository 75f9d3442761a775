"""AWS's regions, as the installed botocore knows them, and which one a misspelt name was meant to be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from profile_widgets import installed

_FORM = r"[a-z]{2,5}(-[a-z]{2,12}){1,3}-\d{1,2}"
ALIKE = 0.8
"""How alike (0 to 1) a name must be to a known region to be called a slip of the pen."""


@lru_cache(maxsize=1)
def known_regions() -> tuple[str, ...]:
    """Return every region of every partition where the installed botocore knows SageMaker, in alphabetical order.

    A newer region may be missing here, so absence alone is no proof of a mistake.
    """
    import botocore.session

    session = botocore.session.Session()
    installed.share(session)
    found: set[str] = set()
    for partition in session.get_available_partitions():
        found.update(session.get_available_regions("sagemaker", partition))
    return tuple(sorted(found))


def likeness(one: str, other: str) -> float:
    """Return how alike two names are, from 0 to 1, whatever their case."""
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one.casefold(), other.casefold()).ratio()


def nearest(name: str, choices: Iterable[str]) -> tuple[str, ...]:
    """Return ``choices`` with those most like ``name`` first.

    Example::

        >>> nearest("eu-wst-1", ["us-east-1", "eu-west-1"])
        ('eu-west-1', 'us-east-1')
    """
    return tuple(sorted(choices, key=lambda choice: (-likeness(name, choice), choice)))


def is_misspelt(region: str) -> bool:
    """Tell whether ``region`` is a slip of the pen: made of words that no region is made of, and near to a known one.

    A name that differs in its number only may be a new region, and is left to the network to judge.

    Example::

        >>> is_misspelt("eu-wst-1"), is_misspelt("eu-west-9")
        (True, False)
    """
    known = known_regions()
    if region in known or not known:
        return False
    words = {word for name in known for word in name.split("-")[:-1]}
    parts = region.split("-")
    if re.fullmatch(_FORM, region) and words.issuperset(parts[:-1]):
        return False
    return likeness(region, nearest(region, known)[0]) >= ALIKE


def is_region_shaped(region: str) -> bool:
    """Tell whether ``region`` is written as regions are: ``area-direction-number``."""
    return re.fullmatch(_FORM, region) is not None


def is_usable(region: str, *, has_endpoint: bool) -> bool:
    """Tell whether requests may be sent to ``region``: it is no slip of the pen, and AWS has an address for it."""
    return not is_misspelt(region) and (has_endpoint or is_region_shaped(region))


def no_such_region(region: str) -> str:
    """Say that there is no such region, and which one was meant."""
    return f"There is no AWS region “{region}”. {advice(region)}"


def advice(region: str) -> str:
    """Say which region ``region`` was meant to be, if one is near enough, and which ones there are.

    Example::

        >>> advice("eu-wst-1").partition("? ")[0]
        'Did you mean eu-west-1'
    """
    near = nearest(region, known_regions())
    meant = f"Did you mean {near[0]}? " if near and likeness(region, near[0]) >= ALIKE else ""
    return f"{meant}Regions with SageMaker: {one_of(near)}."


def one_of(choices: Iterable[str], count: int = 6) -> str:
    """Join the first ``count`` of ``choices`` in words, and say how many more there are."""
    names = list(choices)
    shown = ", ".join(names[:count])
    return f"{shown} and {len(names) - count} more" if len(names) > count else shown
