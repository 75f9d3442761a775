"""Random valid documents, drawn from the installed service model: what every property test of the kit starts from.

``documents("UserSettings")`` draws settings, ``requests("CreateUserProfile")`` whole requests. Both hold, by chance,
explicitly empty structures (``{}``) and lists (``[]``) where the model allows them. ``smallest`` gives one plain valid
value, always the same.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import regex
from hypothesis import strategies as st

from profile_widgets.model.shapes import Member, input_member, shape

DOMAIN = "d-9xk2m4tq7abc"
SEVERAL = 3
"""How many optional members of a structure are drawn at most, so that a thousand documents take seconds."""

ODD = "Ærø 'quoted' \"twice\" $HOME `x` \\ - # : | % {a: b} 名前 é"
"""What may go wrong in a shell, in YAML, in JSON or in HTML."""

_REGIONAL = "arn:aws{partition}:sagemaker:{region}:{account}"
TEMPLATES: dict[str, tuple[str, ...]] = {
    "DomainId": ("d-{word}x", "d--{word}"),
    "UserProfileName": ("{word}x", "{word}--A{n}"),
    "SingleSignOnUserIdentifier": ("UserName",),
    "TagKey": ("team {word}", "Größe:{n}", "名前/{word}", "a+b=c@{n}"),
    "TagValue": ("", "{word}", "équipe {n}", "x_.:/=+-@{n}"),
    "RoleArn": ("arn:aws:iam::{account}:role/{word}", "arn:aws-us-gov:iam::{account}:role/service-role/A+=,.@-_{word}"),
    "SecurityGroupId": ("sg-{word}", "{n}"),
    "S3Uri": ("s3://bucket-{word}", "s3://b{n}/a folder/{word}/", "https://s3.example/ü'{word}\""),
    "S3SchemaUri": ("s3://bucket-{word}", "s3://b{n}/a folder/{word}/"),
    "KmsKeyId": ("", "{word}", "arn:aws:kms:{region}:{account}:key/{word}-{n}"),
    "ImageArn": (f"{_REGIONAL}:image/{{word}}x", f"{_REGIONAL}:image/A-b.{{word}}"),
    "ImageVersionArn": ("None", f"{_REGIONAL}:image-version/{{word}}x/{{n}}"),
    "ImageVersionAlias": ("{n}", "{n}.{n}", "{n}.0.1-rc.{n}+build.7", "1.{n}.0"),
    "StudioLifecycleConfigArn": ("None", f"{_REGIONAL}:studio-lifecycle-config/{{word}}"),
    "StudioResourceSpecTrainingPlanArn": ("None", f"{_REGIONAL}:training-plan/{{word}}"),
    "RepositoryUrl": ("https://{word}.example/a/{word}.git", "https://x-y.example/{n}/"),
    "ImageName": ("x{word}", "A-b.{word}"),
    "AppImageConfigName": ("x{word}", "A--b-{word}"),
    "SecretArn": ("arn:aws:secretsmanager:{region}:{account}:secret:{word} x",),
    "FileSystemId": ("fs-{n:08x}", "fs-{n:017x}"),
    "FileSystemPath": ("/", "/{word}/ü", "//{n}"),
    "ImageVersionAliasPattern": ("0.{n}", "{n}.0"),
}
"""Texts that match AWS's pattern, by shape, those that fit an older model among them.

