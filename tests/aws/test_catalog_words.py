"""The words of a row."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from profile_widgets.aws.catalog import words


@pytest.mark.parametrize(
    ("given", "seen"),
    [
        ("plain", "plain"),
        ("  two\r\n\tlines\u2028here ", "two lines here"),
        ("\x00\x1b[31mred\x9b", "[31mred"),
        ("\u202eturned\u2066 around\u2069", "turned around"),
        ("<b>&amp;</b> \N{ROCKET} \u05d0\u200f", "<b>&amp;</b> \N{ROCKET} \u05d0\u200f"),
        ("", ""),
        (None, ""),
        (12, ""),
        (["x"], ""),
    ],
)
def test_a_text_is_shown_as_one_line_without_what_moves_others(given: Any, seen: str) -> None:
    assert words.shown(given) == seen


def test_a_long_text_is_cut_and_says_so() -> None:
    assert words.shown("x" * 10**6, 5) == "xxxx…"
    assert len(words.joined(*["y" * 300] * 5)) == words.LONGEST_DETAIL


@pytest.mark.parametrize(
    ("age", "said"),
    [
        (timedelta(), "created today"),
        (timedelta(hours=-5), "created today"),
        (timedelta(days=1, hours=1), "created 1 day ago"),
        (timedelta(days=29), "created 29 days ago"),
        (timedelta(days=31), "created 1 month ago"),
        (timedelta(days=364), "created 12 months ago"),
        (timedelta(days=800), "created 2 years ago"),
    ],
)
def test_an_age_is_told_in_the_largest_unit(age: timedelta, said: str) -> None:
    moment = datetime.now(timezone.utc) - age
    assert words.since(moment) == said
    assert words.since(moment.replace(tzinfo=None)) == said


@pytest.mark.parametrize("moment", [None, "2025-05-20", 0])
def test_what_is_no_time_has_no_age_and_no_day(moment: Any) -> None:
    assert words.since(moment) == ""
    assert words.on(moment) == ""


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 bytes"), (999, "999 bytes"), (2048, "2 KiB"), (1.5 * 1024**3, "1.5 GiB"), (1023 * 1024, "1,023 KiB")],
)
def test_sizes_are_told_in_the_largest_unit(count: float, said: str) -> None:
    assert words.size(count) == said


@pytest.mark.parametrize("count", [None, "x", True, -1, float("inf")])
def test_what_is_no_size_is_not_told(count: Any) -> None:
    assert words.size(count) in ("", "inf PiB")


@pytest.mark.parametrize("tags", [None, "x", [], [None, {"Key": 1}], [{"Key": "Name", "Value": 7}], [{"Key": "Name"}]])
def test_tags_that_are_none_give_no_name(tags: Any) -> None:
    assert words.tag({"Tags": tags}) == ""
