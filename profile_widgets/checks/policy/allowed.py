"""Which values a policy lets a member take."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from profile_widgets.checks import patterns
from profile_widgets.checks.problems import shown
from profile_widgets.model.documents import same

DOMAIN = "domain"
"""What a bound says that is the domain's own; ``domain or 480`` names a number for a domain that sets none."""
UNSET = "unset"
"""What such a bound becomes where neither the domain nor the policy has a number: nothing lies within it."""

MOST_TOLD = 12
"""How many values a sentence names."""

_UNKNOWN_DOMAIN = "The domain's bounds are not known yet"


@dataclass(frozen=True)
class Limit:
    """Hold what one rule says of a member's values: some of them, a pattern, or a range.

    ``values`` and ``families`` add up; ``pattern`` is matched against the whole text; ``minimum`` and ``maximum`` are
    numbers, :data:`DOMAIN` with or without a number in its place, or :data:`UNSET`. ``say`` tells it in people's words.
    """

    values: tuple[Any, ...] | None = None
    families: tuple[str, ...] = ()
    pattern: str | None = None
    minimum: float | str | None = None
    maximum: float | str | None = None
    say: str = ""

    @property
    def is_range(self) -> bool:
        """Tell whether this is about numbers."""
        return self.minimum is not None or self.maximum is not None

    @property
    def asks_the_domain(self) -> bool:
        """Tell whether a bound is the domain's."""
        return is_the_domains(self.minimum) or is_the_domains(self.maximum)

    def within(self, low: float | None, high: float | None, own: float | None = None) -> Limit:
        """Return this limit with the domain's bounds in it; ``None`` is a bound that the domain does not set.

        In the place of such a bound stands the policy's number, else ``own``, the domain's own value; without any of
        them nothing is accepted. No bound is never taken for no limit.
        """
        return replace(self, minimum=_settled(self.minimum, low, own), maximum=_settled(self.maximum, high, own))

    def narrowed(self, low: float | None, high: float | None) -> Limit:
        """Return a range with AWS's own bounds where it has none itself; what is no range stays as it is."""
        if not self.is_range:
            return self
        return replace(
            self,
            minimum=low if self.minimum is None else self.minimum,
            maximum=high if self.maximum is None else self.maximum,
        )

    def accepts(self, value: Any) -> bool:
        """Tell whether a value, no list, is one of these."""
        if self.values is not None or self.families:
            listed = any(same(each, value) for each in self.values or ())
            return listed or (isinstance(value, str) and family(value) in self.families)
        if self.pattern is not None:
            return isinstance(value, str) and patterns.matches(self.pattern, value) is True
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            return False
        low, high = self.minimum, self.maximum
        fits_below = low is None or (not isinstance(low, str) and value >= low)
        return fits_below and (high is None or (not isinstance(high, str) and value <= high))

    @property
    def says(self) -> str:
        """Return what may be chosen, without a full stop: in the policy's own words where it has some."""
        return self.say.rstrip(".") or self.exactly

    @property
    def exactly(self) -> str:
        """Return what may be chosen as the policy's author wrote it, without a full stop."""
        if self.values is not None or self.families:
            named = [str(each) for each in (self.values or ())[:MOST_TOLD]]
            more = len(self.values or ()) - len(named)
            parts = ["one of " + ", ".join(named) + (f" and {more} more" if more > 0 else "")] if named else []
            parts += [f"any of {', '.join(self.families)}"] if self.families else []
            return " or ".join(parts) or "no value"
        if self.pattern is not None:
            return f"a text that matches {self.pattern}"
        return self._range

    @property
    def _range(self) -> str:
        if self.asks_the_domain:
            return f"what the domain's bounds leave ({self._otherwise})"
        if UNSET in (self.minimum, self.maximum):
            return "no number, because the domain sets no bound for it, and no value of its own"
        low, high = self.minimum, self.maximum
        if low is not None and high is not None:
            return f"{low:,} to {high:,}"
        if low is None and high is None:
            return "any number"
        return f"at least {low:,}" if high is None else f"at most {high:,}"

    @property
    def _otherwise(self) -> str:
        """Return what counts where the domain sets no bound."""
        numbers = []
        for bound, word in ((self.minimum, "at least"), (self.maximum, "at most")):
            if is_the_domains(bound):
                number = fallback(bound)
                numbers.append(f"{word} {'its own value' if number is None else f'{number:,}'}")
        return f"where it sets none, {' and '.join(numbers)}"


