"""From which profile, or which domain's defaults, settings are copied: two lists beside each other."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from profile_widgets.widgets.browsing import NO_DOMAIN, NOT_LISTED, Browser, domain_row, more, profile_row, search
from profile_widgets.widgets.choosers import Chooser
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.turns import Turns

if TYPE_CHECKING:
    from profile_widgets.aws.listing import Pages
    from profile_widgets.aws.protocol import ProfileSummary
    from profile_widgets.widgets.app import UserProfileEditor

PROFILE, DOMAIN, PRESET, ORGANISATION = "profile", "domain", "preset", "organisation"
"""The kinds of sources."""
ID, NAME = "A domain id may be typed.", "A profile's name may be typed."


class Sources:
    """Own the two lists. The domain is the one that the page has open, until another one is chosen here.

    ``on_profile`` is told the domain and the name of a profile, ``on_domain`` a domain's id. AWS is asked when a list
    is opened, a page at a time, and one page of a list at a time.
    """

    def __init__(
        self,
        editor: UserProfileEditor,
        *,
        on_profile: Callable[[str, str], None],
        on_domain: Callable[[str], None],
        layout: Any,
    ) -> None:
        self._editor = editor
        self._on_profile, self._on_domain = on_profile, on_domain
        self._chosen = self._of = ""
        self._names: dict[str, str] = {}
        self._domain_turns, self._profile_turns = Turns(editor.start), Turns(editor.start)
        self.domain = Chooser(
            label="From domain",
            placeholder="Choose a domain",
            on_choose=editor.guard(self._domain_chosen),
            on_search=editor.guard(self._search_domains),
            on_more=lambda: more(self._domains, self._domain_turns),
            layout=layout,
        )
        self.profile = Chooser(
            label="From user profile",
            placeholder="Choose a user profile",
            on_choose=editor.guard(self._profile_chosen),
            on_search=editor.guard(self._search_profiles),
            on_more=lambda: more(self._profiles, self._profile_turns),
            layout=layout,
        )
        self._domains = Browser(self.domain, lambda _text: editor.gateway.domains(), domain_row, typed=ID, whole=True)
        order = "{} changed last"
        self._profiles = Browser(self.profile, self._pages, profile_row, typed=NAME, first=order)

    def _pages(self, text: str) -> Pages[ProfileSummary]:
        return self._editor.gateway.user_profiles(self.domain_id, text)

    @property
    def domain_id(self) -> str:
        """Return the domain to copy from, "" while none is chosen."""
        return self._chosen or self._editor.finder.domain_id

    def settle(self, domain_id: str = "") -> str:
        """Stay with a domain, the one of now unless told otherwise, whatever the page opens next; returns its id."""
        self._chosen = domain_id or self.domain_id
        return self._chosen

    def shown(self, kind: str) -> tuple[KitWidget, ...]:
        """Return the lists that a kind of source is chosen from, up to date."""
        finder, here = self._editor.finder, self.domain_id
        name = self._names.get(here) or (finder.domain.shown if here == finder.domain_id else "")
        self.domain.show(here, name)
        self.domain.fixed = finder.is_fixed
        if here != self._of:  # a profile of another domain is none of this one
            self._of = here
            self._profiles.forget()
            self.profile.show("")
            self.profile.offer([])
        return {PROFILE: (self.domain, self.profile), DOMAIN: (self.domain,)}.get(kind, ())

    def restart(self) -> None:
        """Forget what was found and chosen: the connection leads elsewhere now."""
        self._chosen = ""
        self._of = " "  # no domain's id, so that the profiles go too
        self._names.clear()
        for turns in (self._domain_turns, self._profile_turns):
            turns.drop()
        self._domains.forget()
        self.domain.offer([])

    def _search_domains(self, text: str) -> None:
        if self._editor.draft.rights.may("sagemaker:ListDomains"):
            search(self._domains, text, self._domain_turns, self._domains.look)
        else:
            self.domain.offer([], NOT_LISTED)

    def _search_profiles(self, text: str) -> None:
        if not self._editor.draft.rights.may("sagemaker:ListUserProfiles"):
            self.profile.offer([], NOT_LISTED)
        elif self.domain_id:
            search(self._profiles, text, self._profile_turns, self._profiles.look)
        else:
            self.profile.offer([], NO_DOMAIN)

    def _domain_chosen(self, domain_id: str) -> None:
        if domain_id:
            self._chosen = domain_id
            self._names |= {str(row[0]): str(row[1]) for row in self.domain.rows}
            self._on_domain(domain_id)

    def _profile_chosen(self, name: str) -> None:
        domain_id = self.domain_id
        if not domain_id:
            self.profile.offer([], NO_DOMAIN)
        elif name:
            self.profile.show(name)
            self._on_profile(self.settle(), name)

    def close(self) -> None:
        """Close the lists."""
        self.domain.close()
        self.profile.close()
