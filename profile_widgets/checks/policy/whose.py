"""Whose profile a visitor's own is, told from their name alone.

Two visitors must never meet in one profile. So nothing is cut, guessed or made to fit: a name that does not fit as it
is, or as the policy expressly says, has no profile here. The sentence that says so is for the visitor; what the
administrator can do about it stands apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from profile_widgets.checks.problems import shown
from profile_widgets.errors import WhoseError
from profile_widgets.served import Visitor

TEMPLATE, FILE, SSO = "template", "file", "sso"
"""The kinds of rules: a name is made from the visitor's; it stands in a mapping file; AWS is asked for it."""

PROFILE_NAME = re.compile(r"[a-zA-Z0-9](?:-*[a-zA-Z0-9]){0,62}")
LONGEST_NAME = 63
DOMAIN_ID = re.compile(r"d-(?:-*[a-z0-9]){1,61}")
USER, LOCAL = "{user}", "{local}"
"""What a template has in the place of the visitor's name, and of what stands before an e-mail address's @."""

_MAP = "Name this person in a mapping file (profile.file)."


@dataclass(frozen=True)
class WhoseRule:
    """Derive the name of a visitor's own profile.

    ``template`` holds ``{user}``, or ``{local}`` with the one ``email_domain`` that addresses may have. ``replace``
    says what a character becomes; a name that holds such a result itself is refused, so that ``a.b`` and ``a-b`` never
    meet. ``lower`` says that capital letters are the same person's; without it names with capital letters are refused,
    for AWS takes Alice and alice for one profile. ``names`` is what a mapping file says: profile names, or
    ``(domain, name)``.

    Example::

        >>> rule = WhoseRule("template", template="{local}", email_domain="example.com", replace={".": "-"})
        >>> rule.name_for(Visitor("ada.lovelace@example.com"))
        'ada-lovelace'
    """

    kind: str
    template: str = USER
    email_domain: str = ""
    replace: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    lower: bool = False
    names: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}), hash=False)
    domain_id: str = ""
    domains: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}), hash=False)

    def name_for(self, visitor: Visitor) -> str:
        """Return the name of the visitor's profile; for ``sso``, the SingleSignOnUserValue to look up.

        Raises :class:`WhoseError` with a sentence.
        """
        name = visitor.name
        if not name or name != name.strip() or not name.isprintable():
            raise WhoseError("A visitor without a proper name has no profile here.")
        if self.kind == FILE:
            if name not in self.names:
                raise WhoseError(f"{shown(name)} is not in the policy's mapping file, so there is no profile for them.")
            return self.names[name][1]
        if self.kind == SSO:
            return self.template.replace(USER, name)
        return self._made(name)

    def advice(self, visitor: Visitor) -> str:
        """Return what an administrator can do for somebody whose name no profile is made from; "" for anybody else.

        It is for whoever writes the policy; a visitor is told whom to ask.
        """
        try:
            self.name_for(visitor)
        except WhoseError:
            return _MAP if self.kind == TEMPLATE else ""
        return ""

    def domain_for(self, visitor: Visitor) -> str:
        """Return the domain of the visitor's profile, "" when the policy does not say; raises :class:`WhoseError`."""
        if self.kind == FILE and visitor.name in self.names and self.names[visitor.name][0]:
            return self.names[visitor.name][0]
        if not self.domains:
            return self.domain_id
        found = {self.domains[group] for group in visitor.groups if group in self.domains}
        if len(found) == 1:
            return found.pop()
        if found:
            which = ", ".join(sorted(found))
            raise WhoseError(f"The groups of {shown(visitor.name)} lead to several domains: {which}.")
        raise WhoseError(f"{shown(visitor.name)} is in none of the groups that have a domain in this policy.")

    def _made(self, name: str) -> str:
        person = self._local(name) if LOCAL in self.template else name
        if not person.isascii():
            raise WhoseError(f"{shown(name)} has letters that no profile name has.")
        if self.lower:
            person = person.lower()
        elif person != person.lower():
            text = "AWS does not tell them apart in profile names, and this policy does not say `case: lower`."
            raise WhoseError(f"{shown(name)} has capital letters. {text}")
        for result in self.replace.values():
            if result in person:
                text = f"holds {shown(result)} already, which this policy puts in the place of another character"
                raise WhoseError(f"{shown(name)} {text}: two people could meet in one profile.")
        for character, result in self.replace.items():
            person = person.replace(character, result)
        made = self.template.replace(USER, person).replace(LOCAL, person) if person else ""
        if not is_a_profile_name(made):
            why = wrong_with(made)
            why = why.replace(shown(made), "It", 1) if made == name else why
            raise WhoseError(f"{shown(name)} makes no profile name. {why}")
        return made

    def _local(self, name: str) -> str:
        local, at, domain = name.partition("@")
        if not at or not local or "@" in domain:
            raise WhoseError(f"{shown(name)} is no e-mail address, which this policy makes profile names from.")
        if domain.lower() != self.email_domain.lower() or not domain.isascii():
            text = f"is no address of {self.email_domain}: somebody there may have the same name"
            raise WhoseError(f"{shown(name)} {text}, so this page has no profile for them.")
        return local


def is_a_profile_name(text: str) -> bool:
    """Tell whether a text can be a user profile's name: AWS's pattern does not count hyphens, its bound does."""
    return len(text) <= LONGEST_NAME and PROFILE_NAME.fullmatch(text) is not None


def is_a_domain_id(text: str) -> bool:
    """Tell whether a text can be a domain's id."""
    return len(text) <= LONGEST_NAME and DOMAIN_ID.fullmatch(text) is not None


def wrong_with(name: str) -> str:
    """Return the sentence that says why a text is no profile name."""
    if not name:
        return "It is empty."
    if len(name) > LONGEST_NAME:
        return f"It is {len(name)} characters long, and {LONGEST_NAME} is the most; cut names could meet."
    return f"{shown(name)} is not made of letters, digits and hyphens alone, or begins or ends with a hyphen."


def lossy(replace: Mapping[str, str], collisions: str) -> Iterable[str]:
    """Yield why two names could become one when characters are replaced so; nothing when they cannot."""
    if not replace:
        return
    if collisions != "refuse":
        source, result = next(iter(replace.items()))
        one, other = f"a{source}b", f"a{result}b"
        yield (
            f"{one} and {other} would meet in one profile. Say `collisions: refuse`, which refuses names that hold "
            f"{shown(result)} themselves, or use a mapping file."
        )
    if len(set(replace.values())) < len(replace):
        yield "Two characters become the same one, so that two people could meet in one profile: use a mapping file."
    for source in replace:
        if source in replace.values() or re.fullmatch("[a-zA-Z0-9@]", source):
            yield f"{shown(source)} cannot be replaced: it is a letter, a digit, @, or what another character becomes."


def doubled(names: Mapping[str, tuple[str, str]]) -> Iterable[tuple[str, str, str]]:
    """Yield ``(visitor, other visitor, profile)`` where a mapping sends two visitors to one profile."""
    first: dict[tuple[str, str], str] = {}
    for visitor, (domain, name) in names.items():
        place = (domain, name.lower())
        if place in first:
            yield visitor, first[place], name
        first.setdefault(place, visitor)
