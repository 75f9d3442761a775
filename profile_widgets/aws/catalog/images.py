"""SageMaker images with their versions and aliases, and the app image configurations that go with them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import items, joined, shown, since, text
from profile_widgets.aws.protocol import Offer

IMAGES = Paged("ListImages", "Images", contains="NameContains")
VERSIONS = Paged("ListImageVersions", "ImageVersions")
ALIASES = "ListAliases"
CONFIGS = Paged("ListAppImageConfigs", "AppImageConfigs", contains="NameContains")

MOST_IMAGES = 20
"""Of how many images, the newest ones, the versions are listed when no image is named."""

MOST_VERSIONS = 20
"""Of how many versions of an image, the newest ones, the aliases are asked for."""

BROKEN = frozenset({"CREATE_FAILED", "DELETING", "DELETE_FAILED"})
"""The states of an image or version that no app can start from."""

CHOOSE = "Choose an image first: versions and aliases belong to an image."
SOME = f"Versions of the {MOST_IMAGES} newest images are listed. Choose an image to see those of another."
APPS = {
    "JupyterLab": "JupyterLabAppImageConfig",
    "CodeEditor": "CodeEditorAppImageConfig",
    "KernelGateway": "KernelGatewayImageConfig",
    "RSession": "KernelGatewayImageConfig",
}
"""The member of an app image configuration that says how an app type starts."""


def usable(row: Row, _about: About) -> Offer:
    """Offer an image or version by its ARN: it fits unless it failed or is going."""
    return Offer(row.value, row.name, row.detail, fits=row.facts["status"] not in BROKEN)


def by_name(row: Row, about: About) -> Offer:
    """Offer an image by its name."""
    return replace(usable(row, about), value=row.facts["name"])


def by_number(row: Row, about: About) -> Offer:
    """Offer a version by its number."""
    return replace(usable(row, about), value=str(row.facts["number"]))


def image_name(image: str) -> str:
    """Return an image's name from its name or its ARN, or that of one of its versions.

    Example::

        >>> image_name("arn:aws:sagemaker:eu-west-1:123456789012:image/custom-r")
        'custom-r'
        >>> image_name("arn:aws:sagemaker:eu-west-1:123456789012:image-version/custom-r/3")
        'custom-r'
    """
    resource = image.rpartition(":")[2]
    sort, slash, rest = resource.partition("/")
    return rest.partition("/")[0] if slash and sort in {"image", "image-version"} else image


def _image_of(_text: str, about: About) -> About:
    """Return ``about`` with the image's name, however it was given: the same versions are read once."""
    return {**about, "image": image_name(about.get("image", ""))}


def _needs_image(about: About) -> str:
    return "" if about.get("image") else CHOOSE


