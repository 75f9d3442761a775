"""Rules about IAM roles, and about where Canvas keeps its work."""

from __future__ import annotations

from profile_widgets.checks.problems import WARNING
from profile_widgets.checks.rules.case import SETTINGS, Case
from profile_widgets.checks.rules.reading import account, structure, word
from profile_widgets.checks.rules.registry import Findings, rule, warning

ROLE = f"{SETTINGS}.ExecutionRole"
CANVAS = f"{SETTINGS}.CanvasAppSettings"
ARTIFACTS = f"{CANVAS}.WorkspaceSettings.S3ArtifactPath"
CROSS_ACCOUNT = f"{CANVAS}.ModelRegisterSettings.CrossAccountModelRegisterRoleArn"
TRUSTED = (
    ("TimeSeriesForecastingSettings", "AmazonForecastRoleArn", "forecast.amazonaws.com"),
    ("GenerativeAiSettings", "AmazonBedrockRoleArn", "bedrock.amazonaws.com"),
    ("EmrServerlessSettings", "ExecutionRoleArn", "emr-serverless.amazonaws.com"),
)
"""Canvas's roles, and the service that each must trust."""


@rule(
    19,
    "canvas",
    paths=(ARTIFACTS, CROSS_ACCOUNT, *(f"{CANVAS}.{section}.{name}" for section, name, _ in TRUSTED)),
    severities=(WARNING,),
)
def canvas(case: Case) -> Findings:
    """Warn of what a new artifact path hides, of the trust that roles need, of a role elsewhere that is not."""
    own = structure(case.sent, "CanvasAppSettings")
    if not own:
        return
    path = word(structure(own, "WorkspaceSettings"), "S3ArtifactPath")
    if path and case.updates and path != _artifacts_before(case):
        text = "A new artifact path: Canvas users lose sight of what is at the old one, and must log out and in again."
        yield warning(ARTIFACTS, text)
    for section, name, service in TRUSTED:
        place = f"{CANVAS}.{section}.{name}"
        if word(structure(own, section), name) and case.changes(place):
            yield warning(place, f"This role must name {service} in its trust policy, or Canvas cannot use it.")
    other = account(word(structure(own, "ModelRegisterSettings"), "CrossAccountModelRegisterRoleArn"))
    if other and other == _account(case):
        text = f"Only for a model registry in another account; this role is of {other}, the profile's own account."
        yield warning(CROSS_ACCOUNT, text, *case.leaving_out(CROSS_ACCOUNT))


def _artifacts_before(case: Case) -> str:
    """Return the artifact path that was in force, the profile's or else the domain's."""
    way = ("CanvasAppSettings", "WorkspaceSettings")
    stored = word(structure(case.loaded, *way), "S3ArtifactPath")
    return stored or word(structure(case.defaults, *way), "S3ArtifactPath")


def _account(case: Case) -> str:
    """Return the account that the profile is in, as far as its domain or its role tells."""
    return account(word(case.domain or {}, "DomainArn")) or account(case.in_force("ExecutionRole"))


@rule(20, "execution-role", paths=(ROLE,), severities=(WARNING,))
def execution_role(case: Case) -> Findings:
    """Warn that a new role must be passed, and that running apps keep the old one."""
    if case.updates and word(case.sent, "ExecutionRole") and case.changes(ROLE):
        text = "AWS takes this only from someone who may pass the role (iam:PassRole)."
        if case.running:
            text += f" Restart these apps, which keep the old role: {case.running}."
        elif case.apps is None:
            text += " Apps that run keep the old role until they are restarted."
        yield warning(ROLE, text)
