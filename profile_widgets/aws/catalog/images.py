"""SageMaker images with their versions and aliases, and the app image configurations that go with them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import items, joined, shown, since, text
from profile_widgets.aws.protocol import Offer
from profile_widgets.errors import GatewayError

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
ELSEWHERE = (
    "This image is not of this account and region, as AWS's own images are not, so its versions and aliases cannot be "
    "listed. Leave this empty, or paste one."
)
UNPAIRED = "Which images the domain uses for which app is not known."
SOME = f"Versions of the {MOST_IMAGES} newest images are listed. Choose an image to see those of another."
APPS = {
    "JupyterLab": "JupyterLabAppImageConfig",
    "CodeEditor": "CodeEditorAppImageConfig",
    "KernelGateway": "KernelGatewayImageConfig",
    "RSession": "KernelGatewayImageConfig",
}
"""The member of an app image configuration that says how an app type starts."""


def usable(row: Row, _about: About) -> Offer:
    """Offer a version by its ARN: it fits unless it failed or is going."""
    return Offer(row.value, row.name, row.detail, fits=row.facts["status"] not in BROKEN)


def for_the_app(row: Row, about: About) -> Offer:
    """Offer an image by its ARN: it fits unless it failed, or the domain uses it for other apps only."""
    offer, apps, app = usable(row, about), row.facts["apps"], about.get("app", "")
    return replace(offer, fits=offer.fits and (not app or not apps or app in apps))


def by_name(row: Row, about: About) -> Offer:
    """Offer an image by its name."""
    return replace(for_the_app(row, about), value=row.facts["name"])


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
    """Return ``about`` with the image itself, when one of its versions was given: the same versions are read once."""
    image = about.get("image", "")
    name, home = image_name(image), image.rpartition(":")[0]
    return {**about, "image": f"{home}:image/{name}" if home and name != image else name}


async def _listed_name(source: Source, about: About) -> str:
    """Return the name by which AWS lists what belongs to an image; ``""``, and a note, for an image of elsewhere.

    AWS takes a name alone, and would answer with an own image that is called alike. Which ARNs are those of this
    account and region is told by the list of its images. When that is refused, the name is tried.
    """
    image = about.get("image", "")
    name = image_name(image)
    if name == image:
        return name
    try:
        own = await source.rows("image", {"domain": about.get("domain", "")})
    except GatewayError:
        return name
    if any(row.value.startswith(f"{image.rpartition(':')[0]}:") for row in own):
        return name
    _say_elsewhere(source)
    return ""


def _say_elsewhere(source: Source) -> None:
    """Leave a list that cannot be read: what exists there is not known."""
    source.more = True
    source.note(ELSEWHERE)


def _needs_image(about: About) -> str:
    return "" if about.get("image") else CHOOSE


@kind("image", noun="image", offer=for_the_app, matters=("domain",), searches=True)
@kind("image-name", noun="image", offer=by_name, matters=("domain",), searches=True)
async def images(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield the account's images in this region; for which apps the domain uses them is asked at the same time."""
    domain = about.get("domain", "")
    call = source.quietly(source.ask("DescribeDomain", {"DomainId": domain}), UNPAIRED) if domain else None
    asked = None if call is None else asyncio.ensure_future(call)
    try:
        async for page in source.pages(IMAGES, {"SortBy": "CREATION_TIME", "SortOrder": "DESCENDING"}):
            found = await asked if asked is not None else None
            used = dict(_uses(found)) if found is not None else {}
            yield [_image_row(image, used) for image in page]
    finally:
        if asked is not None:
            asked.cancel()


def _uses(domain: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the names of the custom images in a domain's default settings, with the apps that they are for."""
    found = domain.get("DefaultUserSettings")
    settings: Mapping[str, Any] = found if isinstance(found, Mapping) else {}
    used: dict[str, list[str]] = {}
    for app in APPS:
        member = settings.get(f"{app}AppSettings")
        for image in items(member, "CustomImages") if isinstance(member, Mapping) else ():
            used.setdefault(text(image, "ImageName"), []).append(app)
    for name, apps in used.items():
        yield name, tuple(apps)


def _image_row(image: Mapping[str, Any], used: Mapping[str, tuple[str, ...]]) -> Row:
    name, title, status = text(image, "ImageName"), text(image, "DisplayName"), text(image, "ImageStatus")
    apps = used.get(name, ())
    seen = shown(title or name)
    return Row(
        value=text(image, "ImageArn"),
        name=seen,
        detail=joined(
            f"for {', '.join(apps)} in this domain" if apps else "",
            name if title else "",
            _state(status),
            text(image, "Description"),
            since(image.get("CreationTime")),
        ),
        order=(not apps, seen.casefold()),
        facts={"name": name, "status": status, "created": image.get("CreationTime"), "apps": apps},
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
    if not about.get("image"):
        async for found in _versions_of_newest(source, about):
            yield found
        return
    image = await _listed_name(source, about)
    if not image:
        yield []
        return
    rows: list[Row] = []
    async for page in source.pages(VERSIONS, {"ImageName": image, "SortBy": "VERSION", "SortOrder": "DESCENDING"}):
        rows += [_version_row(version, image) for version in page]
        if rows and not rows[0].value.startswith(about["image"].rpartition("image/")[0]):
            _say_elsewhere(source)
            return
        yield rows
    yield await _with_aliases(source, image, rows)


async def _versions_of_newest(source: Source, about: About) -> AsyncIterator[list[Row]]:
    known = list(await source.rows("image", {"domain": about.get("domain", "")}))
    known.sort(key=lambda row: str(row.facts["created"] or ""), reverse=True)

    async def versions(row: Row) -> list[Row]:
        name = row.facts["name"]
        answer = await source.ask("ListImageVersions", {"ImageName": name, "MaxResults": 100})
        return [_version_row(version, name) for version in items(answer, VERSIONS.rows)]

    found = await source.each(versions, known[:MOST_IMAGES])
    if len(known) > MOST_IMAGES:
        source.more = True
        source.note(SOME)
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
    image = await _listed_name(source, about)
    if not image:
        yield []
        return
    found = {alias: Row(alias, shown(alias), f"of {shown(image)}") for alias in await _aliases(source, image)}
    yield list(found.values())
    versions = await source.quietly(source.rows("image-version", about)) if found else ()
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
