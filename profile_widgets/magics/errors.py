"""How a magic ends that did not do what it was asked for: by a sentence, and without a traceback."""

from __future__ import annotations

from collections.abc import Iterable

from profile_widgets.checks.problems import Problem
from profile_widgets.errors import ProfileWidgetsError


class MagicError(ProfileWidgetsError):
    """Say why a magic did not do what it was asked for.

    IPython shows the sentence alone, and "run all" stops there. ``problems`` are the findings that stopped a request;
    ``__cause__`` is the error of a call to AWS.

    Example::

        try:
            get_ipython().run_line_magic("update_user_profile", "--domain-id d-abc123")
        except MagicError as error:
            print(error)
    """

    def __init__(self, text: str, problems: Iterable[Problem] = ()) -> None:
        super().__init__(text)
        self.problems = tuple(problems)

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [str(self)]


class StoppedError(KeyboardInterrupt):
    """Say what is known of a request whose cell was interrupted. It stops a loop, as every interrupt does."""

    def _render_traceback_(self) -> list[str]:
        """Return what IPython shows instead of a traceback."""
        return [str(self)]
