"""What is said of options that were given and decide nothing, so that none is ignored in silence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from profile_widgets.magics.parsing import Asked
from profile_widgets.magics.requesting import binary_members

_OF_THE_CONNECTION = (
    "region", "endpoint-url", "no-verify-ssl", "no-sign-request", "ca-bundle", "cli-read-timeout",
    "cli-connect-timeout", "no-paginate", "debug",
)  # fmt: skip
"""The options of the connection; a profile is none of them, since its section says how an answer is printed."""

_OF_THE_ANSWER = ("output", "query", "color")


def about_sending(asked: Asked) -> Iterator[str]:
    """Return what there is to say of options when a request is sent."""
    if asked.has("no-verify-ssl"):
        yield "Certificates are not checked: whoever is between you and AWS can read and change everything."
    if asked.has("no-paginate"):
        yield f"The answer to {asked.operation} comes in one piece, so --no-paginate changes nothing of it."
    yield from _about_bytes(asked)


def about_editor(asked: Asked) -> Iterator[str]:
    """Return what there is to say of options when the editor is opened."""
    idle = _given(asked, ("color", "no-cli-pager"))
    if idle:
        yield f"How it looks the page decides, and it has no pager: {_listed(idle)} {_decide(idle)} nothing."
    yield from _about_bytes(asked)


def about_skeleton(asked: Asked, kind: str) -> Iterator[str]:
    """Return what there is to say of options beside a skeleton of a ``kind``."""
    if asked.has("cli-auto-prompt"):
        yield "--generate-cli-skeleton wins, so --cli-auto-prompt opens no editor."
    idle = _given(asked, _OF_THE_CONNECTION)
    if idle:
        yield f"Nothing is sent for a skeleton, so {_listed(idle)} {_decide(idle)} nothing."
    if kind == "output":
        yield from _about_bytes(asked)
        return
    of_the_request = (name for name, row in asked.table.items() if row.member is not None)
    idle = _given(asked, (*_OF_THE_ANSWER, "cli-input-json", "cli-input-yaml", "cli-binary-format", *of_the_request))
    if idle:
        yield f"The skeleton of a request is always the same whole, so {_listed(idle)} {_decide(idle)} nothing."


def _about_bytes(asked: Asked) -> Iterator[str]:
    if asked.has("cli-binary-format") and not binary_members(asked.operation):
        yield f"No member of {asked.operation} is binary, so --cli-binary-format changes nothing."


def _given(asked: Asked, names: Iterable[str]) -> list[str]:
    return [f"--{name}" for name in names if asked.has(name)]


def _listed(flags: list[str]) -> str:
    return flags[0] if len(flags) == 1 else f"{', '.join(flags[:-1])} and {flags[-1]}"


def _decide(flags: list[str]) -> str:
    return "decides" if len(flags) == 1 else "decide"
