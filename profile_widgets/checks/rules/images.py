"""Rules about images: which one an app starts with, and how many a profile may bring."""

from __future__ import annotations

from collections.abc import Mapping

from profile_widgets.checks import patterns
from profile_widgets.checks.problems import ERROR, WARNING, Fix, shown
from profile_widgets.checks.rules.case import App, Case
from profile_widgets.checks.rules.reading import NONE, arn, items, structure, structures
from profile_widgets.checks.rules.registry import Finding, Findings, error, rule, warning
from profile_widgets.model.shapes import shape

MOST_ON_A_PROFILE = 5

_IMAGE, _VERSION = "SageMakerImageArn", "SageMakerImageVersionArn"


@rule(
    5,
    "image-version-wins",
    paths=("UserSettings.*AppSettings.DefaultResourceSpec.SageMakerImageArn",),
    severities=(ERROR, WARNING),
)
def image_version_wins(case: Case) -> Findings:
    """Refuse an image without effect: beside a version of another one, be that sent, stored or the domain's."""
    given = {app.member: app.spec for app in case.inherited_apps}
    for app in case.apps_settings:
        image = _image(arn(app.spec, _IMAGE), ":image/")
        if not image:
            continue
        whose, version = _version_in_force(case, app, given.get(app.member, {}))
        of = _image(version, ":image-version/")
        if of and of != image:
            yield _without_effect(case, app, whose, version)


def _image(text: str, mark: str) -> tuple[str, str] | None:
    """Return account and name of the image that an ARN is about."""
    where, found, name = text.partition(mark)
    return (where, name.partition("/")[0].lower()) if found else None


def _version_in_force(case: Case, app: App, given: Mapping[str, object]) -> tuple[str, str]:
    """Return whose version wins over an app's image, and which."""
    if app.spec.get(_VERSION) is not None:
        return "own", arn(app.spec, _VERSION)
    stored = structure(case.loaded, app.member, "DefaultResourceSpec").get(_VERSION)
    if stored is not None:
        return "stored", stored if isinstance(stored, str) and stored != NONE else ""
    return "domain", arn(given, _VERSION)


def _without_effect(case: Case, app: App, whose: str, version: str) -> Finding:
    at, place = f"{app.spec_path}.{_IMAGE}", f"{app.spec_path}.{_VERSION}"
    name = shown("/".join(version.split("/")[-2:]))
    fixes: tuple[Fix, ...] = ()
    cure = f"Set {_VERSION} to a version of this image"
    if patterns.matches(shape("ResourceSpec").members[_VERSION].pattern or "", NONE) is True:
        cure, fixes = f"{cure}, or to {NONE}", (case.setting(place, NONE),)
    elif whose == "own":
        cure, fixes = f"{cure}, or leave it out", case.leaving_out(place)
    if whose == "own":
        text = f"No effect: {_VERSION} names {name}, of another image, and the version wins. {cure}."
        return error(at, text, *fixes)
    if whose == "stored":
        text = f"No effect: {name}, of another image, is stored as {_VERSION}. Left out it stays, and wins. {cure}."
        return error(at, text, *fixes)
    return warning(at, f"The domain's {_VERSION}, {name}, is of another image, and may win. {cure}.", *fixes)


@rule(
    7,
    "custom-images",
    paths=("UserSettings.*AppSettings.CustomImages", "UserSettings.*AppSettings.CustomImages[*].*"),
    severities=(ERROR, WARNING),
)
def custom_images(case: Case) -> Findings:
    """Warn of more than five custom images; ask for the name and the configuration of each."""
    counts = {app.kind: len(items(app.settings, "CustomImages")) for app in case.apps_settings}
    total = sum(counts.values())
    if total > MOST_ON_A_PROFILE:
        used = {kind: count for kind, count in counts.items() if count}
        spread = f" ({', '.join(f'{count} for {kind}' for kind, count in used.items())})" if len(used) > 1 else ""
        paths = tuple(f"{app.path}.CustomImages" for app in case.apps_settings if counts[app.kind])
        text = f"{total} custom images{spread}: AWS's limit on a user profile is {MOST_ON_A_PROFILE}, on a domain 200."
        yield warning(paths, f"{text} Attach the others to the domain.")
    for app in case.apps_settings:
        for index, image in structures(app.settings, "CustomImages"):
            for name in ("ImageName", "AppImageConfigName"):
                if not image.get(name):
                    place = f"{app.path}.CustomImages[{index}].{name}"
                    yield error(place, f"A custom image needs {name}: give it one.")
