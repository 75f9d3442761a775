from __future__ import annotations

import pytest

from profile_widgets.model.shapes import shape
from profile_widgets.widgets.pasting import hint, items

REPOSITORY = shape("CodeRepositories").item
IMAGE = shape("CustomImages").item


def test_lines_become_items_where_an_item_is_one_text() -> None:
    assert items(REPOSITORY, " https://a/b\n\nhttps://c/d ") == [
        {"RepositoryUrl": "https://a/b"},
        {"RepositoryUrl": "https://c/d"},
    ]


def test_json_becomes_items_of_any_kind() -> None:
    assert items(IMAGE, '[{"ImageName": "a"}, {"ImageName": "b"}]') == [{"ImageName": "a"}, {"ImageName": "b"}]
    assert items(IMAGE, '{"ImageName": "a"}') == [{"ImageName": "a"}]


@pytest.mark.parametrize("text", ["a, b", "[1, 2]", '{"ImageName": ', '"text"'])
def test_what_cannot_be_read_is_refused_with_the_reason_and_what_would_do(text: str) -> None:
    with pytest.raises(ValueError, match="JSON") as refused:
        items(IMAGE, text)
    assert hint(IMAGE) in str(refused.value)
