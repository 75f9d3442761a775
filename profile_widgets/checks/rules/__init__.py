"""The 22 rules that AWS documents beyond the shape of a request (service contract, "Rules beyond the shape").

Each is one function with ``@rule`` in the module of its subject; importing this package fills the registry.
"""

from profile_widgets.checks.rules import apps, images, lifecycles, network, people, roles, storage, studio
from profile_widgets.checks.rules.case import Case
from profile_widgets.checks.rules.registry import RULES, Rule, findings, rule

SUBJECTS = (apps, images, lifecycles, network, people, roles, storage, studio)
"""The modules that hold the rules."""

__all__ = ["RULES", "SUBJECTS", "Case", "Rule", "findings", "rule"]
