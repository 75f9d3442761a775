"""Lists that come in pages: bounded, and stopped when the pages go round in circles."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from profile_widgets.aws.protocol import Listing

Row = TypeVar("Row")
Ask = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]

PAGE = 100
"""How many rows are asked for at once: the most that SageMaker gives."""

MOST_PAGES = 50
"""How many pages are looked at, empty ones included, before a list is left unfinished."""

MOST_TAGS = 50
"""How many tags a resource of AWS can have."""

FIRST_PAGE = "Only the first page of the list was read, because the connection does not paginate."


def can_be_in_a_name(text: str) -> bool:
    """Tell whether a user profile's name can contain ``text``: letters, digits and hyphens, 63 at most."""
    return re.fullmatch(r"[a-zA-Z0-9-]{0,63}", text) is not None


def _keep_all(_row: Any) -> bool:
    return True


async def collect(
    ask: Ask,
    *,
    key: str,
    row: Callable[[Mapping[str, Any]], Row],
    limit: int,
    keep: Callable[[Row], bool] = _keep_all,
    paginate: bool = True,
) -> Listing[Row]:
    """Ask for pages until ``limit`` rows are kept or the list ends.

    ``ask`` gets the paging members of a request and returns an answer; ``key`` names the member that holds its rows.
    Rows that come twice are kept once. A NextToken that was seen before ends the list with a note, as do
    :data:`MOST_PAGES`, and the first page when ``paginate`` is off.
    """
    rows: dict[Row, None] = {}
    token, seen = "", {""}
    for _ in range(MOST_PAGES):
        answer = await ask({"MaxResults": min(PAGE, max(limit, 1)), **({"NextToken": token} if token else {})})
        for item in answer.get(key) or ():
            found = row(item or {})
            if keep(found):
                rows[found] = None
        token = answer.get("NextToken") or ""
        if len(rows) > limit or (token and len(rows) == limit):
            return Listing(tuple(rows)[:limit], more=True)
        if not token:
            return Listing(tuple(rows))
        if not paginate:
            return Listing(tuple(rows), more=True, note=FIRST_PAGE)
        if token in seen:
            return Listing(
                tuple(rows), more=True, note="AWS's pages went round in circles, so rows may be missing here."
            )
        seen.add(token)
    return Listing(
        tuple(rows), more=True, note="The list is longer than was read. Type a part of the name to find the rest."
    )
