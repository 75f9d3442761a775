"""Finding the profile: a list of domains, a list of user profiles, and "New profile..."."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import traitlets

from profile_widgets.checks.problems import ERROR, INFORMATION
from profile_widgets.errors import AccessDenied, ProfileWidgetsError
from profile_widgets.widgets.choosers import MOST, Chooser, ago, tone
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.structures import child_widgets

if TYPE_CHECKING:
    from profile_widgets.widgets.app import UserProfileEditor

NEW = "+new"
"""The value of the row "New profile...": no profile's name holds a plus sign."""
NEW_ROW = [NEW, "New profile…", "create one in this domain"]
UNDER_WAY = "A request is under way: wait for its end, or stop waiting below."
NO_DOMAIN = "Choose a domain first."


class Target(NamedTuple):
    """Say what is to be opened; without a name and not to create, just the domain."""

    domain_id: str
    name: str = ""
    create: bool = False

    @property
    def words(self) -> str:
        """Name it in a sentence."""
        return "a new profile" if self.create else self.name or "another domain"


class Row(KitWidget):
    """Stand widgets side by side where there is room."""

    children = child_widgets("The widgets, from left to right.")
    flow = traitlets.Unicode("row").tag(sync=True)


class Finder:
    """Own the two lists; they are asked for when they are opened, and profiles are searched on the server.

    ``domain_id`` is the domain that is chosen: what the page says is never read back as the truth.
    """

    def __init__(self, editor: UserProfileEditor, layout: Any) -> None:
        self._editor = editor
        self._wanted: Target | None = None
        self._carried = Target("")
        self._names: dict[str, str] = {}
        self._asked = {"domain": 0, "profile": 0}
        self.domain_id = ""
        self.domain = Chooser(
            label="Domain",
            placeholder="Choose a domain",
            on_choose=editor.guard(self._domain_chosen),
            on_search=lambda text: editor.start(self.list_domains(text)),
            layout=layout,
        )
        self.profile = Chooser(
            label="User profile",
            placeholder="Choose a user profile",
            on_choose=editor.guard(self._profile_chosen),
            on_search=lambda text: editor.start(self.list_profiles(text)),
            layout=layout,
        )
        self.row = Row(_kind="stack", children=(self.domain, self.profile), layout=layout)

    # -- lists ---------------------------------------------------------------------------------------------------

    def _ticket(self, which: str) -> int:
        self._asked[which] += 1
        return self._asked[which]

    async def list_domains(self, text: str = "") -> None:
        """Offer the domains whose name or id contains a text; a single one is chosen by itself."""
        ticket = self._ticket("domain")
        self.domain.busy = True
        try:
            listing = await self._editor.gateway.list_domains(limit=MOST)
        except ProfileWidgetsError as error:
            if ticket == self._asked["domain"]:
                self.domain.offer([], f"{error} A domain id may be typed.")
            return
        self._names |= {each.domain_id: each.name for each in listing.rows}
        if ticket != self._asked["domain"]:
            return
        rows = [(each.domain_id, each.name, each.domain_id) for each in listing.rows]
        found = [row for row in rows if text.lower() in f"{row[1]} {row[2]}".lower()]
        more = f"The first {len(rows)} domains are searched; a domain id may be typed." if listing.more else ""
        self.domain.offer(found, listing.note or more or ("" if found else "Nothing found. A domain id may be typed."))
        if len(rows) == 1 and not listing.more and not self.domain_id:
            self._domain_chosen(rows[0][0])

    async def list_profiles(self, text: str = "") -> None:
        """Offer the user profiles of the domain whose names contain a text."""
        ticket, domain_id = self._ticket("profile"), self.domain_id
        if not domain_id:
            self.profile.offer([], NO_DOMAIN)
            return
        self.profile.busy = True
        try:
            listing = await self._editor.gateway.list_user_profiles(domain_id, text, limit=MOST)
        except ProfileWidgetsError as error:
            if ticket == self._asked["profile"]:
                self.profile.offer([], f"{error} A profile's name may be typed.")
            return
        if ticket != self._asked["profile"]:
            return
        rows = [(each.name, each.name, f"{each.status} · changed {ago(each.modified)}") for each in listing.rows]
        more = f"The first {len(rows)} are shown; type to search for others." if listing.more else ""
        self.profile.offer(rows, listing.note or more or ("" if rows else "Nothing found."))

    # -- what is chosen ------------------------------------------------------------------------------------------

    def carry(self, name: str, *, create: bool) -> None:
        """Remember a profile that was asked for without a domain: it is opened when the domain is chosen."""
        self._carried = Target("", name, create)

    def _domain_chosen(self, domain_id: str) -> None:
        if domain_id and domain_id not in self._names:
            self._editor.start(self._domain_typed(domain_id))
        elif domain_id != self.domain_id:
            self.aim(Target(domain_id, create=self._editor.is_open and self._editor.draft.create))

    async def _domain_typed(self, domain_id: str) -> None:
        """Choose a domain that is not in the list, unless AWS says that it does not exist."""
        self.domain.busy = True
        try:
            self._names[domain_id] = (await self._editor.gateway.describe_domain(domain_id)).name
        except AccessDenied:
            self._names.setdefault(domain_id, "")
        except ProfileWidgetsError as error:
            self._editor.say(ERROR, str(error))
            self.show()
            return
        finally:
            self.domain.busy = False
        self._domain_chosen(domain_id)

    def _profile_chosen(self, name: str) -> None:
        if not self.domain_id:
            self.profile.show("")
            self.profile.offer([], NO_DOMAIN)
        elif not name:
            self.show()
        elif name == NEW or name in [row[0] for row in self.profile.rows]:
            self.aim(Target(self.domain_id, "" if name == NEW else name, name == NEW))
        else:
            self._editor.start(self._profile_typed(name))

    async def _profile_typed(self, name: str) -> None:
        """Open a profile by a typed name; of a part of a name, say which names hold it."""
        domain_id = self.domain_id
        try:
            listing = await self._editor.gateway.list_user_profiles(domain_id, name, limit=MOST)
        except ProfileWidgetsError:
            names = []
        else:
            names = [each.name for each in listing.rows]
        exact = next((each for each in names if each.lower() == name.lower()), None)
        if exact is None and names:
            few = ", ".join(names[:5]) + (" …" if len(names) > 5 else "")
            self._editor.say(INFORMATION, f"No user profile is called “{name}”. Names that hold it: {few}.")
            self.show()
        elif domain_id == self.domain_id:
            self.aim(Target(domain_id, exact or name))

    def aim(self, target: Target) -> None:
        """Open a target, after asking where that gives up something."""
        self._wanted = target
        if self._editor.sending:
            self._editor.say(INFORMATION, UNDER_WAY)
            self.show()
        elif not self._editor.asked_to_give_up(f"Open {target.words}", self.switch):
            self.switch()

    def switch(self) -> None:
        """Open what was chosen."""
        target, self._wanted = self._wanted, None
        if target is None:
            return
        if not target.name and not target.create:
            self.enter(target.domain_id)
        else:
            self._editor.start(self._editor.load(target.domain_id, target.name, create=target.create))

    def restart(self) -> None:
        """Forget what was found: the connection leads elsewhere now."""
        self._names.clear()
        self._wanted, self.domain_id = None, ""
        for chooser in (self.domain, self.profile):
            chooser.offer([])
            chooser.show("")
        self.show()

    def enter(self, domain_id: str) -> None:
        """Choose a domain; what was carried is opened in it, else its profiles are offered."""
        self._editor.leave()
        self.domain_id = domain_id
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self.profile.show("")
        self.profile.status = None
        self.profile.offer([])
        self.profile.pinned = [NEW_ROW]
        carried, self._carried = self._carried, Target("")
        if carried.name or carried.create:
            self._editor.start(self._editor.load(domain_id, carried.name, create=carried.create))
        else:
            self._editor.start(self.list_profiles())

    # -- what is shown -------------------------------------------------------------------------------------------

    def loading(self, domain_id: str, name: str, *, create: bool) -> None:
        """Show at once what is being loaded."""
        if domain_id != self.domain_id:
            self.domain_id = domain_id
            self.profile.offer([])
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self.profile.show(NEW if create else name, "New profile" if create else name)
        self.profile.busy = True
        text = "Reading the domain" if create else f"Loading {name}"
        self.profile.status = {"text": text, "tone": "busy", "detail": ""}

    def show(self) -> None:
        """Show what is open; with nothing open, what was chosen so far."""
        self.profile.busy = False
        if not self._editor.is_open:
            self.domain.show(self.domain_id, self._names.get(self.domain_id, ""))
            self.profile.pinned = [NEW_ROW] if self.domain_id else []
            self.profile.status = None
            return
        draft = self._editor.draft
        if draft.domain is not None:
            self._names[draft.domain_id] = draft.domain.name
        if draft.domain_id != self.domain_id:
            self.domain_id = draft.domain_id
            self.profile.offer([])
        self.domain.show(draft.domain_id, self._names.get(draft.domain_id, ""))
        self.profile.pinned = [NEW_ROW]
        described = draft.described
        if draft.create or described is None:
            self.profile.show(NEW, "New profile")
            self.profile.status = None
            return
        self.profile.show(described.name)
        detail = f"changed {ago(described.modified)}"
        self.profile.status = {"text": described.status, "tone": tone(described.status), "detail": detail}

    def close(self) -> None:
        """Close the lists."""
        self.row.children = ()
        for widget in (self.row, self.domain, self.profile):
            widget.close()
