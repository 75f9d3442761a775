"""Finding the profile: a list of domains, a list of user profiles, and "New profile..."."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.problems import ERROR, INFORMATION
from profile_widgets.editing.threads import in_thread
from profile_widgets.errors import AccessDenied, ProfileWidgetsError
from profile_widgets.served import is_served
from profile_widgets.widgets.browsing import NO_DOMAIN, NOT_LISTED, Browser, domain_row, more, profile_row, search
from profile_widgets.widgets.choosers import Chooser, ago, tone
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.structures import child_widgets
from profile_widgets.widgets.targets import ARN, Target, elsewhere
from profile_widgets.widgets.turns import Turns

if TYPE_CHECKING:
    from profile_widgets.aws.listing import Pages
    from profile_widgets.aws.protocol import DomainSummary, ProfileSummary
    from profile_widgets.widgets.app import UserProfileEditor

NEW = "+new"
"""The value of the row "New profile...": no profile's name holds a plus sign."""
NEW_ROW = [NEW, "New profile…", "create one in this domain"]
UNDER_WAY = "A request is under way: wait for its end, or stop waiting below."
ANOTHER = "Choose another"


class Row(KitWidget):
    """Stand widgets side by side where there is room."""

    children = child_widgets("The widgets, from left to right.")
    flow = traitlets.Unicode("row").tag(sync=True)


