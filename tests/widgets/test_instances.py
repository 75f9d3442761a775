from __future__ import annotations

import asyncio
import doctest
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

import pytest

from profile_widgets import SettingsEditor, UserSettings
from profile_widgets.aws.gateway import Gateway
from profile_widgets.model import instances as facts
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member, shape
from profile_widgets.sandbox import Sandbox
from profile_widgets.widgets import instances
from profile_widgets.widgets.instances import HIDDEN, InstancePanel, InstanceTypeField, details, row_of
from profile_widgets.widgets.pricing import FAILED, MADE_UP, Priced, Pricing
from profile_widgets.widgets.registry import editor_class
from tests.widgets.conftest import alive, browser_sends, browser_sets, until

LAB = "JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
SERVER = "JupyterServerAppSettings.DefaultResourceSpec.InstanceType"
PORTAL = "StudioWebPortalSettings"

hides = pytest.mark.skipif(
    "HiddenInstanceTypes" not in getattr(shape("UserSettings").members.get(PORTAL), "members", {}),
    reason="the installed botocore cannot hide instance types",
)


def field(form: SettingsEditor, path: str = LAB) -> InstanceTypeField:
    def below(editors: Any) -> Iterator[Any]:
        for each in editors:
            yield each
            yield from below(getattr(each, "children", ()))

    found = next(each for each in below(form.children) if getattr(each, "path", "") == path)
    assert isinstance(found, InstanceTypeField)
    return found


def opened(form: SettingsEditor, path: str = LAB) -> InstancePanel:
    box = field(form, path)
    browser_sends(box, do="panel")
    (panel,) = box.children
    assert isinstance(panel, InstancePanel)
    return panel


def instance_types(member: Member) -> Iterator[Member]:
    for each in member.members.values():
        if each.is_structure:
            yield from instance_types(each)
        elif each.shape == "AppInstanceType":
            yield each


def test_the_examples_hold() -> None:
    assert doctest.testmod(instances).failed == 0


# -- the field -----------------------------------------------------------------------------------------------------


def test_every_single_instance_type_of_the_settings_has_the_panel() -> None:
    found = list(instance_types(shape("UserSettings")))
    assert len(found) >= 6
    assert {editor_class(each) for each in found} == {InstanceTypeField}


def test_every_choice_tells_what_the_type_has(form: SettingsEditor) -> None:
    ((_names, choices),) = form.shared_choices("AppInstanceType")
    assert choices is not None
    rows = dict(choices.rows)
    assert rows["ml.g4dn.xlarge"] == "4 vCPU, 16 GiB, 1 \u00d7 NVIDIA T4 16 GiB · GPU"
    assert list(rows) == list(shape("AppInstanceType").enum)
    assert details("AppType") is None


@hides
def test_a_list_of_types_shares_the_same_choices(form: SettingsEditor) -> None:
    section = next(each for each in form.children if each.path == PORTAL)
    assert section.child("HiddenInstanceTypes").choices_from == field(form).choices_from


def test_a_closed_panel_costs_nothing_and_its_code_is_not_on_the_page(form: SettingsEditor) -> None:
    assert field(form).children == ()
    assert field(form).panel
    assert "instances" not in form._code
    opened(form)
    assert "instances" in form._code


@hides
def test_types_that_the_profile_hides_are_marked_in_the_choices_as_soon_as_they_are(
    form: SettingsEditor, settings: Structure
) -> None:
    ((_names, choices),) = form.shared_choices("AppInstanceType")
    assert choices is not None
    assert not [row for row in choices.rows if HIDDEN in row[1]]
    settings.put(f"{PORTAL}.HiddenInstanceTypes", ["ml.t3.medium", "ml.unknown.large"])
    assert [row[0] for row in choices.rows if row[1].endswith(HIDDEN)] == ["ml.t3.medium"]
    settings.put(f"{PORTAL}.HiddenInstanceTypes", None)
    assert not [row for row in choices.rows if HIDDEN in row[1]]


