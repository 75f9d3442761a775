"""A new profile: names, tags, single sign-on, settings; made, followed and read back."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import DONE, FAILED, REFUSED, UNKNOWN
from profile_widgets.errors import AccessDenied, ProfileFailedError, ProfileInUse, ProfileNotFound
from profile_widgets.model import Change
from profile_widgets.sandbox import Sandbox
from tests.editing.conftest import DOMAIN, SSO_DOMAIN, Load, sent, stored

TAGS = [{"Key": "team", "Value": "analytics"}, {"Key": "Größe", "Value": ""}]


async def test_a_profile_is_created_with_tags_and_settings_in_five_structures(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await load("analyst-2", create=True)
    assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": "analyst-2"}
    draft.model.Tags = TAGS
    settings = draft.settings
    settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType = "ml.t3.large"
    settings.JupyterLabAppSettings.CustomImages = [{"ImageName": "a", "AppImageConfigName": "b"}]
    settings.SharingSettings.NotebookOutputOption = "Disabled"
    settings.CanvasAppSettings.KendraSettings.Status = "DISABLED"
    settings.SpaceStorageSettings.DefaultEbsStorageSettings = {
        "DefaultEbsVolumeSizeInGb": 10,
        "MaximumEbsVolumeSizeInGb": 50,
    }
    settings.KernelGatewayAppSettings = {}
    settings.SecurityGroups = ()
    wanted = settings.to_document()
    assert len(wanted) == 6
    assert [problem for problem in draft.problems if problem.blocks] == []
    assert Change("Tags", None, TAGS) in draft.changes
    assert Change("UserProfileName", None, "analyst-2") in draft.changes
    assert Change("UserSettings.SecurityGroups", None, []) in draft.changes

    sandbox.delay = 0.2
    outcome = await draft.submit()
    assert (outcome.status, outcome.ok) == (DONE, True)
    assert outcome.text.startswith("analyst-2 was created")
    assert outcome.operation == "CreateUserProfile"
    assert stored(sagemaker, "analyst-2") == wanted
    assert sagemaker.list_tags(ResourceArn=outcome.arn)["Tags"] == sorted(TAGS, key=lambda tag: tag["Key"])
    assert sent(sandbox) == ["CreateUserProfile"]

    assert (draft.create, draft.operation, draft.changes) == (False, "UpdateUserProfile", ())
    draft.settings.StudioWebPortal = "ENABLED"
    assert "Tags" not in draft.request()
    assert (await draft.submit()).ok


async def test_a_bare_profile_is_created_from_names_alone(load: Load, sagemaker: Any) -> None:
    draft = await load("bare-2", create=True)
    assert (await draft.submit()).ok
    assert stored(sagemaker, "bare-2") == {}


async def test_in_a_single_sign_on_domain_the_identifier_is_filled_in_and_the_person_is_sent(
    load: Load, sagemaker: Any
) -> None:
    draft = await load("new-r", create=True, domain_id=SSO_DOMAIN)
    assert draft.model.SingleSignOnUserIdentifier == "UserName"
    draft.model.SingleSignOnUserValue = "new.person@northwind.example"
    assert (await draft.submit()).ok
    found = sagemaker.describe_user_profile(DomainId=SSO_DOMAIN, UserProfileName="new-r")
    assert found["SingleSignOnUserValue"] == "new.person@northwind.example"


async def test_in_an_iam_domain_it_is_not(load: Load) -> None:
    draft = await load("new-1", create=True)
    assert draft.model.SingleSignOnUserIdentifier is None


async def test_without_a_name_it_is_refused(load: Load, sandbox: Sandbox) -> None:
    draft = await load("", create=True)
    outcome = await draft.submit()
    assert outcome.status == REFUSED
    assert [problem.path for problem in outcome.problems] == ["UserProfileName"]
    assert sent(sandbox) == []


async def test_bad_names_and_tags_are_refused_at_their_place(load: Load) -> None:
    draft = await load("an analyst", create=True)
    draft.model.Tags = [{"Key": "ok", "Value": "ok"}, {"Key": "", "Value": "!"}, {"Key": "k"}]
    assert [(problem.path, problem.rule) for problem in draft.problems] == [
        ("UserProfileName", "pattern"),
        ("Tags[1].Key", "minimum"),
        ("Tags[1].Value", "pattern"),
        ("Tags[2].Value", "required"),
    ]


async def test_a_name_that_is_taken_is_seen_before_anything_is_sent_in_whatever_letters(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    before = stored(sagemaker)
    draft = await load("Analyst-1", create=True)
    draft.settings.SecurityGroups = ["sg-1"]
    outcome = await draft.submit()
    assert outcome.status == REFUSED
    assert "there is a user profile analyst-1" in outcome.text
    assert "not case sensitive" in outcome.text
    assert outcome.theirs is not None
    assert stored(sagemaker) == before
    assert sent(sandbox) == []
    assert (draft.create, draft.settings.SecurityGroups) == (True, ("sg-1",))
    draft.model.UserProfileName = "analyst-3"
    assert (await draft.submit()).ok
    assert sent(sandbox) == ["CreateUserProfile"]


async def test_who_may_create_and_not_read_creates_and_is_told_that_the_end_cannot_be_seen(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft = await load("new-1", create=True)
    draft.settings.SecurityGroups = ["sg-1"]
    sandbox.deny("sagemaker:DescribeUserProfile")
    outcome = await draft.submit()
    assert outcome.status == UNKNOWN
    assert "AWS accepted the request" in outcome.text
    assert isinstance(outcome.error, AccessDenied)
    assert outcome.arn.endswith("/new-1")
    sandbox.allow()
    assert stored(sagemaker, "new-1") == {"SecurityGroups": ["sg-1"]}
    assert sent(sandbox) == ["CreateUserProfile"]


async def test_without_reading_a_name_that_is_taken_is_refused_by_aws(
    load: Load, sandbox: Sandbox, sagemaker: Any
) -> None:
    before = stored(sagemaker)
    draft = await load("analyst-1", create=True)
    draft.settings.SecurityGroups = ["sg-1"]
    sandbox.deny("sagemaker:DescribeUserProfile")
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert isinstance(outcome.error, ProfileInUse)
    sandbox.allow()
    assert stored(sagemaker) == before


async def test_in_a_domain_that_does_not_exist_it_fails_in_words(gateway: Any) -> None:
    draft = ProfileDraft(gateway, "d-000000000000", "new-1", create=True)
    await draft.load()
    assert draft.domain is None
    assert draft.domain_note.startswith("What this profile inherits is not shown.")
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert isinstance(outcome.error, ProfileNotFound)
    assert "d-000000000000" in outcome.text


async def test_a_creation_that_ends_badly_shows_awss_reason(load: Load, sandbox: Sandbox) -> None:
    draft = await load("new-1", create=True)
    sandbox.fail_next("CreateUserProfile", reason="The security group is of another VPC.")
    outcome = await draft.submit()
    assert outcome.status == FAILED
    assert isinstance(outcome.error, ProfileFailedError)
    assert outcome.text == "AWS ended this as Failed: The security group is of another VPC."
    again = await draft.submit()
    assert again.status == REFUSED
    assert "already (Failed;" in again.text


@pytest.mark.parametrize("domain_id", [DOMAIN, SSO_DOMAIN])
async def test_discarding_goes_back_to_an_empty_new_profile_in_the_same_domain(load: Load, domain_id: str) -> None:
    draft = await load("new-1", create=True, domain_id=domain_id)
    draft.model.Tags = TAGS
    draft.model.SingleSignOnUserIdentifier = "UserName"
    draft.model.SingleSignOnUserValue = "new.person@northwind.example"
    draft.settings.SecurityGroups = ["sg-1"]
    draft.settings.CanvasAppSettings = {}
    told: list[object] = []
    draft.model.on_change(told.append)
    draft.discard()
    sign_on = {"SingleSignOnUserIdentifier": "UserName"} if domain_id == SSO_DOMAIN else {}
    assert draft.request() == {"DomainId": domain_id, **sign_on}
    assert draft.create
    assert len(told) == 1


@pytest.mark.parametrize("name", ["analyst-1", "bare"])
async def test_beginning_a_new_profile_after_another_starts_clean(load: Load, name: str) -> None:
    draft = await load(name)
    draft.settings.SecurityGroups = ["sg-1"]
    await draft.open(DOMAIN, "new-1", create=True)
    assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": "new-1"}
    assert draft.described is None
    await draft.open(DOMAIN, name)
    assert draft.changes == ()


async def test_after_a_creation_its_name_cannot_be_taken_back(load: Load) -> None:
    draft = await load("", create=True)
    draft.model.UserProfileName = "analyst-8"
    draft.model.UserProfileName = "analyst-9"
    assert (await draft.submit()).ok
    assert draft.history.undo() == ""
    assert (draft.name, draft.create) == ("analyst-9", False)


async def test_edits_after_a_creation_are_kept_under_the_new_name(load: Load) -> None:
    draft = await load("", create=True)
    draft.model.UserProfileName = "analyst-9"
    assert (await draft.submit()).ok
    draft.settings.StudioWebPortal = "DISABLED"
    (kept,) = (await load("analyst-9")).keeper.found()
    assert kept.settings == {"StudioWebPortal": "DISABLED"}
    assert (await load("", create=True)).keeper.found() == ()
