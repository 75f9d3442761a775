"""Filter, sort and page lists of resources, with tokens that say nothing to those who hold them."""

from __future__ import annotations

import base64
import hashlib
import heapq
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.sandbox.refusals import invalid
from profile_widgets.sandbox.state import Resource

DEFAULT_PAGE = 10

Filter = Callable[[Resource, Any], bool]


def contains(member: str) -> Filter:
    """Keep the resources whose member holds the wanted text, in any case."""
    return lambda resource, wanted: str(wanted).lower() in str(resource.detail.get(member, "")).lower()


def equals(member: str) -> Filter:
    """Keep the resources whose member is the wanted text, in any case."""
    return lambda resource, wanted: str(resource.detail.get(member, "")).lower() == str(wanted).lower()


def before(member: str) -> Filter:
    """Keep the resources whose time is not after the wanted one."""
    return lambda resource, wanted: bool(resource.detail[member] <= wanted)


def after(member: str) -> Filter:
    """Keep the resources whose time is not before the wanted one."""
    return lambda resource, wanted: bool(resource.detail[member] >= wanted)


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

    def answer_to(self, request: Mapping[str, Any], resources: Iterable[Resource]) -> dict[str, Any]:
        """Return one page of the list."""
        filters = [(keep, request[name]) for name, keep in self.filters.items() if name in request]
        sort_member = self.sort_keys[request.get("SortBy", next(iter(self.sort_keys)))]
        order = str(request.get("SortOrder", "")).lower()
        descending = order == "descending" if order else self.descending
        places = (
            ((resource.detail[sort_member], *resource.key), resource)
            for resource in resources
            if all(keep(resource, wanted) for keep, wanted in filters)
        )
        if "NextToken" in request:
            last = _read_token(request)
            places = (pair for pair in places if (pair[0] < last if descending else pair[0] > last))
        size = request.get("MaxResults", self.page)
        page = (heapq.nlargest if descending else heapq.nsmallest)(size + 1, places, key=_first)
        shown = [{m: r.detail[m] for m in self.members if m in r.detail} for _, r in page[:size]]
        result: dict[str, Any] = {self.answer: shown}
        if len(page) > size:
            result["NextToken"] = _token(request, page[size - 1][0])
        return result


Place = tuple[Any, ...]
"""Where a resource stands in a list: what it is sorted by, then its key."""


def _first(pair: tuple[Place, Resource]) -> Place:
    return pair[0]


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
