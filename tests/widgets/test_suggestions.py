"""Which fields offer what exists, and what the catalog is told of the place they are in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.aws.catalog import CATALOG
from profile_widgets.aws.gateway import Gateway
from profile_widgets.checks.arns import TARGETS, Home
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from profile_widgets.model.settings import model_class
from profile_widgets.model.shapes import OPERATIONS, input_member, shape, walk
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.suggestions import (
    SUGGESTIONS,
    UNLISTED,
    Suggestion,
    Whereabouts,
    app_of,
    suggestion_for,
    suggests,
    whereabouts,
)
from tests.widgets.conftest import RESEARCH

ACCOUNT = "123456789012"
HOME = Home(ACCOUNT, "eu-west-1", "aws")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMakerDataScientist"
LAB = "JupyterLabAppSettings"
SPEC = f"{LAB}.DefaultResourceSpec"
IMAGE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image/custom-r"

newest = pytest.mark.skipif(
    "TrainingPlanArn" not in shape("ResourceSpec").members
    or "S3FileSystemConfig" not in shape("CustomFileSystemConfig").members,
    reason="newer than this botocore",
)
with_emr = pytest.mark.skipif("EmrSettings" not in shape(LAB).members, reason="newer than this botocore")


# -- the registry --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_member_that_names_something_is_offered_or_has_a_reason_not_to_be(operation: str) -> None:
    lost = [
        path
        for path, member in walk(input_member(operation))
        if member.kind == "string"
        and member.shape.endswith(("Arn", "Id", "Name", "Uri", "Url"))
        and suggestion_for(member) is None
        and member.shape not in UNLISTED
    ]
    assert lost == []


@newest
def test_every_key_leads_to_a_member_of_the_installed_model() -> None:
    known: set[str] = set()
    for _, member in walk(input_member("CreateUserProfile")):
        known |= {member.key, member.shape}
    assert set(SUGGESTIONS) <= known
    assert set(UNLISTED) <= known


def test_every_kind_is_one_that_the_catalog_reads() -> None:
    assert {each.kind for each in SUGGESTIONS.values()} <= set(CATALOG)


def test_every_kind_that_takes_arns_or_ids_is_judged() -> None:
    assert {each.kind for each in SUGGESTIONS.values()} - set(TARGETS) == {"repository", "image-alias"}


def test_a_key_can_be_taken_once() -> None:
    with pytest.raises(ValueError, match="'RoleArn' already: role"):
        suggests(Suggestion("image", "image", "images"), "RoleArn")


def test_the_key_of_owner_and_member_wins_over_the_shape() -> None:
    canvas = shape("TimeSeriesForecastingSettings").members["AmazonForecastRoleArn"]
    found = suggestion_for(canvas)
    assert found is not None
    assert (found.kind, found.service) == ("role", "forecast.amazonaws.com")


@with_emr
def test_a_list_offers_what_its_items_are_unless_it_has_a_key_of_its_own() -> None:
    def kind(owner: str, name: str) -> str | None:
        found = suggestion_for(shape(owner).members[name])
        return None if found is None else found.kind

    assert kind("UserSettings", "SecurityGroups") == "security-group"
    assert kind("EmrSettings", "AssumableRoleArns") == "emr-role"
    assert kind("UserSettings", "CustomFileSystemConfigs") is None
    assert kind("StudioWebPortalSettings", "HiddenMlTools") is None


# -- what the catalog is told of the place -------------------------------------------------------------------------


def about(form: SettingsEditor, path: str, where: Whereabouts | None = None) -> dict[str, str]:
    structure, name = form.settings.root.locate(path)
    found = suggestion_for(structure.member.members[name])
    assert found is not None
    return found.about(form, structure, where or Whereabouts())


@pytest.fixture
def plain() -> Iterator[SettingsEditor]:
    made = SettingsEditor(UserSettings(), defaults={LAB: {"DefaultResourceSpec": {"SageMakerImageArn": IMAGE}}})
    yield made
    made.close()


def test_the_app_is_that_of_the_settings_around_the_field(plain: SettingsEditor) -> None:
    assert about(plain, f"{SPEC}.LifecycleConfigArn") == {"app": "JupyterLab"}
    assert about(plain, "CodeEditorAppSettings.LifecycleConfigArns") == {"app": "CodeEditor"}


def test_the_app_is_known_in_a_form_of_the_app_alone() -> None:
    assert app_of(model_class("KernelGatewayAppSettings")().DefaultResourceSpec) == "KernelGateway"
    assert app_of(UserSettings()) == ""


def test_the_image_is_the_one_beside_the_field_or_else_the_domains(plain: SettingsEditor) -> None:
    assert about(plain, f"{SPEC}.SageMakerImageVersionArn") == {"image": IMAGE}
    plain.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageArn = f"{IMAGE}-2"
    assert about(plain, f"{SPEC}.SageMakerImageVersionAlias") == {"image": f"{IMAGE}-2"}
    plain.settings.JupyterLabAppSettings.CustomImages = [{"ImageName": "custom-r", "AppImageConfigName": "x"}]
    assert about(plain, f"{LAB}.CustomImages[0].ImageVersionNumber") == {"image": "custom-r"}


@with_emr
def test_domain_profile_and_role_are_told_where_they_matter(plain: SettingsEditor) -> None:
    where = Whereabouts("d-1", "alice", HOME)
    assert about(plain, "SecurityGroups", where) == {"domain": "d-1", "profile": "alice"}
    assert about(plain, "ExecutionRole", where) == {}
    plain.settings.ExecutionRole = ROLE
    assert about(plain, f"{LAB}.EmrSettings.ExecutionRoleArns", where) == {"role": ROLE}


def test_images_are_told_of_domain_and_app_and_versions_of_the_domain(plain: SettingsEditor) -> None:
    where = Whereabouts("d-1", "alice", HOME)
    place = {"domain": "d-1", "profile": "alice"}
    assert about(plain, f"{SPEC}.SageMakerImageArn", where) == {**place, "app": "JupyterLab"}
    assert about(plain, f"{SPEC}.SageMakerImageVersionArn", where) == {**place, "image": IMAGE}


# -- where the domain is -------------------------------------------------------------------------------------------


async def test_the_whereabouts_are_read_from_the_domain(
    sandbox: Sandbox, domains: dict[str, str], tmp_path: Any
) -> None:
    gateway = Gateway(sandbox.connection)
    draft = ProfileDraft(gateway, store=Store(tmp_path))
    assert whereabouts(draft) == Whereabouts()
    await draft.open(domains[RESEARCH], "analyst-1")
    assert whereabouts(draft) == Whereabouts(domains[RESEARCH], "analyst-1", HOME)
    await draft.open(domains[RESEARCH], create=True)
    draft.model.UserProfileName = "bob"
    assert whereabouts(draft) == Whereabouts(domains[RESEARCH], "", HOME)
    draft.keeper.close()
    gateway.close()
