from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from ipywidgets import Layout

from profile_widgets.widgets.choosers import LONGEST, MOST, Chooser, ago, tone
from tests.widgets.conftest import browser_sends

NOW = datetime(2025, 6, 15, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("gone", "text"),
    [
        (timedelta(seconds=5), "just now"),
        (timedelta(minutes=1), "1 minute ago"),
        (timedelta(hours=5), "5 hours ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=70), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-3), "just now"),
    ],
)
def test_a_moment_is_said_in_words(gone: timedelta, text: str) -> None:
    assert ago(NOW - gone, NOW) == text


def test_an_unknown_moment_is_not_said() -> None:
    assert ago(None) == ""


def test_a_status_is_not_told_by_colour_alone_and_an_unknown_one_is_never_good() -> None:
    assert tone("InService") == "good"
    assert tone("Update_Failed") == "bad"
    assert tone("SomethingNew") == "none"


def test_no_more_than_200_rows_travel() -> None:
    layout = Layout()
    chooser = Chooser(on_choose=print, on_search=print, layout=layout)
    chooser.offer((str(number), str(number), "") for number in range(1000))
    assert len(chooser.rows) == MOST
    chooser.close()
    layout.close()


def test_what_the_person_does_is_told() -> None:
    layout = Layout()
    heard: list[str] = []
    chooser = Chooser(on_choose=heard.append, on_search=lambda text: heard.append(f"?{text}"), layout=layout)
    browser_sends(chooser, do="choose", value="alice")
    browser_sends(chooser, do="search", text="al")
    browser_sends(chooser, do="explode")
    browser_sends(chooser, do="more")
    assert heard == ["alice", "?al"]
    chooser.close()
    layout.close()


def test_rows_say_which_text_they_answer_and_hold_nothing_that_cannot_be_sent() -> None:
    layout = Layout()
    chooser = Chooser(on_choose=print, on_search=print, layout=layout)
    browser_sends(chooser, do="search", text="al ")
    chooser.offer([])
    assert chooser.sought == "al "
    browser_sends(chooser, do="search", text="a\ud83d" + "b" * 1000)
    chooser.offer([("1", "1", "")], more=("Show more", ""))
    assert (len(chooser.sought), chooser.sought[:2], chooser.more) == (LONGEST - 1, "ab", ["Show more", ""])
    chooser.offer([])
    assert chooser.more == []
    chooser.close()
    layout.close()


def test_the_wish_for_more_is_told_to_who_listens() -> None:
    layout = Layout()
    heard: list[str] = []
    chooser = Chooser(on_choose=print, on_search=print, on_more=lambda: heard.append("more"), layout=layout)
    browser_sends(chooser, do="more")
    assert heard == ["more"]
    chooser.close()
    layout.close()
