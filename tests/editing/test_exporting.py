"""A draft leaves the kit as the request that it sends, or as the profile that it makes."""

from __future__ import annotations

import json

import pytest

from profile_widgets.editing.exporting import document_for, written
from tests.editing.conftest import DOMAIN, Load

ROLE = "arn:aws:iam::123456789012:role/service-role/New"


async def test_a_request_holds_what_changed_and_a_description_all_of_the_profile(load: Load) -> None:
    draft = await load()
    draft.settings.ExecutionRole = ROLE
    assert document_for(draft, "json") == draft.request()
    assert list(draft.request()["UserSettings"]) == ["ExecutionRole"]
    for whole in ("cloudformation", "terraform"):
        described = document_for(draft, whole)
        assert described == {
            "DomainId": DOMAIN,
            "UserProfileName": "analyst-1",
            "UserSettings": draft.settings.to_document(),
        }
        assert len(described["UserSettings"]) > 1


async def test_account_ids_are_hidden_only_when_asked(load: Load) -> None:
    draft = await load()
    draft.settings.ExecutionRole = ROLE
    assert "123456789012" in written(draft, "json")
    hidden = written(draft, "json", hide_account_ids=True)
    assert "123456789012" not in hidden
    assert json.loads(hidden)["UserSettings"]["ExecutionRole"].endswith(":role/service-role/New")


async def test_a_format_that_does_not_exist_is_answered_with_those_that_do(load: Load) -> None:
    with pytest.raises(ValueError, match="cloudformation"):
        written(await load(), "docx")
