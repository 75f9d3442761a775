"""Finding the profile: a list of domains, a list of user profiles, and "New profile..."."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.problems import ERROR
from profile_widgets.errors import AccessDenied, ProfileWidgetsError
from profile_widgets.widgets.choosers import MOST, Chooser, ago, tone
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.structures import child_widgets

if TYPE_CHECKING:
    from profile_widgets.widgets.app import UserProfileEditor

NEW = "+new"
"""The value of the row "New profile...": no profile's name holds a plus sign."""

NO_DOMAIN = "Choose a domain first."


class Row(KitWidget):
    """Stand widgets side by side where there is room."""

    children = child_widgets("The widgets, from left to right.")
    flow = traitlets.Unicode("row").tag(sync=True)


class Finder:
    """Own the two lists; lists are asked for when they are first opened, and searched on the server."""

    def __init__(self, editor: UserProfileEditor, layout: Any) -> None:
        self._editor = editor
        self._wanted: tuple[str, str, bool] | None = None
        self._names: dict[str, str] = {}
        self.domain = Chooser(
            label="Domain",
            placeholder="Choose a domain",
            on_choose=self._domain_chosen,
            on_search=lambda text: editor.start(self.list_domains(text)),
            layout=layout,
        )
        self.profile = Chooser(
            label="User profile",
            placeholder="Choose a user profile",
            on_choose=self._profile_chosen,
            on_search=lambda text: editor.start(self.list_profiles(text)),
            layout=layout,
        )
        self.row = Row(_kind="stack", children=(self.domain, self.profile), layout=layout)

    # -- lists ---------------------------------------------------------------------------------------------------

    async def list_domains(self, text: str = "") -> None:
        """Offer the domains whose name or id contains a text; a single one is opened by itself."""
        self.domain.busy = True
        try:
            listing = await self._editor.gateway.list_domains(limit=MOST)
        except ProfileWidgetsError as error:
            self.domain.offer([], f"{error} A domain id may be typed.")
            return
        self._names |= {each.domain_id: each.name for each in listing.rows}
        rows = [(each.domain_id, each.name, each.domain_id) for each in listing.rows]
        found = [row for row in rows if text.lower() in f"{row[1]} {row[2]}".lower()]
        self.domain.offer(found, _note(len(found), listing.more, listing.note))
        if len(rows) == 1 and not listing.more and not self.domain.value:
            self._domain_chosen(rows[0][0])

    async def list_profiles(self, text: str = "") -> None:
        """Offer the user profiles of the domain whose names contain a text."""
        domain_id = self.domain.value
        if not domain_id:
            self.profile.offer([], NO_DOMAIN)
            return
        self.profile.busy = True
        try:
            listing = await self._editor.gateway.list_user_profiles(domain_id, text, limit=MOST)
        except ProfileWidgetsError as error:
            self.profile.offer([], f"{error} A profile's name may be typed.")
            return
        if domain_id != self.domain.value:
            return
        rows = [(each.name, each.name, f"{each.status} · changed {ago(each.modified)}") for each in listing.rows]
        self.profile.offer(rows, _note(len(rows), listing.more, listing.note))

    # -- what is chosen ------------------------------------------------------------------------------------------

    def _domain_chosen(self, domain_id: str) -> None:
        if domain_id and domain_id not in self._names:
            self._editor.start(self._domain_typed(domain_id))
        else:
            self._enter(domain_id)

    async def _domain_typed(self, domain_id: str) -> None:
        """Enter a domain that is not in the list, unless AWS says that it does not exist."""
        self.domain.busy = True
        try:
            found = await self._editor.gateway.describe_domain(domain_id)
            self._names[domain_id] = found.name
        except AccessDenied:
            pass
        except ProfileWidgetsError as error:
            self._editor.say(ERROR, str(error))
            self.show()
            return
        finally:
            self.domain.busy = False
        self._enter(domain_id)

    def _enter(self, domain_id: str) -> None:
        self._editor.say()
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self.profile.show("")
        self.profile.status = None
        self.profile.pinned = [[NEW, "New profile…", "create one in this domain"]]
        if self._editor.draft.create and not self._editor.draft.domain_id:
            self._profile_chosen(NEW)
        else:
            self._editor.start(self.list_profiles())

    def _profile_chosen(self, name: str) -> None:
        create = name == NEW
        self._wanted = (self.domain.value, "" if create else name, create)
        draft = self._editor.draft
        changes = sum(change.path != "SingleSignOnUserIdentifier" for change in draft.changes)
        if not self.domain.value:
            self.profile.show("")
            self.profile.offer([], NO_DOMAIN)
        elif not name or draft.busy:
            self.show()
        elif changes:
            lost = "1 change" if changes == 1 else f"{changes} changes"
            here = draft.name or "the new profile"
            target = "a new profile" if create else name
            text = f"{lost} to {here} {'was' if changes == 1 else 'were'} not sent."
            actions = [["switch", f"Open {target}, give up {lost}"], ["stay", f"Stay with {here}"]]
            self._editor.ask("Not sent yet", text, actions)
        else:
            self.switch()

    def switch(self) -> None:
        """Open what was chosen."""
        if self._wanted is not None:
            domain_id, name, create = self._wanted
            self._editor.start(self._editor.load(domain_id, name, create=create))

    def loading(self, domain_id: str, name: str, *, create: bool) -> None:
        """Show at once what is being loaded."""
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self.profile.show(NEW if create else name, "New profile" if create else name)
        self.profile.busy = True
        text = "Reading the domain" if create else f"Loading {name}"
        self.profile.status = {"text": text, "tone": "busy", "detail": ""}

    def show(self) -> None:
        """Show what is open."""
        draft = self._editor.draft
        if draft.domain is not None:
            self._names[draft.domain_id] = draft.domain.name
        self.profile.busy = False
        self.profile.pinned = [[NEW, "New profile…", "create one in this domain"]] if draft.domain_id else []
        self.domain.show(draft.domain_id, self._names.get(draft.domain_id, ""))
        if draft.create:
            self.profile.show(NEW, "New profile")
            self.profile.status = None
            return
        described = draft.described
        self.profile.show(described.name if described is not None else "")
        self.profile.status = (
            {"text": described.status, "tone": tone(described.status), "detail": f"changed {ago(described.modified)}"}
            if described is not None
            else None
        )

    def close(self) -> None:
        """Close the lists."""
        self.row.children = ()
        for widget in (self.row, self.domain, self.profile):
            widget.close()


def _note(shown: int, more: bool, odd: str) -> str:
    if odd:
        return odd
    if more:
        return f"The first {shown} are shown; type to search for others."
    return "" if shown else "Nothing found."
