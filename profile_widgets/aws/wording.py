"""The sentences for what goes wrong: what happened, where, and what to try.

They are for people who fill in a form. AWS's own words follow where they say more; texts are plain, and whoever shows
them escapes them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.aws import endpoints
from profile_widgets.aws.refusals import service_findings
from profile_widgets.errors import (
    AccessDenied,
    BadResponse,
    CredentialsError,
    GatewayError,
    LimitExceeded,
    ProfileInUse,
    ProfileNotFound,
    Throttled,
    ValidationRefused,
)

LOGIN_EXPIRED = (
    "Your AWS login has expired or is missing. Log in again (for example with `aws sso login`), and try again; "
    "nothing is lost."
)

LONGEST = 400
"""How many characters of AWS's words a sentence repeats; ``GatewayError.message`` has them all."""

WRITES = frozenset({"CreateUserProfile", "UpdateUserProfile", "DeleteUserProfile", "AddTags", "DeleteTags"})
"""The operations that change something."""

INSTEAD = {
    "CreateUserProfile": "You can go on editing and checking here, and export the request for your administrator.",
    "UpdateUserProfile": "You can go on editing and checking here, and export the request for your administrator.",
    "DescribeUserProfile": "You can still write a request from nothing and export it for your administrator.",
    "DescribeDomain": "You can still edit the profile.",
    "ListDomains": "You can still type a domain id.",
    "ListUserProfiles": "You can still type a user profile's name.",
    "ListApps": "You can still edit the profile; whether its apps are running is not known.",
    "ListTags": "You can still edit the profile; its tags are not shown.",
}
"""What can still be done without the permission for an operation."""

ACTIONS = {("s3", "ListBuckets"): "s3:ListAllMyBuckets", ("s3", "ListObjectsV2"): "s3:ListBucket"}
"""The permissions that are not called as their operation is."""

PREFIXES = {"efs": "elasticfilesystem"}
"""The prefixes of permissions where they differ from boto3's name of the service."""

_WHO = r"User: (arn:[^\s]{1,300})"
_ACTION = r"perform:? ([a-z0-9-]{1,40}:[A-Za-z*]{1,80})"
_SKEW = r"(?i)signature (?:expired|not yet current)|is now earlier than|is still later than|skewed"


@dataclass(frozen=True)
class Scene:
    """Say where something went wrong.

    ``endpoint`` is the address in use, ``caller`` the ARN of who asked when known, ``shape`` botocore's input shape
    of the operation, for the spelling of members.
    """

    operation: str
    request: Mapping[str, Any] = field(default_factory=dict)
    service: str = "sagemaker"
    region: str = ""
    endpoint: str = ""
    caller: str = ""
    shape: Any = None

    @property
    def place(self) -> str:
        """Return where, in words: the region, and the service's address when it is on this machine."""
        region = f"region {self.region}" if self.region else "AWS"
        if endpoints.is_loopback(self.endpoint):
            return f"{region} of the service at {endpoints.without_secrets(self.endpoint)}"
        return region

    @property
    def target(self) -> str:
        """Return what the call was about, in words, ``""`` when it was about nothing in particular."""
        domain = self.request.get("DomainId")
        if self.named:
            return self.named + (f" in domain {domain}" if domain else "")
        return f"domain {domain}" if domain else str(self.request.get("ResourceArn", ""))

    @property
    def named(self) -> str:
        """Return the user profile or the space that the call was about, in words, ``""`` when it was about neither."""
        name, space = self.request.get("UserProfileName"), self.request.get("SpaceName")
        return f"user profile “{name}”" if name else f"space “{space}”" if space else ""

    @property
    def host(self) -> str:
        """Return the host that was asked."""
        return endpoints.host_of(self.endpoint) or f"AWS in {self.region or 'no region'}"


def aws_said(message: str) -> str:
    """Return AWS's words as a sentence, shortened, or nothing."""
    words = " ".join(endpoints.without_secrets(message).split())
    if not words:
        return ""
    end = "..." if len(words) > LONGEST else "" if words.endswith((".", "!", "?")) else "."
    return f" AWS said: {words[:LONGEST]}{end}"


def after_bad_answer(operation: str) -> str:
    """Say what to do when the outcome of ``operation`` is not known."""
    if operation in WRITES:
        return "Load the profile again to see whether the change was made before sending it once more."
    return "Try again."


def not_found(_code: str, message: str, scene: Scene) -> str:
    """Word a missing domain, profile or space."""
    named, domain = scene.named, scene.request.get("DomainId")
    said = message.casefold().replace("-", "").replace(" ", "").replace("_", "")
    kind = "userprofile" if scene.request.get("UserProfileName") else "space"
    hint = "Check the spelling, the domain id, the region and the account."
    if named and domain and kind in said:
        return f"There is no {named} in domain {domain} in {scene.place}. {hint}"
    if domain and (not named or "domain" in said):
        return f"There is no domain {domain} in {scene.place}. Check the domain id, the region and the account."
    if named:
        return f"There is no {named}, or no domain {domain}, in {scene.place}. {hint}"
    return f"What {scene.operation} asked for does not exist in {scene.place}.{aws_said(message)}"


