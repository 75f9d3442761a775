"""AWS is newer, fuller or poorer than the installed botocore thinks: it is shown and kept, and the rest is edited."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.sandbox import Sandbox
from tests.page_faults.conftest import Open, lift, stored, with_edits
from tests.page_faults.faults import DONE, READ, WRITE
from tests.page_faults.line import Line, changed
from tests.page_faults.window import DOMAIN, EDITS, NAME, Window, drafts


async def sends(window: Window) -> None:
    """Edit what these tests edit, and send it."""
    window.edit()
    window.keeps_the_edits()
    window.submit()
    await window.says(DONE)
    await window.quiet()


async def test_a_newer_value_is_shown_and_kept(line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open) -> None:
    newer = stored(sagemaker)
    newer["JupyterLabAppSettings"]["DefaultResourceSpec"]["InstanceType"] = "ml.z99.colossal"
    sandbox.put_raw(DOMAIN, NAME, newer)
    window = await open_window()
    assert window.editor.settings.JupyterLabAppSettings.DefaultResourceSpec.InstanceType == "ml.z99.colossal"
    await sends(window)
    assert stored(sagemaker) == with_edits(newer)
    assert line.writes == 1


async def test_a_newer_member_is_said_at_its_section_and_kept(
    sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    old = stored(sagemaker)
    sandbox.put_raw(DOMAIN, NAME, {**old, "CanvasAppSettings": {"Paint": "oil"}, "HologramAppSettings": {"Depth": 3}})
    window = await open_window()
    await window.says("Upgrade boto3")
    await sends(window)
    (asked,) = [call.parameters for call in sandbox.calls if call.operation == WRITE]
    assert set(asked["UserSettings"]) == {path.partition(".")[0] for path in EDITS}
    raw = sandbox._account.store.get("user-profile", DOMAIN, NAME).detail["UserSettings"]
    assert (raw["CanvasAppSettings"], raw["HologramAppSettings"]) == ({"Paint": "oil"}, {"Depth": 3})


async def test_a_newer_status_is_shown_and_waited_for_in_words(
    line: Line, sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    line.rules[READ] = changed(lambda document: document.update(Status="Relocating"))
    window = await open_window()
    await window.says("Relocating")
    window.edit()
    window.submit()
    await window.says("The kit does not know the status “Relocating” and waits")
    window.answer("stop")
    await window.quiet()
    assert "load the profile again to see what became of it" in window.outcome.text
    window.keeps_the_edits()
    lift(line, sandbox)
    window.answer("retry")
    await window.says("What you sent before had arrived after all")
    await window.quiet()
    assert stored(sagemaker) == with_edits(before)
    assert line.writes == 1
    assert drafts(window.editor.draft.where) == 0


async def test_a_domain_without_defaults_leaves_the_profile_editable(
    line: Line, sagemaker: Any, open_window: Open
) -> None:
    before = stored(sagemaker)
    line.rules["DescribeDomain"] = changed(lambda document: document.pop("DefaultUserSettings"))
    window = await open_window()
    assert not window.notice
    assert window.editor.draft.defaults == {}
    assert not [each for each in window.editor.form.board.values() if each.get("origin") == "domain"]
    await sends(window)
    assert stored(sagemaker) == with_edits(before)


async def test_a_profile_without_settings_can_be_given_some(
    sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    sandbox.put_raw(DOMAIN, "empty", None)
    window = await open_window(DOMAIN, "empty")
    window.editor.settings.put("StudioWebPortal", "DISABLED")
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker, "empty") == {"StudioWebPortal": "DISABLED"}


async def test_two_hundred_custom_images_are_shown_and_kept(
    sandbox: Sandbox, sagemaker: Any, open_window: Open
) -> None:
    images = [{"ImageName": f"image-{number}", "AppImageConfigName": f"config-{number}"} for number in range(200)]
    many = stored(sagemaker)
    many["JupyterLabAppSettings"]["CustomImages"] = images
    sandbox.put_raw(DOMAIN, NAME, many)
    window = await open_window()
    window.editor.form.reveal("UserSettings.JupyterLabAppSettings.CustomImages[199].ImageName")
    await sends(window)
    assert stored(sagemaker) == with_edits(many)
    window.editor.settings.put("JupyterLabAppSettings.CustomImages[199].ImageName", "image-of-all")
    window.submit()
    await window.says(DONE)
    assert stored(sagemaker)["JupyterLabAppSettings"]["CustomImages"][198:] == [
        images[198],
        {**images[199], "ImageName": "image-of-all"},
    ]


@pytest.mark.parametrize(
    ("strange", "words"),
    [
        ({"SecurityGroups": "sg-1"}, "was not what SageMaker sends"),
        ({"SecurityGroups": {"first": "sg-1"}}, "was not what SageMaker sends"),
        ({"JupyterLabAppSettings": ["ml.t3.medium"]}, "could not be read|was not what SageMaker sends"),
    ],
    ids=["a text for a list", "a structure for a list", "a list for a structure"],
)
async def test_what_is_stored_in_another_form_is_not_opened_and_what_is_open_stays(
    strange: dict[str, Any], words: str, line: Line, sandbox: Sandbox, open_window: Open
) -> None:
    window = await open_window()
    window.edit()
    line.rules[READ] = changed(lambda document: document.update(UserSettings=strange))
    await window.editor.load(DOMAIN, "bare")
    await window.says(words)
    window.keeps_the_edits()
    lift(line, sandbox)
    window.submit()
    await window.says(DONE)
