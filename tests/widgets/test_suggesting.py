"""Fields that ask a catalog: what is answered, and what is said of a value. The AWS is a sandbox."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import pytest_asyncio

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.aws.catalog import Catalog
from profile_widgets.aws.gateway import Gateway
from profile_widgets.checks.arns import Home
from profile_widgets.model.shapes import shape
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets.choosers import MOST
from profile_widgets.widgets.editors import Editor
from profile_widgets.widgets.suggestions import Supply, Whereabouts
from profile_widgets.widgets.tasks import Tasks
from tests.widgets.conftest import RESEARCH, browser_sends, browser_sets

ACCOUNT = "123456789012"
HOME = Home(ACCOUNT, "eu-west-1", "aws")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/SageMakerDataScientist"
LAB = "JupyterLabAppSettings"
SPEC = f"{LAB}.DefaultResourceSpec"
CONFIG = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:studio-lifecycle-config"
IMAGE = f"arn:aws:sagemaker:eu-west-1:{ACCOUNT}:image/custom-r"

with_emr_serverless = pytest.mark.skipif(
    "EmrServerlessSettings" not in shape("CanvasAppSettings").members, reason="newer than this botocore"
)


def below(editors: Any) -> Iterator[Any]:
    for each in editors:
        yield each
        yield from below(getattr(each, "children", ()))


def field(form: SettingsEditor, path: str) -> Any:
    return next(each for each in below(form.children) if each.place == path and not getattr(each, "members", None))


# -- asking and answering ------------------------------------------------------------------------------------------


class Page:
    """A form with a catalog, and what it sends to the page."""

    def __init__(self, form: SettingsEditor, catalog: Catalog, tasks: Tasks, sandbox: Sandbox) -> None:
        self.form, self.catalog, self.tasks, self.sandbox = form, catalog, tasks, sandbox
        self.before = len(sandbox.calls)
        self.sent: list[tuple[Editor, dict[str, Any]]] = []
        self.failures: list[BaseException] = []

    def field(self, path: str) -> Any:
        found = field(self.form, path)
        if "send" not in vars(found):
            real = found.send

            def send(content: Any, buffers: Any = None) -> None:
                self.sent.append((found, content))
                real(content, buffers)

            found.send = send
        return found

    @property
    def calls(self) -> list[str]:
        """Return the operations that were called since the form was opened."""
        return [each.operation for each in self.sandbox.calls[self.before :]]

    async def settled(self) -> None:
        while running := tuple(self.tasks._running):
            await asyncio.wait([asyncio.wrap_future(future) for future in running])

    async def ask(self, path: str, text: str = "", **more: Any) -> dict[str, Any]:
        """Ask as the page does; return the last answer."""
        box = self.field(path)
        browser_sends(box, do="suggest", text=text, **more)
        await self.settled()
        return next(content for editor, content in reversed(self.sent) if editor is box)

    def advice(self, path: str) -> list[str]:
        return [row["message"] for row in self.field(path).advice]


@asynccontextmanager
async def opened(sandbox: Sandbox, domain_id: str) -> AsyncIterator[Page]:
    """Open a form whose lists are read again whenever that is asked for; no error may be left at its end."""
    gateway = Gateway(sandbox.connection)
    catalog = Catalog(gateway, fresh=0)
    failures: list[BaseException] = []
    tasks = Tasks(failures.append)
    supply = Supply(catalog, tasks.start, lambda: Whereabouts(domain_id, "analyst-1", HOME))
    form = SettingsEditor(UserSettings(), catalog=supply)
    form.expand()
    made = Page(form, catalog, tasks, sandbox)
    made.failures = failures
    yield made
    await made.settled()
    form.close()
    catalog.close()
    tasks.close()
    gateway.close()
    assert failures == []


@pytest_asyncio.fixture
async def page(sandbox: Sandbox, domains: dict[str, str]) -> AsyncIterator[Page]:
    async with opened(sandbox, domains[RESEARCH]) as made:
        yield made


async def test_an_open_form_has_asked_for_nothing(page: Page) -> None:
    page.form.settings.ExecutionRole = ROLE
    assert not page.tasks._running
    await page.settled()
    assert page.calls == []
    box = page.field("ExecutionRole")
    assert (box.catalog, box.catalog_words) == ("role", "roles")


async def test_a_question_is_answered_with_rows_of_value_name_and_detail(page: Page) -> None:
    answer = await page.ask("ExecutionRole")
    assert (answer["do"], answer["text"], answer["refused"]) == ("suggested", "", False)
    value, name, detail, fits = answer["rows"][0]
    assert value.startswith("arn:aws:iam::123456789012:role/")
    assert value.endswith(name)
    assert "SageMaker can assume it" in detail
    assert fits == 1
    assert answer["total"] == len(answer["rows"])
    assert [row[3] for row in answer["rows"]] == sorted((row[3] for row in answer["rows"]), reverse=True)


async def test_nothing_that_was_offered_stays_in_the_state(page: Page) -> None:
    answer = await page.ask("ExecutionRole")
    assert answer["rows"][0][0] not in json.dumps(page.field("ExecutionRole").get_state(), default=str)


async def test_a_second_question_costs_no_call_and_a_refresh_does(page: Page) -> None:
    await page.ask("ExecutionRole")
    calls = len(page.calls)
    found = await page.ask("ExecutionRole", "emr genomics")
    assert [row[1] for row in found["rows"]] == ["EmrRuntimeRole-genomics"]
    await page.ask("CanvasAppSettings.GenerativeAiSettings.AmazonBedrockRoleArn")
    assert len(page.calls) == calls
    await page.ask("ExecutionRole", refresh=True)
    assert len(page.calls) > calls


@with_emr_serverless
async def test_roles_of_canvas_are_offered_by_who_can_assume_them(page: Page) -> None:
    answer = await page.ask("CanvasAppSettings.EmrServerlessSettings.ExecutionRoleArn")
    assert [row[1].partition("-2")[0] for row in answer["rows"] if row[3]] == [
        "AmazonSageMakerCanvasEMRSExecutionAccess"
    ]


async def test_only_fitting_lifecycle_configurations_come_first(page: Page) -> None:
    answer = await page.ask(f"{LAB}.LifecycleConfigArns")
    fitting = [row[1] for row in answer["rows"] if row[3]]
    assert fitting
    assert all(name.startswith("lab-") for name in fitting)
    assert [row[1] for row in answer["rows"]][: len(fitting)] == fitting


async def test_versions_are_those_of_the_image_in_the_same_item(page: Page) -> None:
    lab = page.form.settings.JupyterLabAppSettings
    lab.CustomImages = [{"ImageName": "geospatial-python", "AppImageConfigName": "geospatial-lab"}]
    answer = await page.ask(f"{LAB}.CustomImages[0].ImageVersionNumber")
    assert [row[0] for row in answer["rows"]] == ["2", "1"]
    browser_sets(page.field(f"{LAB}.CustomImages[0].ImageVersionNumber"), value=answer["rows"][0][0])
    assert lab.CustomImages[0].ImageVersionNumber == 2


async def test_of_several_questions_the_last_is_answered(page: Page) -> None:
    box = page.field("ExecutionRole")
    for text in ("a", "am", "ama", "emr"):
        browser_sends(box, do="suggest", text=text)
    await page.settled()
    assert page.sent[-1][1]["text"] == "emr"
    assert "am" not in [content["text"] for _, content in page.sent]


async def test_a_question_is_answered_while_the_form_waits_and_leaves_its_notice(page: Page) -> None:
    page.form.say("warning", "Something was said.")
    page.form.busy = "Loading analyst-1 …"
    assert (await page.ask("ExecutionRole"))["rows"]
    assert page.form.notice is not None
    assert page.form.notice["text"] == "Something was said."
    page.form.busy = ""


@pytest.mark.parametrize("sent", [{"text": 5}, {"text": ["a"]}, {"text": None}, {"text": {"a": 1}}])
async def test_what_is_no_question_is_not_answered(page: Page, sent: dict[str, Any]) -> None:
    browser_sends(page.field("ExecutionRole"), do="suggest", **sent)
    await page.settled()
    assert page.sent == []
    assert page.calls == []


async def test_a_field_without_a_list_does_not_answer(page: Page) -> None:
    browser_sends(page.field("DefaultLandingUri"), do="suggest", text="")
    await page.settled()
    assert page.calls == []


async def test_a_list_that_is_refused_is_a_note_and_no_error(page: Page, sandbox: Sandbox) -> None:
    sandbox.deny("iam:ListRoles")
    answer = await page.ask("ExecutionRole")
    assert answer["refused"] is True
    assert answer["rows"] == []
    assert "iam:ListRoles" in answer["note"]
    assert page.form.notice is None
    browser_sets(page.field("ExecutionRole"), value=ROLE)
    assert page.form.settings.ExecutionRole == ROLE
    await page.settled()
    assert page.advice("ExecutionRole") == []


async def test_never_more_than_200_rows_are_sent(page: Page, sandbox: Sandbox) -> None:
    sandbox.populate(roles=1500)
    answer = await page.ask("ExecutionRole")
    assert len(answer["rows"]) == MOST
    assert answer["total"] > 1500
    assert "200" in answer["note"]
    browser_sends(page.field("ExecutionRole"), do="suggest", text="x" * 5000)
    await page.settled()
    assert len(page.sent[-1][1]["text"]) == 1024


async def test_a_closed_field_says_nothing_when_its_answer_comes(page: Page) -> None:
    box = page.field("ExecutionRole")
    browser_sends(box, do="suggest", text="")
    page.form.expand(False)
    box.close()
    await page.settled()
    assert page.sent == []


# -- what is said of a value ---------------------------------------------------------------------------------------


async def test_an_arn_of_something_else_is_recognised_at_once(page: Page) -> None:
    browser_sets(page.field(f"{SPEC}.LifecycleConfigArn"), value=IMAGE)
    (said,) = page.advice(f"{SPEC}.LifecycleConfigArn")
    assert said.startswith("This is the ARN of a SageMaker image.")
    assert "Studio lifecycle configuration" in said
    assert page.calls == []


async def test_what_belongs_elsewhere_is_said_and_allowed(page: Page) -> None:
    browser_sets(page.field("ExecutionRole"), value="arn:aws:iam::210987654321:role/Partner")
    row = page.field("ExecutionRole").advice[0]
    assert row["severity"] == "information"
    assert "210987654321" in row["message"]
    cross = "CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn"
    browser_sets(page.field(cross), value="arn:aws:iam::210987654321:role/Partner")
    assert page.field(cross).advice == []


async def test_a_value_that_the_list_does_not_hold_is_flagged_once_the_list_was_read(page: Page) -> None:
    gone = f"{CONFIG}/deleted-last-week"
    browser_sets(page.field(f"{SPEC}.LifecycleConfigArn"), value=gone)
    await page.settled()
    assert page.advice(f"{SPEC}.LifecycleConfigArn") == []
    await page.ask(f"{SPEC}.LifecycleConfigArn")
    (said,) = page.advice(f"{SPEC}.LifecycleConfigArn")
    assert said.startswith("No such lifecycle configuration was in the list")
    browser_sets(page.field(f"{SPEC}.LifecycleConfigArn"), value=f"{CONFIG}/lab-git-identity")
    await page.settled()
    assert page.advice(f"{SPEC}.LifecycleConfigArn") == []


async def test_what_is_loaded_later_is_flagged_too(page: Page) -> None:
    await page.ask(f"{LAB}.LifecycleConfigArns")
    page.form.settings.JupyterLabAppSettings.LifecycleConfigArns = [f"{CONFIG}/lab-git-identity", f"{CONFIG}/gone"]
    await page.settled()
    (said,) = page.advice(f"{LAB}.LifecycleConfigArns")
    assert said.startswith("“gone”: ")
    assert "No such lifecycle configuration" in said


async def test_what_the_accounts_list_cannot_hold_is_not_missed_in_it(page: Page) -> None:
    cross = "CanvasAppSettings.ModelRegisterSettings.CrossAccountModelRegisterRoleArn"
    await page.ask(cross)
    browser_sets(page.field(cross), value="arn:aws:iam::210987654321:role/Partner")
    await page.settled()
    assert page.advice(cross) == []
    browser_sets(page.field(cross), value=f"arn:aws:iam::{ACCOUNT}:role/Gone")
    await page.settled()
    assert page.advice(cross)[0].startswith("No such role")


async def test_a_list_that_was_read_in_part_flags_nothing(page: Page, sandbox: Sandbox) -> None:
    sandbox.deny("sagemaker:ListStudioLifecycleConfigs")
    await page.ask(f"{SPEC}.LifecycleConfigArn")
    browser_sets(page.field(f"{SPEC}.LifecycleConfigArn"), value=f"{CONFIG}/anything")
    await page.settled()
    assert page.advice(f"{SPEC}.LifecycleConfigArn") == []


async def test_a_name_where_an_arn_is_due_offers_the_arn_of_that_name(page: Page) -> None:
    await page.ask("ExecutionRole")
    box = page.field("ExecutionRole")
    browser_sets(box, value="sagemakeranalystrole")
    await page.settled()
    (row,) = box.advice
    assert "is the name of an IAM role" in row["message"]
    ((fix, label),) = row["fixes"]
    arn = f"arn:aws:iam::{ACCOUNT}:role/SageMakerAnalystRole"
    assert label == f"Use {arn}"
    browser_sends(box, do="fix", id=fix)
    await page.settled()
    assert page.form.settings.ExecutionRole == arn
    assert box.advice == []


async def test_in_a_list_the_entry_it_is_about_is_replaced(page: Page) -> None:
    box = page.field("SecurityGroups")
    arn = f"arn:aws:ec2:eu-west-1:{ACCOUNT}:security-group/sg-0d4e5f60718293a4b"
    browser_sets(box, value=["sg-3a0f3338996a182e2", arn])
    ((fix, _label),) = box.advice[0]["fixes"]
    browser_sends(box, do="fix", id=fix)
    assert page.form.settings.SecurityGroups == ("sg-3a0f3338996a182e2", "sg-0d4e5f60718293a4b")


HELD = f'"{ROLE}"'
EVIL = "arn:aws:iam::1:role/Evil"


@pytest.mark.parametrize(
    "forged", [json.dumps([HELD, EVIL]), "", "x", '["", "arn:aws:iam::1:role/Evil"]', None, 7, ["a", "b"], {"a": 1}]
)
async def test_only_what_is_offered_can_be_taken(page: Page, forged: Any) -> None:
    browser_sets(page.field("ExecutionRole"), value=HELD)
    assert page.field("ExecutionRole").advice
    before = page.form.settings.ExecutionRole
    browser_sends(page.field("ExecutionRole"), do="fix", id=forged)
    assert page.form.settings.ExecutionRole == before


async def test_advice_of_a_value_that_was_replaced_changes_nothing(page: Page) -> None:
    box = page.field("ExecutionRole")
    browser_sets(box, value=f'"{ROLE}"')
    ((fix, _label),) = box.advice[0]["fixes"]
    browser_sets(box, value=f"{ROLE}2")
    browser_sends(box, do="fix", id=fix)
    assert page.form.settings.ExecutionRole == f"{ROLE}2"


async def test_a_locked_field_takes_no_advice(page: Page) -> None:
    box = page.field("ExecutionRole")
    browser_sets(box, value=f'"{ROLE}"')
    ((fix, _label),) = box.advice[0]["fixes"]
    page.form.compare_with({}, {}, {"ExecutionRole": "Not here."})
    browser_sends(box, do="fix", id=fix)
    assert page.form.settings.ExecutionRole == f'"{ROLE}"'


async def test_the_same_value_is_judged_again_when_a_profile_of_elsewhere_is_opened(sandbox: Sandbox) -> None:
    gateway = Gateway(sandbox.connection)
    catalog, where = Catalog(gateway), [Whereabouts("d-1", "alice", HOME)]
    failures: list[BaseException] = []
    tasks = Tasks(failures.append)
    settings = UserSettings.from_document({"ExecutionRole": ROLE})
    form = SettingsEditor(settings, catalog=Supply(catalog, tasks.start, lambda: where[0]))
    form.expand()
    assert field(form, "ExecutionRole").advice == []
    where[0] = Whereabouts("d-2", "bob", Home("210987654321", "eu-west-1", "aws"))
    form.compare_with(settings.to_document(), {})
    assert "of account 123456789012" in field(form, "ExecutionRole").advice[0]["message"]
    form.close()
    tasks.close()
    gateway.close()
    assert failures == []


async def test_an_error_of_our_own_ends_the_waiting_of_the_page(page: Page) -> None:
    page.catalog._gateway = None  # type: ignore[assignment]
    answer = await page.ask("ExecutionRole")
    assert answer["refused"] is True
    assert "The log has the details" in answer["note"]
    assert len(page.failures) == 1
    page.failures.clear()


@pytest.fixture
def plain() -> Iterator[SettingsEditor]:
    made = SettingsEditor(UserSettings(), defaults={LAB: {"DefaultResourceSpec": {"SageMakerImageArn": IMAGE}}})
    yield made
    made.close()


# -- without a catalog ---------------------------------------------------------------------------------------------


def test_without_a_catalog_a_field_is_plain_text_that_still_knows_what_it_takes(plain: SettingsEditor) -> None:
    plain.expand()
    box = field(plain, "ExecutionRole")
    assert box.catalog == ""
    assert not {"catalog", "catalog_words", "advice"} & set(box.get_state())
    browser_sends(box, do="suggest", text="")
    browser_sets(box, value=IMAGE)
    assert box.advice[0]["message"].startswith("This is the ARN of a SageMaker image.")
    browser_sends(box, do="unset")
    assert box.advice == []
