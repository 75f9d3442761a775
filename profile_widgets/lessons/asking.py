"""A lesson: questions by name, what was said to each, and what is right so far."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

LESSONS = {"tour": "profile_widgets.lessons.tour", "administrators": "profile_widgets.lessons.administrators"}
"""The lessons that the kit brings along, each with the module that holds its ``QUESTIONS``."""
LONGEST = 300
"""How much of a text that was answered, or of an error, is said again."""


@dataclass(frozen=True)
class Question:
    """One question of a lesson.

    ``judge`` gets the answer, and what else the notebook hands over to look at; it returns an empty text when the
    answer is right, and otherwise a sentence that says what is not right yet, without giving the answer away.
    ``because`` is said with what is right, ``hint`` when it is asked for.
    """

    name: str
    judge: Callable[..., str]
    because: str
    hint: str


@dataclass(frozen=True)
class Verdict:
    """What a lesson says to an answer; ``right`` is None where nothing was answered."""

    right: bool | None
    text: str

    def __repr__(self) -> str:
        return self.text


class Lesson:
    """Look at the answers of one lesson: ``"tour"``, ``"administrators"``, or questions of your own.

    An answer that was not given (``...``) and one that cannot be looked at are "not yet" like a wrong one, so that a
    notebook runs on from top to bottom whatever stands in it. KeyError for a lesson or a question that is not there.

    >>> lesson = Lesson("tour")
    >>> lesson.check("role", "ExecutionRole").right
    True
    >>> lesson.check("role", ...)
    Not answered yet: write your answer in place of the dots. lesson.hint("role") helps.
    """

    def __init__(self, lesson: str | Iterable[Question]) -> None:
        if isinstance(lesson, str) and lesson not in LESSONS:
            raise KeyError(f"There is no lesson {lesson!r}; there are {', '.join(LESSONS)}.")
        asked = importlib.import_module(LESSONS[lesson]).QUESTIONS if isinstance(lesson, str) else lesson
        self.questions: dict[str, Question] = {question.name: question for question in asked}
        self._right: set[str] = set()

    def check(self, name: str, answer: Any = ..., *about: Any) -> Verdict:
        """Look at an answer and say whether it is right; ``about`` is what the question looks at beside it.

        >>> Lesson("tour").check("export", {"cloudformation", "terraform"})  # doctest: +ELLIPSIS
        Right. ...
        """
        question = self._find(name)
        self._right.discard(name)
        if answer is ...:
            text = "Not answered yet: write your answer in place of the dots."
            return Verdict(None, f'{text} lesson.hint("{name}") helps.')
        try:
            against = question.judge(answer, *about)
        except Exception as error:  # noqa: BLE001 - people answer anything; a lesson goes on
            against = f"This cannot be looked at ({type(error).__name__}: {str(error)[:LONGEST]})."
        if against:
            return Verdict(False, f"Not yet. {against}")
        self._right.add(name)
        return Verdict(True, f"Right. {question.because}")

    def hint(self, name: str) -> Verdict:
        """Return what helps with a question.

        >>> Lesson("tour").hint("role")  # doctest: +ELLIPSIS
        Look ...
        """
        return Verdict(None, self._find(name).hint)

    def score(self) -> Verdict:
        """Say how many questions are answered rightly, and which are not yet.

        >>> Lesson("tour").score().right
        False
        """
        missing = [name for name in self.questions if name not in self._right]
        done = f"{len(self._right)} of {len(self.questions)} questions are answered rightly."
        return Verdict(not missing, f"{done} Not yet: {', '.join(missing)}." if missing else f"{done} Well done.")

    def _find(self, name: str) -> Question:
        if name not in self.questions:
            raise KeyError(f"This lesson has no question {name!r}; it has {', '.join(self.questions)}.")
        return self.questions[name]


def shown(value: object) -> str:
    """Return a value as it is said again: cut where it is long."""
    text = repr(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."
