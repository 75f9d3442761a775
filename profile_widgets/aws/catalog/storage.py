"""Where data lies and what protects it: buckets and their prefixes, file systems, keys, secrets."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import joined, shown, since, size, tag, text
from profile_widgets.aws.protocol import Offer

BUCKETS = Paged(
    "ListBuckets",
    "Buckets",
    service="s3",
    size={"MaxBuckets": 1000},
    asks="ContinuationToken",
    tells="ContinuationToken",
)
PREFIXES = Paged(
    "ListObjectsV2",
    "CommonPrefixes",
    service="s3",
    size={"MaxKeys": 1000},
    asks="ContinuationToken",
    tells="NextContinuationToken",
)
EFS = Paged(
    "DescribeFileSystems", "FileSystems", service="efs", size={"MaxItems": 100}, asks="Marker", tells="NextMarker"
)
FSX = Paged("DescribeFileSystems", "FileSystems", service="fsx")
ALIASES = Paged("ListAliases", "Aliases", service="kms", size={"Limit": 100}, asks="Marker", tells="NextMarker")
SECRETS = Paged("ListSecrets", "SecretList", service="secretsmanager")

SCHEME = "s3://"
MOST_PAGES_OF_PREFIXES = 5
"""How many pages of a bucket's prefixes are read: each is 1,000 objects and prefixes."""

_BUCKET = r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]"

FOLDERS = "For the folders of a bucket, choose it and type / behind its name."
NO_ALIAS = "Keys without an alias are not listed: paste their ARN."


def suits(row: Row, _about: About) -> Offer:
    """Offer a row that knows by itself whether it can be used."""
    return Offer(row.value, row.name, row.detail, fits=bool(row.facts))


def place_in_s3(typed: str, about: About) -> About:
    """Return ``about`` with the bucket and folder that a typed address has reached: ``s3://bucket/folder/``."""
    bucket, reached, key = typed.removeprefix(SCHEME).partition("/")
    if not typed.startswith(SCHEME) or not reached or not re.fullmatch(_BUCKET, bucket):
        return {name: value for name, value in about.items() if name not in ("bucket", "folder")}
    folder, slash, _ = key.rpartition("/")
    return {**about, "bucket": bucket, "folder": folder + slash}


def rest_of_prefix(typed: str, about: About) -> str:
    """Return what is typed behind the last folder, by which AWS is asked for prefixes."""
    bucket, folder = about.get("bucket", ""), about.get("folder", "")
    return typed.removeprefix(f"{SCHEME}{bucket}/{folder}") if bucket else ""


@kind(
    "s3",
    noun="bucket or prefix",
    plural="buckets and prefixes",
    matters=("bucket", "folder"),
    aim=place_in_s3,
    word=rest_of_prefix,
    searches=True,
    closed=False,
)
async def places_in_s3(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield the buckets; or what lies in a bucket's folder, once one is typed."""
    bucket, folder = about.get("bucket", ""), about.get("folder", "")
    if not bucket:
        async for page in source.pages(BUCKETS):
            if page:
                source.note(FOLDERS)
            yield [
                Row(
                    value=f"{SCHEME}{name}",
                    name=shown(name),
                    detail=joined(text(found, "BucketRegion"), since(found.get("CreationDate"))),
                )
                for found in page
                if (name := text(found, "Name"))
            ]
        return
    request = {"Bucket": bucket, "Delimiter": "/", "Prefix": folder + source.word}
    empty = True
    async for page in source.pages(PREFIXES, request, most=MOST_PAGES_OF_PREFIXES):
        rows = [
            Row(value=f"{SCHEME}{bucket}/{prefix}", name=_all_spaces(prefix), detail=f"in {bucket}")
            for found in page
            if (prefix := text(found, "Prefix"))
        ]
        empty = empty and not rows
        yield rows
    if empty and not source.more:
        source.note(f"There are no folders in {shown(f'{SCHEME}{bucket}/{folder}')}: it can be used as it is.")


def _all_spaces(prefix: str) -> str:
    """Return a folder's name with spaces that are repeated as signs: a page shows them as one, S3 tells them apart."""
    return shown(re.sub(" {2,}", lambda found: "\N{OPEN BOX}" * len(found[0]), prefix))


@kind("efs", noun="EFS file system", offer=suits)
async def efs(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the region's EFS file systems."""
    async for page in source.pages(EFS):
        yield [_efs_row(system) for system in page]


def _efs_row(system: Mapping[str, Any]) -> Row:
    state, used = text(system, "LifeCycleState"), system.get("SizeInBytes")
    identifier = text(system, "FileSystemId")
    return Row(
        value=identifier,
        name=shown(text(system, "Name") or tag(system) or identifier),
        detail=joined(
            size(used.get("Value")) if isinstance(used, Mapping) else "", state, since(system.get("CreationTime"))
        ),
        facts=state == "available",
    )


@kind("fsx", noun="FSx file system", offer=suits)
async def fsx(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the region's FSx file systems; Studio mounts those of Lustre."""
    async for page in source.pages(FSX):
        yield [_fsx_row(system) for system in page]


def _fsx_row(system: Mapping[str, Any]) -> Row:
    sort, state = text(system, "FileSystemType"), text(system, "Lifecycle")
    identifier, capacity = text(system, "FileSystemId"), system.get("StorageCapacity")
    return Row(
        value=identifier,
        name=shown(tag(system) or identifier),
        detail=joined(
            sort.capitalize(),
            f"{capacity:,} GiB" if isinstance(capacity, int) else "",
            state.lower(),
            text(system, "VpcId"),
            since(system.get("CreationTime")),
        ),
        facts=sort == "LUSTRE" and state in ("AVAILABLE", "UPDATING", ""),
    )


@kind("kms-key", noun="KMS key", offer=suits, closed=False, note=NO_ALIAS)
async def keys(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the keys that have an alias; those of AWS itself do not fit."""
    names: dict[str, list[str]] = {}
    async for page in source.pages(ALIASES):
        found = []
        for alias in page:
            arn, name, target = text(alias, "AliasArn"), text(alias, "AliasName"), text(alias, "TargetKeyId")
            if not target or ":alias/" not in arn:
                continue  # a key of AWS's that nothing in the account uses yet
            key = f"{arn.partition(':alias/')[0]}:key/{target}"
            names.setdefault(key, []).append(name.removeprefix("alias/"))
            of_aws = name.startswith("alias/aws/")
            found.append(
                Row(
                    value=key,
                    name=shown(", ".join(names[key])),
                    detail=joined("a key of AWS's own" if of_aws else "", target, since(alias.get("CreationDate"))),
                    facts=not of_aws,
                )
            )
        yield found


@kind("secret", noun="secret")
async def secrets(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the names of the region's secrets; what they hold is never asked for."""
    async for page in source.pages(SECRETS):
        yield [
            Row(
                value=text(secret, "ARN"),
                name=shown(text(secret, "Name")),
                detail=joined(text(secret, "Description"), since(secret.get("LastChangedDate"), "changed")),
            )
            for secret in page
        ]
