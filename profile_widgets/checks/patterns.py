r"""AWS's regular expressions: matching bounded in time, and in words.

SageMaker matches a pattern against the whole text, with Java's ASCII meaning of ``\d`` and ``\w``. Three traps (service
contract, "Constraints"): ``RepositoryUrl``'s pattern backtracks for seconds on 28 letters, tag patterns use ``\p{L}``,
which ``re`` cannot compile, and any pattern of a newer model may do either. So: known slow ones have a linear
equivalent, all are compiled by ``regex``, and every match has a time limit.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

SECONDS = 0.2
"""How long one match may take before it is given up, in seconds."""

REMEMBERED, LONGEST = 2048, 256
"""How many verdicts are remembered, and of how long texts: of a form, all but one text are asked for again."""

LINEAR = {
    # One group is letters with an optional slash behind, three to 1,016 of them: at least three letters, no two slashes
    # in a row, none at the start. Texts are at most 1,024 long, so the upper count cannot be passed.
    r"https://([.\-_a-zA-Z0-9]+/?){3,1016}": r"https://(?=(?:/?[.\-_a-zA-Z0-9]){3})[.\-_a-zA-Z0-9]+(?:/[.\-_a-zA-Z0-9]+)*/?",
}
"""Equivalents without backtracking, by AWS's pattern; older models write the same ones between ``^`` and ``$``."""

WORDS: dict[str, tuple[str, str]] = {
    "DomainId": ("a domain id", "d-abcdefghij12"),
    "UserProfileName": ("a profile name: letters, digits and hyphens, beginning with a letter or digit", "alice-smith"),
    "SingleSignOnUserIdentifier": ("the word UserName", "UserName"),
    "TagKey": ("a tag key: letters, digits, spaces and _ . : / = + - @", "cost-center"),
    "TagValue": ("a tag value: letters, digits, spaces and _ . : / = + - @", "research"),
    "RoleArn": ("the ARN of an IAM role", "arn:aws:iam::123456789012:role/SageMakerRole"),
    "SecurityGroupId": ("a security group id", "sg-0a1b2c3d4e5f60718"),
    "S3Uri": ("an S3 location", "s3://my-bucket/folder"),
    "S3SchemaUri": ("an S3 location", "s3://my-bucket/folder"),
    "KmsKeyId": ("a KMS key id or ARN", "arn:aws:kms:eu-west-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"),
    "ImageArn": ("the ARN of a SageMaker image", "arn:aws:sagemaker:eu-west-1:123456789012:image/my-image"),
    "ImageVersionArn": (
        "the ARN of a SageMaker image version, or None",
        "arn:aws:sagemaker:eu-west-1:123456789012:image-version/my-image/1",
    ),
    "ImageVersionAlias": ("an image version alias, such as a version number", "2.1.0"),
    "ImageVersionAliasPattern": ("a minor version: two numbers and a dot", "1.10"),
    "StudioLifecycleConfigArn": (
        "the ARN of a Studio lifecycle configuration, or None",
        "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/my-config",
    ),
    "StudioResourceSpecTrainingPlanArn": (
        "the ARN of a training plan, or None",
        "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/my-plan",
    ),
    "RepositoryUrl": ("an https address of a Git repository", "https://github.com/example/handbook"),
    "ImageName": ("an image name: letters, digits, single hyphens and dots", "my-image"),
    "AppImageConfigName": ("an app image configuration's name: letters, digits and hyphens", "my-image-config"),
    "SecretArn": (
        "the ARN of a Secrets Manager secret",
        "arn:aws:secretsmanager:eu-west-1:123456789012:secret:my-secret-a1b2c3",
    ),
    "FileSystemId": ("a file system id", "fs-0123456789abcdef0"),
    "FileSystemPath": ("a path that begins with / and has no spaces", "/shared"),
}
"""What a text of a shape is, and an example of one, by shape name."""


@cache
def _compiled(pattern: str) -> Any:
    import regex

    try:
        equivalent = LINEAR.get(pattern.removeprefix("^").removesuffix("$"), pattern)
        return regex.compile(equivalent, regex.ASCII if r"\p" not in pattern else 0)
    except regex.error:
        return None


@lru_cache(maxsize=REMEMBERED)
def _verdict(pattern: str, text: str) -> bool:
    """Tell whether the whole text matches; what raises is not remembered."""
    return _compiled(pattern).fullmatch(text, timeout=SECONDS) is not None


def matches(pattern: str, text: str) -> bool | None:
    """Tell whether the whole of ``text`` matches.

    ``None`` when that cannot be told: the pattern is not one that can be compiled here, or time ran out.
    """
    if _compiled(pattern) is None:
        return None
    try:
        return _verdict(pattern, text) if len(text) <= LONGEST else _verdict.__wrapped__(pattern, text)
    except TimeoutError:
        return None


def forget() -> None:
    """Forget every verdict: the next match is tried anew."""
    _verdict.cache_clear()


def words(shape: str, pattern: str) -> str:
    """Say in words what a text of this shape has to be."""
    if shape in WORDS:
        kind, example = WORDS[shape]
        if "None" not in pattern:
            kind = kind.removesuffix(", or None")
        return f"Not {kind}, for example {example}" if kind.split()[0] in ("a", "an", "the") else f"Not {kind}"
    return f"Does not match AWS's pattern {pattern}"
