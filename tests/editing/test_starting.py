"""Settings of another profile, of the domain or of a preset come into a draft as one edit."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Described, DescribedDomain
from profile_widgets.editing import starting
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.laying import over
from profile_widgets.editing.presets import read_preset
from profile_widgets.editing.starting import Source, copy, of_domain, of_preset, of_profile, parts
from profile_widgets.errors import InvalidSettingsError
from profile_widgets.model import documents
from tests.documents import documents as settings_documents
from tests.editing.conftest import DOMAIN, SSO_DOMAIN, Load, stored

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ROLE = "arn:aws:iam::123456789012:role/service-role/New"
LAB = "JupyterLabAppSettings"
ALL = ("ExecutionRole", "SecurityGroups", LAB, "CanvasAppSettings", "SpaceStorageSettings", "CustomPosixUserConfig")


def source(**held: Any) -> Source:
    return Source("another", held)


def named(draft: ProfileDraft, offered: Source) -> list[str]:
    return [part.name for part in parts(draft, offered)]


# -- what is offered -----------------------------------------------------------------------------------------------


async def test_a_profile_offers_each_of_its_settings_with_what_changes_here(load: Load, gateway: Gateway) -> None:
    draft = await load("analyst-1")
    lead = of_profile(await gateway.describe_user_profile(DOMAIN, "ml-lead"))
    found = {part.name: part for part in parts(draft, lead)}
    assert set(found) == set(lead.settings)
    assert [change.after for change in found["ExecutionRole"].changes] == [lead.settings["ExecutionRole"]]
    assert found["CustomPosixUserConfig"].reason == starting.ONLY_NEW
    assert found["CustomPosixUserConfig"].changes == ()
    new = await load(create=True, name="")
    assert {part.name: part for part in parts(new, lead)}["CustomPosixUserConfig"].reason == ""


async def test_what_is_the_same_here_changes_nothing(load: Load, gateway: Gateway) -> None:
    draft = await load("analyst-1")
    itself = of_profile(await gateway.describe_user_profile(DOMAIN, "analyst-1"))
    assert [part.changes for part in parts(draft, itself)] == [()] * len(itself.settings)
    assert copy(draft, itself, itself.settings).changes == ()
    assert draft.history.back == ""


async def test_a_profile_that_sets_nothing_offers_nothing(load: Load, gateway: Gateway) -> None:
    bare = of_profile(await gateway.describe_user_profile(DOMAIN, "bare"))
    assert bare.settings == {}
    assert parts(await load(), bare) == ()


def test_structures_that_hold_nothing_are_not_offered() -> None:
    preset = read_preset("x.yaml", "UserSettings: {JupyterLabAppSettings: {EmrSettings: {}}, SecurityGroups: []}")
    assert of_preset(preset).settings == {"SecurityGroups": []}


# -- replacing and adding ------------------------------------------------------------------------------------------


async def test_it_is_one_edit_that_undo_takes_back(load: Load, gateway: Gateway) -> None:
    draft = await load()
    before = draft.settings.to_document()
    lead = of_profile(await gateway.describe_user_profile(DOMAIN, "ml-lead"))
    copied = copy(draft, lead, lead.settings)
    assert len(copied.changes) > 20
    assert copied.changes == documents.diff({"UserSettings": before}, {"UserSettings": draft.settings.to_document()})
    draft.history.undo()
    assert draft.settings.to_document() == before
    assert draft.history.back == ""


async def test_only_the_parts_that_were_picked_are_copied(load: Load) -> None:
    draft = await load()
    copy(draft, source(ExecutionRole=ROLE, StudioWebPortal="DISABLED"), ["StudioWebPortal", "no such part"])
    assert draft.changed == ("StudioWebPortal",)


async def test_replacing_keeps_what_is_stored_and_the_source_lacks_and_says_so(load: Load) -> None:
    draft = await load()
    stored_lab = draft.loaded[LAB]
    copied = copy(draft, source(**{LAB: {"DefaultResourceSpec": {"InstanceType": "ml.m5.large"}}}), [LAB])
    after = draft.settings.to_document()[LAB]
    assert after["DefaultResourceSpec"]["InstanceType"] == "ml.m5.large"
    assert after["CustomImages"] == stored_lab["CustomImages"]
    assert not [problem for problem in draft.problems if problem.rule == "unset"]
    assert any(
        "unsets nothing that is left out" in each.message and "Custom images" in each.message for each in copied.said
    )


async def test_replacing_gives_up_what_was_never_sent(load: Load) -> None:
    draft = await load()
    draft.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn = "None"
    copy(draft, source(**{LAB: {"DefaultResourceSpec": {"InstanceType": "ml.m5.large"}}}), [LAB])
    assert draft.settings.JupyterLabAppSettings.DefaultResourceSpec.SageMakerImageVersionArn is None
    new = await load(create=True, name="")
    new.settings.SpaceStorageSettings.DefaultEbsStorageSettings.DefaultEbsVolumeSizeInGb = 7
    wanted = {"DefaultEbsStorageSettings": {"MaximumEbsVolumeSizeInGb": 50}}
    copied = copy(new, source(SpaceStorageSettings=wanted), ["SpaceStorageSettings"])
    assert new.settings.to_document() == {"SpaceStorageSettings": wanted}
    assert copied.said == ()


async def test_adding_copies_only_what_is_not_set_here(load: Load) -> None:
    draft = await load()
    before = draft.settings.to_document()
    wanted = {
        "DefaultResourceSpec": {"InstanceType": "ml.m5.large", "SageMakerImageVersionAlias": "2.4.1"},
        "CustomImages": [],
    }
    copy(draft, source(ExecutionRole=ROLE, StudioWebPortal="ENABLED", **{LAB: wanted}), ALL, add=True)
    after = draft.settings.to_document()
    assert after["ExecutionRole"] == before["ExecutionRole"]
    assert "StudioWebPortal" not in after, "it was not picked"
    assert after[LAB]["CustomImages"] == before[LAB]["CustomImages"]
    assert after[LAB]["DefaultResourceSpec"] == {
        **before[LAB]["DefaultResourceSpec"],
        "SageMakerImageVersionAlias": "2.4.1",
    }


@QUICK
@given(
    settings_documents("UserSettings"),
    settings_documents("UserSettings"),
    settings_documents("UserSettings"),
)
def test_whatever_is_copied_nothing_that_is_stored_is_taken_out(
    held: dict[str, Any], edited: dict[str, Any], other: dict[str, Any]
) -> None:
    for add in (False, True):
        draft = ProfileDraft(Gateway(), "d-abc123", "alice")
        draft.loaded = held
        draft.edit_settings(over(held, edited))
        before = draft.settings.to_document()
        copied = copy(draft, Source("another", other), list(other), add=add)
        after = draft.settings.to_document()
        assert not [change for change in documents.diff(held, after) if change.after is None]
        for name in set(before) - set(other):
            assert documents.same(after[name], before[name])
        if add:
            assert not [change for change in copied.changes if change.before is not None]
        draft.gateway.close()  # type: ignore[attr-defined]


# -- what cannot be copied -----------------------------------------------------------------------------------------


def described(settings_: dict[str, Any], unknown: tuple[str, ...] = ()) -> Described:
    return Described(DOMAIN, "other", "InService", document={}, settings=settings_, raw={}, unknown=unknown)


def test_members_that_the_installed_botocore_does_not_know_are_said_and_not_copied() -> None:
    found = of_profile(described({}, ("UserSettings.PaintAppSettings", "OtherMember")))
    assert [each.message for each in found.said] == [
        "“PaintAppSettings” is not copied: the installed botocore does not know it. A newer boto3 may."
    ]


def test_a_profile_that_the_model_cannot_hold_is_refused() -> None:
    with pytest.raises(InvalidSettingsError, match="SecurityGroups"):
        of_profile(described({"SecurityGroups": "sg-1"}))
    domain = DescribedDomain(DOMAIN, "research", "InService", document={}, settings={"SecurityGroups": 1}, raw={})
    with pytest.raises(InvalidSettingsError, match="research"):
        of_domain(domain)


async def test_a_section_that_is_locked_here_is_left_out_with_the_reason(load: Load) -> None:
    draft = await load()
    raw = {"UserSettings": {**draft.loaded, LAB: {**draft.loaded[LAB], "Paint": "oil"}}}
    draft.described = Described(
        DOMAIN, "analyst-1", "InService", document={}, settings=draft.loaded, raw=raw,
        unknown=(f"UserSettings.{LAB}.Paint",),
    )  # fmt: skip
    copied = copy(draft, source(ExecutionRole=ROLE, **{LAB: {"CustomImages": []}}), ALL)
    assert draft.changed == ("ExecutionRole",)
    assert any(each.path == f"UserSettings.{LAB}" and "Paint" in each.message for each in copied.said)


async def test_what_belongs_to_another_domains_network_is_said(load: Load, gateway: Gateway) -> None:
    draft = await load()
    other = of_profile(await gateway.describe_user_profile(SSO_DOMAIN, "marin-r"))
    said = copy(draft, other, other.settings).said
    assert any(each.path == "UserSettings.SecurityGroups" and SSO_DOMAIN in each.message for each in said)
    again = of_profile(await gateway.describe_user_profile(DOMAIN, "ml-lead"))
    assert not [each for each in copy(draft, again, again.settings).said if "network" in each.message]


# -- tags, the domain, presets, and AWS ----------------------------------------------------------------------------


async def test_tags_are_for_new_profiles_and_aws_own_are_left_out(load: Load) -> None:
    tags = {"team": "analytics", "aws:created-by": "x"}
    other = Source("another", {"ExecutionRole": ROLE}, tags)
    assert named(await load(), other) == ["ExecutionRole"]
    new = await load(create=True, name="")
    assert named(new, other) == ["ExecutionRole", "Tags"]
    copy(new, other, ["ExecutionRole"])
    assert "Tags" not in new.request()
    new.model.Tags = [{"Key": "team", "Value": "mine"}, {"Key": "cost", "Value": "7"}]
    copy(new, other, ["Tags"], add=True)
    assert new.request()["Tags"] == [{"Key": "team", "Value": "mine"}, {"Key": "cost", "Value": "7"}]
    copy(new, other, ["Tags"])
    assert new.request()["Tags"] == [{"Key": "team", "Value": "analytics"}, {"Key": "cost", "Value": "7"}]


async def test_the_defaults_of_the_domain_become_the_profiles_own(load: Load, gateway: Gateway) -> None:
    draft = await load("bare")
    domain = of_domain(await gateway.describe_domain(DOMAIN))
    assert domain.title == "the defaults of research"
    copy(draft, domain, domain.settings)
    assert draft.settings.to_document() == domain.settings


async def test_a_preset_is_sent_as_if_it_had_been_typed(load: Load, sagemaker: Any) -> None:
    text = "# Quiet\nUserSettings: {SharingSettings: {NotebookOutputOption: Disabled}}"
    draft = await load("bare")
    quiet = of_preset(read_preset("quiet.yaml", text))
    assert quiet.title == "“Quiet”"
    copy(draft, quiet, quiet.settings)
    assert (await draft.submit()).ok
    assert stored(sagemaker, "bare") == {"SharingSettings": {"NotebookOutputOption": "Disabled"}}


async def test_a_new_profile_made_of_another_is_created_with_all_of_it(load: Load, gateway: Gateway) -> None:
    lead = of_profile(await gateway.describe_user_profile(DOMAIN, "ml-lead"))
    draft = await load(create=True, name="ml-lead-2")
    copy(draft, lead, lead.settings)
    outcome = await draft.submit()
    assert outcome.ok, outcome.text
    assert (await gateway.describe_user_profile(DOMAIN, "ml-lead-2")).settings == lead.settings
