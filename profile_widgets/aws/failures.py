"""Every way in which a call to AWS can fail, mapped to the tree of errors with one plain sentence.

:func:`translate` is the only entrance. AWS's error codes stand in :data:`CLASSES` and their sentences in
:mod:`~profile_widgets.aws.wording`; botocore's exceptions and their sentences are in
:mod:`~profile_widgets.aws.transport`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from profile_widgets.aws import transport, wording
from profile_widgets.aws.endpoints import without_secrets
from profile_widgets.aws.refusals import LONGEST, botocore_findings, service_findings
from profile_widgets.aws.wording import Scene
from profile_widgets.errors import (
    AccessDenied,
    BadResponse,
    CredentialsError,
    GatewayError,
    LimitExceeded,
    ProfileInUse,
    ProfileNotFound,
    Throttled,
    Unreachable,
    ValidationRefused,
)

if TYPE_CHECKING:
    from botocore.client import BaseClient

CLASSES: dict[type[GatewayError], frozenset[str]] = {
    ProfileNotFound: frozenset({"ResourceNotFound", "ResourceNotFoundException"}),
    ProfileInUse: frozenset({"ResourceInUse", "ResourceInUseException", "ConflictException"}),
    LimitExceeded: frozenset({"ResourceLimitExceeded", "LimitExceededException", "ServiceQuotaExceededException"}),
    AccessDenied: frozenset(
        {"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "NotAuthorized", "UnauthorizedException"}
    ),
    Throttled: frozenset(
        {
            "Throttling", "ThrottlingException", "ThrottledException", "TooManyRequestsException", "SlowDown", "429",
            "RequestLimitExceeded", "RequestThrottled", "RequestThrottledException", "BandwidthLimitExceeded",
        }
    ),
    CredentialsError: frozenset(
        {
            "ExpiredToken", "ExpiredTokenException", "RequestExpired", "InvalidToken", "TokenRefreshRequired",
            "InvalidClientTokenId", "UnrecognizedClientException", "InvalidAccessKeyId", "AuthFailure", "OptInRequired",
            "MissingAuthenticationToken", "MissingAuthenticationTokenException", "RequestTimeTooSkewed",
            "SignatureDoesNotMatch", "InvalidSignatureException", "IncompleteSignature", "IncompleteSignatureException",
        }
    ),
    ValidationRefused: frozenset(
        {
            "ValidationException", "ValidationError", "InvalidParameterException", "InvalidParameterValue",
            "InvalidParameterCombination", "MissingParameter", "MalformedQueryString", "SerializationException",
            "RequestEntityTooLarge", "RequestEntityTooLargeException",
        }
    ),
    BadResponse: frozenset(
        {
            "InternalFailure", "InternalError", "InternalServerError", "InternalServerException",
            "InternalFailureException", "InternalDependencyException", "ServiceUnavailable",
            "ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException", "UnknownOperationException",
            "InvalidAction", "NotImplemented",
        }
    ),
}  # fmt: skip
"""AWS's error codes by the class that stands for them here."""

_CLASS_OF: dict[str, type[GatewayError]] = {code: kind for kind, codes in CLASSES.items() for code in codes}

RETRYABLE = (Throttled, Unreachable, ProfileInUse)
"""The classes after which the same call may succeed later; BadResponse too, unless another server answered."""

_UNREADABLE = (ValueError, TypeError, AttributeError, KeyError, RecursionError)
"""What botocore's parser raises for a body that is not what the model says (UnicodeDecodeError is a ValueError)."""


def class_for(code: str, status: int = 0) -> type[GatewayError] | None:
    """Return the class for AWS's error ``code``; ``None`` when nobody thought of it and ``status`` does not say more.

    Example::

        >>> class_for("ResourceInUse").__name__
        'ProfileInUse'
    """
    known = _CLASS_OF.get(code)
    if known is None and (status >= 500 or code.isdecimal()):
        return BadResponse
    return known


def translate(error: BaseException, scene: Scene, *, sent: bool = False) -> GatewayError | None:
    """Return what ``error`` means in the kit's terms; ``None`` when it is a mistake of the program, not of the call.

    ``sent`` says that the request had left, so that an error of parsing is the answer's fault. Nothing secret that
    botocore or AWS repeat gets into the result.
    """
    from botocore import exceptions, parsers

    if isinstance(error, GatewayError):
        return error
    if isinstance(error, exceptions.ClientError):
        return _refused(error.response, scene)
    if isinstance(error, parsers.ResponseParserError) or (sent and isinstance(error, _UNREADABLE)):
        return _made(BadResponse, "GarbledAnswer", str(error), scene, transport.unreadable(error, scene))
    place = transport.place_of(error)
    if place is None:
        return None
    kind, words = place
    code = "TruncatedAnswer" if kind is BadResponse else type(error).__name__
    made = _made(kind, code, str(error), scene, words(error, scene))
    if isinstance(made, ValidationRefused):
        made.findings = botocore_findings(str(getattr(error, "kwargs", {}).get("report", "")))
    return made


def set_in(scene: Scene, client: BaseClient) -> Scene:
    """Return ``scene`` with the place and the operation's shape that ``client`` knows."""
    model = client.meta.service_model.operation_model(scene.operation)
    return replace(
        scene, region=client.meta.region_name or "", endpoint=client.meta.endpoint_url, shape=model.input_shape
    )


def _refused(response: Mapping[str, Any], scene: Scene) -> GatewayError:
    """Put an error answer of AWS into the tree."""
    details = response.get("Error") or {}
    metadata = response.get("ResponseMetadata") or {}
    code = str(details.get("Code") or metadata.get("HTTPStatusCode") or "")
    message = without_secrets(str(details.get("Message") or "")[:LONGEST])
    kind = class_for(code, int(metadata.get("HTTPStatusCode") or 0)) or GatewayError
    text = wording.REFUSALS[kind](code, message, scene)
    error = _made(kind, code, message, scene, text, str(metadata.get("RequestId") or ""))
    if isinstance(error, ValidationRefused):
        error.findings = service_findings(error.message, scene.shape)
    if isinstance(error, BadResponse):
        error.retryable = not wording.is_not_sagemaker(code)
    return error


def _made(
    kind: type[GatewayError], code: str, message: str, scene: Scene, text: str, request_id: str = ""
) -> GatewayError:
    """Make an error of the tree, free of secrets."""
    return kind(
        text,
        operation=scene.operation,
        code=code,
        message=without_secrets(message[:LONGEST]),
        request_id=request_id,
        retryable=issubclass(kind, (*RETRYABLE, BadResponse)),
    )