@hides
def test_the_profiles_own_list_of_hidden_types_stands_for_the_domains(
    form: SettingsEditor, settings: Structure
) -> None:
    panel = opened(form)
    form.compare_with({}, {PORTAL: {"HiddenInstanceTypes": ["ml.t3.medium"]}})
    assert (panel.hidden, "the domain" in panel.note) == (["ml.t3.medium"], True)
    settings.put(f"{PORTAL}.HiddenInstanceTypes", ["ml.t3.large"])
    assert (panel.hidden, "this profile" in panel.note) == (["ml.t3.large"], True)
    settings.put(f"{PORTAL}.HiddenInstanceTypes", [])
    assert (panel.hidden, panel.note) == ([], "")


@hides
def test_hidden_types_are_found_under_the_root_of_a_whole_profile(sandbox: Sandbox) -> None:
    from profile_widgets.editing.draft import ProfileDraft

    gateway = Gateway(sandbox.connection)
    draft = ProfileDraft(gateway)
    draft.settings.put(f"{PORTAL}.HiddenInstanceTypes", ["ml.t3.micro"])
    form = SettingsEditor(draft.settings, loaded={}, defaults={})
    form.expand()
    assert opened(form, f"UserSettings.{LAB}").hidden == ["ml.t3.micro"]
    form.close()
    gateway.close()


# -- the panel -----------------------------------------------------------------------------------------------------


def test_the_button_opens_the_panel_and_closes_it_again(form: SettingsEditor) -> None:
    before = set(alive())
    panel = opened(form)
    assert panel.rows == [row_of(name) for name in shape("AppInstanceType").enum]
    browser_sends(field(form), do="panel")
    assert field(form).children == ()
    left = [type(each).__name__ for key, each in alive().items() if key not in before]
    assert left == ["Code"]  # the module stays on the page for the next time


def test_a_panel_closes_itself_when_the_page_asks(form: SettingsEditor) -> None:
    browser_sends(opened(form), do="close")
    assert field(form).children == ()


def test_a_form_that_closes_takes_its_panels_with_it(settings: Structure) -> None:
    before = set(alive())
    form = SettingsEditor(settings)
    form.expand()
    opened(form)
    opened(form, SERVER)
    form.close()
    assert set(alive()) == before


def test_a_type_chosen_in_the_panel_goes_to_the_model_and_the_box(form: SettingsEditor, settings: Structure) -> None:
    panel = opened(form)
    browser_sends(panel, do="choose", value="ml.g5.xlarge")
    assert settings.to_document()["JupyterLabAppSettings"]["DefaultResourceSpec"] == {"InstanceType": "ml.g5.xlarge"}
    assert field(form).value == panel.value == "ml.g5.xlarge"


def test_the_panel_follows_the_model_and_the_box(form: SettingsEditor, settings: Structure) -> None:
    panel = opened(form)
    browser_sets(field(form), value="ml.t3.large")
    assert panel.value == "ml.t3.large"
    settings.put(LAB, None)
    assert panel.value == ""


@pytest.mark.parametrize("value", [None, 5, ["ml.t3.medium"], {"a": 1}, "", "ml.of.nobody", "x" * 100_000])
def test_what_is_not_offered_is_not_taken(form: SettingsEditor, settings: Structure, value: Any) -> None:
    browser_sends(opened(form), do="choose", value=value)
    assert settings.to_document() == {}


@pytest.mark.parametrize("content", [None, 5, [], {}, {"do": 5}, {"do": "forget"}])
def test_a_message_that_is_none_changes_nothing(form: SettingsEditor, settings: Structure, content: Any) -> None:
    panel = opened(form)
    panel._receive(panel, content, [])
    assert settings.to_document() == {}
    assert field(form).children == (panel,)


@hides
def test_a_hostile_page_can_neither_widen_what_is_offered_nor_break_the_form(
    form: SettingsEditor, settings: Structure
) -> None:
    panel = opened(form)
    ((_names, choices),) = form.shared_choices("AppInstanceType")
    browser_sets(panel, rows=[["ml.of.nobody"], 5], hidden=[{}], prices={"busy": 5})
    browser_sets(field(form), children=[])
    browser_sets(choices, rows=[5])
    browser_sends(panel, do="choose", value="ml.of.nobody")
    assert settings.to_document() == {}
    settings.put(f"{PORTAL}.HiddenInstanceTypes", ["ml.t3.micro"])
    assert choices is not None
    assert [row[0] for row in choices.rows if row[1].endswith(HIDDEN)] == ["ml.t3.micro"]
    assert panel.hidden == ["ml.t3.micro"]


