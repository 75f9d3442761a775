"""What was found out once, as long as nothing that it was made from changes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


class Known:
    """Remember results for one set of objects: the very same ones, not equal ones.

    Example::

        known = Known()
        known.once((document,), "changes", lambda: diff(loaded, document))
    """

    def __init__(self) -> None:
        self._made_from: tuple[Any, ...] = ()
        self._found: dict[str, Any] = {}

    def once(self, made_from: tuple[Any, ...], name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` makes from ``made_from``, made once; other objects forget everything."""
        same = len(made_from) == len(self._made_from)
        if not same or any(one is not other for one, other in zip(self._made_from, made_from, strict=True)):
            self._made_from, self._found = made_from, {}
        if name not in self._found:
            self._found[name] = make()
        return self._found[name]