@dataclass(frozen=True)
class Allowed:
    """Say which values a visitor may choose for a member: those that any of ``limits`` accepts.

    ``values``, ``pattern``, ``minimum``, ``maximum`` and ``families`` sum them up for a chooser: ``None`` (empty for
    families) where one of the limits is of another kind. ``says`` is a sentence.

    Example::

        >>> allowed = Allowed((Limit(values=("ml.t3.medium",), families=("ml.m5",)),))
        >>> allowed.accepts("ml.m5.large"), allowed.accepts("ml.p4d.24xlarge"), allowed.says
        (True, False, 'Allowed here: one of ml.t3.medium or any of ml.m5.')
    """

    limits: tuple[Limit, ...]

    @property
    def values(self) -> tuple[Any, ...] | None:
        """Return the allowed values, or ``None`` when they are not a list (see ``families`` too)."""
        if any(each.values is None and not each.families for each in self.limits):
            return None
        return tuple(dict.fromkeys(value for each in self.limits for value in each.values or ()))

    @property
    def families(self) -> tuple[str, ...]:
        """Return the allowed families of instance types; empty when there are none."""
        return tuple(dict.fromkeys(name for each in self.limits for name in each.families))

    @property
    def pattern(self) -> str | None:
        """Return the one pattern that all values match, or ``None``."""
        return self.limits[0].pattern if len(self.limits) == 1 else None

    @property
    def minimum(self) -> float | None:
        """Return the lowest number, or ``None`` when there is none or it is not known."""
        return _extreme([each.minimum for each in self.limits], lowest=True)

    @property
    def maximum(self) -> float | None:
        """Return the highest number, or ``None`` when there is none or it is not known."""
        return _extreme([each.maximum for each in self.limits], lowest=False)

    @property
    def says(self) -> str:
        """Return a sentence that names what may be chosen."""
        text = f"Allowed here: {', or '.join(each.says for each in self.limits)}."
        waits = any(each.asks_the_domain for each in self.limits)
        return f"{text} {_UNKNOWN_DOMAIN}." if waits else text

    @property
    def exactly(self) -> str:
        """Return what may be chosen for those who write policies: their own words, and what they stand for."""
        told = [f"{each.says} ({each.exactly})" if each.say else each.exactly for each in self.limits]
        return f"{', or '.join(told)}."

    def accepts(self, value: Any) -> bool:
        """Tell whether a value may be chosen; of a list, whether each of its items may."""
        if isinstance(value, (list, tuple)):
            return all(self.accepts(each) for each in value)
        return not isinstance(value, Mapping) and any(each.accepts(value) for each in self.limits)

    def choices(self, all: Sequence[str]) -> tuple[str, ...]:  # noqa: A002 - all there are, before the policy
        """Return those of a list's values that may be chosen, in its order, then the allowed ones it does not have."""
        found = [each for each in all if self.accepts(each)]
        more = [each for each in self.values or () if isinstance(each, str) and each not in found]
        return (*found, *more)

    def refusal(self, value: Any) -> str:
        """Return the sentence that says why a value may not be chosen."""
        return f"{shown(value)} is not allowed. {self.says}"


def _extreme(bounds: list[float | str | None], *, lowest: bool) -> float | None:
    numbers = [each for each in bounds if not isinstance(each, str) and each is not None]
    if len(numbers) < len(bounds) or not numbers:
        return None
    return min(numbers) if lowest else max(numbers)


def is_the_domains(bound: float | str | None) -> bool:
    """Tell whether a bound is the domain's."""
    return isinstance(bound, str) and bound.partition(" ")[0] == DOMAIN


def fallback(bound: float | str | None) -> int | None:
    """Return the number that a policy puts in the place of a bound that the domain does not set.

    >>> fallback("domain or 480"), fallback("domain")
    (480, None)
    """
    number = bound.rpartition(" or ")[2] if isinstance(bound, str) else ""
    return int(number) if number.isdecimal() else None


def _settled(bound: float | str | None, domains: float | None, own: float | None) -> float | str | None:
    if not is_the_domains(bound):
        return bound
    found = next((each for each in (domains, fallback(bound), own) if each is not None), None)
    return UNSET if found is None else found


def family(instance_type: str) -> str:
    """Return the family of an instance type: ``ml.g5`` of ``ml.g5.xlarge``."""
    return instance_type.rpartition(".")[0]
