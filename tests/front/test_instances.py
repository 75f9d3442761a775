"""The panel that compares instance types, with the test in the place of the kernel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from profile_widgets.model import instances
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.instances import row_of
from tests.front.stage import LOOKS, Stage

pytestmark = pytest.mark.browser

Show = Callable[..., Stage]
PATH = "UserSettings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType"
NAMES = shape("AppInstanceType").enum
NO_PRICES = {"rates": {}, "currency": "USD", "note": "", "busy": ""}


def panel(**traits: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "_kind": "instances",
        "_form": "form",
        "rows": [row_of(name) for name in NAMES],
        "value": "ml.g5.2xlarge",
        "inherited": "ml.t3.medium",
        "hidden": ["ml.p5.48xlarge", "ml.t3.micro"],
        "note": "Left out of Studio's menus by the domain.",
        "system": instances.system_means(PATH),
        "locked": "",
        "prices": NO_PRICES,
    }
    return {"panel": told | traits}


def field(children: list[str], **traits: Any) -> dict[str, Any]:
    told: dict[str, Any] = {
        "_kind": "field",
        "_form": "form",
        "path": PATH,
        "label": "Instance type",
        "api": "InstanceType",
        "help": "The type.",
        "more": "",
        "menu": [],
        "input": "choice",
        "value": "ml.g5.2xlarge",
        "hint": "",
        "choices": [],
        "choices_from": "choices",
        "locked": "",
        "panel": "Compare instance types",
        "children": children,
    }
    rows = [[name, instances.described(name)] for name in NAMES]
    return {
        "field": told | traits,
        "form": {"_kind": "form", "board": {}, "only": None, "children": []},
        "choices": {"_kind": "choices", "rows": rows},
        **panel(),
    }


def picture(page: Stage) -> Locator:
    return page.tab.get_by_role("listbox", name="Instance types by vCPU and memory")


def pointed(page: Stage) -> Locator:
    """Return the type that the picture says is the active one."""
    name = picture(page).get_attribute("aria-activedescendant")
    return page.tab.locator(f'[id="{name}"]')


def rows(page: Stage) -> Locator:
    return page.tab.get_by_role("table").locator("tbody tr")


def first_cells(page: Stage) -> list[str]:
    return [str(text) for text in rows(page).locator("th button").all_inner_texts()]


# -- the button under the field ------------------------------------------------------------------------------------


def test_the_button_says_what_it_opens_and_for_which_field(stage: Show) -> None:
    page = stage(field([]))
    button = page.tab.get_by_role("button", name="Compare instance types for Instance type")
    expect(button).to_have_attribute("aria-expanded", "false")
    button.press("Enter")
    assert page.heard == [{"do": "panel"}]
    page.tell(children=["panel"])
    expect(button).to_have_attribute("aria-expanded", "true")
    under = page.tab.locator(f'[id="{button.get_attribute("aria-controls")}"]')
    expect(under.get_by_role("group", name="Compare instance types")).to_be_visible()
    page.tell(children=[])
    expect(button).to_have_attribute("aria-expanded", "false")
    expect(under.get_by_role("group")).to_have_count(0)


def test_escape_closes_the_panel_and_gives_the_focus_back(stage: Show) -> None:
    page = stage(field(["panel"]))
    page.tab.get_by_label("Family").focus()
    page.press("Escape")
    assert page.heard == [{"do": "close"}]
    expect(page.tab.get_by_role("button", name="Compare instance types for Instance type")).to_be_focused()


def test_the_search_box_of_the_field_finds_by_gpu_and_figures(stage: Show) -> None:
    page = stage(field([]))
    box = page.tab.get_by_role("combobox", name="Instance type", exact=True)
    box.fill("a10g 384")
    options = page.tab.get_by_role("option")
    expect(options).to_have_count(1)
    expect(options.first).to_contain_text("ml.g5.24xlarge")


# -- the picture ---------------------------------------------------------------------------------------------------


def test_every_type_with_figures_is_in_the_picture_and_says_what_it_is(stage: Show) -> None:
    page = stage(panel())
    expect(picture(page).get_by_role("option")).to_have_count(len(NAMES) - 2)
    chosen = picture(page).get_by_role("option", selected=True)
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_accessible_name(
        "ml.g5.2xlarge, 8 vCPU, 32 GiB, 1 \u00d7 NVIDIA A10G 22 GiB (24 GB) · 450 GB local disk · "
        "network up to 10 Gbps, chosen"
    )
    hidden = picture(page).get_by_role("option", name="ml.t3.micro")
    expect(hidden).to_have_accessible_name(
        "ml.t3.micro, 2 vCPU, 1 GiB · burstable · network up to 5 Gbps, hidden in Studio"
    )


def test_the_picture_is_walked_with_the_arrows_and_enter_chooses(stage: Show) -> None:
    page = stage(panel())
    picture(page).focus()
    assert str(pointed(page).get_attribute("aria-label")).startswith("ml.g5.2xlarge,")
    page.press("ArrowRight")
    here = str(pointed(page).get_attribute("aria-label")).split(",")[0]
    assert here != "ml.g5.2xlarge"
    expect(page.tab.locator(".pw-facts-line")).to_contain_text(here)
    page.press("Enter")
    assert page.heard == [{"do": "choose", "value": here}]
    page.press("Home")
    assert str(pointed(page).get_attribute("aria-label")).startswith("ml.t3.micro,")
    page.press("End")
    most = max(row.memory or 0 for name, row in instances.known().items() if name in NAMES)
    assert f"{most:,g} GiB" in str(pointed(page).get_attribute("aria-label"))


def test_pointing_names_a_type_and_a_click_chooses_it(stage: Show) -> None:
    page = stage(panel())
    mark = picture(page).get_by_role("option", name="ml.t3.micro,")
    mark.hover(force=True)
    expect(page.tab.locator(".pw-facts-line")).to_contain_text("ml.t3.micro 2 vCPU, 1 GiB")
    mark.click(force=True)
    assert page.heard == [{"do": "choose", "value": "ml.t3.micro"}]
    page.tab.get_by_label("Search").hover()
    expect(page.tab.locator(".pw-facts-line")).to_contain_text("ml.g5.2xlarge")


@pytest.mark.parametrize("width", [1100, 600, 360])
def test_the_panel_keeps_its_height_whatever_is_pointed_at(stage: Show, width: int) -> None:
    """Else the picture would move away under the pointer, and back again."""
    page = stage(field(["panel"]), width=width)
    group = page.tab.get_by_role("group", name="Compare instance types")
    before = group.bounding_box()
    for name in ("ml.t3.micro,", "ml.g5.48xlarge,"):
        picture(page).get_by_role("option", name=name).hover(force=True)
        expect(page.tab.locator(".pw-facts-line")).to_contain_text(name.rstrip(","))
        after = group.bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] == before["height"]


def test_signs_differ_in_shape_and_the_legend_says_what_they_are(stage: Show) -> None:
    page = stage(panel())
    legend = page.tab.locator(".pw-legend li")
    expect(legend).to_have_text(["CPU only", "GPU", "Trainium", "hidden in Studio", "chosen"])
    shapes = [
        legend.nth(index).locator("svg > *").evaluate("node => node.localName + (node.getAttribute('d') ?? '')")
        for index in range(3)
    ]
    assert len(set(shapes)) == 3
    page.tell(value="", hidden=[])
    expect(legend).to_have_text(["CPU only", "GPU", "Trainium", "from the domain"])


# -- filters -------------------------------------------------------------------------------------------------------


def test_filters_narrow_the_picture_and_the_table_alike_and_the_number_is_told(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_label("GPU", exact=True).select_option("gpu")
    page.tab.get_by_label("Memory", exact=True).select_option("64")
    page.tab.get_by_label("Search", exact=True).fill("a100")
    expect(rows(page)).to_have_count(2)
    expect(picture(page).get_by_role("option")).to_have_count(2)
    expect(page.tab.get_by_text(f"2 of {len(NAMES)} types").first).to_be_visible()
    expect(page.tab.locator("body > .pw-sr")).to_have_text(f"2 of {len(NAMES)} types")
    page.tab.get_by_role("button", name="Clear filters").click()
    expect(rows(page)).to_have_count(len(NAMES))
    expect(page.tab.get_by_label("Search", exact=True)).to_be_focused()
    assert page.heard == []


def test_a_family_is_chosen_by_its_name_or_its_gpu(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_label("Family").select_option(label="g6 · NVIDIA L4")
    assert {name.split(".")[1] for name in first_cells(page)} == {"g6"}


def test_filters_that_nothing_fits_say_so(stage: Show) -> None:
    page = stage(panel())
    page.tab.get_by_label("Search", exact=True).fill("nothing like it")
    expect(page.tab.get_by_text("No type fits these filters.")).to_be_visible()
    expect(page.tab.get_by_role("listbox")).to_have_count(0)
    assert page.axe() == []


# -- the table -----------------------------------------------------------------------------------------------------


def test_the_table_sorts_by_every_heading_both_ways(stage: Show) -> None:
    page = stage(panel())
    heading = page.tab.get_by_role("columnheader", name="Memory, GiB", exact=True)
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert first_cells(page)[0] == "ml.t3.micro"
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "descending")
    expect(heading.get_by_role("button")).to_be_focused()
    most = max(row.memory or 0 for name, row in instances.known().items() if name in NAMES)
    assert f"{most:,g}" in rows(page).first.inner_text()
    for each in page.tab.get_by_role("columnheader").all():
        each.get_by_role("button").click()
        expect(each).to_have_attribute("aria-sort", "ascending")


def test_a_row_says_whether_it_is_chosen_or_hidden_and_its_button_chooses(stage: Show) -> None:
    page = stage(panel())
    expect(rows(page).filter(has_text="chosen")).to_have_count(1)
    expect(page.tab.get_by_role("button", name="ml.g5.2xlarge", exact=True)).to_have_attribute("aria-pressed", "true")
    expect(rows(page).filter(has_text="hidden in Studio")).to_have_count(2)
    page.tab.get_by_role("button", name="ml.c5.large", exact=True).click()
    assert page.heard == [{"do": "choose", "value": "ml.c5.large"}]
    page.tell(value="ml.c5.large")
    expect(page.tab.get_by_role("button", name="ml.c5.large", exact=True)).to_have_attribute("aria-pressed", "true")


def test_the_chosen_row_is_in_sight_when_the_panel_opens(stage: Show) -> None:
    page = stage(field([]))
    page.tab.evaluate("window.tell('panel', {value: 'ml.p5.48xlarge'})")
    page.tab.set_viewport_size({"width": 1100, "height": 1400})
    page.tell(children=["panel"])
    expect(page.tab.get_by_role("button", name="ml.p5.48xlarge", exact=True)).to_be_in_viewport(ratio=1)
    expect(page.tab.get_by_role("button", name="ml.t3.micro", exact=True)).not_to_be_in_viewport()


def test_the_rows_are_one_stop_of_the_tab_key_and_arrows_walk(stage: Show) -> None:
    page = stage(panel())
    stops = page.tab.locator("tbody button[tabindex='0']")
    expect(stops).to_have_count(1)
    stops.focus()
    expect(page.tab.get_by_role("button", name="ml.g5.2xlarge", exact=True)).to_be_focused()
    page.press("Home", "ArrowDown")
    here = first_cells(page)[1]
    expect(page.tab.get_by_role("button", name=here, exact=True)).to_be_focused()
    expect(page.tab.locator(".pw-facts-line")).to_contain_text(here)
    page.press("Enter")
    assert page.heard == [{"do": "choose", "value": here}]
    page.tell(value=here)
    expect(page.tab.get_by_role("button", name=here, exact=True)).to_be_focused()


# -- prices, and what may not be done ------------------------------------------------------------------------------


def test_prices_are_shown_when_they_are_asked_for(stage: Show) -> None:
    page = stage(panel())
    expect(page.tab.get_by_role("columnheader", name="an hour")).to_have_count(0)
    page.tab.get_by_role("button", name="Show prices").click()
    assert page.heard == [{"do": "prices"}]
    page.tell(prices=NO_PRICES | {"busy": "Reading prices …"})
    expect(page.tab.get_by_text("Reading prices …")).to_be_visible()
    page.tab.get_by_role("button", name="Show prices").click(force=True)
    assert len(page.heard) == 1
    page.tell(prices=NO_PRICES | {"rates": {"ml.g5.2xlarge": 1.515, "ml.t3.medium": 0.05}, "note": "On demand."})
    expect(page.tab.get_by_role("button", name="Show prices")).to_be_hidden()
    expect(page.tab.get_by_text("On demand.")).to_be_visible()
    expect(page.tab.locator(".pw-facts-line")).to_contain_text("$1.515 an hour")
    page.tab.get_by_role("columnheader", name="USD an hour").get_by_role("button").click()
    assert first_cells(page)[:2] == ["ml.t3.medium", "ml.g5.2xlarge"]


def test_prices_that_were_refused_leave_a_quiet_sentence(stage: Show) -> None:
    page = stage(panel())
    page.tell(prices=NO_PRICES | {"note": "Prices could not be read. <b>You</b> may not."})
    expect(page.tab.get_by_text("Prices could not be read. <b>You</b> may not.")).to_be_visible()
    expect(page.tab.get_by_role("button", name="Ask for prices again")).to_be_visible()


def test_without_a_price_list_nothing_is_said_of_prices(stage: Show) -> None:
    page = stage(panel(prices=None))
    expect(rows(page).first).to_be_visible()
    expect(page.tab.get_by_role("button", name="Show prices")).to_be_hidden()


def test_a_locked_field_is_compared_and_not_changed(stage: Show) -> None:
    page = stage(panel(locked="Your policy keeps this."))
    expect(page.tab.get_by_text("Your policy keeps this.")).to_be_visible()
    page.tab.get_by_role("button", name="ml.c5.large", exact=True).click(force=True)
    picture(page).focus()
    page.press("ArrowRight", "Enter")
    assert page.heard == []


def test_a_name_with_markup_is_text(stage: Show) -> None:
    evil = "ml.<img src=x onerror=window.hurt=1>"
    page = stage(panel(rows=[row_of("ml.t3.medium"), row_of(evil)], value=evil, hidden=[evil]))
    expect(page.tab.get_by_role("button", name=evil, exact=True)).to_be_visible()
    assert page.tab.evaluate("window.hurt") is None


@LOOKS
def test_an_open_panel_fits_and_axe_finds_nothing_serious(stage: Show, dark: bool, width: int) -> None:
    page = stage(field(["panel"]), dark=dark, width=width)
    expect(rows(page).first).to_be_visible()
    page.tab.evaluate(
        "([id, traits]) => window.tell(id, traits)",
        ["panel", {"prices": NO_PRICES | {"rates": dict.fromkeys(NAMES, 1.25)}}],
    )
    picture(page).focus()
    expect(page.tab.get_by_role("columnheader", name="USD an hour")).to_be_visible()
    assert page.overflow() <= 0
    assert page.axe() == []
