"""Fill an account's SageMaker with the seed, or with things that tests and lessons ask for."""

from __future__ import annotations

import base64
import time
from collections.abc import Mapping
from typing import Any

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.seed import catalogue, domains, oddities, plans, profiles, repositories, spaces
from profile_widgets.sandbox.state import Resource, key_of
from profile_widgets.sandbox.validation import known_part

_DAY = 86400.0


def fill(account: Account) -> None:
    """Put the whole seed into an empty store, as far as the installed service model knows its members."""
    for domain in domains.DOMAINS:
        _add_domain(account, domain)
    for profile in profiles.PROFILES:
        add_profile(account, profile)
    for space in spaces.SPACES:
        add_space(account, space)
    for app in spaces.APPS:
        add_app(account, app)
    for image in catalogue.IMAGES:
        add_image(account, image)
    for config in catalogue.APP_IMAGE_CONFIGS:
        add_app_image_config(account, config)
    for lifecycle in catalogue.LIFECYCLE_CONFIGS:
        add_lifecycle_config(account, lifecycle)
    for repository in repositories.CODE_REPOSITORIES:
        _add_code_repository(account, repository)
    for plan in plans.PLANS:
        add_plan(account, plan)


def placed(value: Any, region: str) -> Any:
    """Return a part of the seed with the region in place of its mark."""
    if isinstance(value, str):
        return value.replace("{region}", region)
    if isinstance(value, Mapping):
        return {name: placed(child, region) for name, child in value.items()}
    if isinstance(value, (list, tuple)):
        return [placed(child, region) for child in value]
    return value


def _times(entry: Mapping[str, Any]) -> dict[str, float]:
    now = time.time()
    return {
        "CreationTime": round(now - entry["age"] * _DAY, 3),
        "LastModifiedTime": round(now - entry.get("changed", entry["age"]) * _DAY, 3),
    }


def _known(account: Account, shape: str, document: Any) -> dict[str, Any]:
    """Return what the installed model knows of a document; nothing if it does not know its structure."""
    if not account.model.has_shape(shape):
        return {}
    return known_part(account.model, shape, placed(document, account.region))


def _add_domain(account: Account, entry: Mapping[str, Any]) -> None:
    store = account.store
    detail = _known(account, "DescribeDomainResponse", entry["detail"])
    arn = store.arn("domain", detail["DomainId"])
    detail.update(DomainArn=arn, Status="InService", **_times(entry))
    store.add(Resource("domain", key_of(detail["DomainId"]), arn, detail, dict(entry.get("tags", {}))))


def add_profile(account: Account, entry: Mapping[str, Any]) -> Resource:
    """Add a profile with its settings, in the status that the entry names."""
    arn = account.store.arn("user-profile", entry["domain"], entry["name"])
    detail: dict[str, Any] = {
        "DomainId": entry["domain"],
        "UserProfileArn": arn,
        "UserProfileName": entry["name"],
        "HomeEfsFileSystemUid": str(account.store.next_uid),
        "Status": entry.get("status", "InService"),
        **_times(entry),
    }
    account.store.next_uid += 5
    if "reason" in entry:
        detail["FailureReason"] = entry["reason"]
    if "person" in entry:
        detail.update(SingleSignOnUserIdentifier="UserName", SingleSignOnUserValue=entry["person"])
    if "settings" in entry:
        detail["UserSettings"] = _known(account, "UserSettings", entry["settings"])
    key = key_of(entry["domain"], entry["name"])
    return account.store.add(Resource("user-profile", key, arn, detail, dict(entry.get("tags", {}))))


def add_space(account: Account, entry: Mapping[str, Any]) -> None:
    """Add a space with its owner."""
    domain, name = entry["domain"], entry["name"]
    arn = account.store.arn("space", domain, name)
    described = {
        "DomainId": domain,
        "SpaceArn": arn,
        "SpaceName": name,
        "SpaceDisplayName": entry.get("title", name),
        "HomeEfsFileSystemUid": str(account.store.next_uid),
        "Status": "InService",
        "SpaceSettings": entry["settings"],
        "OwnershipSettings": {"OwnerUserProfileName": entry["owner"]},
        "SpaceSharingSettings": {"SharingType": entry["sharing"]},
        "Url": f"https://{domain}.studio.{account.region}.sagemaker.aws/jupyterlab/default",
        **_times(entry),
    }
    account.store.next_uid += 5
    detail = _known(account, "DescribeSpaceResponse", described)
    account.store.add(Resource("space", key_of(domain, name), arn, detail))


def add_app(account: Account, entry: Mapping[str, Any]) -> Resource:
    """Add an app of a user or in a space, in the status that the entry names."""
    store = account.store
    owner = ("UserProfileName", entry["user"]) if "user" in entry else ("SpaceName", entry["space"])
    arn = store.arn("app", entry["domain"], owner[1], entry["type"].lower(), entry["name"])
    created = _times(entry)["CreationTime"]
    detail = {
        "AppArn": arn,
        "AppType": entry["type"],
        "AppName": entry["name"],
        "DomainId": entry["domain"],
        owner[0]: owner[1],
        "Status": entry["status"],
        "CreationTime": created,
        "LastUserActivityTimestamp": created,
        "LastHealthCheckTimestamp": created,
        "ResourceSpec": {"InstanceType": entry["instance"]},
    }
    key = key_of(entry["domain"], *owner, entry["type"], entry["name"])
    return store.add(Resource("app", key, arn, detail))


