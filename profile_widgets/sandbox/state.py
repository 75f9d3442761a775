"""What the sandbox's account holds: resources by kind and key, and changes of status that are under way."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from profile_widgets.sandbox.refusals import ACCOUNT_ID, not_found

Key = tuple[str, ...]
Place = tuple[Any, ...]
"""Where a resource stands in a list: whether it has what the list is sorted by, that, and its key."""

LABELS: Final[dict[str, str]] = {
    "domain": "Domain",
    "user-profile": "UserProfile",
    "space": "Space",
    "app": "App",
    "image": "Image",
    "image-version": "ImageVersion",
    "app-image-config": "AppImageConfig",
    "studio-lifecycle-config": "StudioLifecycleConfig",
    "code-repository": "CodeRepository",
    "training-plan": "TrainingPlan",
}
"""The kinds of resources, as ARNs name them, and how messages call them."""


@dataclass(frozen=True)
class Transition:
    """Say what a resource becomes, and when (seconds of the monotonic clock)."""

    at: float
    status: str
    """The status to reach; empty when the resource is gone then."""
    changes: Mapping[str, Any] = field(default_factory=dict)
    """Members of the description to set; a None removes its member."""


@dataclass(eq=False)
class Resource:
    """One thing in the account: the description that AWS would give of it, its tags and its coming change."""

    kind: str
    key: Key
    arn: str
    detail: dict[str, Any]
    tags: dict[str, str] = field(default_factory=dict)
    transition: Transition | None = None

    @property
    def status(self) -> str:
        """Return the status, empty for kinds that have none."""
        return str(self.detail.get("Status", ""))


class Store:
    """Hold the resources of one account in one region; every method needs the caller to hold `lock`.

    Names are found in any case and kept as they were given. A change of status that is due happens when someone looks.
    """

    def __init__(self, region: str) -> None:
        self.region = region
        self.lock = threading.RLock()
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._kinds: dict[str, dict[Key, Resource]] = {kind: {} for kind in LABELS}
        self._by_arn: dict[str, Resource] = {}
        self._orders: dict[tuple[str, str], list[tuple[Place, Resource]]] = {}
        self._changing: set[Resource] = set()
        self._last_instant = 0.0
        self.next_uid = 200001

    def arn(self, kind: str, *parts: str) -> str:
        """Write the ARN of a resource of this account."""
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT_ID}:{kind}/{'/'.join(parts)}"

    def instant(self) -> float:
        """Return the time in seconds since the epoch, in milliseconds, later than any returned before."""
        self._last_instant = max(round(time.time(), 3), round(self._last_instant + 0.001, 3))
        return self._last_instant

    def add(self, resource: Resource) -> Resource:
        """Take a resource in, in place of one with the same key."""
        self._kinds[resource.kind][resource.key] = resource
        self._by_arn[resource.arn.lower()] = resource
        self._disorder(resource.kind)
        return resource

    def find(self, kind: str, *names: str) -> Resource | None:
        """Return a resource by its names in any case, None if there is none."""
        self._settle()
        return self._kinds[kind].get(key_of(*names))

    def get(self, kind: str, *names: str) -> Resource:
        """Return a resource by its names in any case; refuse the request if there is none."""
        resource = self.find(kind, *names)
        if resource is None:
            raise not_found(f"{LABELS[kind]} with name(s) [{', '.join(names)}] does not exist.")
        return resource

    def find_arn(self, arn: str) -> Resource | None:
        """Return a resource by its ARN in any case, None if there is none."""
        self._settle()
        return self._by_arn.get(arn.lower())

    def all(self, kind: str) -> Iterator[Resource]:
        """Return every resource of a kind."""
        self._settle()
        return iter(self._kinds[kind].values())

    def in_order(self, kind: str, member: str) -> list[tuple[Place, Resource]]:
        """Return the resources of a kind, sorted by a member of their descriptions; the list is not the caller's.

        It is kept until something changes, so that the pages of a long list cost no sorting each.
        """
        self._settle()
        order = self._orders.get((kind, member))
        if order is None:
            pairs = (((member in r.detail, r.detail.get(member, ""), *r.key), r) for r in self._kinds[kind].values())
            order = self._orders[kind, member] = sorted(pairs, key=_place)
        return order

    def touch(self, resource: Resource) -> None:
        """Note that a resource was changed just now."""
        if "LastModifiedTime" in resource.detail:
            resource.detail["LastModifiedTime"] = self.instant()
        self._disorder(resource.kind)

    def _disorder(self, kind: str) -> None:
        for known in [key for key in self._orders if key[0] == kind]:
            del self._orders[known]

    def begin(self, resource: Resource, status: str, seconds: float, then: str, changes: Mapping[str, Any]) -> None:
        """Put a resource into a passing status, and plan what it becomes after so many seconds."""
        self._set_status(resource, status)
        resource.detail.pop("FailureReason", None)
        resource.transition = Transition(time.monotonic() + seconds, then, changes)
        self._changing.add(resource)

    def remove(self, resource: Resource) -> None:
        """Forget a resource."""
        self._kinds[resource.kind].pop(resource.key, None)
        self._by_arn.pop(resource.arn.lower(), None)
        self._changing.discard(resource)
        self._disorder(resource.kind)

    def settle(self) -> None:
        """Bring every resource in a passing status to its end now."""
        self._settle(math.inf)

    def _settle(self, now: float | None = None) -> None:
        now = time.monotonic() if now is None else now
        for resource in [r for r in self._changing if r.transition and r.transition.at <= now]:
            transition = resource.transition
            resource.transition = None
            self._changing.discard(resource)
            if transition is None:
                continue
            if not transition.status:
                self.remove(resource)
                continue
            for name, value in transition.changes.items():
                if value is None:
                    resource.detail.pop(name, None)
                else:
                    resource.detail[name] = value
            self._set_status(resource, transition.status)

    def _set_status(self, resource: Resource, status: str) -> None:
        resource.detail["Status"] = status
        self.touch(resource)


def _place(pair: tuple[Place, Resource]) -> Place:
    return pair[0]


def key_of(*names: str) -> Key:
    """Return the key that names have in any case.

    >>> key_of("d-1", "Alice") == key_of("d-1", "alice")
    True
    """
    return tuple(name.lower() for name in names)