def test_a_stored_type_that_the_model_does_not_know_has_a_row_of_its_own() -> None:
    settings = UserSettings.from_document(
        {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.g99.large"}}}
    )
    form = SettingsEditor(settings)
    form.expand()
    panel = opened(form)
    assert panel.rows[-1][:5] == ["ml.g99.large", "g99", "GPU", None, None]
    assert panel.rows[-1][-1] == facts.UNKNOWN
    form.close()


def test_the_domains_choice_is_shown_beside_the_profiles_own(form: SettingsEditor) -> None:
    panel = opened(form)
    spec = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}}
    form.compare_with({}, spec)
    assert (panel.value, panel.inherited) == ("", "ml.t3.medium")


def test_system_is_explained_for_the_app_of_the_field(form: SettingsEditor) -> None:
    assert "only type" in opened(form, SERVER).system
    assert "ml.t3.medium" in opened(form, "KernelGatewayAppSettings.DefaultResourceSpec.InstanceType").system


def test_a_locked_field_may_be_looked_at_and_not_changed(form: SettingsEditor, settings: Structure) -> None:
    form.compare_with({}, {}, {"JupyterLabAppSettings": "Your policy keeps this."})
    panel = opened(form)
    assert panel.locked == "Your policy keeps this."
    browser_sends(panel, do="choose", value="ml.t3.medium")
    assert settings.to_document() == {}
    assert form.notice["text"] == "Your policy keeps this."


def test_a_type_of_an_item_that_moves_keeps_its_panel_and_its_place() -> None:
    form = SettingsEditor(UserSettings().JupyterLabAppSettings)
    panel = opened(form)
    browser_sends(panel, do="choose", value="ml.t3.medium")
    assert form.settings.to_document() == {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}}
    form.close()


# -- prices --------------------------------------------------------------------------------------------------------


class Later:
    """Keep what is started until the test runs it."""

    def __init__(self) -> None:
        self.waiting: list[Coroutine[Any, Any, None]] = []

    def __call__(self, work: Coroutine[Any, Any, None]) -> None:
        self.waiting.append(work)

    def run(self) -> None:
        for work in self.waiting:
            asyncio.run(work)
        self.waiting.clear()


@pytest.fixture
def later() -> Later:
    return Later()


@pytest.fixture
def priced(form: SettingsEditor, sandbox: Sandbox, later: Later) -> Iterator[SettingsEditor]:
    gateway = Gateway(sandbox.connection)
    form.pricing = Pricing(lambda: gateway, later)
    yield form
    gateway.close()


def asked(sandbox: Sandbox) -> int:
    return sum(call.operation == "GetProducts" for call in sandbox.calls)


def test_without_a_gateway_nobody_can_be_asked_for_prices(form: SettingsEditor) -> None:
    panel = opened(form)
    assert panel.prices is None
    browser_sends(panel, do="prices")
    assert panel.prices is None


def test_prices_are_read_when_they_are_asked_for_and_not_before(
    priced: SettingsEditor, sandbox: Sandbox, later: Later
) -> None:
    panel = opened(priced)
    assert panel.prices == {"rates": {}, "currency": "USD", "note": "", "busy": ""}
    browser_sends(panel, do="prices")
    browser_sends(panel, do="prices")
    assert panel.prices["busy"]
    assert len(later.waiting) == 1
    assert asked(sandbox) == 0
    later.run()
    assert panel.prices["rates"]["ml.t3.medium"] == pytest.approx(0.056)
    assert (panel.prices["busy"], panel.prices["note"]) == ("", MADE_UP)
    assert asked(sandbox) > 0


def test_prices_are_read_once_for_all_panels(priced: SettingsEditor, sandbox: Sandbox, later: Later) -> None:
    browser_sends(opened(priced), do="prices")
    later.run()
    calls = asked(sandbox)
    other = opened(priced, SERVER)
    browser_sends(other, do="prices")
    later.run()
    assert other.prices["rates"]
    assert asked(sandbox) == calls


