"""SageMaker's JSON protocol in front of the operations that the sandbox has itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.callers import Caller, about_settings
from profile_widgets.sandbox.exchange import Reply
from profile_widgets.sandbox.operations import OPERATIONS
from profile_widgets.sandbox.refusals import Refusal, malformed
from profile_widgets.sandbox.state import LABELS
from profile_widgets.sandbox.validation import validate

_OWN_KINDS = (
    "Domain",
    "UserProfile",
    "Space",
    "App",
    "Image",
    "ImageVersion",
    "AppImageConfig",
    "StudioLifecycleConfig",
    "CodeRepository",
    "TrainingPlan",
)
_OWN_CHANGES = frozenset(verb + kind for verb in ("Create", "Update", "Delete") for kind in _OWN_KINDS)
_LISTED = {
    "ListDomains": "domain",
    "ListUserProfiles": "user-profile",
    "ListSpaces": "space",
    "ListApps": "app",
    "ListImages": "image",
    "ListAppImageConfigs": "app-image-config",
    "ListStudioLifecycleConfigs": "studio-lifecycle-config",
    "ListCodeRepositories": "code-repository",
    "ListTrainingPlans": "training-plan",
}
"""The lists of whole kinds, and what their refusals name: all of that kind."""
_NAMED = {
    "ImageName": "image",
    "AppImageConfigName": "app-image-config",
    "StudioLifecycleConfigName": "studio-lifecycle-config",
    "CodeRepositoryName": "code-repository",
    "TrainingPlanName": "training-plan",
}
_TAG_OPERATIONS = ("ListTags", "AddTags", "DeleteTags")


def is_own(operation: str, document: Mapping[str, Any]) -> bool:
    """Tell whether a request is about resources that the sandbox holds itself, and so is never moto's."""
    if operation in _TAG_OPERATIONS:
        kind = str(document.get("ResourceArn", "")).rpartition(":")[2].split("/")[0]
        return kind in LABELS or not document.get("ResourceArn")
    return operation in OPERATIONS or operation in _OWN_CHANGES


def read_body(body: bytes) -> dict[str, Any]:
    """Return the JSON object of a request body; an empty body is an empty object."""
    try:
        document = json.loads(body or b"{}", parse_constant=_refuse_constant)
    except ValueError as error:
        raise malformed("Unexpected token: the body is not valid JSON") from error
    if not isinstance(document, dict):
        raise malformed("Unexpected value: the body is not a JSON object")
    return document


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def answer(account: Account, operation: str, document: Mapping[str, Any], caller: Caller) -> Reply:
    """Check permission, validate and carry out one operation; raise a Refusal where AWS would refuse."""
    action = f"sagemaker:{operation}"
    account.check(caller, action, resource_of(account, operation, document), about_settings(document))
    request = validate(account.model, account.model.input_shape(operation), document)
    if operation not in OPERATIONS:
        raise Refusal("NotImplemented", f"The sandbox does not have {action}.", 501)
    _check_role(account, request, caller)
    with account.store.lock:
        return Reply.of_json(200, OPERATIONS[operation](account, request))


def _check_role(account: Account, request: Mapping[str, Any], caller: Caller) -> None:
    """Refuse a role that the caller may not pass on."""
    for member in ("UserSettings", "DefaultUserSettings"):
        role = request.get(member, {}).get("ExecutionRole")
        if role:
            account.check(caller, "iam:PassRole", role, {"iam:passedtoservice": ("sagemaker.amazonaws.com",)})


def resource_of(account: Account, operation: str, document: Mapping[str, Any]) -> str:
    """Return the ARN that a request is about, as an access-denied message names it; one of all for lists."""
    arn = document.get("ResourceArn")
    if arn:
        return str(arn)
    domain = document.get("DomainId")
    if not domain:
        for member, kind in _NAMED.items():
            if member in document:
                return account.store.arn(kind, str(document[member]).rpartition("/")[2].lower())
        kind = _LISTED.get(operation, "")
        return account.store.arn(kind, "*") if kind else f"arn:aws:sagemaker:{account.region}:*"
    for member, kind in (("UserProfileName", "user-profile"), ("SpaceName", "space")):
        if member in document:
            return account.store.arn(kind, str(domain), str(document[member]).lower())
    return account.store.arn("domain", str(domain))


def refused(refusal: Refusal) -> Reply:
    """Write a refusal in SageMaker's form."""
    return Reply.of_json(refusal.status, {"__type": refusal.code, "message": refusal.message})
