"""Who may see and change what: a policy, and what it grants a visitor.

Pure functions of plain documents. What is written here is enforced elsewhere: on the model, on the draft, and on the
request that goes out.
"""

from profile_widgets.checks.policy.acting import AssumeRole
from profile_widgets.checks.policy.allowed import Allowed
from profile_widgets.checks.policy.explaining import explain
from profile_widgets.checks.policy.grants import Grant
from profile_widgets.checks.policy.policy import Policy
from profile_widgets.checks.policy.whose import WhoseRule

__all__ = ["Allowed", "AssumeRole", "Grant", "Policy", "WhoseRule", "explain"]
