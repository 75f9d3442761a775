"""What was tried, and what came of it: the figures, and the table that is printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass
class Tally:
    """Count attempts by kind, and collect what should not have been possible, each in words."""

    tried: Counter[str] = field(default_factory=Counter)
    forbidden: list[str] = field(default_factory=list)
    """Fields on the wire that the visitor may not change, and operations that are not theirs."""
    disabled: list[str] = field(default_factory=list)
    """Writes on the wire after buttons were pressed that were disabled."""
    secrets: list[str] = field(default_factory=list)
    """Secrets that came back in any answer or message, and requests that were signed for somewhere else."""
    foreign: list[str] = field(default_factory=list)
    """Ways by which another visitor's kernel was reached."""
    let_in: list[str] = field(default_factory=list)
    """Pages and channels that were opened with forged or missing headers, a foreign Host or a foreign Origin."""
    ran: list[str] = field(default_factory=list)
    """Code of a browser's that ran in a kernel."""
    ended: list[str] = field(default_factory=list)
    """Attacks after which the kernel did not answer, or did not do what is allowed."""
    watched: bool = True
    """Whether somebody saw the wire: otherwise what went over it is not known."""
    arrived: int = 0
    """Allowed changes that reached AWS: without any, the zeros would prove nothing."""

    @property
    def figures(self) -> Mapping[str, list[str]]:
        """Return what has to be empty, by its title."""
        return {
            "forbidden fields on the wire": self.forbidden,
            "calls from disabled buttons": self.disabled,
            "secrets read": self.secrets,
            "foreign kernels reached": self.foreign,
            "let in without the right headers": self.let_in,
            "code run in a kernel": self.ran,
            "kernels that did not live": self.ended,
        }

    @property
    def held(self) -> bool:
        """Tell whether the page held, and whether that means something."""
        return self.arrived > 0 and not any(self.figures.values())

    def table(self) -> str:
        """Return the counts as text, with the first of what should not have been."""
        lines = ["tried", *(f"  {title:<58}{count:>8,}" for title, count in self.tried.items()), "came of it"]
        for title, found in self.figures.items():
            if not self.watched and (found is self.forbidden or found is self.disabled):
                lines.append(f"  {title:<58}{'':>8}   not watched")
                continue
            lines.append(
                f"  {title:<58}{len(found):>8,}   {'' if found else 'aim 0: '}{'MISSED' if found else 'reached'}"
            )
            lines += [f"      {each[:150]}" for each in dict.fromkeys(found[:5])]
        lines.append(f"  {'allowed changes that arrived':<58}{self.arrived:>8,}")
        return "\n".join(lines)
