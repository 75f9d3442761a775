"""In whose name the page acts, in words: the visitor, where they are known from, the caller, and what a policy lets."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING

from profile_widgets.model.shapes import CREATE, UPDATE
from profile_widgets.served import ACTS_AS, VISITOR, Visitor, is_served
from profile_widgets.widgets.sight import sight_of

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Grant
    from profile_widgets.editing.draft import ProfileDraft

SOURCES = {
    "aws": "by your own AWS credentials",
    "jupyterhub": "signed in at JupyterHub",
    "proxy": "from your company's sign-in",
    "demo": "a made-up visitor of this demonstration",
    "": "nobody has checked this",
}
"""From where it is known who a visitor is, in words, by :attr:`Visitor.source`."""
UNKNOWN = "This page does not know who you are."
SHARED = "Everybody who opens it acts {whose}, with what that may do."
SANDBOX = "on the sandbox, where nothing is real"


def acting(
    visitor: Visitor | None,
    grant: Grant | None = None,
    *,
    caller: str = "",
    profile: str = "",
    sandbox: bool = False,
    environment: Mapping[str, str] | None = None,
) -> str:
    """Return in whose name the page acts, in a few sentences; "" in a person's own notebook, where it is plain.

    ``caller`` is as whom AWS knows the page, ``profile`` what is open. The server says in its kernel's
    ``environment`` as whom it asks AWS.

    Example::

        >>> acting(Visitor("alice", (), "proxy"), caller="role Pages", environment={})
        "You are alice (from your company's sign-in). This page acts as role Pages."
    """
    told = (os.environ if environment is None else environment).get(ACTS_AS, "").strip()
    if visitor is None and grant is not None:
        visitor = _said(os.environ if environment is None else environment)
    if visitor is None and grant is None:
        if told:
            return told
        if not is_served():
            return ""
        whose = SANDBOX if sandbox else f"as {caller}" if caller else "as its server does"
        return f"{UNKNOWN} {SHARED.format(whose=whose)}"
    who = UNKNOWN if visitor is None else f"You are {visitor.name} ({SOURCES.get(visitor.source, SOURCES[''])})."
    acts = told or (f"This page acts as {caller}." if caller else "")
    return " ".join(filter(None, (who, acts, granted(grant, profile))))


def _said(environment: Mapping[str, str]) -> Visitor | None:
    """Return whom the server named to a page that is closed: they may know who they are, and may do nothing."""
    try:
        return Visitor.from_json(environment[VISITOR])
    except (KeyError, ValueError, RecursionError):
        return None


def granted(grant: Grant | None, profile: str = "") -> str:
    """Return how much a policy lets be changed, and what it is called; "" without one, and where it grants nothing."""
    if grant is None or not grant.operations:
        return ""
    some, every = sight_of(grant).count()
    what = "every setting" if some == every else _settings(some)
    whose = f" of {profile}" if profile else ""
    return f"Policy: {grant.title}. It lets you change {what}{whose}." if some else f"Policy: {grant.title}. {_LOOK}"


_LOOK = "It lets you look, and change nothing."


def _settings(count: int) -> str:
    return "1 setting" if count == 1 else f"{count} settings"


def unsendable(draft: ProfileDraft) -> str:
    """Return why the policy does not let what is edited be sent, in a sentence; "" when it does."""
    grant = draft.rights.grant
    operation = CREATE if draft.create else UPDATE
    if grant is None or grant.may(f"sagemaker:{operation}"):
        return ""
    verb = "create" if draft.create else "update"
    asking = f" Ask {grant.contact}." if grant.contact else ""
    return f"The policy “{grant.title}” does not let you {verb} it.{asking}"
