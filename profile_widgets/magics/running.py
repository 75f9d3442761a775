"""What a magic does: read what is asked, check it, send it once, print the answer."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.checks import check
from profile_widgets.checks.problems import INFORMATION, Problem, ordered
from profile_widgets.editing.judgement import Standing, judge
from profile_widgets.editing.verdict import SETTINGS
from profile_widgets.errors import (
    CredentialsError,
    GatewayError,
    ProfileNotFound,
    ProfileWidgetsError,
    Unreachable,
)
from profile_widgets.formats.skeletons import skeleton
from profile_widgets.magics import remarks, speaking
from profile_widgets.magics.answering import Page, made_up, page_of
from profile_widgets.magics.asking import ask
from profile_widgets.magics.documentation import help_text
from profile_widgets.magics.environment import Around
from profile_widgets.magics.errors import MagicError, StoppedError
from profile_widgets.magics.options import MAGICS, options
from profile_widgets.magics.parsing import Asked
from profile_widgets.magics.requesting import Gathered, gather
from profile_widgets.magics.waiting import Aside
from profile_widgets.magics.words import Names
from profile_widgets.model import documents
from profile_widgets.model.shapes import CREATE, UPDATE

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.aws.gateway import Gateway
    from profile_widgets.aws.protocol import Answer, Described, DescribedDomain

NOT_SENT = "Stopped. Nothing was sent."


def run(ip: Any, operation: str, line: str, body: str | None, names: Names) -> None:
    """Do what a magic is asked for in the shell ``ip``; ``body`` is the rest of a cell, ``None`` for one line.

    Raises :class:`~profile_widgets.magics.errors.MagicError` for everything that goes wrong, and
    :class:`~profile_widgets.magics.errors.StoppedError` after an interrupt.
    """
    try:
        _Command(ip, ask(operation, line, body, names)).run()
    except MagicError:
        raise
    except ProfileWidgetsError as error:
        raise MagicError(speaking.without_advice(error)) from error


class _Command:
    """Do one command."""

    def __init__(self, ip: Any, asked: Asked) -> None:
        self._ip = ip
        self._asked = asked
        self._operation = asked.operation
        self._around = Around(asked)

    def run(self) -> None:
        asked = self._asked
        if asked.help is not None:
            speaking.put(self._ip, f"{help_text(self._operation, asked.help).rstrip()}\n", self._around.pager())
            return
        if asked.has("version"):
            speaking.put(self._ip, f"{versions()}\n", "")
            return
        for note in asked.notes:
            speaking.note(note)
        kind = asked.value("generate-cli-skeleton")
        if kind is None:
            self._send()
        else:
            self._put_skeleton(kind)

    # -- without AWS ---------------------------------------------------------------------------------------------

    def _put_skeleton(self, kind: Any) -> None:
        """Print a skeleton; the one of an answer looks at the request first, as the AWS CLI does."""
        asked = self._asked
        if asked.has("cli-auto-prompt"):
            self._around.auto_prompt()  # both options at once are refused here too
        self._around.require_profile()
        for note in remarks.about_skeleton(asked, kind):
            speaking.note(note)
        if kind == "output":
            gathered = gather(asked)
            page = self._page(gathered)
            self._checked(gathered)
            page.put(made_up(self._operation))
        else:
            speaking.put(self._ip, f"{skeleton(self._operation, kind).rstrip()}\n", self._around.pager())

    def _page(self, gathered: Gathered) -> Page:
        return page_of(self._ip, self._asked, self._around, gathered.request)

    def _checked(self, gathered: Gathered) -> dict[str, Any]:
        """Return the request when nothing that is known without AWS stops it."""
        missing = self._missing(gathered)
        if missing and not gathered.refused:
            words = " and ".join(missing) if len(missing) < 3 else ", ".join(missing)
            verb = "is" if len(missing) == 1 else "are"
            raise MagicError(f"{words} {verb} missing. `%{MAGICS[self._operation]} help` tells of each.")
        found = () if gathered.refused else check(gathered.request, self._operation)
        if gathered.refused or any(problem.blocks for problem in found):
            _refuse(ordered((*gathered.problems, *found)))
        for line in speaking.lines_of(gathered.problems):
            speaking.note(line)
        return gathered.request

    def _missing(self, gathered: Gathered) -> list[str]:
        """Return the options that a request cannot go without, and that nothing gave."""
        rows = options(self._operation).values()
        return [row.flag for row in rows if row.required and row.member and row.member.name not in gathered.request]

    # -- with AWS ------------------------------------------------------------------------------------------------

    def _send(self) -> None:
        asked = self._asked
        prompt, gathered = self._around.auto_prompt(), gather(asked)
        if prompt == "on" or (prompt == "on-partial" and self._is_partial(gathered)):
            self._prompt(gathered)
            return
        page, request = self._page(gathered), self._checked(gathered)
        for note in remarks.about_sending(asked):
            speaking.note(note)
        answer = _Exchange(self._operation, request, self._connection()).run()
        page.put_sent(answer.response)

    def _is_partial(self, gathered: Gathered) -> bool:
        if gathered.refused or self._missing(gathered):
            return True
        return any(problem.blocks for problem in check(gathered.request, self._operation))

    def _prompt(self, gathered: Gathered) -> None:
        """Open the editor, filled with what was given."""
        for line in speaking.lines_of(gathered.problems):
            speaking.note(line)
        if not speaking.is_notebook(self._ip):
            raise MagicError(
                "The editor needs a notebook, and this is a terminal. Leave --cli-auto-prompt out, or add "
                "--no-cli-auto-prompt. Nothing was sent."
            )
        page = self._page(gathered)
        for note in remarks.about_editor(self._asked):
            speaking.note(note)
        from IPython import display

        from profile_widgets.widgets.app import UserProfileEditor

        request = gathered.request
        domain, name = (str(request.get(member, "")) for member in ("DomainId", "UserProfileName"))
        editor = UserProfileEditor(
            domain, name, create=self._operation == CREATE, connection=self._connection(), request=request
        )
        editor.response.output, editor.response.query = page.output, page.query or ""
        show_in_cell: Any = display.display
        show_in_cell(editor)

    def _connection(self) -> Connection:
        """Return the connection that the options say."""
        from traitlets import TraitError

        from profile_widgets.aws.connection import Connection

        asked = self._asked
        settings: dict[str, Any] = {
            "profile": asked.value("profile"),
            "region": asked.value("region"),
            "endpoint_url": asked.value("endpoint-url"),
            "ca_bundle": asked.value("ca-bundle"),
            "read_timeout": asked.seconds("cli-read-timeout"),
            "connect_timeout": asked.seconds("cli-connect-timeout"),
            "verify": False if asked.has("no-verify-ssl") else None,
            "unsigned": asked.has("no-sign-request") or None,
            "debug": asked.has("debug") or None,
            "paginate": False if asked.has("no-paginate") else None,
        }
        try:
            return Connection(**{name: value for name, value in settings.items() if value is not None})
        except TraitError as error:
            raise MagicError(f"{error} Nothing was sent.") from None


class _Exchange:
    """Check a request against what AWS holds, send it, and know at every moment whether it is on its way."""

    def __init__(self, operation: str, request: Mapping[str, Any], connection: Connection) -> None:
        self._operation = operation
        self._request = request
        self._connection = connection
        self._aside = Aside(speaking.note)
        self._on_its_way = False

    def run(self) -> Answer:
        """Return AWS's answer. Notes are written by the thread that calls this."""
        stop_listening = None
        if self._connection.debug:
            stop_listening = self._connection.debug_log.listen(self._aside.tell)
        try:
            return self._aside.run(self._carry())
        except KeyboardInterrupt:
            raise StoppedError(self._at_interrupt()) from None
        finally:
            if stop_listening is not None:
                stop_listening()
                file = self._connection.debug_log.file
                speaking.note("These lines are in no file." if file is None else f"These lines are also in {file}.")

    def _at_interrupt(self) -> str:
        if not self._on_its_way:
            return NOT_SENT
        name = self._request.get("UserProfileName")
        return (
            f"Stopped. {self._operation} was on its way: whether AWS does it is not known here. "
            f"Describe user profile {name} to see what it holds before you send it again."
        )

    async def _carry(self) -> Answer:
        from profile_widgets.aws.gateway import Gateway
        from profile_widgets.editing import direct

        gateway = Gateway(self._connection)
        try:
            domain, stored = await self._around(gateway)
            self._judge(domain, stored)
            self._on_its_way = True
            return await direct.send(gateway, self._operation, self._request, stored, tell=self._aside.tell)
        finally:
            gateway.close()

    async def _around(self, gateway: Gateway) -> tuple[DescribedDomain | None, Described | None]:
        """Read the domain and the profile at once; what cannot be read is told and does not stop the request.

        Without credentials, and where nobody answers, nothing can be sent either.
        """
        import asyncio

        place, name = self._request["DomainId"], self._request["UserProfileName"]
        domain, stored = await asyncio.gather(
            gateway.describe_domain(place), gateway.describe_user_profile(place, name), return_exceptions=True
        )
        for found in (domain, stored):
            if isinstance(found, (CredentialsError, Unreachable)):
                raise MagicError(f"{speaking.without_advice(found)} Nothing was sent.") from found
            if isinstance(found, BaseException) and not isinstance(found, GatewayError):
                raise found
        return (
            self._unless_refused(domain, "The domain could not be read, so its rules were not checked."),
            self._unless_refused(stored, "The profile could not be read, so what it holds was not looked at."),
        )

    def _unless_refused(self, found: Any, without: str) -> Any:
        if not isinstance(found, GatewayError):
            return found
        if not isinstance(found, ProfileNotFound):  # the write itself will say so, or it is to be created
            self._aside.tell(f"{without} {speaking.without_advice(found)}")
        return None

    def _judge(self, domain: DescribedDomain | None, stored: Described | None) -> None:
        """Stop, or tell what there is to know: of what is stored and not touched, only what is grave."""
        if stored is None:
            found = check(self._request, self._operation, None if domain is None else domain.document)
        else:
            strangers = stored.unknown if self._operation == UPDATE else ()
            standing = Standing(loaded=stored.settings or {}, unknown=strangers, domain=domain)
            found = judge(self._request, self._operation, standing)
        if any(problem.blocks for problem in found):
            _refuse(found, self._aside.tell)
        sent = self._request.get(SETTINGS, {})
        for line in speaking.lines_of(each for each in found if each.severity != INFORMATION or _is_about(each, sent)):
            self._aside.tell(line)


def _is_about(problem: Problem, sent: Mapping[str, Any]) -> bool:
    """Tell whether a finding is about what a request sends, and not about what is stored beside it."""
    steps = documents.steps(problem.path) if problem.path else ()
    return len(steps) < 2 or steps[0] != SETTINGS or steps[1] in sent


def _refuse(problems: tuple[Problem, ...], tell: Any = speaking.note) -> None:
    """Tell every finding, and stop."""
    for line in speaking.lines_of(problems):
        tell(line)
    errors = sum(problem.blocks for problem in problems)
    stand = "stands" if errors == 1 else "stand"
    raise MagicError(
        f"Nothing was sent: the request has {speaking.counted(errors, 'error')}, which {stand} above.", problems
    )


def versions() -> str:
    """Return the versions of the kit and of what it stands on, in the form of the AWS CLI's line."""
    kit, *others = (f"{name}/{_version(name)}" for name in ("profile-widgets", "boto3", "botocore", "ipython"))
    python = f"Python/{platform.python_version()}"
    return " ".join([kit, python, f"{platform.system()}/{platform.release()}", *others])


def _version(distribution: str) -> str:
    """Return a version; a copy that was not installed has none."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(distribution)
    except PackageNotFoundError:
        return "unknown"
