"""The connection as a closed part of the page: where requests go, as whom, and what of that may be changed."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.aws import choices
from profile_widgets.checks.problems import INFORMATION, WARNING
from profile_widgets.editing.threads import in_thread
from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.finder import UNDER_WAY

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.widgets.app import UserProfileEditor

TEXT, NUMBER, FLAG, SUGGEST = "text", "number", "flag", "suggest"
FIELDS: tuple[tuple[str, str, str, str], ...] = (
    ("profile", "AWS profile", SUGGEST, "A profile of your AWS configuration files."),
    ("region", "Region", SUGGEST, "Where the domain is."),
    ("endpoint_url", "Endpoint URL", TEXT, "An address to send requests to instead of AWS's own."),
    ("verify", "Check certificates", FLAG, "Whether the server must prove who it is."),
    ("ca_bundle", "CA bundle", TEXT, "A file of certificate authorities to trust."),
    ("connect_timeout", "Connect timeout", NUMBER, "Seconds to wait for a connection; 0 waits for ever."),
    ("read_timeout", "Read timeout", NUMBER, "Seconds to wait for an answer; 0 waits for ever."),
    ("unsigned", "Do not sign requests", FLAG, "Send requests without a signature, and so without credentials."),
    ("debug", "Debug log", FLAG, "Write down what is sent and received, without keys, tokens and signatures."),
)
"""Name of the setting, label, kind of input, and help; in the page's order."""
MOVING = ("profile", "region", "endpoint_url", "verify", "ca_bundle", "unsigned")
"""Settings that change where requests go, or as whom: what is open is closed."""
LOCKED = "Whoever serves this page chose the connection."
NO_CHECK = (
    "Certificates are not checked (no-verify-ssl): whoever is between you and AWS can read and change everything."
)
UNSIGNED = "Requests go out unsigned (no-sign-request): AWS itself refuses them."
SHOWN_LINES = 300
"""How many lines of the debug log a page gets when it opens the panel."""
PAUSE = 0.3
"""Seconds in which new lines of the debug log are gathered before they are sent."""
_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
Values = dict[str, Any]
FLAGS = {True: True, False: False, "true": True, "false": False}
"""What a page says for yes and no."""


class ConnectionPanel(KitWidget):
    """Show the editor's connection, and change it where that is allowed. It is filled in when it is first opened."""

    expanded = traitlets.Bool(False).tag(sync=True, echo_update=False)
    state = record("Summary, fields, facts, notice and log.")

    def __init__(self, editor: UserProfileEditor, *, locked: bool, layout: Any) -> None:
        self._editor = editor
        self._locked = LOCKED if locked else ""
        self._problems: dict[str, str] = {}
        self._notice: dict[str, str] | None = None
        self._offers: dict[str, list[list[str]]] = {}
        self._found: Mapping[str, tuple[Any, str]] = {}
        self._endpoint = ""
        self._busy = self._closed = False
        self._fresh: list[str] = []
        self._freshness = threading.Lock()
        self._deaf = editor.connection.debug_log.listen(self._heard)
        super().__init__(_kind="connection", layout=layout)
        self.on_msg(self._receive)
        self.observe(self._opened, names="expanded")
        editor.connection.observe(self._changed)
        self.refresh()

    def close(self) -> None:
        """Listen no more. Closing twice is allowed: ipywidgets does, when a widget is forgotten."""
        if not self._closed:
            self._closed = True
            self._deaf()
            self._editor.connection.unobserve(self._changed)
        super().close()

    # -- what is shown -------------------------------------------------------------------------------------------

    def refresh(self) -> None:
        """Show the connection as it is now, and what always has to be said of it."""
        connection = self._editor.connection
        self._editor.place.tell(standing=standing(connection))
        self.state = {
            "summary": LOCKED if self._locked else summary(connection),
            "locked": self._locked,
            "fields": [] if self._locked or not self.expanded else [self._field(*row) for row in FIELDS],
            "facts": self._facts() if self.expanded else [],
            "busy": self._busy,
            "notice": self._notice,
            "log": self._log() if self.expanded and connection.debug and not self._locked else None,
        }

    def _field(self, name: str, label: str, kind: str, help_text: str) -> dict[str, Any]:
        found, where = self._found.get(name, ("", ""))
        return {
            "name": name,
            "label": label,
            "kind": kind,
            "value": _wire(getattr(self._editor.connection, name)),
            "placeholder": f"{found}, from {where}" if found and where else str(found or ""),
            "help": help_text,
            "choices": self._offers.get(name, []),
            "problem": self._problems.get(name, ""),
        }

    def _facts(self) -> list[list[str]]:
        caller = self._editor.opening.caller
        facts = [["Endpoint", self._endpoint]]
        if caller is not None:
            facts = [["Account", caller.account], ["Caller", caller.name], ["ARN", caller.arn], *facts]
        if self._locked:
            facts += [["Region", self._editor.place.state["region"]]]
        return [row for row in facts if row[1]]

    def _log(self) -> dict[str, str]:
        log = self._editor.connection.debug_log
        with self._freshness:
            self._fresh, lines = [], list(log.lines)
        return {"file": str(log.file or ""), "text": "\n".join(lines[-SHOWN_LINES:]), "note": ""}

    # -- what is heard -------------------------------------------------------------------------------------------

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        if self._locked or not isinstance(content, dict):
            return
        if content.get("do") == "apply" and isinstance(content.get("values"), dict):
            self._editor.start(self.apply(content["values"]))
        elif content.get("do") == "renew":
            self._editor.start(self.renew())

    def _opened(self, change: Mapping[str, Any]) -> None:
        self.refresh()
        if change["new"]:
            self._editor.start(self._look())

    def _changed(self, _change: object) -> None:
        self.refresh()

    async def _look(self) -> None:
        """Find out what is used where nothing is given, and what there is to choose from."""
        connection = self._editor.connection
        self._found = await in_thread(connection.origins)
        self._offers = await in_thread(choices.offers)
        try:
            self._endpoint = await in_thread(lambda: connection.resolved_endpoint)
        except ProfileWidgetsError as error:
            self._endpoint = ""
            self._notice = {"severity": WARNING, "text": str(error)}
        self.refresh()

    def _heard(self, line: str) -> None:
        """Gather new lines of the log, from whatever thread they come, and send them soon."""
        if not self.expanded or self._locked:
            return
        with self._freshness:
            self._fresh.append(line)
            first = len(self._fresh) == 1
        if first:
            self._editor.start(self._send_fresh())

    async def _send_fresh(self) -> None:
        from asyncio import sleep

        await sleep(PAUSE)
        with self._freshness:
            lines, self._fresh = self._fresh, []
        if lines:
            self.send({"do": "log", "text": "\n".join(lines)})

    # -- what is done --------------------------------------------------------------------------------------------

    async def apply(self, values: Mapping[str, Any]) -> None:
        """Use what was typed; with anything wrong in it, say all of it and use nothing."""
        self._busy, self._notice = True, None
        self.refresh()
        try:
            changes, self._problems = await in_thread(judged, self._editor.connection, values)
        finally:
            self._busy = False
        editor, connection = self._editor, self._editor.connection
        moves = any(getattr(connection, name) != value for name, value in changes.items() if name in MOVING)
        if not self._problems and editor.sending:
            self._notice = {"severity": INFORMATION, "text": UNDER_WAY}
        elif not self._problems and not (
            moves and editor.asked_to_give_up("Use this connection", lambda: self._use(changes, moves=True))
        ):
            self._use(changes, moves=moves)
        self.refresh()

    def _use(self, changes: Values, *, moves: bool) -> None:
        for name, value in changes.items():
            setattr(self._editor.connection, name, value)
        self._editor.start(self._arrive(moves=moves))

    async def renew(self) -> None:
        """Look for credentials and configuration again, for after a new login."""
        self._editor.connection.renew()
        await self._arrive(moves=False)

    async def _arrive(self, *, moves: bool) -> None:
        """Say where requests go now; what was open elsewhere is closed."""
        editor = self._editor
        self._busy = True
        self.refresh()
        editor.catalog.forget()
        try:
            if moves:
                editor.leave()
                editor.finder.restart()
                editor.starting.restart()
                editor.place.tell(account="", caller="")
            trouble = await editor.opening.introduce()
            await self._look()
        finally:
            self._busy = False
        caller = editor.opening.caller
        said = f"Requests are signed as {caller.name}, account {caller.account}." if caller is not None else ""
        text = trouble or said or "In use."
        self._notice = {"severity": WARNING if trouble else "success", "text": text}
        self.refresh()
        if moves:
            await editor.finder.list_domains()