@kind("image", noun="image", offer=usable, searches=True)
@kind("image-name", noun="image", offer=by_name, searches=True)
async def images(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the account's images in this region."""
    async for page in source.pages(IMAGES, {"SortBy": "CREATION_TIME", "SortOrder": "DESCENDING"}):
        yield [_image_row(image) for image in page]


def _image_row(image: Mapping[str, Any]) -> Row:
    name, title, status = text(image, "ImageName"), text(image, "DisplayName"), text(image, "ImageStatus")
    return Row(
        value=text(image, "ImageArn"),
        name=shown(title or name),
        detail=joined(
            name if title else "", _state(status), text(image, "Description"), since(image.get("CreationTime"))
        ),
        facts={"name": name, "status": status, "created": image.get("CreationTime")},
    )


def _state(status: str) -> str:
    """Return a state in words, nothing for the one that needs none."""
    return "" if status == "CREATED" else status.replace("_", " ").lower()


@kind("image-version", noun="image version", offer=usable, matters=("image",), aim=_image_of)
@kind(
    "image-version-number",
    noun="image version",
    offer=by_number,
    matters=("image",),
    aim=_image_of,
    needs=_needs_image,
)
async def image_versions(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield the versions of an image, and again with their aliases; of the newest images when none is named."""
    image = about.get("image", "")
    if not image:
        async for found in _versions_of_newest(source):
            yield found
        return
    rows: list[Row] = []
    async for page in source.pages(VERSIONS, {"ImageName": image, "SortBy": "VERSION", "SortOrder": "DESCENDING"}):
        rows += [_version_row(version, image) for version in page]
        yield rows
    yield await _with_aliases(source, image, rows)


async def _versions_of_newest(source: Source) -> AsyncIterator[list[Row]]:
    known = list(await source.rows("image", {}))
    known.sort(key=lambda row: str(row.facts["created"] or ""), reverse=True)
    if len(known) > MOST_IMAGES:
        source.more = True
        source.note(SOME)

    async def versions(row: Row) -> list[Row]:
        name = row.facts["name"]
        answer = await source.ask("ListImageVersions", {"ImageName": name, "MaxResults": 100})
        return [_version_row(version, name) for version in items(answer, VERSIONS.rows)]

    found = await source.each(versions, known[:MOST_IMAGES])
    yield [row for rows in found if rows for row in rows]


def _version_row(version: Mapping[str, Any], image: str) -> Row:
    number, status = version.get("Version"), text(version, "ImageVersionStatus")
    return Row(
        value=text(version, "ImageVersionArn"),
        name=shown(f"{image} version {number}"),
        detail=joined(_state(status), since(version.get("CreationTime")), text(version, "FailureReason")),
        order=(image.casefold(), -number if isinstance(number, int) else 0),
        facts={"number": number, "status": status, "aliases": ()},
    )


async def _with_aliases(source: Source, image: str, rows: list[Row]) -> list[Row]:
    """Return rows with the aliases of their versions; one call when the image has no alias, or no second version."""
    all_of_them = await source.quietly(_aliases(source, image))
    if not all_of_them:
        return rows
    newest = rows[:MOST_VERSIONS]
    if len(rows) == 1:
        return [_aliased(rows[0], all_of_them)]

    async def of_version(row: Row) -> Row:
        return _aliased(row, await _aliases(source, image, row.facts["number"]))

    return [row for row in await source.each(of_version, newest) if row is not None]


async def _aliases(source: Source, image: str, number: int | None = None) -> list[str]:
    """Return the aliases of an image's versions, or of one: at most 100."""
    request = {"ImageName": image, "MaxResults": 100, **({"Version": number} if number is not None else {})}
    found = (await source.ask(ALIASES, request)).get("SageMakerImageVersionAliases")
    return [alias for alias in found if isinstance(alias, str)] if isinstance(found, list) else []


def _aliased(row: Row, aliases: list[str]) -> Row:
    if not aliases:
        return row
    names = ", ".join(shown(alias) for alias in aliases)
    return row._replace(detail=joined(f"alias {names}", row.detail), facts={**row.facts, "aliases": tuple(aliases)})


@kind("image-alias", noun="image alias", plural="image aliases", matters=("image",), aim=_image_of, needs=_needs_image)
async def image_aliases(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield an image's aliases, and again with the versions that they name."""
    image = about["image"]
    found = {alias: Row(alias, shown(alias), f"of {shown(image)}") for alias in await _aliases(source, image)}
    yield list(found.values())
    versions = await source.quietly(source.rows("image-version", {"image": image})) if found else ()
    for version in versions or ():
        for alias in version.facts["aliases"]:
            detail = joined(f"version {version.facts['number']}", since_of(version))
            found[alias] = Row(alias, shown(alias), detail)
    yield list(found.values())


def since_of(version: Row) -> str:
    """Return when a version was made, from its row."""
    return next((part for part in version.detail.split(" · ") if part.startswith("created ")), "")


def starts_the_app(row: Row, about: About) -> Offer:
    """Offer an app image configuration: it fits when it says how the place's app type starts.

    RStudio's sessions need none of the members, so a configuration without any fits them too.
    """
    app = about.get("app", "")
    fits = not app or APPS.get(app) in row.facts or (app == "RSession" and not row.facts)
    return Offer(row.value, row.name, row.detail, fits=fits)


@kind("app-image-config", noun="app image configuration", offer=starts_the_app, searches=True)
async def app_image_configs(source: Source, _about: About) -> AsyncIterator[list[Row]]:
    """Yield the account's app image configurations in this region."""
    async for page in source.pages(CONFIGS):
        yield [_config_row(config) for config in page]


def _config_row(config: Mapping[str, Any]) -> Row:
    members = frozenset(member for member in APPS.values() if config.get(member) is not None)
    apps = ", ".join(app for app, member in APPS.items() if member in members and app != "RSession")
    name = text(config, "AppImageConfigName")
    return Row(
        value=name,
        name=shown(name),
        detail=joined(f"for {apps}" if apps else "for no app in particular", since(config.get("CreationTime"))),
        facts=members,
    )
