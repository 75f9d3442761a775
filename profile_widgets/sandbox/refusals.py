"""The errors that the sandbox's SageMaker answers with, by AWS's codes and in AWS's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

ACCOUNT_ID: Final = "123456789012"
CALLER_ARN: Final = f"arn:aws:iam::{ACCOUNT_ID}:user/sandbox"

STATUS_BY_CODE: Final[dict[str, int]] = {
    "InternalFailure": 500,
    "InternalServerError": 500,
    "ServiceUnavailable": 503,
    "ServiceUnavailableException": 503,
    "SlowDown": 503,
    "RequestTimeout": 408,
    "TooManyRequestsException": 429,
}


class Refusal(Exception):
    """Refuse a request with a code, a message and an HTTP status (400 unless the code has another of its own)."""

    def __init__(self, code: str, message: str, status: int | None = None) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status if status is not None else STATUS_BY_CODE.get(code, 400)


def invalid(message: str) -> Refusal:
    """Refuse a request whose content breaks a rule of the service."""
    return Refusal("ValidationException", message)


def malformed(message: str) -> Refusal:
    """Refuse a body that does not fit the types of the model."""
    return Refusal("SerializationException", message)


def not_found(message: str) -> Refusal:
    """Refuse a request that names something that does not exist."""
    return Refusal("ResourceNotFound", message)


def in_use(message: str) -> Refusal:
    """Refuse a request because the resource exists already, changes now, or is needed by something that runs."""
    return Refusal("ResourceInUse", message)


def limit_exceeded(message: str) -> Refusal:
    """Refuse a request that would go over a quota of the account."""
    return Refusal("ResourceLimitExceeded", message)


def access_denied(
    action: str, resource: str, caller: str = CALLER_ARN, kind: str = "identity-based", *, explicit: bool = False
) -> Refusal:
    """Refuse in IAM's words an action that the caller may not do; no resource is named where AWS names none.

    `kind` is the kind of policy that says no, which STS does not tell (empty); `explicit`: by a Deny.

    >>> access_denied("sagemaker:UpdateUserProfile", "*").code
    'AccessDeniedException'
    """
    article = "an" if kind.startswith("i") else "a"
    reason = f"because no {kind} policy allows the {action} action"
    if explicit:
        reason = f"with an explicit deny in {article} {kind} policy"
    parts = [f"User: {caller} is not authorized to perform: {action}"]
    parts += [f"on resource: {resource}"] if resource else []
    return Refusal("AccessDeniedException", " ".join([*parts, *([reason] if kind else [])]))


def named_resource(action: str, parameters: Mapping[str, Any], region: str) -> str:
    """Return what the refusal of another service's action names as its resource; many of them name none.

    >>> named_resource("iam:ListRoles", {}, "eu-west-1")
    'arn:aws:iam::123456789012:role/'
    >>> named_resource("kms:ListAliases", {}, "eu-west-1")
    ''
    """
    service, _, operation = action.partition(":")
    here = f"{region}:{ACCOUNT_ID}"
    if service == "iam":
        return f"arn:aws:iam::{ACCOUNT_ID}:role/{parameters.get('RoleName', '')}" if "Role" in operation else "*"
    if service == "s3":
        names = [str(parameters[name]) for name in ("Bucket", "Key") if parameters.get(name)]
        return f'"arn:aws:s3:::{"/".join(names)}"' if names else ""
    if service in ("elasticfilesystem", "fsx"):
        return f"arn:aws:{service}:{here}:file-system/*"
    return f"arn:aws:sagemaker:{here}:*" if service == "sagemaker" else ""


def throttled() -> Refusal:
    """Refuse a request because there were too many."""
    return Refusal("ThrottlingException", "Rate exceeded")
