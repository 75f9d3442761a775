from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import ipywidgets
import pytest

from profile_widgets import Connection
from profile_widgets.aws.gateway import Gateway
from profile_widgets.aws.protocol import Described, DescribedDomain
from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.store import Store
from profile_widgets.model import documents
from profile_widgets.model.shapes import shape
from profile_widgets.widgets.effective import UNKNOWN, Effective, rows, unknown_rows
from tests.widgets.conftest import browser_sends

SETTINGS = shape("UserSettings")
OWN = {
    "ExecutionRole": "arn:own",
    "SecurityGroups": ["sg-2"],
    "CanvasAppSettings": {},
    "JupyterLabAppSettings": {"CustomImages": [{"ImageName": "a"}, {"ImageName": "b"}]},
    "KernelGatewayAppSettings": {"LifecycleConfigArns": []},
}
DEFAULTS = {
    "ExecutionRole": "arn:domain",
    "SecurityGroups": ["sg-1"],
    "StudioWebPortal": "ENABLED",
    "JupyterLabAppSettings": {"DefaultResourceSpec": {"InstanceType": "ml.t3.medium"}},
}


def test_every_value_in_force_has_a_row_with_its_origin_in_the_order_of_the_form() -> None:
    assert rows(SETTINGS, OWN, DEFAULTS) == [
        ["Access and network", "Execution role", "ExecutionRole", "arn:own", "set here"],
        [
            "Access and network",
            "Security groups",
            "SecurityGroups",
            "sg-1, sg-2",
            "set here together with the domain's",
        ],
        ["Studio", "Access to Studio", "StudioWebPortal", "ENABLED", "from the domain"],
        [
            "JupyterLab",
            "JupyterLab app \u203a Default resources \u203a Instance type",
            "JupyterLabAppSettings.DefaultResourceSpec.InstanceType",
            "ml.t3.medium",
            "from the domain",
        ],
        [
            "JupyterLab",
            "JupyterLab app \u203a Custom images",
            "JupyterLabAppSettings.CustomImages",
            "2 items: ImageName: a, ImageName: b",
            "set here",
        ],
        ["Canvas", "Canvas app", "CanvasAppSettings", "an empty structure", "explicitly empty"],
        [
            "Studio Classic",
            "Kernel gateway app \u203a Lifecycle configurations",
            "KernelGatewayAppSettings.LifecycleConfigArns",
            "an empty list",
            "explicitly empty",
        ],
    ]


def test_the_rows_agree_with_the_document_that_is_in_force() -> None:
    held = documents.effective(OWN, DEFAULTS)
    for _, _, path, value, _ in rows(SETTINGS, OWN, DEFAULTS):
        found = documents.get(held, path)
        assert found is not None
        assert value.endswith(found if isinstance(found, str) else "") or isinstance(found, (list, dict))


def test_an_empty_list_to_which_the_domain_adds_says_that_the_domains_still_apply() -> None:
    (row,) = rows(SETTINGS, {"SecurityGroups": []}, {"SecurityGroups": ["sg-1"]}, "UserSettings")
    assert row[2:] == ["UserSettings.SecurityGroups", "sg-1", "explicitly empty here; the domain's still apply"]


def test_long_values_are_cut() -> None:
    (row,) = rows(SETTINGS, {"DefaultLandingUri": "x" * 2000}, {})
    assert len(row[3]) == 200


def test_a_profile_without_settings_has_no_rows() -> None:
    assert rows(SETTINGS, {}, {}) == []


def test_members_that_botocore_does_not_know_are_shown_wherever_they_are() -> None:
    raw = {
        "ExecutionRole": "arn",
        "NewAppSettings": {"Level": 3},
        "CanvasAppSettings": {"Paint.Brush": "<b>oil</b>", "Gone": None},
        "CustomFileSystemConfigs": [{"TapeDrive": {"Reel": "7"}}],
    }
    assert unknown_rows(SETTINGS, raw, "UserSettings") == [
        [UNKNOWN, "NewAppSettings", "", "Level: 3", "set here"],
        [UNKNOWN, "Canvas app \u203a Paint.Brush", "UserSettings.CanvasAppSettings", "<b>oil</b>", "set here"],
        [
            UNKNOWN,
            "Custom file systems 1 \u203a TapeDrive",
            "UserSettings.CustomFileSystemConfigs[0]",
            "Reel: 7",
            "set here",
        ],
    ]
    assert unknown_rows(SETTINGS, None) == []


# -- the widget --------------------------------------------------------------------------------------------------


@pytest.fixture
def draft(tmp_path: Path) -> ProfileDraft:
    made = ProfileDraft(Gateway(Connection(region="eu-west-1")), "d-abc", "alice", store=Store(tmp_path))
    made.domain = DescribedDomain("d-abc", "lab", "InService", {}, DEFAULTS, {})
    made.take(Described("d-abc", "alice", "InService", {}, OWN, {"UserSettings": {**OWN, "NewThing": "x"}}))
    return made


@pytest.fixture
def shown() -> Iterator[tuple[Effective, list[tuple[str, str]]]]:
    acts: list[tuple[str, str]] = []
    layout = ipywidgets.Layout()
    made = Effective(on_action=lambda action, path: acts.append((action, path)), layout=layout)
    yield made, acts
    made.close()
    layout.close()


Shown = tuple[Effective, list[tuple[str, str]]]


def test_the_table_is_shown_and_hidden_and_follows_the_draft_while_it_is_shown(
    shown: Shown, draft: ProfileDraft
) -> None:
    table, _ = shown
    table.refresh(draft)
    seen = [table.is_shown]
    table.toggle(draft)
    assert table.state["title"] == "Settings in force for alice"
    assert table.state["note"] == ""
    assert table.state["rows"][-1][:2] == [UNKNOWN, "NewThing"]
    draft.settings.ExecutionRole = "arn:other"
    table.refresh(draft)
    assert table.state["rows"][0][2:] == ["UserSettings.ExecutionRole", "arn:other", "set here"]
    assert "once they are sent" in table.state["note"]
    seen.append(table.is_shown)
    table.toggle(draft)
    assert [*seen, table.is_shown] == [False, True, False]


def test_a_domain_that_cannot_be_read_is_said_and_nothing_false(shown: Shown, draft: ProfileDraft) -> None:
    table, _ = shown
    draft.domain, draft.domain_note = None, "What this profile inherits is not shown. Not allowed."
    table.toggle(draft)
    assert table.state["note"].startswith("What this profile inherits is not shown.")
    assert {row[4] for row in table.state["rows"]} == {"set here", "explicitly empty"}


def test_a_row_leads_to_its_field_and_the_table_can_be_closed(shown: Shown) -> None:
    table, acts = shown
    browser_sends(table, do="go", path="UserSettings.ExecutionRole")
    browser_sends(table, do="close")
    forged: list[dict[str, Any]] = [{"do": "go"}, {"do": "go", "path": ""}, {"do": "erase"}, {}]
    for message in forged:
        browser_sends(table, **message)
    assert acts == [("go", "UserSettings.ExecutionRole"), ("close", "")]
