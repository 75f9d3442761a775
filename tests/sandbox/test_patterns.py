"""AWS's patterns: whole matches, in Java's sense, and never long ones."""

from __future__ import annotations

import re
import threading

import pytest

from profile_widgets.sandbox.patterns import LINEAR_EQUIVALENTS, linear, matches
from profile_widgets.sandbox.service_model import installed_model

REPOSITORY = r"https://([.\-_a-zA-Z0-9]+/?){3,1016}"


def test_a_pattern_must_match_the_whole_value() -> None:
    assert matches("[a-z]+", "abc")
    assert not matches("[a-z]+", "abc1")
    assert not matches("[a-z]+", "abc\n")
    assert not matches(r"(^\d+$)|(^\d+.\d+$)", "1\n")


def test_tag_patterns_take_letters_of_every_script() -> None:
    pattern = r"([\p{L}\p{Z}\p{N}_.:/=+\-@]*)"
    assert matches(pattern, "Équipe 7 / 研究")
    assert not matches(pattern, "a#b")
    assert not matches(pattern, "a\nb")


def test_digits_are_ascii_as_in_java() -> None:
    assert matches(r"\d{2}", "12")
    assert not matches(r"\d{2}", "١٢")


@pytest.mark.parametrize(
    "url",
    [
        "https://abc",
        "https://a/b/c",
        "https://a/b",
        "https://ab/",
        "https://a/b/c/",
        "https://github.com/northwind-research/notebooks.git",
        "https://",
        "https:///a/b/c",
        "https://a//b/c",
        "http://a/b/c",
        "https://a/b/c ",
        "https://a/b/c?x",
    ],
)
def test_the_linear_repository_pattern_means_the_same(url: str) -> None:
    assert matches(REPOSITORY, url) is (re.fullmatch(REPOSITORY, url) is not None)


def test_the_linear_patterns_stand_for_patterns_of_the_model() -> None:
    pattern = installed_model().shape("RepositoryUrl")["pattern"]
    assert linear(pattern) in LINEAR_EQUIVALENTS.values()


def finishes(pattern: str, value: str) -> bool:
    answers: list[bool] = []
    thread = threading.Thread(target=lambda: answers.append(matches(pattern, value)), daemon=True)
    thread.start()
    thread.join(20)
    return answers == [False]


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        (REPOSITORY, "https://" + "a" * 28 + "!"),
        (REPOSITORY, "https://" + "a" * 100_000 + "!"),
        (f"^{REPOSITORY}$", "https://" + "a" * 28 + "!"),
        ("(a|aa)+", "a" * 64 + "!"),
        ("(.*a){20}", "a" * 64 + "!"),
    ],
)
def test_a_match_has_an_end_whatever_the_value(pattern: str, value: str) -> None:
    assert finishes(pattern, value)
