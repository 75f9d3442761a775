"""Half characters: told apart from whole ones, and never repeated as they are."""

from __future__ import annotations

from profile_widgets.checks import check
from profile_widgets.model.halves import escaped, holds_half
from profile_widgets.model.problems import shown

EMOJI = "\N{GRINNING FACE}"


def test_halves_are_told_from_whole_characters() -> None:
    assert holds_half(EMOJI.encode("utf-16", "surrogatepass").decode("utf-16")) is False
    assert [holds_half(text) for text in ("", "plain", EMOJI, "\ud83d", "a\ude00")] == [False, False, False, True, True]


def test_a_half_is_written_as_an_escape_and_the_rest_stays() -> None:
    assert escaped(f"{EMOJI}a\ud83d\n") == f"{EMOJI}a\\ud83d\n"


def test_a_message_can_always_be_sent_on() -> None:
    assert shown("a\ud83d") == "“a\\ud83d”"
    for problem in check({"DomainId": "d-\ud83d", "Colo\ud83dr": "x", "UserSettings": {"A\ud83d": 1}}):
        f"{problem.path} {problem.message}".encode()
