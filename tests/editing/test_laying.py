"""A request that was written elsewhere is laid over what is edited."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from profile_widgets.editing.laying import lay, left_out, over
from profile_widgets.errors import InvalidSettingsError
from profile_widgets.model import documents
from tests.documents import documents as settings_documents
from tests.editing.conftest import DOMAIN, Load, stored

QUICK = settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
ROLE = "arn:aws:iam::123456789012:role/service-role/New"


@QUICK
@given(settings_documents("UserSettings"), settings_documents("UserSettings"))
def test_what_is_laid_over_is_there_afterwards_and_the_rest_stays(base: dict[str, Any], top: dict[str, Any]) -> None:
    result = over(base, top)
    assert over(result, top) == result
    for path, value in leaves(top):
        assert documents.same(documents.get(result, path), value), path
    assert {name: value for name, value in result.items() if name not in top} == {
        name: value for name, value in base.items() if name not in top
    }


def leaves(document: dict[str, Any], prefix: str = "") -> list[tuple[str, Any]]:
    found = []
    for name, value in document.items():
        path = documents.join(prefix, name)
        found += leaves(value, path) if isinstance(value, dict) and value else []
        if not isinstance(value, dict):
            found.append((path, value))
    return found


async def test_it_is_one_edit_that_undo_takes_back(load: Load) -> None:
    draft = await load()
    before = draft.settings.to_document()
    changes = lay(draft, {"UserSettings": {"ExecutionRole": ROLE, "StudioWebPortal": "DISABLED"}})
    assert {change.path for change in changes} == {"UserSettings.ExecutionRole", "UserSettings.StudioWebPortal"}
    draft.history.undo()
    assert draft.settings.to_document() == before


async def test_it_reaches_aws_as_if_it_had_been_typed(load: Load, sagemaker: Any) -> None:
    draft = await load()
    lay(draft, {"UserSettings": {"ExecutionRole": ROLE}})
    assert (await draft.submit()).ok
    assert stored(sagemaker)["ExecutionRole"] == ROLE


async def test_what_the_form_cannot_hold_changes_nothing(load: Load) -> None:
    draft = await load()
    before = draft.settings.to_document()
    with pytest.raises(InvalidSettingsError):
        lay(draft, {"UserSettings": {"ExecutionRole": ROLE, "SecurityGroups": {"not": "a list"}}})
    assert draft.settings.to_document() == before
    assert not draft.changes


async def test_a_stored_profile_keeps_its_name_and_takes_no_tags(load: Load) -> None:
    draft = await load()
    request = {"DomainId": "d-elsewhere", "UserProfileName": "other", "Tags": [{"Key": "a", "Value": "b"}]}
    assert lay(draft, request) == ()
    assert left_out(draft, request) == ("Tags",)
    assert (draft.domain_id, draft.name) == (DOMAIN, "analyst-1")


async def test_a_new_profile_takes_name_tags_and_settings_and_stays_in_its_domain(load: Load) -> None:
    draft = await load(create=True, name="")
    tags = [{"Key": "team", "Value": "x"}]
    request = {"DomainId": "d-elsewhere", "UserProfileName": "new-1", "Tags": tags, "UserSettings": {}}
    lay(draft, request)
    assert left_out(draft, request) == ()
    assert draft.request() == {"DomainId": DOMAIN, "UserProfileName": "new-1", "Tags": tags, "UserSettings": {}}
