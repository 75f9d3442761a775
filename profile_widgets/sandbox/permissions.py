"""IAM's judgement of one request by policies: effects, actions, resources and the conditions that the kit needs.

Written from IAM's documentation ("Policy evaluation logic", "IAM JSON policy elements"). What a policy holds that
is not understood here is refused when the policy is given: a sandbox that passed over a condition would allow too much.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

Verdict = Literal["allowed", "denied", "not allowed"]
"""Said by a policy: allowed, denied in so many words, or nothing said, which IAM takes as a no."""
Context = Mapping[str, Sequence[str]]
"""What is known of a request: the values of each condition key, keys in small letters."""

_STATEMENT: Final = frozenset({"Sid", "Effect", "Action", "NotAction", "Resource", "NotResource", "Condition"})
_TRUSTING: Final = (_STATEMENT | {"Principal"}) - {"Resource", "NotResource"}
_OPERATOR: Final = re.compile(
    r"(?:(ForAnyValue|ForAllValues):)?(Null|(?:String|Arn)(?:Not)?(?:Equals|Like))(IfExists)?"
)
_VARIABLE: Final = re.compile(r"\$\{([\w:/.-]+)\}")


@dataclass(frozen=True)
class Policy:
    """A policy document, read and found to be understood.

    >>> reading = Policy.read({"Statement": {"Effect": "Allow", "Action": "sagemaker:Describe*", "Resource": "*"}})
    >>> reading.judge("sagemaker:DescribeDomain", "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1", {})
    'allowed'
    """

    statements: tuple[Mapping[str, Any], ...]

    @classmethod
    def read(cls, document: Mapping[str, Any] | str, *, trust: bool = False) -> Policy:
        """Return the policy of a document or its JSON text; ValueError for what IAM or the sandbox does not take.

        A role's `trust` policy names principals instead of resources.
        """
        found = json.loads(document) if isinstance(document, str) else document
        if not isinstance(found, Mapping) or not set(found) <= {"Version", "Id", "Statement"}:
            raise ValueError("A policy is an object with Version and Statement.")
        statements = tuple(_listed(found.get("Statement", ())))
        if not statements:
            raise ValueError("A policy has at least one statement.")
        for statement in statements:
            _check(statement, trust)
        return cls(statements)

    def judge(self, action: str, resource: str, context: Context, principals: frozenset[str] | None = None) -> Verdict:
        """Say what the policy says of an action on a resource; `principals` are the caller's, for a trust policy."""
        said: Verdict = "not allowed"
        for statement in self.statements:
            if principals is not None and not _names(statement["Principal"], principals):
                continue
            if _covers(statement, "Action", action.lower(), {}) and (
                principals is not None or _covers(statement, "Resource", resource, context)
            ):
                if not _holds(statement.get("Condition", {}), context):
                    continue
                if statement["Effect"] == "Deny":
                    return "denied"
                said = "allowed"
        return said


def judge_all(policies: Sequence[Policy], action: str, resource: str, context: Context) -> Verdict:
    """Say what several policies of one kind say together: one denial outweighs every allowance."""
    said = [policy.judge(action, resource, context) for policy in policies]
    if "denied" in said:
        return "denied"
    return "allowed" if "allowed" in said else "not allowed"


def _check(statement: Any, trust: bool) -> None:
    known = _TRUSTING if trust else _STATEMENT
    if not isinstance(statement, Mapping) or not set(statement) <= known:
        raise ValueError(f"A statement has some of {', '.join(sorted(known))}: {statement!r}")
    if statement.get("Effect") not in ("Allow", "Deny"):
        raise ValueError(f"Effect is Allow or Deny, not {statement.get('Effect')!r}.")
    for member in ("Action",) if trust else ("Action", "Resource"):
        if (member in statement) == (f"Not{member}" in statement):
            raise ValueError(f"A statement has either {member} or Not{member}.")
        if not all(isinstance(each, str) for each in _patterns(statement, member)):
            raise ValueError(f"{member} is a text or a list of texts.")
        _check_variables(_patterns(statement, member))
    if trust and not isinstance(statement.get("Principal"), (str, Mapping)):
        raise ValueError("A statement of a trust policy names a Principal.")
    for operator, keys in statement.get("Condition", {}).items():
        if not _OPERATOR.fullmatch(operator) or not isinstance(keys, Mapping):
            raise ValueError(f"The sandbox does not know the condition {operator}.")
        for wanted in keys.values():
            _check_variables(_listed(wanted))


