"""The line between the page and the sandbox, on which every answer can be lost, cut, forged or changed."""

from __future__ import annotations

import json
import select
from collections.abc import Callable
from typing import Any, TypeAlias

from benchmarks.faults.proxy import Proxy, Relay

Rule: TypeAlias = "Callable[[Passage], None]"
HTML = b"<html><script>window.ran=1</script><h1>502 Bad Gateway</h1></html>"
ANY = "*"


class Line(Proxy):
    """Pass everything on, but for what ``rules`` say, by operation or ``*``.

    ``calls`` are the operations that were asked for; ``closing`` lets the next :func:`done_and` close the line.
    """

    def __init__(self, sandbox: Any) -> None:
        self.rules: dict[str, Rule] = {}
        self.calls: list[str] = []
        self.hanging = True
        self.closing = False
        super().__init__(sandbox)

    def open(self) -> None:
        """Listen, at the same port as before."""
        super().open()
        assert self._server is not None
        self._server.RequestHandlerClass = type("BoundPassage", (Passage,), {"proxy": self, "line": self})

    def close(self) -> None:
        """Refuse connections, and break those off that are open."""
        self.hanging = False
        super().close()

    def calm(self) -> None:
        """Pass everything on."""
        self.rules.clear()
        self.hanging, self.closing = True, False
        super().calm()

    @property
    def writes(self) -> int:
        """Return how many writes the sandbox took through this line."""
        return len(self.applied)


class Passage(Relay):
    """Be one request on its way."""

    line: Line
    operation: str
    body: bytes

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2] or "GetCallerIdentity"
        self.line.calls.append(self.operation)
        rule = self.line.rules.get(self.operation) or self.line.rules.get(ANY)
        (rule or through)(self)

    def deliver(self) -> tuple[int, dict[str, str], bytes]:
        """Let the sandbox do what is asked, and return its answer."""
        return self._pass_on(self.operation, self.body)

    def say(self, status: int, headers: dict[str, str], body: bytes, announced: int | None = None) -> None:
        """Answer; with more bytes ``announced`` than there are, hang up after them."""
        self._reply(status, headers, body, announced)
        self.close_connection = announced is not None

    def reset(self) -> None:
        """Break the connection off."""
        self._reset()

    def hang(self) -> None:
        """Say nothing until whoever asked gives up, or the line is calm again."""
        while self.line.hanging and not select.select([self.connection], [], [], 0.05)[0]:
            pass
        self.close_connection = True


# -- rules -----------------------------------------------------------------------------------------------------------


def through(passage: Passage) -> None:
    """Pass on as if nothing were."""
    passage.say(*passage.deliver())


def answered(status: int, body: bytes, kind: str = "application/x-amz-json-1.1") -> Rule:
    """Answer in the sandbox's place."""
    return lambda passage: passage.say(status, {"Content-Type": kind}, body)


def refused(code: str, message: str = "No.", status: int = 400) -> Rule:
    """Refuse in AWS's form."""
    return answered(status, json.dumps({"__type": code, "message": message}).encode())


def lost(passage: Passage) -> None:
    """Lose the request, or, when it was delivered, its answer."""
    passage.reset()


def lost_after(passage: Passage) -> None:
    """Lose the answer: what was asked is done."""
    passage.deliver()
    passage.reset()


def hung(passage: Passage) -> None:
    """Take the request and never answer."""
    passage.hang()


def hung_after(passage: Passage) -> None:
    """Do what is asked, and never answer."""
    passage.deliver()
    passage.hang()


def reset_inside(passage: Passage) -> None:
    """Break the connection off in the middle of the answer."""
    status, headers, body = passage.deliver()
    passage.say(status, headers, body[: len(body) // 2], len(body))
    passage.wfile.flush()
    passage.reset()


def truncated(passage: Passage) -> None:
    """Announce the whole answer and send half of it."""
    status, headers, body = passage.deliver()
    passage.say(status, headers, body[: len(body) // 2], len(body))


def halved(passage: Passage) -> None:
    """Send half of the answer as if it were the whole."""
    status, headers, body = passage.deliver()
    passage.say(status, headers, body[: len(body) // 2])


def instead(status: int, body: bytes, kind: str = "application/x-amz-json-1.1") -> Rule:
    """Do what is asked, and answer something else."""

    def rule(passage: Passage) -> None:
        passage.deliver()
        passage.say(status, {"Content-Type": kind}, body)

    return rule


def changed(change: Callable[[dict[str, Any]], object]) -> Rule:
    """Pass on, and change the answer's document."""

    def rule(passage: Passage) -> None:
        status, headers, body = passage.deliver()
        document = json.loads(body)
        if status == 200:
            change(document)
        passage.say(status, headers, json.dumps(document).encode())

    return rule


def times(count: int, rule: Rule) -> Rule:
    """Apply a rule to the first requests only."""
    left = [count]

    def some(passage: Passage) -> None:
        left[0] -= 1
        (rule if left[0] >= 0 else through)(passage)

    return some


def done_and(act: Callable[[], object], answer: Rule = through) -> Rule:
    """Do what is asked, then act, and only then answer: as it was done, or as ``answer`` does."""

    def rule(passage: Passage) -> None:
        done = passage.deliver()
        act()
        if answer is through:
            passage.say(*done)
        else:
            answer(passage)
        if passage.line.closing:
            passage.line.close()

    return rule
