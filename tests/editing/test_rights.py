"""A draft under a policy: what it refuses leaves everything as it was, and what it sends is what the policy allows."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets import auditing
from profile_widgets.aws.auditing import AuditLog
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Described
from profile_widgets.checks.policy import Grant, Policy
from profile_widgets.checks.problems import Fix
from profile_widgets.editing import reconciling
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.laying import lay
from profile_widgets.editing.starting import Source, copy, parts
from profile_widgets.editing.store import Store
from profile_widgets.errors import LockedFieldError
from profile_widgets.model.documents import Change, Document, diff, get, put
from profile_widgets.model.merging import Clash
from profile_widgets.model.shapes import shape
from profile_widgets.sandbox import Sandbox
from profile_widgets.served import Visitor
from tests.documents import documents
from tests.editing.conftest import DOMAIN, PAUSES, SSO_DOMAIN, sent, stored

ROLE = "arn:aws:iam::123456789012:role/SageMakerAdministrator"
INSTANCE = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
IDLE = "JupyterLabAppSettings.AppLifecycleManagement.IdleSettings.IdleTimeoutInMinutes"
LIFECYCLE = "JupyterLabAppSettings.DefaultResourceSpec.LifecycleConfigArn"
HAS_IDLE = "AppLifecycleManagement" in shape("JupyterLabAppSettings").members
"""Whether the installed botocore knows the idle time."""
EDITABLE = (INSTANCE, IDLE, "DefaultLandingUri")
TYPES = ("ml.t3.medium", "ml.t3.large", "ml.m5.large")
ALICE = Visitor("analyst-1", (), "proxy")
RULE: Document = {
    "for": "everyone",
    "profiles": "own",
    "operations": ["*", "UpdateUserProfile"],
    "edit": [INSTANCE, f"{IDLE}?", "DefaultLandingUri"],
    "read": ["*"],
    "allow": {INSTANCE: {"values": list(TYPES)}, f"{IDLE}?": {"min": "domain", "max": "domain"}},
}


def grant(*, own: tuple[str, str] = (DOMAIN, "analyst-1"), visitor: Visitor = ALICE, **changes: Any) -> Grant:
    rule = {name: value for name, value in {**RULE, **changes}.items() if value is not None}
    document = {"version": 1, "title": "Tests", "contact": "ops", "profile": {"template": "{user}"}, "rules": [rule]}
    return Policy.from_document(document).grant(visitor, own)


class Heard(list[tuple[str, str, tuple[str, str], tuple[str, ...]]]):
    """Write down every refused attempt."""

    def __call__(
        self, operation: str, reason: str, *, where: str, profile: tuple[str, str] = ("", ""), changes: Any = ()
    ) -> None:
        assert reason.endswith(".")
        self.append((operation, where, profile, tuple(each.path for each in changes)))


@pytest.fixture
def heard() -> Heard:
    return Heard()


@pytest.fixture
async def draft(gateway: Gateway, heard: Heard) -> ProfileDraft:
    made = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=grant(), refused=heard, pauses=PAUSES)
    await made.load()
    return made


def write(sagemaker: Any, **members: Any) -> None:
    """Change the profile as an administrator does."""
    sagemaker.update_user_profile(DomainId=DOMAIN, UserProfileName="analyst-1", UserSettings=members)


def state(draft: ProfileDraft) -> tuple[Any, ...]:
    """Return everything that a refused attempt must leave alone."""
    past = tuple((edit.before, edit.after, edit.label) for edit in draft.history._past)
    future = tuple((edit.before, edit.after, edit.label) for edit in draft.history._future)
    facts = (draft.loaded, draft.described, draft.create, draft.clashes, draft.opened, draft.domain, draft.rights.place)
    return draft.model.to_document(), past, future, facts


def locked(draft: ProfileDraft) -> Document:
    """Return the settings with a locked leaf changed deep inside."""
    return put(draft.settings.to_document(), LIFECYCLE, "None")


def undo_of_somebody(draft: ProfileDraft) -> None:
    """Take back a step that was not made here."""
    before = put(draft.model.to_document(), "UserSettings.ExecutionRole", ROLE)
    draft.history._past.append(type("Edit", (), {"before": before, "after": {}, "label": "Execution role"})())
    try:
        draft.history.undo()
    finally:
        draft.history._past.pop()


FORBIDDEN: dict[str, Callable[[ProfileDraft], Any]] = {
    "a leaf": lambda draft: setattr(draft.settings, "ExecutionRole", ROLE),
    "a leaf by its path": lambda draft: draft.settings.put(LIFECYCLE, "None"),
    "a value that is not allowed": lambda draft: draft.settings.put(INSTANCE, "ml.p4d.24xlarge"),
    "an item of a list": lambda draft: draft.settings.put("JupyterLabAppSettings.CustomImages[0].ImageName", "other"),
    "a list, reordered": lambda draft: setattr(
        draft.settings.JupyterLabAppSettings,
        "CustomImages",
        draft.settings.JupyterLabAppSettings.CustomImages[::-1],
    ),
    "a structure": lambda draft: setattr(draft.settings, "JupyterLabAppSettings", {"CustomImages": []}),
    "all settings": lambda draft: draft.edit_settings(locked(draft)),
    "the whole request": lambda draft: draft.edit({**draft.model.to_document(), "UserSettings": locked(draft)}),
    "a request laid over it": lambda draft: lay(draft, {"UserSettings": {"ExecutionRole": ROLE}}),
    "a fix": lambda draft: draft.mend(Fix("x", (Change("UserSettings.ExecutionRole", None, ROLE),))),
    "something put back": lambda draft: reconciling.put_back(draft, {"ExecutionRole": ROLE}, draft.loaded),
    "an undo": undo_of_somebody,
    "the flag of a structure": lambda draft: setattr(draft.settings.KernelGatewayAppSettings, "explicit", True),
    "tags": lambda draft: setattr(draft.model, "Tags", [{"Key": "a", "Value": "b"}]),
    "the name": lambda draft: setattr(draft.model, "UserProfileName", "ml-lead"),
    "the domain": lambda draft: setattr(draft.model, "DomainId", SSO_DOMAIN),
}


if HAS_IDLE:
    FORBIDDEN["a number out of the domain's bounds"] = lambda draft: draft.settings.put(IDLE, 1)


@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN)
async def test_what_the_policy_forbids_leaves_the_draft_as_it_was(
    draft: ProfileDraft, heard: Heard, change: Callable[[ProfileDraft], Any]
) -> None:
    draft.settings.put(INSTANCE, "ml.t3.large")
    draft.settings.put(INSTANCE, "ml.m5.large")
    draft.history.undo()
    before, told = state(draft), list[Any]()
    draft.model.on_change(told.append)
    with pytest.raises(LockedFieldError) as caught:
        change(draft)
    assert str(caught.value).endswith(".")
    assert state(draft) == before
    assert told == []
    assert [(operation, where) for operation, where, _, _ in heard] == [("sagemaker:UpdateUserProfile", "model")]
    assert draft.history.redo() == "Instance type" or draft.settings.to_document() != before[0]["UserSettings"]


REPOSITORIES = "JupyterLabAppSettings.CodeRepositories"
TYPED = "https://alice:ghp_CANARYTOKEN@evil.example/x"


async def test_what_a_visitor_typed_is_told_to_them_and_not_to_the_audit(gateway: Gateway, tmp_path: Path) -> None:
    url = f"{REPOSITORIES}.RepositoryUrl"
    audit = AuditLog(tmp_path / "audit.jsonl", ALICE)
    limit = {url: {"pattern": "https://git\\.example\\.com/.*"}}
    bound = grant(edit=[url], allow=limit)
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=bound, refused=audit.refused, pauses=PAUSES)
    await draft.load()
    stored_ones = draft.settings.JupyterLabAppSettings.CodeRepositories or ()
    for wanted in (TYPED, *(f"{TYPED}{index}" for index in range(300))):
        with pytest.raises(LockedFieldError, match="CANARYTOKEN"):
            draft.settings.put(REPOSITORIES, [*stored_ones, {"RepositoryUrl": wanted}])
    with pytest.raises(LockedFieldError, match="more edits are refused"):
        draft.settings.put(REPOSITORIES, [{"RepositoryUrl": f"{TYPED}{index}"} for index in range(7000)])
    audit.end_minute()
    assert "CANARYTOKEN" not in audit.path.read_text()
    rows = auditing.read(audit.path)
    assert rows.garbled == 0
    assert rows[0].reason.startswith("JupyterLab")
    assert "This value is not allowed. Allowed here: a text that matches https://git" in rows[0].reason
    assert rows[0].changes[0].path.endswith(".RepositoryUrl")
    assert rows[0].changes[0].after is not None


async def test_an_exchanged_value_is_refused_also_among_very_many_that_stand(gateway: Gateway) -> None:
    """Very many findings of one list are told in one, and no edit hides behind them."""
    url = f"{REPOSITORIES}.RepositoryUrl"
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=grant(edit=[url], allow=None), pauses=PAUSES)
    await draft.load()
    many = [{"RepositoryUrl": f"{TYPED}{index}"} for index in range(300)]
    draft.settings.put(REPOSITORIES, many)
    draft.rights._base = grant(edit=[url], allow={url: {"values": ["https://git.example.com/a"]}})
    draft.rights._narrowed.clear()
    draft.settings.DefaultLandingUri = draft.settings.DefaultLandingUri  # what stood may stay
    with pytest.raises(LockedFieldError):
        draft.settings.put(f"{REPOSITORIES}[299].RepositoryUrl", "https://other.example/")
    assert draft.settings.JupyterLabAppSettings.CodeRepositories[299].RepositoryUrl == many[299]["RepositoryUrl"]


async def test_what_is_stored_may_always_come_back(gateway: Gateway, sandbox: Sandbox, sagemaker: Any) -> None:
    lab = {"DefaultResourceSpec": {"InstanceType": "ml.p4d.24xlarge"}}
    write(sagemaker, JupyterLabAppSettings=lab)
    sandbox.settle()
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=grant(), pauses=PAUSES)
    await draft.load()
    draft.settings.put(INSTANCE, "ml.t3.large")
    draft.settings.put(INSTANCE, "ml.p4d.24xlarge")
    assert draft.changes == ()
    assert draft.rights.findings() == ()
    with pytest.raises(LockedFieldError):
        draft.settings.put(INSTANCE, "ml.p5.48xlarge")


async def test_an_allowed_change_is_sent_and_nothing_else(draft: ProfileDraft, sagemaker: Any) -> None:
    before = stored(sagemaker)
    draft.settings.put(INSTANCE, "ml.m5.large")
    expected: list[tuple[str, Any]] = [(INSTANCE, "ml.m5.large")]
    if HAS_IDLE:
        draft.settings.put(IDLE, 120)
        expected.append((IDLE, 120))
    outcome = await draft.submit()
    assert outcome.status == "done", outcome.text
    assert [(each.path, each.after) for each in diff(before, stored(sagemaker))] == expected


async def test_no_other_profile_is_opened(draft: ProfileDraft, heard: Heard, sandbox: Sandbox) -> None:
    calls = len(sandbox.calls)
    before = state(draft)
    for place in ((DOMAIN, "ml-lead"), (SSO_DOMAIN, "analyst-1"), (DOMAIN, "")):
        with pytest.raises(LockedFieldError, match="Tests"):
            await draft.open(*place)
    with pytest.raises(LockedFieldError, match="CreateUserProfile"):
        await draft.open(DOMAIN, "mallory", create=True)
    assert state(draft) == before
    assert len(sandbox.calls) == calls
    assert [(operation, where, profile) for operation, where, profile, _ in heard] == [
        ("sagemaker:DescribeUserProfile", "draft", (DOMAIN, "ml-lead")),
        ("sagemaker:DescribeUserProfile", "draft", (SSO_DOMAIN, "analyst-1")),
        ("sagemaker:DescribeUserProfile", "draft", (DOMAIN, "")),
        ("sagemaker:CreateUserProfile", "draft", (DOMAIN, "mallory")),
    ]


async def test_a_submit_is_refused_when_the_model_was_changed_past_its_guard(
    draft: ProfileDraft, heard: Heard, sandbox: Sandbox
) -> None:
    draft.settings._trait_values["ExecutionRole"] = ROLE
    draft.settings._forget()
    outcome = await draft.submit()
    assert outcome.status == "refused"
    assert "Execution role" in outcome.text
    assert sent(sandbox) == []
    assert heard[-1] == (
        "sagemaker:UpdateUserProfile",
        "draft",
        (DOMAIN, "analyst-1"),
        ("UserSettings.ExecutionRole",),
    )


async def test_a_submit_for_another_profile_is_refused(draft: ProfileDraft, sandbox: Sandbox) -> None:
    draft.settings.put(INSTANCE, "ml.m5.large")
    draft.model._trait_values["UserProfileName"] = "ml-lead"
    draft.model._forget()
    outcome = await draft.submit()
    assert outcome.status == "refused"
    assert "ml-lead" in outcome.text
    assert sent(sandbox) == []


async def test_who_may_only_look_sends_nothing(gateway: Gateway, sandbox: Sandbox) -> None:
    reader = grant(operations=["*"], edit=None, allow=None)
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=reader, pauses=PAUSES)
    await draft.load()
    with pytest.raises(LockedFieldError):
        draft.settings.put(INSTANCE, "ml.m5.large")
    outcome = await draft.submit()
    assert outcome.status == "refused"
    assert sent(sandbox) == []


async def test_an_edit_that_somebody_else_made_a_forbidden_one_is_a_finding_until_it_is_gone(
    gateway: Gateway, sandbox: Sandbox, sagemaker: Any
) -> None:
    """Both edit one list, which is sent whole; what the other changed in it is locked here."""
    images = "JupyterLabAppSettings.CustomImages"
    may = grant(edit=[f"{images}.ImageVersionNumber"], allow=None)
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=may, pauses=PAUSES)
    await draft.load()
    draft.settings.put(f"{images}[0].ImageVersionNumber", 4)
    lab = stored(sagemaker)["JupyterLabAppSettings"]
    lab["CustomImages"][0]["AppImageConfigName"] = "newer"
    lab["LifecycleConfigArns"] = []
    write(sagemaker, JupyterLabAppSettings=lab)
    sandbox.settle()
    theirs: Described = await gateway.describe_user_profile(DOMAIN, "analyst-1")
    (clash,) = reconciling.merge(draft, theirs)
    assert clash.path == images
    assert [each.path for each in draft.rights.findings()] == [f"UserSettings.{images}[0].AppImageConfigName"]
    outcome = await draft.submit()
    assert (outcome.status, sent(sandbox)) == ("refused", ["UpdateUserProfile"])
    draft.mend(Fix("Take theirs", (Change(f"UserSettings.{images}", None, clash.theirs),)))
    draft.settings.put(f"{images}[0].ImageVersionNumber", 5)
    assert (await draft.submit()).status == "done"
    assert stored(sagemaker)["JupyterLabAppSettings"]["CustomImages"][0]["AppImageConfigName"] == "newer"


async def test_overwriting_leaves_what_somebody_else_changed_and_the_visitor_may_not(
    draft: ProfileDraft, sandbox: Sandbox, sagemaker: Any
) -> None:
    lab = stored(sagemaker)["JupyterLabAppSettings"]
    spec = lab["DefaultResourceSpec"]
    new = spec["LifecycleConfigArn"].rpartition("/")[0] + "/another"
    draft.settings.put(INSTANCE, "ml.m5.large")
    spec |= {"LifecycleConfigArn": new, "InstanceType": "ml.t3.large"}
    write(sagemaker, JupyterLabAppSettings={**lab, "LifecycleConfigArns": [new]})
    sandbox.settle()
    outcome = await draft.submit()
    assert outcome.theirs is not None
    reconciling.overwrite(draft, outcome.theirs)
    assert draft.rights.findings() == ()
    assert [change.path for change in draft.changes] == [f"UserSettings.{INSTANCE}"]
    assert (await draft.submit()).status == "done"
    assert get(stored(sagemaker), INSTANCE) == "ml.m5.large"
    assert get(stored(sagemaker), LIFECYCLE) == new


@pytest.mark.parametrize("how", ["longer", "shorter", "other items", "another order"])
async def test_overwriting_a_list_that_somebody_else_changed_keeps_the_edit_and_says_what_is_locked(
    how: str, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
) -> None:
    images = "JupyterLabAppSettings.CustomImages"
    may = grant(edit=[f"{images}.ImageVersionNumber"], allow=None)
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=may, pauses=PAUSES)
    await draft.load()
    draft.settings.put(f"{images}[0].ImageVersionNumber", 4)
    mine = get(draft.settings.to_document(), images)
    lab, new = stored(sagemaker)["JupyterLabAppSettings"], {"ImageName": "new", "AppImageConfigName": "new-lab"}
    assert len(mine) > 1
    were = lab["CustomImages"]
    changed = {"longer": [*were, new], "shorter": were[:-1], "other items": [new], "another order": were[::-1]}
    write(sagemaker, JupyterLabAppSettings={**lab, "CustomImages": changed[how], "LifecycleConfigArns": []})
    sandbox.settle()
    reconciling.overwrite(draft, await gateway.describe_user_profile(DOMAIN, "analyst-1"))
    assert get(draft.settings.to_document(), images) == mine
    assert all(each.path.startswith(f"UserSettings.{images}") for each in draft.rights.findings())
    assert (await draft.submit()).status == "refused"
    assert sent(sandbox) == ["UpdateUserProfile"]


async def test_overwriting_takes_a_locked_list_that_was_not_edited_as_it_is_now(
    draft: ProfileDraft, sandbox: Sandbox, sagemaker: Any
) -> None:
    draft.settings.put(INSTANCE, "ml.m5.large")
    lab = stored(sagemaker)["JupyterLabAppSettings"]
    lab["CustomImages"][0]["AppImageConfigName"] = "newer"
    lab["DefaultResourceSpec"]["InstanceType"] = "ml.t3.large"
    write(sagemaker, JupyterLabAppSettings={**lab, "LifecycleConfigArns": []})
    sandbox.settle()
    outcome = await draft.submit()
    assert outcome.theirs is not None
    reconciling.overwrite(draft, outcome.theirs)
    assert [change.path for change in draft.changes] == [f"UserSettings.{INSTANCE}"]
    assert (await draft.submit()).status == "done"
    assert stored(sagemaker)["JupyterLabAppSettings"]["CustomImages"][0]["AppImageConfigName"] == "newer"


async def test_a_refused_batch_puts_back_what_was_loaded_too(
    draft: ProfileDraft, gateway: Gateway, sandbox: Sandbox, sagemaker: Any
) -> None:
    write(sagemaker, DefaultLandingUri="studio::theirs")
    sandbox.settle()
    theirs = await gateway.describe_user_profile(DOMAIN, "analyst-1")
    before = state(draft)

    def take_and_change() -> None:
        with draft.model.batch():
            draft.take(theirs)
            draft.clashes = (Clash("ExecutionRole", None, None, ROLE),)
            draft.settings.ExecutionRole = ROLE

    with pytest.raises(LockedFieldError):
        take_and_change()
    assert state(draft) == before
    draft.take(theirs)
    assert draft.loaded["DefaultLandingUri"] == "studio::theirs"


async def test_a_kept_draft_of_wider_times_is_not_restored(gateway: Gateway, tmp_path: Path) -> None:
    store = Store(tmp_path)
    wide = ProfileDraft(gateway, DOMAIN, "analyst-1", store=store, pauses=PAUSES)
    await wide.load()
    wide.settings.ExecutionRole = ROLE
    wide.keeper.close()
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", store=store, grant=grant(), pauses=PAUSES)
    await draft.load()
    (kept,) = draft.keeper.found()
    before = state(draft)
    with pytest.raises(LockedFieldError):
        draft.keeper.restore(kept)
    assert state(draft) == before
    assert draft.keeper.found() == (kept,)


async def test_visitors_keep_their_drafts_apart(gateway: Gateway, tmp_path: Path) -> None:
    alice, bob = (Store(tmp_path).of(Visitor(name)) for name in ("alice", "bob"))
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", store=alice, pauses=PAUSES)
    await draft.load()
    draft.settings.put(INSTANCE, "ml.m5.large")
    draft.keeper.close()
    counts = []
    for store in (bob, alice):
        other = ProfileDraft(gateway, DOMAIN, "analyst-1", store=store, pauses=PAUSES)
        await other.load()
        counts.append(len(other.keeper.found()))
    assert counts == [0, 1]


async def test_only_what_the_policy_allows_is_offered_for_copying(draft: ProfileDraft) -> None:
    offered = {"DefaultLandingUri": "studio::", "ExecutionRole": ROLE}
    source = Source("another", offered, None)
    reasons = {part.name: part.reason for part in parts(draft, source)}
    assert reasons["DefaultLandingUri"] == ""
    assert "Tests" in reasons["ExecutionRole"]
    copied = copy(draft, source, offered)
    assert [each.path for each in copied.changes] == ["UserSettings.DefaultLandingUri"]
    assert any("ExecutionRole" in each.path for each in copied.said)


async def test_a_new_profile_is_made_of_what_may_be_set(gateway: Gateway, sagemaker: Any) -> None:
    helpdesk = Visitor("helpdesk", (), "proxy")
    may = grant(visitor=helpdesk, profiles="domain", domains=[DOMAIN], operations=["*", "CreateUserProfile"])
    draft = ProfileDraft(gateway, DOMAIN, create=True, grant=may, pauses=PAUSES)
    await draft.load()
    for name in ("n", "newcomer"):  # as it is typed
        draft.model.UserProfileName = name
    draft.settings.put(INSTANCE, "ml.t3.medium")
    with pytest.raises(LockedFieldError):
        draft.settings.ExecutionRole = ROLE
    outcome = await draft.submit()
    assert outcome.status == "done", outcome.text
    assert get(stored(sagemaker, "newcomer"), INSTANCE) == "ml.t3.medium"
    assert draft.rights.place == (DOMAIN, "newcomer")
    with pytest.raises(LockedFieldError):  # UpdateUserProfile is not granted
        draft.settings.put(INSTANCE, "ml.t3.large")


async def test_a_new_profile_begins_with_the_organisations_values(gateway: Gateway, sandbox: Sandbox) -> None:
    may = grant(operations=["*", "CreateUserProfile"], defaults={INSTANCE: "ml.t3.large"})
    draft = ProfileDraft(gateway, DOMAIN, create=True, grant=may, pauses=PAUSES)
    await draft.load()
    assert draft.settings.to_document() == put({}, INSTANCE, "ml.t3.large")
    draft.settings.put(INSTANCE, "ml.t3.medium")
    draft.discard()
    assert draft.settings.to_document() == put({}, INSTANCE, "ml.t3.large")
    assert sandbox.calls[-1].operation == "DescribeDomain"


async def test_the_grant_is_settled_once(gateway: Gateway) -> None:
    waiting = grant(own=("", ""))
    assert waiting.own is None
    draft = ProfileDraft(gateway, grant=waiting, pauses=PAUSES)
    with pytest.raises(LockedFieldError):
        await draft.open(DOMAIN, "analyst-1")
    with pytest.raises(LockedFieldError):
        draft.rights.settle(grant(own=(DOMAIN, "ml-lead"), visitor=Visitor("ml-lead")))
    draft.rights.settle(grant())
    with pytest.raises(LockedFieldError):
        draft.rights.settle(grant())
    await draft.open(DOMAIN, "analyst-1")
    assert draft.grant is draft.grant
    assert draft.grant is not None
    assert draft.grant.access(f"UserSettings.{INSTANCE}") == "edit"


# -- whatever is done to it ----------------------------------------------------------------------------------------


class Quiet:
    """Answer as the sandbox did once, and write down what a draft wants to send."""

    def __init__(self, described: Described, domain: Any) -> None:
        self.described, self.domain, self.where = described, domain, "https://example.com"

    async def describe_user_profile(self, _domain_id: str, _name: str) -> Described:
        return self.described

    async def describe_domain(self, _domain_id: str) -> Any:
        return self.domain


@pytest.fixture(scope="module")
def quiet(shared_sandbox: Sandbox) -> Quiet:
    async def read() -> Quiet:
        gateway = Gateway(shared_sandbox.connection)
        try:
            return Quiet(
                await gateway.describe_user_profile(DOMAIN, "analyst-1"), await gateway.describe_domain(DOMAIN)
            )
        finally:
            gateway.close()

    shared_sandbox.reset()
    return asyncio.run(read())


def one_by_one(draft: ProfileDraft, document: Document) -> None:
    for name, value in document.items():
        setattr(draft.settings, name, value)


DEEDS: dict[str, Callable[[ProfileDraft, Document], Any]] = {
    "edit": lambda draft, document: draft.edit_settings(document),
    "assign": lambda draft, document: draft.settings.assign(document),
    "lay": lambda draft, document: lay(draft, {"UserSettings": document}),
    "members": one_by_one,
    "copy": lambda draft, document: copy(draft, Source("x", document), document),
    "undo": lambda draft, _: draft.history.undo(),
    "redo": lambda draft, _: draft.history.redo(),
    "discard": lambda draft, _: draft.discard(),
    "instance": lambda draft, document: draft.settings.put(INSTANCE, TYPES[len(document) % 3]),
}


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.sampled_from(sorted(DEEDS)), documents("UserSettings")), max_size=6))
async def test_no_sequence_of_deeds_leaves_a_forbidden_change(quiet: Quiet, deeds: list[tuple[str, Document]]) -> None:
    gateway: Any = quiet
    draft = ProfileDraft(gateway, DOMAIN, "analyst-1", grant=grant(), pauses=PAUSES)
    await draft.load()
    for name, document in deeds:
        before = state(draft)
        try:
            with contextlib.suppress(AttributeError):  # a member that this model lacks
                DEEDS[name](draft, document)
        except LockedFieldError:
            if name != "members":  # one by one: those before the refused one stay
                assert state(draft) == before
        loaded = {"UserSettings": draft.loaded}
        for change in diff(loaded, {"UserSettings": draft.settings.to_document()}):
            path = change.path.removeprefix("UserSettings.")
            assert path in EDITABLE or (change.after == {} and any(each.startswith(path) for each in EDITABLE)), change
            assert path != INSTANCE or change.after in (None, *TYPES)
        assert draft.rights.findings() == ()
