"""The questions of ``notebooks/administrators.ipynb``: writing a policy, and serving a page with it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from profile_widgets.lessons.asking import Question, shown
from profile_widgets.served import Visitor

PERSON = Visitor("analyst-1", (), "demo")
STRANGER = Visitor("analyst-1@elsewhere.example", (), "demo")
COLLEAGUE = Visitor("analyst-1@northwind.example", (), "demo")
TYPE = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
ROLE = "ExecutionRole"
ROLES = frozenset(
    {"arn:aws:iam::123456789012:role/SageMakerAnalystRole", "arn:aws:iam::123456789012:role/SageMakerDataScientistRole"}
)
"""The two roles that question 4 is about."""


def _editable(policy: Any, visitor: Visitor) -> list[str]:
    from profile_widgets.checks.policy.members import leaves

    grant = policy.grant(visitor)
    return [path.removeprefix("UserSettings.") for path in leaves() if grant.access(path) == "edit"]


def _count(answer: Any) -> str:
    from profile_widgets.checks.policy import Policy

    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"The answer is a number, not {shown(answer)}."
    right = len(_editable(Policy.load("self-service"), PERSON))
    return "" if answer == right else f"It is not {shown(answer)}: the last line of the table counts them."


def _policy(text: Any) -> Any:
    import yaml

    from profile_widgets.checks.policy import Policy

    return Policy.from_document(yaml.safe_load(text) if isinstance(text, str) else text)


def _mended(text: Any) -> str:
    from profile_widgets.errors import PolicyError

    try:
        policy = _policy(text)
    except PolicyError as error:
        return f"It cannot be loaded yet: {error}"
    if not policy.grant(PERSON).may("sagemaker:UpdateUserProfile"):
        return "It can be loaded, but nobody may update a profile with it: the operation went missing."
    return "" if _editable(policy, PERSON) == [TYPE] else f"It can be loaded, but opens something else than {TYPE}."


def _access(answer: Mapping[str, Any], policy: Any) -> str:
    grant = policy.grant(PERSON)
    for path in (TYPE, ROLE, "CanvasAppSettings.IdentityProviderOAuthSettings.SecretArn"):
        said, right = answer.get(path, ...), grant.access(path)
        if said is ...:
            return f"{path} is still open."
        if said not in ("edit", "read", "hidden"):
            return f"For {path} you said {shown(said)}; the words are edit, read, hidden."
        if said != right:
            return f"{path} is not {said!r} for {PERSON.name}: look at its row in the table."
    return ""


def _roles(document: Any) -> str:
    grant = _policy(document).grant(PERSON)
    if grant.access(ROLE) != "edit":
        return "The role is still closed: a star does not open it, its name in edit does."
    allowed = grant.allowed(ROLE)
    values = set(allowed.values or ()) if allowed is not None else None
    if not values:
        return "Now every role can be chosen, an administrator's too: say under allow which values there are."
    return "" if values == ROLES else f"The values are not the two roles: {', '.join(sorted(values ^ ROLES))}."


def _own(answer: Any) -> str:
    document = {
        "version": 1,
        "title": "Own",
        "contact": "nobody",
        "profile": answer,
        "rules": [{"for": "everyone", "profiles": "own", "operations": ["DescribeUserProfile"], "read": ["*"]}],
    }
    policy = _policy(document)
    domain, name = "d-9xk2m4tq7abc", "analyst-1"
    if policy.grant(COLLEAGUE).scope(domain, name):
        return f"{COLLEAGUE.name} does not come to {name} of {domain}: {policy.grant(COLLEAGUE).scope(domain, name)}"
    if not policy.grant(STRANGER).scope(domain, name):
        return f"{STRANGER.name} of another company would come to the same profile."
    return ""


def _calls(answer: Any, sandbox: Any) -> str:
    arrived = sum(call.operation == "UpdateUserProfile" for call in sandbox.calls)
    if isinstance(answer, bool) or not isinstance(answer, int):
        return f"The answer is a number, not {shown(answer)}."
    return "" if answer == arrived else f"It is not {shown(answer)}: count UpdateUserProfile in sandbox.calls."


def _audit(answer: Any, rows: Iterable[Any]) -> str:
    refused = [change.path for row in rows if row.outcome == "refused by policy" for change in row.changes]
    often = max(refused, key=refused.count, default="")
    if str(answer).removeprefix("UserSettings.") == often.removeprefix("UserSettings."):
        return ""
    return f"It is not {shown(answer)}: read the column Changed of the rows that were refused by policy."


def _option(answer: Any) -> str:
    if str(answer).split(" ", maxsplit=1)[0] == "--secret-file":
        return ""
    return f"It is not {shown(answer)}: the reason for the refusal names the option."


QUESTIONS = (
    Question(
        "count",
        _count,
        "Everything else can be looked at, but for the few members that the policy hides.",
        "print(explain(Policy.load('self-service'), visitor, ())) ends with it.",
    ),
    Question(
        "mended",
        _mended,
        "A policy with a mistake in it is never half in force: the page does not start.",
        "policy_text = policy_text.replace(wrong, right): each finding says what was meant.",
    ),
    Question(
        "access",
        _access,
        "What no rule names is hidden, what a hide names is hidden whatever else is said, and a lock says why.",
        "The second column of the table.",
    ),
    Question(
        "roles",
        _roles,
        "A role is opened by its own name alone, and with a list it stays yours to say which.",
        'rule["edit"].append("ExecutionRole") and rule["allow"]["ExecutionRole"] = {"values": [...]}',
    ),
    Question(
        "own",
        _own,
        "{local} goes with one e-mail domain, so that the same name of another company is nobody here.",
        'A template with {local}, an email_domain, and the domain_id: {"template": ..., ...}',
    ),
    Question(
        "calls",
        _calls,
        "The model refused the first, and the connection the second: neither left this machine's kernel.",
        "[call.operation for call in sandbox.calls]",
    ),
    Question(
        "audit",
        _audit,
        "Refused attempts stand in the audit as what was done does, with digests in the place of values.",
        "The table has it in two rows.",
    ),
    Question(
        "option",
        _option,
        "A header alone can be sent by anybody who reaches the port; the secret makes it the proxy's word.",
        "Read the end of the refusal.",
    ),
)
