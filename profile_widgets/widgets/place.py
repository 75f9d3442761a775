"""The top of the page: where requests go and as whom, the title, and a sentence when there is something to say."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.widgets.acting import acting
from profile_widgets.widgets.code import KitWidget

if TYPE_CHECKING:
    from profile_widgets.checks.policy import Grant
    from profile_widgets.served import Visitor

TITLE = "User profile"
SUBTITLE = (
    "What this person gets in SageMaker Studio. Changes are sent when you press the button at the end, and not before."
)


class Place(KitWidget):
    """Show where we are. It is told from several threads: each telling changes its own part of the state."""

    state = traitlets.Dict(help="sandbox, region, account, caller, acting, title, subtitle, notice.").tag(sync=True)

    def __init__(self, *, layout: Any) -> None:
        self._telling = threading.Lock()
        self._known: dict[str, Any] = {
            "sandbox": False,
            "region": "",
            "account": "",
            "caller": "",
            "acting": acting(None),
            "title": TITLE,
            "subtitle": SUBTITLE,
            "notice": None,
        }
        self._visitor: Visitor | None = None
        self._grant: Grant | None = None
        self._profile = ""
        super().__init__(_kind="place", state=dict(self._known), layout=layout)

    def tell(self, **parts: Any) -> None:
        """Change parts of what is shown."""
        with self._telling:
            self._known |= parts
            self._known["acting"] = acting(
                self._visitor,
                self._grant,
                caller=self._known["caller"],
                profile=self._profile,
                sandbox=self._known["sandbox"],
            )
            self.state = dict(self._known)

    def acts_for(self, visitor: Visitor | None, grant: Grant | None = None, profile: str = "") -> None:
        """Say in whose name the page acts, and what their policy lets them change of a profile."""
        self._visitor, self._grant, self._profile = visitor, grant, profile
        self.tell()

    def say(self, severity: str = "", text: str = "") -> None:
        """Show a sentence; none, when nothing is given."""
        self.tell(notice={"severity": severity, "text": text} if text else None)
