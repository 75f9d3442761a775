"""What environment and configuration files say where no option does, as the AWS CLI reads them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import ROWS
from profile_widgets.magics.parsing import Asked

OUTPUTS = next(row.choices for row in ROWS if row.name == "output")
PROMPTS = ("on", "on-partial", "off")


class Around:
    """Say how a command is to behave, from its options, the environment and the profile's section of the files.

    The files are read when something is asked that options and environment do not tell, and once. A profile that is
    not there, and files that cannot be read, say nothing here: the connection tells of them.
    """

    def __init__(self, asked: Asked) -> None:
        self._asked = asked

    @cached_property
    def _section(self) -> Mapping[str, Any]:
        import botocore.session
        from botocore.exceptions import BotoCoreError

        try:
            return dict(botocore.session.Session(profile=self._asked.value("profile")).get_scoped_config())
        except BotoCoreError:
            return {}

    def require_profile(self) -> None:
        """Raise :class:`~profile_widgets.errors.CredentialsError` for a profile that the files do not hold.

        For what is done without AWS. The AWS CLI stops there too, whether an option or a variable names the profile.
        """
        import botocore.session
        from botocore.exceptions import ProfileNotFound

        from profile_widgets.aws.sessions import no_such_profile, profiles

        session = botocore.session.Session(profile=self._asked.value("profile"))
        try:
            session.get_scoped_config()
        except ProfileNotFound:
            raise no_such_profile(str(session.get_config_variable("profile")), list(profiles())) from None

    def _configured(self, name: str) -> str | None:
        found = self._section.get(name)
        return found if isinstance(found, str) else None

    def output(self) -> str:
        """Return how the answer is printed: the option, ``AWS_DEFAULT_OUTPUT``, the profile's ``output``, or json.

        Raises :class:`~profile_widgets.magics.errors.MagicError` for a word that nobody knows.
        """
        given = self._asked.value("output")
        return given if given is not None else self._word("AWS_DEFAULT_OUTPUT", "output", OUTPUTS, "json")

    def auto_prompt(self) -> str:
        """Return whether the editor is to be opened: ``on``, ``on-partial`` (when the request is not whole), ``off``.

        Raises :class:`~profile_widgets.magics.errors.MagicError` for both options at once, and for an unknown word.
        """
        on, off = self._asked.has("cli-auto-prompt"), self._asked.has("no-cli-auto-prompt")
        if on and off:
            raise MagicError("Give one of --cli-auto-prompt and --no-cli-auto-prompt, not both.")
        if on or off:
            return "on" if on else "off"
        return self._word("AWS_CLI_AUTO_PROMPT", "cli_auto_prompt", PROMPTS, "off")

    def pager(self) -> str | None:
        """Return the pager's command for long output in a terminal: ``""`` for none, ``None`` for IPython's own.

        The option counts first, then ``AWS_PAGER``, ``cli_pager`` of the profile, ``PAGER``: each may be empty.
        """
        if self._asked.has("no-cli-pager"):
            return ""
        if "AWS_PAGER" in os.environ:
            return os.environ["AWS_PAGER"].strip()
        found = self._configured("cli_pager")
        if found is None:
            found = os.environ.get("PAGER")
        return None if found is None else found.strip()

    def _word(self, variable: str, name: str, choices: tuple[str, ...], otherwise: str) -> str:
        """Return a word of the environment, or else of the profile; an unknown one is an error naming its place."""
        said = os.environ.get(variable)
        found = said or self._configured(name) or otherwise
        if found not in choices:
            where = variable if said else f"The profile's {name}"
            raise MagicError(f"{where} is “{found}”. Choose one of {', '.join(choices)}.")
        return found