def test_who_may_not_read_prices_gets_a_quiet_sentence_and_may_ask_again(
    priced: SettingsEditor, sandbox: Sandbox, later: Later
) -> None:
    panel = opened(priced)
    sandbox.deny("pricing:GetProducts")
    browser_sends(panel, do="prices")
    later.run()
    assert panel.prices["rates"] == {}
    assert "pricing:GetProducts" in panel.prices["note"]
    assert priced.notice is None
    sandbox.reset()
    browser_sends(panel, do="prices")
    later.run()
    assert panel.prices["rates"]


@pytest.mark.parametrize("state", [{"busy": ""}, {}, None])
def test_whatever_a_browser_says_of_prices_they_are_read_once(
    priced: SettingsEditor, sandbox: Sandbox, later: Later, state: Any
) -> None:
    panel = opened(priced)
    for _ in range(50):
        browser_sets(panel, prices=state)
        browser_sends(panel, do="prices")
    assert len(later.waiting) == 1
    later.run()
    assert panel.prices["rates"]
    pages = asked(sandbox)
    browser_sends(panel, do="prices")
    later.run()
    assert asked(sandbox) == pages


def test_two_panels_that_ask_at_once_and_one_that_is_opened_again_share_one_question(
    priced: SettingsEditor, sandbox: Sandbox, later: Later
) -> None:
    first, other = opened(priced), opened(priced, SERVER)
    browser_sends(first, do="prices")
    browser_sends(other, do="prices")
    for _ in range(10):
        browser_sends(field(priced), do="panel")
        browser_sends(field(priced), do="panel")
        browser_sends(field(priced).children[0], do="prices")
    assert len(later.waiting) == 1
    assert priced.pricing is not None
    assert len(priced.pricing._waiting) == 2  # a panel that is closed waits no more
    later.run()
    assert field(priced).children[0].prices["rates"] == other.prices["rates"] != {}
    assert [call.parameters.get("NextToken") for call in sandbox.calls if call.operation == "GetProducts"].count(
        None
    ) == 1


def test_prices_are_those_of_where_requests_go_when_they_come(
    priced: SettingsEditor, sandbox: Sandbox, later: Later
) -> None:
    panel = opened(priced)
    browser_sends(panel, do="prices")
    assert priced.pricing is not None
    connection = priced.pricing._gateway().connection

    async def read_while_the_connection_changes() -> None:
        sandbox.answer_delay = 0.1
        work = asyncio.ensure_future(later.waiting.pop())
        await until(lambda: asked(sandbox) > 0)
        connection.region = "us-gov-west-1"
        sandbox.answer_delay = 0
        await work

    asyncio.run(read_while_the_connection_changes())
    assert panel.prices["rates"] == {}
    assert "us-gov-west-1" in panel.prices["note"]


def test_an_error_of_our_own_ends_the_waiting_and_prices_may_be_asked_for_again(
    priced: SettingsEditor, later: Later, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = opened(priced)
    assert priced.pricing is not None
    gateway = priced.pricing._gateway
    monkeypatch.setattr(priced.pricing, "_gateway", lambda: 1 / 0)
    browser_sends(panel, do="prices")
    with pytest.raises(ZeroDivisionError):
        later.run()
    later.waiting.clear()
    assert panel.prices["note"] == FAILED
    assert panel.prices["busy"] == ""
    monkeypatch.setattr(priced.pricing, "_gateway", gateway)
    browser_sends(panel, do="prices")
    later.run()
    assert panel.prices["rates"]


def test_prices_that_come_after_the_panel_is_closed_go_nowhere(priced: SettingsEditor, later: Later) -> None:
    panel = opened(priced)
    browser_sends(panel, do="prices")
    browser_sends(field(priced), do="panel")
    later.run()
    assert panel.prices["rates"] == {}


def test_a_region_without_prices_is_named() -> None:
    with Sandbox(region="ap-southeast-2") as sandbox:
        gateway = Gateway(sandbox.connection.replace(region="us-gov-west-1"))
        said: list[Priced] = []
        tell: Callable[[Priced], None] = said.append
        Pricing(lambda: gateway, asyncio.run).ask(tell)
        gateway.close()
    assert said[0].rates == {}
    assert "us-gov-west-1" in said[0].note
