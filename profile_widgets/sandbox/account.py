"""The account as one sandbox has it: what it holds, how its service behaves, and its switches."""

from __future__ import annotations

from dataclasses import dataclass, field

from profile_widgets.sandbox.callers import Caller, Callers
from profile_widgets.sandbox.faults import Faults
from profile_widgets.sandbox.merging import Semantics
from profile_widgets.sandbox.permissions import Context
from profile_widgets.sandbox.refusals import access_denied
from profile_widgets.sandbox.service_model import ServiceModel
from profile_widgets.sandbox.state import Store


@dataclass
class Account:
    """Gather what an operation works on."""

    model: ServiceModel
    store: Store
    faults: Faults = field(default_factory=Faults)
    callers: Callers = field(default_factory=Callers)
    delay: float = 0.0
    """Seconds that a resource stays in Pending, Updating or Deleting."""
    semantics: Semantics = "merge"
    none_clears: frozenset[str] = frozenset({"SageMakerImageVersionArn"})
    """The members that the text "None" removes; the documentation promises it for this one alone."""

    def check(self, caller: Caller, action: str, resource: str, about: Context | None = None) -> None:
        """Refuse what the switches or the caller's policies do not allow; `about` is what conditions can ask."""
        if not self.faults.permits(action):
            raise access_denied(action, resource, caller.arn)
        self.callers.check(caller, action, resource, about)

    @property
    def region(self) -> str:
        """Return the account's only region."""
        return self.store.region
