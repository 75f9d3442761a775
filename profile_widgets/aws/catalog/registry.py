"""The kinds of values that can be looked up: a dict, filled by a decorator."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from profile_widgets.aws.protocol import Offer

if TYPE_CHECKING:
    from profile_widgets.aws.catalog.source import Source

About = Mapping[str, str]
"""What is known of the place of a value: ``service``, ``app``, ``domain``, ``profile``, ``image``, ``role``."""


class Row(NamedTuple):
    """Hold what a list says of one value, before it is known what the value is for.

    ``order`` is what rows are sorted by, the name when it is empty; ``facts`` is what the kind's own ``offer`` needs.
    """

    value: str
    name: str
    detail: str = ""
    order: tuple[Any, ...] = ()
    facts: Any = None


Read = Callable[["Source", About], AsyncIterator[list[Row]]]
"""Yields the rows of a list as they come; a row whose value came before takes that one's place."""


_IN_A_NAME = "[a-zA-Z0-9-]{1,63}"
"""What AWS takes for a part of a name: anything else is refused."""


def as_it_is(row: Row, _about: About) -> Offer:
    """Offer a row for any place."""
    return Offer(row.value, row.name, row.detail)


def _as_given(_text: str, about: About) -> About:
    return about


def longest_word(text: str, _about: About) -> str:
    """Return the word by which AWS is asked for names that contain it; ``""`` when none of them can be in a name.

    Example::

        >>> longest_word("my image-2.1 pytorch", {})
        'pytorch'
    """
    return max((word for word in text.split() if re.fullmatch(_IN_A_NAME, word)), key=len, default="")


def nothing_missing(_about: About) -> str:
    """Say that a list can be read, whatever is known of the place."""
    return ""


@dataclass(frozen=True)
class Kind:
    """Say how values of a kind are read, and how they are offered for a place.

    ``noun`` is what one is called, ``plural`` what several are. ``matters`` names what of ``about`` changes what is
    read: kinds with the same ``read`` share their lists. ``searches`` says that AWS can be asked for names that contain
    :attr:`word`. ``aim`` puts what the typed text says about the place into ``about``. ``needs`` returns the sentence
    for what is missing in ``about``. ``closed`` says that what is not in the list does not exist here. ``note`` is said
    with every list of the kind, ``empty`` of a list without rows.
    """

    name: str
    noun: str
    read: Read
    offer: Callable[[Row, About], Offer] = as_it_is
    matters: tuple[str, ...] = ()
    searches: bool = False
    aim: Callable[[str, About], About] = _as_given
    word: Callable[[str, About], str] = longest_word
    needs: Callable[[About], str] = nothing_missing
    closed: bool = True
    note: str = ""
    empty: str = ""
    plural: str = ""

    def __post_init__(self) -> None:
        if not self.plural:
            object.__setattr__(self, "plural", f"{self.noun}s")

    @property
    def a_noun(self) -> str:
        """Return the noun with its article."""
        return f"{'an' if self.noun[:1].lower() in 'aeio' else 'a'} {self.noun}"


CATALOG: dict[str, Kind] = {}
"""Every kind by its name."""


def kind(name: str, **looks: Any) -> Callable[[Read], Read]:
    """Register how values of a kind are read; the other members of :class:`Kind` are given by name.

    Example::

        @kind("role", noun="role", offer=assumable)
        async def roles(source: Source, about: About) -> AsyncIterator[list[Row]]:
            async for page in source.pages(ROLES):
                yield [row_of(role) for role in page]
    """

    def register(read: Read) -> Read:
        if name in CATALOG:
            raise ValueError(f"There is a kind {name!r} already.")
        CATALOG[name] = Kind(name=name, read=read, **looks)
        return read

    return register