class Finder:
    """Own the two lists; a page of each is asked for when it is opened, and profiles are searched on the server.

    ``domain_id`` is the domain that is chosen: what the page says is never read back as the truth. Each list asks AWS
    one question at a time, and one profile is read at a time; of those asked for meanwhile the last one is.
    """

    def __init__(self, editor: UserProfileEditor, layout: Any) -> None:
        self._editor = editor
        self._wanted: Target | None = None
        self._carried = Target("")
        self._names: dict[str, str] = {}
        self._arns: dict[str, str] = {}
        self._guess, self._source, self._link = Target(""), "", ""
        self._choice = self._aimed = 0
        self.domain_id = ""
        self._domain_turns, self._profile_turns = Turns(editor.start), Turns(editor.start)
        self._loads = Turns(editor.start)
        self.domain = Chooser(
            label="Domain",
            placeholder="Choose a domain",
            on_choose=editor.guard(self._domain_chosen),
            on_search=self._search_domains,
            on_more=lambda: more(self._domains, self._domain_turns),
            layout=layout,
        )
        self.profile = Chooser(
            label="User profile",
            placeholder="Choose a user profile",
            on_choose=editor.guard(self._profile_chosen),
            on_search=self._search_profiles,
            on_more=lambda: more(self._profiles, self._profile_turns),
            layout=layout,
        )
        self._browse()
        self.row = Row(_kind="stack", children=(self.domain, self.profile), layout=layout)

    def _browse(self) -> None:
        """Read domains and profiles in pages, for the two lists."""
        editor = self._editor
        self._domains: Browser[DomainSummary] = Browser(
            self.domain,
            lambda _text: editor.gateway.domains(),
            self._domain_row,
            typed="A domain id may be typed.",
            empty="The account has no domain in this region.",
            whole=True,
        )
        self._profiles: Browser[ProfileSummary] = Browser(
            self.profile,
            self._profile_pages,
            profile_row,
            typed="A profile's name may be typed.",
            first="{} changed last",
            empty="This domain has no user profile yet.",
        )

    # -- lists ---------------------------------------------------------------------------------------------------

    def _domain_row(self, found: DomainSummary) -> Sequence[str]:
        self._names[found.domain_id], self._arns[found.domain_id] = found.name, found.arn
        return domain_row(found)

    def _profile_pages(self, text: str) -> Pages[ProfileSummary]:
        return self._editor.gateway.user_profiles(self.domain_id, text)

    def _search_domains(self, text: str) -> None:
        if self._may("ListDomains"):
            search(self._domains, text, self._domain_turns, self.list_domains)
        else:
            self.domain.offer([], NOT_LISTED)

    def _search_profiles(self, text: str = "") -> None:
        if self._may("ListUserProfiles"):
            search(self._profiles, text, self._profile_turns, self.list_profiles)
        else:
            self.profile.offer([], NOT_LISTED)

    def _may(self, operation: str) -> bool:
        """Tell whether the policy grants an operation: what it refuses is not asked for."""
        return self._editor.draft.rights.may(f"sagemaker:{operation}")

    @property
    def _new_rows(self) -> list[list[str]]:
        return [NEW_ROW] if self._may("CreateUserProfile") else []

    @property
    def is_fixed(self) -> bool:
        """Tell whether the visitor's own profile is all that can be opened here."""
        return self._editor.draft.rights.own is not None and not self._may("ListUserProfiles")

    async def list_domains(self, text: str = "") -> None:
        """Offer the domains whose name or id contains a text; a single one is chosen by itself."""
        if not await self._domains.look(text):
            return
        only = self._domains.only
        words = await in_thread(self._only_words) if only is not None else ""
        if only is not None and not self.domain_id:
            self.guess(Target(only.domain_id), words)
            self._go_to(only.domain_id)

    def _only_words(self) -> str:
        """Say why a single domain is chosen by itself, and where the region comes from that was looked in."""
        connection = self._editor.connection
        region = connection.resolved_region
        source = "" if connection.region or is_served() else connection.origins()["region"][1]
        where = f" in {region}, the region that {source} says" if source else f" in {region}" if region else ""
        return f"The only domain of this account{where}."

    async def list_profiles(self, text: str = "") -> None:
        """Offer the user profiles of the domain whose names contain a text."""
        if self.domain_id:
            await self._profiles.look(text)
        else:
            self.profile.offer([], NO_DOMAIN)

    # -- what is chosen ------------------------------------------------------------------------------------------

    def carry(self, name: str, *, create: bool) -> None:
        """Remember a profile that was asked for without a domain: it is opened when the domain is chosen."""
        self._carried = Target("", name, create)

    def _domain_chosen(self, domain_id: str) -> None:
        self._choice += 1
        choice = self._choice
        if self._took_arn(domain_id):
            return
        if domain_id and domain_id not in self._names:
            self._domain_turns.ask("choice", lambda: self._domain_typed(domain_id, choice))
        else:
            self._go_to(domain_id)

    def _go_to(self, domain_id: str) -> None:
        if domain_id != self.domain_id:
            self.aim(Target(domain_id, create=self._editor.is_open and self._editor.draft.create))

    async def _domain_typed(self, domain_id: str, choice: int) -> None:
        """Choose a domain that is not in the list, unless AWS says that it does not exist, or another was chosen."""
        if choice != self._choice:
            return
        self.domain.busy = True
        try:
            found = await self._editor.gateway.describe_domain(domain_id)
            self._names[domain_id], self._arns[domain_id] = found.name, found.arn
        except AccessDenied:
            self._names.setdefault(domain_id, "")
        except ProfileWidgetsError as error:
            if choice == self._choice:
                self._editor.say(ERROR, str(error))
                self.show()
            return
        finally:
            self.domain.busy = False
        if choice == self._choice:
            self._go_to(domain_id)

    def _took_arn(self, text: str) -> bool:
        """Choose what an ARN of a domain, or of a user profile, names; tells whether ``text`` is one."""
        found = ARN.fullmatch(text)
        if found is None:
            return False
        why = elsewhere(found, self._editor.place.state)
        if why:
            self._editor.say(INFORMATION, why)
            self.show()
        elif found[5]:
            self.aim(Target(found[4], found[5]))
        else:
            self._domain_chosen(found[3] or found[4])
        return True

    def _profile_chosen(self, name: str) -> None:
        self._choice += 1
        choice = self._choice
        if self._took_arn(name):
            return
        if not self.domain_id:
            self.profile.show("")
            self.profile.offer([], NO_DOMAIN)
        elif not name:
            self.show()
        elif name == NEW or name in [row[0] for row in self.profile.rows] or not self._may("ListUserProfiles"):
            self.aim(Target(self.domain_id, "" if name == NEW else name, name == NEW))
        else:
            self._profile_turns.ask("choice", lambda: self._profile_typed(name, choice))

    async def _profile_typed(self, name: str, choice: int) -> None:
        """Open a profile by a typed name; of a part of a name, say which names hold it."""
        domain_id = self.domain_id
        if choice != self._choice:
            return
        try:
            found = self._editor.gateway.user_profiles(domain_id, name)
            await found.read_some()
        except ProfileWidgetsError:
            names, more = [], False
        else:
            names, more = [each.name for each in found.rows], found.more
        if choice != self._choice:
            return
        exact = next((each for each in names if each.lower() == name.lower()), None)
        if exact is None and names and not more:  # of more names than were read, it may be one
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
            self._load(target)

    def _load(self, target: Target) -> None:
        """Open a profile when the one that is being read has come; that one is not shown any more."""
        if not self._loads.idle:
            self._editor.opening.overtake()
            self.loading(target.domain_id, target.name, create=target.create)
        self._aimed += 1
        number = self._aimed
        self._loads.ask("load", lambda: self._load_unless_left(target, number))

    async def _load_unless_left(self, target: Target, number: int) -> None:
        if number == self._aimed:
            await self._editor.load(target.domain_id, target.name, create=target.create)

    def restart(self) -> None:
        """Forget what was found: the connection leads elsewhere now."""
        for turns in (self._domain_turns, self._profile_turns, self._loads):
            turns.drop()
        for browser in (self._domains, self._profiles):
            browser.forget()
            browser.want("")
        self._names.clear()
        self._arns.clear()
        self._choice += 1
        self._wanted, self.domain_id = None, ""
        self.guess(Target(""), "")
        for chooser in (self.domain, self.profile):
            chooser.offer([])
            chooser.show("")
        self.show()

    def enter(self, domain_id: str) -> None:
        """Choose a domain; what was carried is opened in it, else its profiles are offered."""
        self._editor.leave()
        self._aimed += 1
        self.domain_id = domain_id
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self._show_origin(Target(domain_id))
        self.profile.show("")
        self.profile.status = None
        self._profiles.forget()
        self.profile.offer([])
        self.profile.pinned = self._new_rows
        carried, self._carried = self._carried, Target("")
        if carried.name or carried.create:
            self._load(Target(domain_id, carried.name, carried.create))
        else:
            self._search_profiles()
        if domain_id and domain_id not in self._names:
            self._domain_turns.ask("name", lambda: self._learn(domain_id))

    async def _learn(self, domain_id: str) -> None:
        """Show the name of a domain that was chosen by its id; without permission to learn it, the id is enough."""
        try:
            found = await self._editor.gateway.describe_domain(domain_id)
        except ProfileWidgetsError:
            return
        self._names[domain_id], self._arns[domain_id] = found.name, found.arn
        if domain_id == self.domain_id:
            self.domain.show(domain_id, found.name)
            self.locate()

    # -- what is shown -------------------------------------------------------------------------------------------

    def guess(self, target: Target, source: str, *, link: bool = False) -> None:
        """Remember how ``target`` came to be chosen without anybody's choice; it is said as long as it is chosen."""
        self._guess, self._source, self._link = target, source, ANOTHER if link else ""

    def locate(self) -> None:
        """Show where the chosen domain is, for that has become known."""
        draft = self._editor.draft
        named = self._editor.is_open and draft.described is not None
        self._show_origin(Target(self.domain_id, draft.name if named else ""))

    def _show_origin(self, target: Target) -> None:
        """Show where a domain is, and how it, or its profile, came to be chosen."""
        named = ARN.match(self._arns.get(target.domain_id, ""))
        known = self._editor.place.state
        region, account = (named[1], named[2]) if named else (known["region"], known["account"])
        self.domain.where = {"region": region, "account": account} if region else None
        said = {"text": self._source, "link": self._link}
        here = bool(self._source and target.domain_id) and target.domain_id == self._guess.domain_id
        same = here and bool(target.name) and target.name.casefold() == self._guess.name.casefold()
        self.domain.origin = said if here and not self._guess.name else None
        self.profile.origin = said if same else None

    def loading(self, domain_id: str, name: str, *, create: bool) -> None:
        """Show at once what is being loaded."""
        if domain_id != self.domain_id:
            self.domain_id = domain_id
            self._profiles.forget()
            self.profile.offer([])
        self.domain.show(domain_id, self._names.get(domain_id, ""))
        self._show_origin(Target(domain_id))
        self.profile.show(NEW if create else name, "New profile" if create else name)
        self.profile.busy = True
        text = "Reading the domain" if create else f"Loading {name}"
        self.profile.status = {"text": text, "tone": "busy", "detail": ""}

    def show(self) -> None:
        """Show what is open; with nothing open, what was chosen so far."""
        self.profile.busy = False
        self.domain.fixed = self.profile.fixed = self.is_fixed
        if not self._editor.is_open:
            self.domain.show(self.domain_id, self._names.get(self.domain_id, ""))
            self._show_origin(Target(self.domain_id))
            self.profile.pinned = self._new_rows if self.domain_id else []
            self.profile.status = None
            return
        draft = self._editor.draft
        if draft.domain is not None:
            self._names[draft.domain_id], self._arns[draft.domain_id] = draft.domain.name, draft.domain.arn
        if draft.domain_id != self.domain_id:
            self.domain_id = draft.domain_id
            self.profile.offer([])
        self._profiles.expire()
        self.domain.show(draft.domain_id, self._names.get(draft.domain_id, ""))
        self.profile.pinned = self._new_rows
        described = draft.described
        self._show_origin(Target(draft.domain_id, "" if described is None else described.name))
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
