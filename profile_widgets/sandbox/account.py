"""The account as one sandbox has it: what it holds, how its service behaves, and its switches."""

from __future__ import annotations

from dataclasses import dataclass, field

from profile_widgets.sandbox.faults import Faults
from profile_widgets.sandbox.merging import Semantics
from profile_widgets.sandbox.service_model import ServiceModel
from profile_widgets.sandbox.state import Store


@dataclass
class Account:
    """Gather what an operation works on."""

    model: ServiceModel
    store: Store
    faults: Faults = field(default_factory=Faults)
    delay: float = 0.0
    """Seconds that a resource stays in Pending, Updating or Deleting."""
    semantics: Semantics = "merge"
    none_clears: frozenset[str] = frozenset({"SageMakerImageVersionArn"})
    """The members that the text "None" removes; the documentation promises it for this one alone."""

    @property
    def region(self) -> str:
        """Return the account's only region."""
        return self.store.region
