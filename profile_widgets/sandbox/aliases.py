"""Give moto's things the ids that the seed promises.

moto makes up the ids of networks, groups, keys, secrets and file systems at random, and each sandbox has a moto account
with a number of its own. The seed's domains name ids and the account in their settings, so each of moto's is exchanged
for the promised one in whatever leaves the sandbox, and back in whatever enters. They are long: nothing else looks like
them. What people store in buckets is theirs and left as it is.
"""

from __future__ import annotations

import re
from email.message import Message
from typing import TYPE_CHECKING

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.refusals import ACCOUNT_ID

if TYPE_CHECKING:
    from profile_widgets.sandbox.seeding import Step

_LATIN = "latin-1"


class Aliases:
    """Exchange moto's ids and the promised ones in requests and replies."""

    def __init__(self, account_number: str) -> None:
        self._outward: dict[str, str] = {}
        self._inward: dict[str, str] = {}
        self._add(account_number, ACCOUNT_ID)

    def _add(self, inside: str, outside: str) -> None:
        self._outward = {inside: outside, **self._outward}
        self._inward = {outside: inside, **self._inward}

    def learn(self, step: Step, reply: Reply) -> None:
        """Note which id moto gave to the thing that a step made."""
        if not step.promised:
            return
        found = re.search(step.found_by, reply.body.decode())
        if found is None:
            raise RuntimeError(f"moto's answer to {step.operation} holds no id: {reply.body.decode()[:500]}")
        self._add(found.group(1), step.promised)

    def inward(self, question: Question, *, stored: bool = False) -> Question:
        """Return the request as moto must see it; a body that is to be `stored` stays as it is."""
        headers = Message()
        for name, value in question.headers.items():
            headers[name] = _exchanged(value, self._inward)
        body = question.body if stored else _exchanged(question.body.decode(_LATIN), self._inward).encode(_LATIN)
        return Question(question.method, _exchanged(question.target, self._inward), headers, body)

    def outward(self, reply: Reply, *, stored: bool = False) -> Reply:
        """Return the reply as the outside must see it; a body that was `stored` stays as it is."""
        body = reply.body if stored else _exchanged(reply.body.decode(_LATIN), self._outward).encode(_LATIN)
        headers = ((name, _exchanged(value, self._outward)) for name, value in reply.headers)
        same = len(body) == len(reply.body)
        return Reply(reply.status, tuple(h for h in headers if same or h[0].lower() != "content-length"), body)


def _exchanged(text: str, pairs: dict[str, str]) -> str:
    for before, after in pairs.items():
        text = text.replace(before, after)
    return text
