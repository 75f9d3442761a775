"""How an answer is printed; that it can be is tried before a request is sent, for the answer comes afterwards."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.printing import show
from profile_widgets.formats.skeletons import skeleton
from profile_widgets.magics import speaking
from profile_widgets.magics.environment import Around
from profile_widgets.magics.errors import MagicError, StoppedError
from profile_widgets.magics.parsing import Asked

_ARN = "arn:aws:sagemaker:eu-west-1:111122223333:user-profile/{DomainId}/{UserProfileName}"
_SHOWN = 200


@dataclass(frozen=True)
class Page:
    """Say how an answer is printed: :func:`page_of` makes one."""

    ip: Any
    operation: str
    output: str
    query: str | None
    color: bool
    pager: str | None

    def text(self, answer: Mapping[str, Any]) -> str:
        """Return an answer as it is printed; raises FormatError for a query that does not fit it, and for a form."""
        width = speaking.width(self.ip)
        return show(answer, self.output, title=self.operation, query=self.query, color=self.color, width=width)

    def put(self, answer: Mapping[str, Any]) -> None:
        """Print an answer that nothing was sent for."""
        speaking.put(self.ip, self.text(answer), self.pager)

    def put_sent(self, answer: Mapping[str, Any]) -> None:
        """Print AWS's answer; whatever goes wrong with that, it is said that the request was done.

        Raises :class:`~profile_widgets.magics.errors.MagicError`, and
        :class:`~profile_widgets.magics.errors.StoppedError` after an interrupt.
        """
        try:
            self.put(answer)
        except KeyboardInterrupt:
            raise StoppedError(f"Stopped. {self.operation} was done; its answer was not printed to its end.") from None
        except Exception as error:
            whole = json.dumps(answer, default=str)
            reason = (str(error) or type(error).__name__).strip()[:_SHOWN].rstrip(".")
            raise MagicError(
                f"{self.operation} was done; its answer cannot be printed so: {reason}. The answer is {whole}"
            ) from error


def page_of(ip: Any, asked: Asked, around: Around, request: Mapping[str, Any]) -> Page:
    """Return how the answer to a request is to be printed, after printing one like it to nobody.

    Raises :class:`~profile_widgets.magics.errors.MagicError` for a query that is none or does not fit, and for an
    answer that has no such form.
    """
    color = asked.value("color") or "auto"
    page = Page(
        ip,
        asked.operation,
        around.output(),
        asked.value("query"),
        color == "on" or (color == "auto" and speaking.in_terminal(ip)),
        around.pager(),
    )
    try:
        page.text(_like_the_answer(asked.operation, request))
    except FormatError as error:
        place = f", column {error.column}" if error.format == "jmespath" and error.column else ""
        option = "--query" if page.query is not None else "--output"
        raise MagicError(f"{option}{place}: {error}") from error
    return page


def made_up(operation: str) -> dict[str, Any]:
    """Return an answer of an operation with its members' names for values, as the AWS CLI makes one up."""
    answer: dict[str, Any] = json.loads(skeleton(operation, "output"))  # type: ignore[arg-type, unused-ignore]
    return answer


def _like_the_answer(operation: str, request: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer as AWS would give it for a request, with an account and a region that stand for any."""
    names = {name: str(request.get(name) or name) for name in ("DomainId", "UserProfileName")}
    return {**made_up(operation), "UserProfileArn": _ARN.format_map(names)}
