"""A lesson looks at whatever people answer, says right or not yet, and never stops a notebook."""

from __future__ import annotations

import doctest

import pytest

from profile_widgets.lessons import Lesson, Question, asking

EVEN = Question("even", lambda answer: "" if answer % 2 == 0 else f"{answer} is odd.", "2 divides it.", "Halve it.")


def test_a_right_answer_is_told_with_its_reason_and_counts() -> None:
    lesson = Lesson([EVEN])
    assert repr(lesson.check("even", 4)) == "Right. 2 divides it."
    assert lesson.score().right
    assert lesson.score().text == "1 of 1 questions are answered rightly. Well done."


def test_a_wrong_answer_is_told_what_is_not_right_yet() -> None:
    lesson = Lesson([EVEN])
    verdict = lesson.check("even", 3)
    assert (verdict.right, verdict.text) == (False, "Not yet. 3 is odd.")
    assert lesson.score().text == "0 of 1 questions are answered rightly. Not yet: even."


def test_the_dots_are_no_answer() -> None:
    verdict = Lesson([EVEN]).check("even", ...)
    assert verdict.right is None
    assert 'lesson.hint("even")' in verdict.text


def test_the_last_answer_counts() -> None:
    lesson = Lesson([EVEN])
    lesson.check("even", 4)
    lesson.check("even", 5)
    assert not lesson.score().right


@pytest.mark.parametrize("answer", [None, "four", object(), [], {"even": 4}])
def test_an_answer_of_any_other_kind_is_not_yet_and_never_an_exception(answer: object) -> None:
    verdict = Lesson([EVEN]).check("even", answer)
    assert verdict.right is False
    assert len(verdict.text) < 1000


@pytest.mark.parametrize("lesson", asking.LESSONS)
def test_every_question_takes_any_answer(lesson: str) -> None:
    for name in Lesson(lesson).questions:
        for answer in (None, "", 10**4000, [[]], {"x": [1]}, "x" * 10_000, {1, None}, object()):
            verdict = Lesson(lesson).check(name, answer)
            assert verdict.right is False
            assert len(verdict.text) < 2000


@pytest.mark.parametrize("lesson", asking.LESSONS)
def test_every_question_has_a_reason_and_a_hint(lesson: str) -> None:
    for question in Lesson(lesson).questions.values():
        assert question.because.endswith(".")
        assert Lesson(lesson).hint(question.name).text


def test_a_name_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(KeyError, match="tour"):
        Lesson("turn")
    with pytest.raises(KeyError, match="even"):
        Lesson([EVEN]).check("odd", 3)


def test_the_examples_of_the_docstrings_hold() -> None:
    assert doctest.testmod(asking).failed == 0
