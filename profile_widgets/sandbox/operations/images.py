"""SageMaker images, their versions, and the app image configurations that name their kernels."""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import CREATION_TIMES, Listing, after, before, contains, page_of_texts
from profile_widgets.sandbox.refusals import not_found

_LAST_MODIFIED = {
    "LastModifiedTimeBefore": before("LastModifiedTime"),
    "LastModifiedTimeAfter": after("LastModifiedTime"),
}
_IMAGES = Listing(
    answer="Images",
    members=(
        "CreationTime",
        "Description",
        "DisplayName",
        "FailureReason",
        "ImageArn",
        "ImageName",
        "ImageStatus",
        "LastModifiedTime",
    ),
    filters={**CREATION_TIMES, **_LAST_MODIFIED, "NameContains": contains("ImageName")},
    sort_keys={
        "CREATION_TIME": "CreationTime",
        "LAST_MODIFIED_TIME": "LastModifiedTime",
        "IMAGE_NAME": "ImageName",
    },
    descending=True,
)
_VERSIONS = Listing(
    answer="ImageVersions",
    members=(
        "CreationTime",
        "FailureReason",
        "ImageArn",
        "ImageVersionArn",
        "ImageVersionStatus",
        "LastModifiedTime",
        "Version",
    ),
    filters={**CREATION_TIMES, **_LAST_MODIFIED},
    sort_keys={"CREATION_TIME": "CreationTime", "LAST_MODIFIED_TIME": "LastModifiedTime", "VERSION": "Version"},
    descending=True,
)
_CONFIGS = Listing(
    answer="AppImageConfigs",
    members=(
        "AppImageConfigArn",
        "AppImageConfigName",
        "CreationTime",
        "LastModifiedTime",
        "KernelGatewayImageConfig",
        "JupyterLabAppImageConfig",
        "CodeEditorAppImageConfig",
    ),
    filters={
        **CREATION_TIMES,
        "ModifiedTimeBefore": before("LastModifiedTime"),
        "ModifiedTimeAfter": after("LastModifiedTime"),
        "NameContains": contains("AppImageConfigName"),
    },
    sort_keys={
        "CreationTime": "CreationTime",
        "LastModifiedTime": "LastModifiedTime",
        "Name": "AppImageConfigName",
    },
    descending=True,
)


@operation("DescribeImage")
def describe_image(account: Account, request: Request) -> Answer:
    """Return everything that is stored of an image."""
    return account.store.get("image", request["ImageName"]).detail


@operation("ListImages")
def list_images(account: Account, request: Request) -> Answer:
    """Return a page of images."""
    return _IMAGES.answer_to(request, account.store, "image")


@operation("ListImageVersions")
def list_image_versions(account: Account, request: Request) -> Answer:
    """Return a page of the versions of one image."""
    image = account.store.get("image", request["ImageName"])
    return _VERSIONS.answer_to(request, account.store, "image-version", lambda version: version.key[0] == image.key[0])


@operation("DescribeImageVersion")
def describe_image_version(account: Account, request: Request) -> Answer:
    """Return one version of an image: the one with that number or alias, the latest if none is named."""
    image = account.store.get("image", request["ImageName"])
    versions = [v for v in account.store.all("image-version") if v.key[0] == image.key[0]]
    if "Version" in request:
        versions = [v for v in versions if v.detail["Version"] == request["Version"]]
    if "Alias" in request:
        versions = [v for v in versions if request["Alias"] in v.detail["Aliases"]]
    if not versions:
        raise not_found(f"No such version of image {request['ImageName']} exists.")
    latest = max(versions, key=lambda v: int(v.detail["Version"]))
    return {name: value for name, value in latest.detail.items() if name != "Aliases"}


@operation("ListAliases")
def list_aliases(account: Account, request: Request) -> Answer:
    """Return a page of the aliases of an image's versions, or of one of them."""
    image = account.store.get("image", request["ImageName"])
    wanted = request.get("Version")
    aliases = [
        alias
        for version in account.store.all("image-version")
        if version.key[0] == image.key[0] and wanted in (None, version.detail["Version"])
        for alias in version.detail["Aliases"]
        if request.get("Alias", alias) == alias
    ]
    return page_of_texts(request, "SageMakerImageVersionAliases", aliases)


@operation("ListAppImageConfigs")
def list_app_image_configs(account: Account, request: Request) -> Answer:
    """Return a page of app image configurations."""
    return _CONFIGS.answer_to(request, account.store, "app-image-config")


@operation("DescribeAppImageConfig")
def describe_app_image_config(account: Account, request: Request) -> Answer:
    """Return everything that is stored of an app image configuration."""
    return account.store.get("app-image-config", request["AppImageConfigName"]).detail