def add_image(account: Account, entry: Mapping[str, Any]) -> None:
    """Add an image with its versions."""
    store, name = account.store, entry["ImageName"]
    arn = store.arn("image", name)
    members = ("ImageName", "DisplayName", "Description", "RoleArn")
    detail = {m: entry[m] for m in members if m in entry}
    detail.update(ImageArn=arn, ImageStatus="CREATED", **_times(entry))
    store.add(Resource("image", key_of(name), arn, detail))
    for number, version in enumerate(entry["versions"], start=1):
        version_arn = store.arn("image-version", name, str(number))
        described = {
            "BaseImage": placed(version["base"], account.region),
            "ContainerImage": placed(version["base"], account.region),
            "ImageArn": arn,
            "ImageVersionArn": version_arn,
            "ImageVersionStatus": "CREATE_FAILED" if "failure" in version else "CREATED",
            "Version": number,
            "Aliases": list(version["aliases"]),
            **_times(version),
        }
        if "failure" in version:
            described["FailureReason"] = version["failure"]
        store.add(Resource("image-version", key_of(name, str(number)), version_arn, described))


def add_app_image_config(account: Account, entry: Mapping[str, Any]) -> None:
    """Add an app image configuration."""
    name = entry["AppImageConfigName"]
    arn = account.store.arn("app-image-config", name)
    detail = _known(account, "DescribeAppImageConfigResponse", {**entry, "AppImageConfigArn": arn, **_times(entry)})
    account.store.add(Resource("app-image-config", key_of(name), arn, detail))


def add_lifecycle_config(account: Account, entry: Mapping[str, Any]) -> None:
    """Add a Studio lifecycle configuration with its script."""
    name = entry["name"]
    arn = account.store.arn("studio-lifecycle-config", name)
    detail = {
        "StudioLifecycleConfigArn": arn,
        "StudioLifecycleConfigName": name,
        "StudioLifecycleConfigContent": base64.b64encode(f"#!/bin/bash\nset -eux\n{entry['script']}".encode()).decode(),
        "StudioLifecycleConfigAppType": entry["app"],
        **_times(entry),
    }
    account.store.add(Resource("studio-lifecycle-config", key_of(name), arn, detail))


def _add_code_repository(account: Account, entry: Mapping[str, Any]) -> None:
    name = entry["CodeRepositoryName"]
    arn = account.store.arn("code-repository", name)
    detail = {
        "CodeRepositoryName": name,
        "CodeRepositoryArn": arn,
        "GitConfig": placed(entry["GitConfig"], account.region),
        **_times(entry),
    }
    account.store.add(Resource("code-repository", key_of(name), arn, detail))


def add_plan(account: Account, entry: Mapping[str, Any]) -> None:
    """Add a training plan with the capacity that it reserves; nothing if the installed model knows no plans."""
    name, count = entry["name"], entry["count"]
    arn = account.store.arn("training-plan", name)
    free = count - entry.get("in_use", 0) if entry["status"] == "Active" else 0
    reserved = {
        "ReservedCapacityArn": account.store.arn("reserved-capacity", f"{name}-1"),
        "InstanceType": entry["instance"],
        "TotalInstanceCount": count,
        "Status": entry["status"],
        "AvailabilityZone": f"{account.region}a",
    }
    described = {
        "TrainingPlanArn": arn,
        "TrainingPlanName": name,
        "Status": entry["status"],
        "UpfrontFee": entry["fee"],
        "CurrencyCode": "USD",
        "TotalInstanceCount": count,
        "AvailableInstanceCount": free,
        "InUseInstanceCount": entry.get("in_use", 0),
        "TargetResources": list(entry["targets"]),
        "ReservedCapacitySummaries": [reserved],
        **({"StatusMessage": entry["message"]} if "message" in entry else {}),
    }
    if "begins" in entry:
        begins = round(time.time() + entry["begins"] * _DAY)
        ends = begins + round(entry["days"] * _DAY)
        described.update(StartTime=begins, EndTime=ends, DurationHours=entry["days"] * 24, DurationMinutes=0)
        reserved.update(StartTime=begins, EndTime=ends, DurationHours=entry["days"] * 24, DurationMinutes=0)
    detail = _known(account, "DescribeTrainingPlanResponse", described)
    if detail:
        account.store.add(Resource("training-plan", key_of(name), arn, detail))


def add_many_profiles(account: Account, domain: str, count: int) -> None:
    """Add numbered profiles to a domain, so many that lists have many pages."""
    for number in range(1, count + 1):
        age = 300 * (1 - number / (count + 1))
        add_profile(account, {"domain": domain, "name": f"user-{number:05d}", "age": age})


def add_many_images(account: Account, count: int) -> None:
    """Add numbered images of three versions each."""
    for number in range(1, count + 1):
        age = 200 * (1 - number / (count + 1)) + 3
        versions = tuple(
            {"base": f"research/many:{number}.{minor}", "aliases": (f"{number}.{minor}",), "age": age - minor}
            for minor in range(3)
        )
        add_image(account, {"ImageName": f"many-{number:05d}", "age": age, "versions": versions})


def add_odd(account: Account, domain: str) -> None:
    """Add one thing of each kind whose texts are as strange as AWS lets them be."""
    add_profile(account, {"domain": domain, **oddities.PROFILE})
    add_space(account, {"domain": domain, **oddities.SPACE})
    for image in oddities.IMAGES:
        add_image(account, image)
    add_app_image_config(account, oddities.APP_IMAGE_CONFIG)
    add_lifecycle_config(account, oddities.LIFECYCLE_CONFIG)
    add_plan(account, oddities.PLAN)
