"""Lists whose pages go round in circles or break off half-way, for those who read lists to the end."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.pages import PageForm, form_of
from profile_widgets.sandbox.protocols import Asked
from profile_widgets.sandbox.refusals import Refusal

_FIRST, _SECOND = "c2FuZGJveC1sb29wLUFB", "c2FuZGJveC1sb29wLUJC"
"""The two tokens of a list in circles; base64, for FSx takes nothing else."""
_MORE = "c2FuZGJveC1icmVhay1D"
"""The token that promises a page which will break."""


@dataclass
class _Break:
    after: int
    refusal: tuple[str, str, int | None]
    pages: dict[str, int] = field(default_factory=dict)
    """Which page each token leads to."""


class PageFaults:
    """Hold the switches for pages; every method may be called from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._loops: dict[str, dict[str, str]] = {}
        self._breaks: dict[str, _Break] = {}

    def loop(self, operation: str) -> None:
        """Let the pages of an operation go round: first, second, first, second."""
        with self._lock:
            self._loops[operation] = {}

    def break_after(self, operation: str, pages: int, refusal: tuple[str, str, int | None]) -> None:
        """Let the page after so many of an operation be refused, every time it is asked for."""
        with self._lock:
            self._breaks[operation] = _Break(pages, refusal)

    def mend(self, operation: str | None = None) -> None:
        """Let the pages of an operation, or of all, be whole again."""
        with self._lock:
            for switch in (self._loops, self._breaks):
                for name in [operation] if operation else list(switch):
                    switch.pop(name, None)

    def inward(self, asked: Asked, question: Question) -> Question:
        """Return the request with the list's own token in place of a loop's; refuse the page that is broken."""
        with self._lock:
            form = self._form(asked, question)
            if form is None:
                return question
            parameters = form.parameters(question)
            token = str(parameters.get(form.token) or "")
            broken = self._breaks.get(asked.name)
            if broken is not None and (broken.pages.get(token, 2) if token else 1) > broken.after:
                code, message, status = broken.refusal
                raise Refusal(code, message, status)
            if asked.name in self._loops and token:
                second = self._loops[asked.name].get(_about(form, parameters)) if token == _FIRST else None
                return form.asking(question, **{form.token: second or None})
        return question

    def outward(self, asked: Asked, question: Question, reply: Reply) -> Reply:
        """Return the answer with a loop's token, or with the promise of the page that will break.

        `question` is the request as it came, before `inward`.
        """
        with self._lock:
            form = self._form(asked, question)
            if form is None or reply.status != 200 or not reply.body:
                return reply
            parameters = form.parameters(question)
            token = str(parameters.get(form.token) or "")
            if asked.name in self._loops:
                if token == _FIRST:
                    return form.answering(reply, _SECOND)[0]
                self._loops[asked.name][_about(form, parameters)] = form.token_of(reply)
                return form.answering(reply, _FIRST)[0]
            return self._promise_more(self._breaks[asked.name], form, token, reply)

    def _form(self, asked: Asked, question: Question) -> PageForm | None:
        """Return how an operation with a switch writes its pages; None for the others."""
        if asked.name not in self._loops and asked.name not in self._breaks:
            return None
        if asked.action == "s3:ListBucket" and "list-type=2" not in question.target:
            return None
        return form_of(asked.service, asked.action)

    @staticmethod
    def _promise_more(broken: _Break, form: PageForm, token: str, reply: Reply) -> Reply:
        page = broken.pages.get(token, 2) if token else 1
        following = form.token_of(reply)
        if not following and page <= broken.after:
            following = _MORE
            reply = form.answering(reply, following)[0]
            broken.pages[following] = broken.after + 1
        elif following:
            broken.pages[following] = page + 1
        return reply


def _about(form: PageForm, parameters: Mapping[str, Any]) -> str:
    """Return what a request asks for, whichever page of it."""
    return repr(sorted((k, repr(v)) for k, v in parameters.items() if k not in (form.token, form.size)))
