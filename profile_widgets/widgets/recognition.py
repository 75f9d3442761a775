"""Whose profile is opened when nobody says: that of the Studio the kernel runs in, or that of a single domain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profile_widgets.checks.problems import INFORMATION, WARNING
from profile_widgets.errors import ProfileNotFound, ProfileWidgetsError
from profile_widgets.served import is_served
from profile_widgets.widgets.targets import Target

if TYPE_CHECKING:
    from profile_widgets.aws.studio import Found
    from profile_widgets.widgets.app import UserProfileEditor

METADATA = "Found in the metadata of this Studio."
ELSEWHERE = "This Studio is in {there}, and requests go to {here}: its own profile is not opened."
OF_OTHERS = "This Studio is of account {there}, and requests are signed for {here}: its own profile is not opened."
NOT_OPENED = "The profile that the metadata of this Studio names could not be opened. {trouble}"


CALLER_SECONDS = 3.0
"""How long is waited to learn whose account requests are signed for: a Studio in a VPC may not reach STS at all."""


class Recognition:
    """Find what to open when an editor was not told a domain: it is a guess, always said, and always to be changed.

    The metadata of Studio is looked at only where who sees the page owns the kernel: never behind a served page. A
    sandbox knows nothing of the Studio that it may run in; it is asked when the environment names a file for it.
    """

    def __init__(self, editor: UserProfileEditor, *, trusted: bool) -> None:
        self._editor = editor
        self._trusted = trusted and not is_served()

    async def begin(self, name: str, *, create: bool) -> None:
        """Open what was found, or ask; ``name`` and ``create`` are what the editor was told without a domain."""
        editor = self._editor
        found = await self._found() if self._trusted else None
        if self._is_overtaken():
            return
        if found is None or not found.domain_id:
            await self._ask(name, create=create)
            self._say(INFORMATION, "" if found is None else found.note)
        elif name or create or found.name:
            await self._open(found, name, create=create)
        else:
            editor.finder.guess(Target(found.domain_id), METADATA)
            editor.finder.enter(found.domain_id)
            self._say(INFORMATION, found.note)

    async def _found(self) -> Found | None:
        """Return what the metadata says; of a Studio in another region or account, just that."""
        from profile_widgets.aws import studio

        editor = self._editor
        try:
            here, sandbox = editor.connection.resolved_region, editor.connection.is_sandbox
        except ProfileWidgetsError:
            return None  # the page says already why it is not known where requests go
        if sandbox and not studio.is_named():
            return None
        found = await studio.here(editor.gateway)
        if found is not None and found.region and here and found.region != here:
            return studio.Found(note=ELSEWHERE.format(there=found.region, here=here))
        account = await self._account() if found is not None and found.account else ""
        if found is not None and account and account != found.account:
            return studio.Found(note=OF_OTHERS.format(there=found.account, here=account))
        return found

    async def _account(self) -> str:
        """Return the account that requests are signed for, "" when that is not known soon."""
        import asyncio

        editor = self._editor
        if known := str(editor.place.state["account"]):
            return known
        try:
            return (await asyncio.wait_for(editor.gateway.caller(), CALLER_SECONDS)).account
        except (ProfileWidgetsError, asyncio.TimeoutError):
            return ""

    def _is_overtaken(self) -> bool:
        """Tell whether the person chose something while it was looked."""
        return self._editor.is_open or bool(self._editor.finder.domain_id)

    async def _ask(self, name: str, *, create: bool) -> None:
        finder = self._editor.finder
        finder.carry(name, create=create)
        await finder.list_domains()

    async def _open(self, found: Found, name: str, *, create: bool) -> None:
        """Open the profile that was found, or in its domain the one that was told."""
        editor, told = self._editor, bool(name or create)
        target = Target(found.domain_id, "" if told else found.name)
        editor.finder.guess(target, METADATA if told else found.source, link=not told)
        if await editor.opening.load(found.domain_id, name if told else found.name, create=create):
            return
        if self._has_left(found):
            return
        trouble = str((editor.place.state["notice"] or {"text": ""})["text"])
        is_there = await self._is_there(found.domain_id)
        if self._has_left(found):
            return
        if is_there:
            editor.finder.guess(Target(found.domain_id), METADATA)
            editor.finder.enter(found.domain_id)
        else:
            editor.finder.restart()
            await self._ask(name, create=create)
        self._say(WARNING, trouble if told else NOT_OPENED.format(trouble=trouble))

    def _has_left(self, found: Found) -> bool:
        """Tell whether the person went on to something else while it was tried."""
        editor = self._editor
        return bool(editor.form.busy) or editor.is_open or editor.finder.domain_id != found.domain_id

    async def _is_there(self, domain_id: str) -> bool:
        """Tell whether a domain is there; one that cannot be asked for counts, for its profiles may be listed."""
        try:
            await self._editor.gateway.describe_domain(domain_id)
        except ProfileNotFound:
            return False
        except ProfileWidgetsError:
            return True
        return True

    def _say(self, severity: str, text: str) -> None:
        if text and not self._editor.is_open:
            self._editor.say(severity, text)
