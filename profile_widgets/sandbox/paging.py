"""Filter, sort and page lists of resources, with tokens that say nothing to those who hold them."""

from __future__ import annotations

import base64
import hashlib
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from profile_widgets.sandbox.refusals import invalid
from profile_widgets.sandbox.state import Place, Resource, Store

DEFAULT_PAGE = 10

Filter = Callable[[Resource, Any], bool]
Keep = Callable[[Resource], bool]
Order = list[tuple[Place, Resource]]


def contains(member: str) -> Filter:
    """Keep the resources whose member holds the wanted text, in any case."""
    return lambda resource, wanted: str(wanted).lower() in str(resource.detail.get(member, "")).lower()


def equals(member: str) -> Filter:
    """Keep the resources whose member is the wanted text, in any case."""
    return lambda resource, wanted: str(resource.detail.get(member, "")).lower() == str(wanted).lower()


def before(member: str) -> Filter:
    """Keep the resources that have a time, and one that is not after the wanted one."""
    return lambda resource, wanted: member in resource.detail and bool(resource.detail[member] <= wanted)


def after(member: str) -> Filter:
    """Keep the resources that have a time, and one that is not before the wanted one."""
    return lambda resource, wanted: member in resource.detail and bool(resource.detail[member] >= wanted)


CREATION_TIMES: dict[str, Filter] = {
    "CreationTimeBefore": before("CreationTime"),
    "CreationTimeAfter": after("CreationTime"),
}


@dataclass(frozen=True)
class Listing:
    """Describe a List operation: its answer, its filters, its sort keys and its defaults."""

    answer: str
    """The member of the answer that holds the page."""
    members: tuple[str, ...]
    """The members of each resource's description that the list shows."""
    filters: Mapping[str, Filter] = field(default_factory=dict)
    sort_keys: Mapping[str, str] = field(default_factory=lambda: {"CreationTime": "CreationTime"})
    """What SortBy may say, and the member that it means; the first is the default."""
    descending: bool = False
    """The order when the request names none."""
    page: int = DEFAULT_PAGE

    def answer_to(
        self, request: Mapping[str, Any], store: Store, kind: str, keep: Keep | None = None
    ) -> dict[str, Any]:
        """Return one page of the resources of a kind, of those that `keep` keeps if it is given."""
        filters = [(wanted, request[name]) for name, wanted in self.filters.items() if name in request]
        order = store.in_order(kind, self.sort_keys[request.get("SortBy", next(iter(self.sort_keys)))])
        direction = str(request.get("SortOrder", "")).lower()
        descending = direction == "descending" if direction else self.descending
        places = (
            (place, resource)
            for place, resource in _from_token(order, request, descending)
            if (keep is None or keep(resource)) and all(kept(resource, wanted) for kept, wanted in filters)
        )
        size = request.get("MaxResults", self.page)
        page = list(islice(places, size + 1))
        shown = [{m: r.detail[m] for m in self.members if m in r.detail} for _, r in page[:size]]
        result: dict[str, Any] = {self.answer: shown}
        if len(page) > size:
            result["NextToken"] = _token(request, page[size - 1][0])
        return result


def _from_token(order: Order, request: Mapping[str, Any], descending: bool) -> Iterator[tuple[Place, Resource]]:
    """Yield what comes after the row that the token names, in the direction of the list."""
    if "NextToken" not in request:
        return iter(reversed(order) if descending else order)
    last = _read_token(request)
    if len(last) < 2:
        raise invalid("Invalid pagination token")
    try:
        if descending:
            return (order[i] for i in range(bisect_left(order, last, key=_place) - 1, -1, -1))
        return (order[i] for i in range(bisect_right(order, last, key=_place), len(order)))
    except TypeError as error:  # only a forged token holds another type
        raise invalid("Invalid pagination token") from error


def _place(pair: tuple[Place, Resource]) -> Place:
    return pair[0]


def page_of_texts(request: Mapping[str, Any], member: str, texts: list[str]) -> dict[str, Any]:
    """Return one page of plain texts, which have no place of their own but their number."""
    place = _read_token(request) if "NextToken" in request else (0,)
    if len(place) != 1 or type(place[0]) is not int or place[0] < 0:
        raise invalid("Invalid pagination token")
    start = place[0]
    end = start + int(request.get("MaxResults", DEFAULT_PAGE))
    answer: dict[str, Any] = {member: texts[start:end]}
    if end < len(texts):
        answer["NextToken"] = _token(request, (end,))
    return answer


def _digest(request: Mapping[str, Any]) -> str:
    question = {name: value for name, value in request.items() if name not in ("NextToken", "MaxResults")}
    return hashlib.sha256(json.dumps(question, sort_keys=True).encode()).hexdigest()[:16]


def _token(request: Mapping[str, Any], last: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([_digest(request), *last]).encode()).decode()


def _read_token(request: Mapping[str, Any]) -> Place:
    try:
        digest, *last = json.loads(base64.urlsafe_b64decode(request["NextToken"].encode()))
    except ValueError as error:
        raise invalid("Invalid pagination token") from error
    if digest != _digest(request):
        raise invalid("The pagination token belongs to another request")
    return tuple(last)