def _check_variables(texts: Sequence[Any]) -> None:
    for text in texts:
        if isinstance(text, str) and "${" in _VARIABLE.sub("", text):
            raise ValueError(f"The sandbox does not know what stands in braces in {text!r}.")


def _listed(value: Any) -> Sequence[Any]:
    return value if isinstance(value, (list, tuple)) else (value,)


def _patterns(statement: Mapping[str, Any], member: str) -> Sequence[Any]:
    return _listed(statement.get(member, statement.get(f"Not{member}")))


def _covers(statement: Mapping[str, Any], member: str, value: str, context: Context) -> bool:
    """Tell whether a statement is about an action or a resource; only resources may hold variables."""
    lower = member == "Action"
    found = any(matches(each.lower() if lower else each, value, context) for each in _patterns(statement, member))
    return found is (member in statement)


def matches(pattern: str, value: str, context: Context | None = None) -> bool:
    """Tell whether a value fits a pattern of IAM's: ``*`` any text, ``?`` one character, ``${...}`` a known value.

    >>> matches("arn:aws:iam::*:role/team-?", "arn:aws:iam::123456789012:role/team-a")
    True
    """
    parts = _filled(pattern, context) if context else [(pattern, True)]
    if parts is None:
        return False
    expression = "".join(_wild(text) if is_pattern else re.escape(text) for text, is_pattern in parts)
    return re.fullmatch(expression, value, re.DOTALL) is not None


def _equals(text: str, value: str, context: Context) -> bool:
    """Tell whether a value is a text whose variables are filled in; ``*`` and ``?`` stand for themselves."""
    parts = _filled(text, context)
    return parts is not None and "".join(part for part, _ in parts) == value


def _filled(pattern: str, context: Context) -> list[tuple[str, bool]] | None:
    """Return the parts of a pattern, each with whether it is the pattern's own; None for a variable without a value.

    IAM: such a variable fits nothing.
    """
    parts: list[tuple[str, bool]] = []
    at = 0
    for found in _VARIABLE.finditer(pattern):
        known = context.get(found.group(1).lower())
        if not known:
            return None
        parts += [(pattern[at : found.start()], True), (known[0], False)]
        at = found.end()
    return [*parts, (pattern[at:], True)]


def _wild(text: str) -> str:
    return re.escape(text).replace(r"\*", ".*").replace(r"\?", ".")


def _names(principal: Any, callers: frozenset[str]) -> bool:
    """Tell whether a Principal means one of the caller's names; services and federations are never the caller."""
    if principal == "*":
        return True
    named = _listed(principal.get("AWS", ())) if isinstance(principal, Mapping) else (principal,)
    return any(each == "*" or each in callers for each in named)


def _holds(condition: Mapping[str, Mapping[str, Any]], context: Context) -> bool:
    return all(
        _one_holds(operator, [str(each) for each in _listed(wanted)], context.get(key.lower(), ()), context)
        for operator, keys in condition.items()
        for key, wanted in keys.items()
    )


def _one_holds(operator: str, wanted: list[str], present: Sequence[str], context: Context) -> bool:
    found = _OPERATOR.fullmatch(operator)
    quantity, kind, if_exists = found.groups() if found else ("", "", "")
    if kind == "Null":
        return (not present) is (wanted == ["true"])
    if not present:
        # A set without members has all of its members fit, and a missing key differs from every value.
        return bool(if_exists) or quantity == "ForAllValues" or ("Not" in kind and quantity != "ForAnyValue")
    like = kind.startswith("Arn") or kind.endswith("Like")
    fit = matches if like else _equals
    fits = [any(fit(each, value, context) for each in wanted) for value in present]
    if "Not" in kind:
        fits = [not each for each in fits]
    return all(fits) if quantity == "ForAllValues" else any(fits)