Other shapes with a pattern are drawn from the pattern itself, slowly.
"""

_TEXT = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp"))


def _written(template: str, n: int) -> str:
    region = ("eu-west-1", "us-gov-west-1", "cn-north-1")[n % 3]
    partition = ("", "-us-gov", "-cn")[n % 3]
    return template.format(n=n, word=letters(n), region=region, partition=partition, account=f"{n:012d}")


def letters(n: int) -> str:
    """Return a number in letters and digits."""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    return (letters(n // 36) if n >= 36 else "") + digits[n % 36]


@cache
def _texts(member: Member) -> st.SearchStrategy[str]:
    low, high = int(member.minimum or 0), int(member.maximum or 4096)
    fitting = [each for each in TEMPLATES.get(member.shape, ()) if regex.fullmatch(member.pattern, _written(each, 1))]
    if fitting:
        return st.builds(_written, st.sampled_from(fitting), st.integers(0, 10**6))
    if member.pattern is None:
        free = st.text(_TEXT, min_size=low, max_size=min(high, 40))
        return free | st.just(ODD[: min(high, len(ODD))])
    drawn = st.from_regex(re.compile(member.pattern, re.ASCII), fullmatch=True, alphabet=_TEXT)
    return drawn.filter(lambda text: low <= len(text) <= high)


@cache
def values(member: Member) -> st.SearchStrategy[Any]:
    """Draw a valid value of any node of an input tree."""
    low = int(member.minimum or 0)
    if member.kind == "union":
        return st.sampled_from(list(member.members.values())).flatmap(
            lambda each: values(each).map(lambda value: {each.name: value})
        )
    if member.kind == "structure":
        return _structures(member)
    if member.kind == "list":
        high = min(int(member.maximum or 3), low + 3)
        return st.lists(values(member.item), min_size=low, max_size=high)
    if member.kind == "enum":
        return st.sampled_from(member.enum)
    if member.kind == "integer":
        return st.integers(low, int(member.maximum if member.maximum is not None else 2**31 - 1))
    return _texts(member)


@st.composite
def _structures(draw: st.DrawFn, member: Member) -> dict[str, Any]:
    optional = [name for name, each in member.members.items() if not each.required]
    chosen = draw(st.sets(st.sampled_from(optional), max_size=SEVERAL)) if optional else set()
    return {name: draw(values(each)) for name, each in member.members.items() if each.required or name in chosen}


def documents(name: str = "UserSettings") -> st.SearchStrategy[dict[str, Any]]:
    """Draw valid documents of a structure of the service model."""
    return values(shape(name))


def requests(operation: str, settings: st.SearchStrategy[Any] | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """Draw valid requests to the sandbox's IAM domain, whose profiles take no single sign-on."""
    members = {name: values(each) for name, each in input_member(operation).members.items() if "SignOn" not in name}
    members |= {"DomainId": st.just(DOMAIN), "UserSettings": settings or documents()}
    if "Tags" in members:
        tag = input_member(operation).members["Tags"].item
        members["Tags"] = st.lists(values(tag), max_size=3, unique_by=lambda each: str(each["Key"]))
    required = {name: members.pop(name) for name in ("DomainId", "UserProfileName", "UserSettings")}
    return st.fixed_dictionaries(required, optional=members)


SAMPLES = {
    "DomainId": DOMAIN,
    "UserProfileName": "alice",
    "SingleSignOnUserIdentifier": "UserName",
    "TagKey": "team",
    "TagValue": "research",
    "RoleArn": "arn:aws:iam::123456789012:role/SageMakerRole",
    "SecurityGroupId": "sg-0a1b2c3d4e5f60718",
    "S3Uri": "s3://my-bucket/folder",
    "S3SchemaUri": "s3://my-bucket/folder",
    "KmsKeyId": "1234abcd-12ab-34cd-56ef-1234567890ab",
    "ImageArn": "arn:aws:sagemaker:eu-west-1:123456789012:image/my-image",
    "ImageVersionArn": "arn:aws:sagemaker:eu-west-1:123456789012:image-version/my-image/1",
    "ImageVersionAlias": "2.1.0",
    "ImageVersionAliasPattern": "1.10",
    "StudioLifecycleConfigArn": "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/my-config",
    "StudioResourceSpecTrainingPlanArn": "arn:aws:sagemaker:eu-west-1:123456789012:training-plan/my-plan",
    "RepositoryUrl": "https://github.com/example/handbook",
    "ImageName": "my-image",
    "AppImageConfigName": "my-image-config",
    "SecretArn": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:my-secret-a1b2c3",
    "FileSystemId": "fs-0123456789abcdef0",
    "FileSystemPath": "/shared",
}
"""One believable text for each shape with a pattern."""


def smallest(member: Member) -> Any:
    """Return one valid value of a node: required members only, one item in a list."""
    if member.kind == "union":
        first = next(iter(member.members.values()))
        return {first.name: smallest(first)}
    if member.kind == "structure":
        return {name: smallest(each) for name, each in member.members.items() if each.required}
    if member.kind == "list":
        return [smallest(member.item)]
    if member.kind == "enum":
        return member.enum[0]
    if member.kind == "integer":
        return int(member.minimum or 0)
    return SAMPLES.get(member.shape, "x" * int(member.minimum or 1))
