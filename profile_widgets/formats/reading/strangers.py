"""Forms that cannot be read here, known well enough to say what to do instead."""

from __future__ import annotations

import re

_SEEN = "paste what `aws sagemaker describe-user-profile` answers, or the request as JSON"
_KNOWN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (
            r"""\bresource\s+"aws_?\w*"|\baws_sagemaker_user_profile\b|^\s*(?:user_settings|default_resource_spec)\s*\{""",
            f"Terraform cannot be read here: {_SEEN}.",
        ),
        (
            r"\bCfnUserProfile\b|\baws-cdk-lib\b|\baws_cdk\b",
            "A CDK program cannot be read here: paste the template that `cdk synth` writes.",
        ),
        (
            r"\b(?:Create|Update)UserProfileCommand\b|@aws-sdk/|\.(?:create|update)UserProfile\s*\(",
            "A program for one of AWS's other SDKs cannot be read here: paste the object that it sends as JSON.",
        ),
        (
            r"\b(?:Create|Update)UserProfile(?:Input|Request)\b",
            "A program for one of AWS's other SDKs cannot be read here: paste the object that it sends as JSON.",
        ),
        (
            r"\b(?:New|Update)-SMUserProfile\b",
            f"A command of the AWS Tools for PowerShell cannot be read here: {_SEEN}.",
        ),
        (r"\bsagemaker\.UserProfile\s*\(", f"A Pulumi program cannot be read here: {_SEEN}."),
    )
)


def stranger(text: str) -> str:
    """Return a sentence about a form that is known and cannot be read; ``""`` for any other text.

    Example::

        >>> stranger('resource "aws_sagemaker_user_profile" "alice" {}').split(":")[0]
        'Terraform cannot be read here'
    """
    return next((sentence for pattern, sentence in _KNOWN if pattern.search(text)), "")
