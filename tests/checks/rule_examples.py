"""What an example of a rule is: what is sent, what is known around it, and what is found where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from profile_widgets.checks.rules import Case
from profile_widgets.model.shapes import CREATE, UPDATE

DOMAIN_ID = "d-9xk2m4tq7abc"


@dataclass(frozen=True)
class Example:
    """Hold a request with what is known around it; ``found`` are the severities and paths, none in a good example."""

    rule: str
    settings: dict[str, Any]
    found: tuple[tuple[str, str], ...] = ()
    operation: str = CREATE
    domain: dict[str, Any] | None = None
    loaded: dict[str, Any] | None = None
    apps: tuple[dict[str, Any], ...] | None = None
    lifecycle_types: dict[str, str] | None = None
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def request(self) -> dict[str, Any]:
        """Return the request as boto3 would get it."""
        names = {"DomainId": DOMAIN_ID, "UserProfileName": "alice"}
        return names | self.more | ({"UserSettings": self.settings} if self.settings else {})

    def case(self, request: dict[str, Any] | None = None) -> Case:
        """Return what the rules get, with another request where one is given."""
        sent = self.request if request is None else request
        return Case(self.operation, sent, self.domain, self.loaded, self.apps, self.lifecycle_types)

    def __str__(self) -> str:
        return f"{self.rule}-{'bad' if self.found else 'good'}-{list(self.settings) + list(self.more)}"


def at(severity: str, path: str) -> tuple[str, str]:
    """Return a finding at a path below the settings."""
    return severity, f"UserSettings.{path}"


def update(rule: str, settings: dict[str, Any], *found: tuple[str, str], **known: Any) -> Example:
    """Return an example of an update."""
    return Example(rule, settings, found, UPDATE, **known)


def create(rule: str, settings: dict[str, Any], *found: tuple[str, str], **known: Any) -> Example:
    """Return an example of a create."""
    return Example(rule, settings, found, CREATE, **known)


def lifecycle(name: str) -> str:
    """Return the ARN of a lifecycle configuration."""
    return f"arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/{name}"


def image(name: str) -> str:
    """Return the ARN of an image."""
    return f"arn:aws:sagemaker:eu-west-1:123456789012:image/{name}"


def version(name: str, number: int = 1) -> str:
    """Return the ARN of an image's version."""
    return f"arn:aws:sagemaker:eu-west-1:123456789012:image-version/{name}/{number}"


def role(name: str, account: str = "123456789012") -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{account}:role/{name}"


def groups(*numbers: int) -> list[str]:
    """Return ids of security groups."""
    return [f"sg-{number:08x}" for number in numbers]


def custom(count: int) -> list[dict[str, Any]]:
    """Return some custom images."""
    return [{"ImageName": f"image-{n}", "AppImageConfigName": f"config-{n}"} for n in range(count)]


def defaults(**settings: Any) -> dict[str, Any]:
    """Return a domain's description that gives its profiles some settings."""
    return {"DomainId": DOMAIN_ID, "AuthMode": "IAM", "DefaultUserSettings": settings}