def in_use(_code: str, message: str, scene: Scene) -> str:
    """Word a profile that exists already or is being changed."""
    if scene.operation == "CreateUserProfile":
        name, domain = scene.request.get("UserProfileName"), scene.request.get("DomainId")
        return f"Domain {domain} has a user profile “{name}” already. Open that one, or choose another name."
    if scene.operation == "DeleteUserProfile":
        return f"The {scene.target} is in use. Stop its apps, delete its spaces, and try again.{aws_said(message)}"
    what = scene.target or "resource"
    return (
        f"The {what} is being changed, or running apps use it. Stop its apps or wait a minute, load it again, and try "
        f"again.{aws_said(message)}"
    )


def limit(_code: str, message: str, scene: Scene) -> str:
    """Word a quota that is used up."""
    return (
        f"An AWS quota of this account is used up in {scene.place}, so {scene.operation} was refused. "
        f"Ask for more in Service Quotas, or free some.{aws_said(message)}"
    )


def permission(service: str, operation: str) -> str:
    """Return what the permission for an operation is called.

    Example::

        >>> permission("efs", "DescribeFileSystems")
        'elasticfilesystem:DescribeFileSystems'
    """
    return ACTIONS.get((service, operation), f"{PREFIXES.get(service, service)}:{operation}")


def denied(_code: str, message: str, scene: Scene) -> str:
    """Word a missing permission: who, what, and what can be done without it."""
    who, action = re.search(_WHO, message), re.search(_ACTION, message)
    caller = who.group(1) if who else scene.caller
    wanted = action.group(1) if action else permission(scene.service, scene.operation)
    about = f" for {scene.target}" if scene.target else ""
    instead = INSTEAD.get(scene.operation, "")
    if wanted == "iam:PassRole":
        reason = "Without it a profile's execution role cannot be handed to SageMaker. Ask your administrator for it."
    elif "explicit deny" in message.casefold():
        reason = "A policy denies it expressly, so ask your administrator."
    else:
        reason = "Ask your administrator for that permission."
    return f"{caller or 'You'} may not use {wanted}{about}. {reason} {instead}".rstrip()


def throttled(_code: str, _message: str, scene: Scene) -> str:
    """Word a request to slow down."""
    return f"AWS asked to slow down and did not answer {scene.operation}. Wait a minute and try again."


def credentials_refused(code: str, message: str, scene: Scene) -> str:
    """Word credentials that AWS does not take."""
    if code == "RequestTimeTooSkewed" or re.search(_SKEW, message):
        return "This machine's clock differs from AWS's by more than AWS allows. Set the clock, and try again."
    if "Expired" in code or code == "TokenRefreshRequired":
        return LOGIN_EXPIRED
    if "Signature" in code:
        return "AWS did not accept the signature: the secret key is not that of the access key. Check the credentials."
    if code.startswith("MissingAuthenticationToken"):
        return f"{scene.host} wants signed requests. Turn off “unsigned” in the connection, or check the endpoint."
    if code == "OptInRequired":
        return f"This account has not opted in to {scene.place}. Enable the region in the account, or choose another."
    return (
        f"AWS does not know these credentials ({code}). Check which profile is in use, log in again, "
        "and check that they belong to this partition."
    )


def invalid(_code: str, message: str, scene: Scene) -> str:
    """Word a request that AWS refuses for its content."""
    findings = service_findings(message, scene.shape)
    if not findings:
        return f"AWS refused the content of {scene.operation}. Correct it and send it again.{aws_said(message)}"
    refused = places(findings)
    return f"AWS refused {refused} in {scene.operation}. Correct what is named and send it again.{aws_said(message)}"


def places(findings: Iterable[tuple[str, str]], count: int = 5) -> str:
    """Name the first members that findings are about, each once, and how many more there are."""
    paths = list(dict.fromkeys(path for path, _ in findings))
    more = f" and {len(paths) - count} more" if len(paths) > count else ""
    return ", ".join(paths[:count]) + more


def is_not_sagemaker(code: str) -> bool:
    """Tell whether an error code says that somebody else than SageMaker answered."""
    return code in {"UnknownOperationException", "InvalidAction", "NotImplemented"} or (
        code.isdecimal() and int(code) < 500
    )


def bad(code: str, message: str, scene: Scene) -> str:
    """Word a failure on the other side, or another server."""
    if code in {"UnknownOperationException", "InvalidAction", "NotImplemented"}:
        return f"{scene.host} does not know {scene.operation}. Check the endpoint and the region."
    if is_not_sagemaker(code):
        who = "SageMaker" if scene.service == "sagemaker" else "AWS"
        return (
            f"{scene.host} answered HTTP {code} without an AWS error, so it is not {who}: a proxy, a login page "
            f"or a wrong endpoint. Check the endpoint and the proxy. {after_bad_answer(scene.operation)}"
        )
    said = aws_said("" if code.isdecimal() else message)
    what = f"AWS could not carry out {scene.operation} because of a failure on its side ({code}).{said}"
    return f"{what} Wait a minute. {after_bad_answer(scene.operation)}"


def unknown_refusal(code: str, message: str, scene: Scene) -> str:
    """Word an error code that the kit does not know."""
    about = f" for {scene.target}" if scene.target else ""
    return f"AWS refused {scene.operation}{about} ({code or 'no error code'}).{aws_said(message)}"


REFUSALS: dict[type[GatewayError], Callable[[str, str, Scene], str]] = {
    ProfileNotFound: not_found,
    ProfileInUse: in_use,
    LimitExceeded: limit,
    AccessDenied: denied,
    Throttled: throttled,
    CredentialsError: credentials_refused,
    ValidationRefused: invalid,
    BadResponse: bad,
    GatewayError: unknown_refusal,
}
"""The sentence for each class of refusal."""