def standing(connection: Connection) -> list[list[str]]:
    """Return what must stand on the page as long as the connection is so."""
    said = [] if connection.verify else [[WARNING, NO_CHECK]]
    return [*said, [WARNING, UNSIGNED]] if connection.unsigned and not connection.is_sandbox else said


def summary(connection: Connection) -> str:
    """Return the connection's settings in a line, those that are not as usual."""
    words = [f"profile {connection.profile}" if connection.profile else "", connection.region or ""]
    words += ["" if connection.verify else "certificates not checked", "unsigned" if connection.unsigned else ""]
    words += ["debug log" if connection.debug else "", "own endpoint" if connection.endpoint_url else ""]
    return " · ".join(filter(None, words)) or "found as the AWS CLI finds it"


def judged(connection: Connection, values: Mapping[str, Any]) -> tuple[Values, dict[str, str]]:
    """Return the settings that values from the page stand for, and what is wrong with them by name.

    May read configuration files. A value that cannot be used is no setting; of all that is wrong nothing is left out.
    """
    wanted: Values = {}
    problems: dict[str, str] = {}
    for name in _known(values):
        if (values[name] or None) == (_wire(getattr(connection, name)) or None):
            continue  # it was not touched
        kind = next(row[2] for row in FIELDS if row[0] == name)
        try:
            wanted[name] = _setting(connection, name, kind, values[name])
        except ValueError as error:
            problems[name] = str(error)
    try:
        candidate = connection.replace(**wanted)
    except traitlets.TraitError:
        candidate = None
        for name, value in wanted.items():
            try:
                connection.replace(**{name: value})
            except traitlets.TraitError as error:
                problems[name] = str(error)
    if candidate is not None:
        problems |= choices.findings(candidate)
    return wanted, problems


def _known(values: Mapping[str, Any]) -> Iterable[str]:
    return [row[0] for row in FIELDS if row[0] in values]


def _setting(connection: Connection, name: str, kind: str, value: Any) -> Any:
    """Return the setting that a value from the page stands for; raises ValueError with a sentence."""
    if kind == FLAG:
        if not isinstance(value, (bool, str)) or value not in FLAGS:
            raise ValueError("Takes yes or no.")
        return FLAGS[value]
    if not isinstance(value, str) and value is not None:
        raise ValueError("Takes a text.")
    text = (value or "").strip()
    if kind != NUMBER:
        return text or None
    if not text:
        return connection.traits()[name].default_value
    if not _NUMBER.fullmatch(text):
        raise ValueError("Takes a number of seconds, such as 20; 0 waits for ever.")
    return float(text)


def _wire(value: Any) -> str | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(int(value)) if value == int(value) else repr(value)
    return value if isinstance(value, str) else None
