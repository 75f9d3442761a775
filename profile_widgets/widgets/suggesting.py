"""What a field does with the values that exist: answering the page's questions, and judging the value it holds.

The page asks with a text, and is answered with a message: nothing stays in a trait. One question of a field is under
way at a time; of those that come meanwhile the last one is answered.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from profile_widgets.checks import arns
from profile_widgets.checks.arns import Remark
from profile_widgets.checks.problems import INFORMATION, WARNING, shown
from profile_widgets.widgets.choosers import MOST
from profile_widgets.widgets.suggestions import Offering, Suggestion, Whereabouts

if TYPE_CHECKING:
    from profile_widgets.aws.protocol import Offer, Offers
    from profile_widgets.widgets.fields import FieldEditor

LONGEST = 1024
"""How many characters of a search are looked at: as many as the longest of these values may have."""
JUDGED = 50
"""How many entries of a list are judged."""
SAME_NAME = 3
"""How many values of one name are offered instead of the name."""
LIKE_THE_OTHERS = ("image", "image-name")
"""The kinds whose values only come later in their list when they do not suit the place; they may be right."""
UNFIT = MappingProxyType(
    {
        "role": "{service} cannot assume this role, as its trust policy says.",
        "emr-role": "The role's trust policy names neither the execution role, nor its account, nor EMR's clusters.",
        "security-group": "This group is in another VPC than the domain.",
        "lifecycle-config": "This lifecycle configuration is not for {app} apps.",
        "app-image-config": "This app image configuration does not say how {app} apps start.",
        "image-version": "No app can start from this image version now.",
        "image-version-number": "No app can start from this image version now.",
        "kms-key": "This is a key of AWS's own, made for one service: it cannot be shared with Studio's users.",
        "training-plan": "Studio's apps cannot start on this training plan.",
    }
)
"""What is said of a value that exists and does not suit its place, by kind."""
FAILED = "This list could not be read: something went wrong inside the editor. The log has the details."


class Question(NamedTuple):
    """Hold what the page asked for."""

    text: str
    refresh: bool = False


class Finding(NamedTuple):
    """Hold a remark and the text that it is about: the field's value, or one entry of its list."""

    entry: str
    remark: Remark


class Suggester:
    """Speak with a catalog for one field.

    Without an ``offering`` the field offers nothing; what its value says about itself is told all the same.
    """

    def __init__(self, editor: FieldEditor, suggestion: Suggestion, offering: Offering | None) -> None:
        self._editor = editor
        self._suggestion = suggestion
        self._offering = offering
        self._turn = threading.Lock()
        self._waiting: Question | None = None
        self._working = False
        self._asked = 0
        self._judged = 0
        self._place: dict[str, str] | None = None
        self._closed = False

    @property
    def looks(self) -> dict[str, str]:
        """Return the traits that tell the page that there is a list, and of what."""
        told = self._suggestion
        return {} if self._offering is None else {"catalog": told.kind, "catalog_words": told.all}

    def close(self) -> None:
        """Answer nothing any more."""
        self._closed = True
        if self._place is not None:
            self._editor.form.settings.off_change(self._around)

    def _where(self) -> Whereabouts:
        return self._offering.where() if self._offering is not None else Whereabouts()

    def _about(self) -> dict[str, str]:
        return self._suggestion.about(self._editor.form, self._editor.structure, self._where())

    # -- answering -----------------------------------------------------------------------------------------------

    def ask(self, content: Mapping[str, Any]) -> None:
        """Take a question from the page; what is no question is ignored."""
        text, offering = content.get("text", ""), self._offering
        if offering is None or self._closed or not isinstance(text, str):
            return
        with self._turn:
            refresh = content.get("refresh") is True or (self._waiting is not None and self._waiting.refresh)
            self._waiting = Question(text[:LONGEST], refresh)
            self._asked += 1
            begins, self._working = not self._working, True
        if begins:
            offering.asked.add(self._suggestion.kind)
            offering.start(self._answer(offering))

    def _next(self) -> Question | None:
        with self._turn:
            asked, self._waiting = self._waiting, None
            self._working = asked is not None and not self._closed
            return asked if self._working else None

    async def _answer(self, offering: Offering) -> None:
        """Answer until no question is left, then judge the value by what was learned."""
        while (asked := self._next()) is not None:
            ticket = self._asked
            with self._told_of_failure(asked.text):
                offers = await self._offers(offering, asked.text, refresh=asked.refresh)
                self._tell(asked.text, offers, ticket)
            if offers.reading:
                offering.start(self._answer_whole(offering, asked.text, ticket))
        await self._judge(offering)

    async def _answer_whole(self, offering: Offering, text: str, ticket: int) -> None:
        """Answer once more when the whole list has been read, unless something else was asked for meanwhile."""
        with self._told_of_failure(text):
            self._tell(text, await self._offers(offering, text, whole=True), ticket)
        await self._judge(offering)

    async def _offers(self, offering: Offering, text: str, **how: bool) -> Offers:
        offers = await offering.lists.offers(self._suggestion.kind, text, self._about(), limit=MOST, **how)
        allowed = self._editor.allowed
        if allowed is None:
            return offers
        rows = tuple(row for row in offers.rows if allowed.accepts(row.value))
        return replace(offers, rows=rows, total=offers.total - len(offers.rows) + len(rows))

    def _tell(self, text: str, offers: Offers, ticket: int) -> None:
        if ticket == self._asked and not self._closed:
            self._editor.send(answer(text, offers))

    @contextmanager
    def _told_of_failure(self, text: str) -> Iterator[None]:
        """Let an error of our own end the waiting of the page too, and not only stand in the log."""
        try:
            yield
        except Exception:
            with self._turn:
                text = self._waiting.text if self._waiting is not None else text
                self._working, self._waiting = False, None
            if not self._closed:
                self._editor.send({"do": "suggested", "text": text, "rows": [], "note": FAILED, "refused": True})
            raise

    # -- judging -------------------------------------------------------------------------------------------------

    def advise(self) -> None:
        """Judge the value that the field holds now: at once what it says itself, and soon what the lists say."""
        value, offering = self._editor.value, self._offering
        self._judged += 1
        self._look_around()
        own = [Finding(each, remark) for each in _texts(value) for remark in self._own(each)]
        self._editor.advice = rows(own, many=isinstance(value, list))
        if value and offering is not None and not self._closed and self._suggestion.kind in offering.asked:
            offering.start(self._judge(offering))

    def _look_around(self) -> None:
        """Remember what is set around the field, and listen from the first time on, where the judgement rests on it."""
        if not (self._suggestion.image or self._suggestion.role) or self._closed:
            return
        if self._place is None:
            self._editor.form.settings.on_change(self._around)
        self._place = self._about()

    def _around(self, _changes: object) -> None:
        """Judge the value again when what it stands beside has changed."""
        if not self._closed and self._about() != self._place:
            self.advise()

    def _own(self, value: str) -> tuple[Remark, ...]:
        """Return what a value says about itself, and about the image beside it."""
        told = self._suggestion
        found = arns.remarks(value, told.kind, self._where().home, elsewhere=told.elsewhere)
        if told.kind == "image-version":
            severity = WARNING if self._editor.structure.value(told.image) else INFORMATION
            other = arns.is_of_another_image(value, self._about().get("image", ""), severity)
            found = found if other is None else (*found, other)
        return found

    async def _judge(self, offering: Offering) -> None:
        """Add what the lists say of the value to what it says itself, unless it has changed meanwhile."""
        value, ticket, kind = self._editor.value, self._judged, self._suggestion.kind
        about, found = self._about(), []
        for each in _texts(value):
            said = self._own(each)
            by_name = arns.takes_name_for(kind, each) or arns.is_session(each)
            remark = await self._of_the_lists(offering, each, about) if by_name or not said else None
            if remark is not None and (remark.values or not said or arns.is_session(each)):
                said = (remark,)
            found += [Finding(each, remark) for remark in said]
        if ticket == self._judged and not self._closed:
            self._editor.advice = rows(found, many=isinstance(value, list))

    async def _of_the_lists(self, offering: Offering, value: str, about: Mapping[str, str]) -> Remark | None:
        told, kind, home = self._suggestion, self._suggestion.kind, self._where().home
        if value in ("", arns.NONE):
            return None
        row = await offering.lists.row(kind, value, about)
        if row is not None:
            return None if row.fits or (kind == "role" and told.elsewhere) else unfit(told, row, about)
        beyond = arns.is_beyond_the_list(value, kind, home)
        if beyond or await offering.lists.known(kind, value, about) is not False:
            return None
        if arns.takes_name_for(kind, value) and (named := await self._named(offering, value)):
            return arns.is_a_name(value, kind, named)
        role = arns.role_in(value) if kind == "role" else ""
        if role and (named := await self._named(offering, role, of=value)):
            return arns.is_another_role(value, named)
        return arns.is_not_there(kind, told.what, value, home, about.get("image", ""))

    async def _named(self, offering: Offering, name: str, of: str = "") -> list[str]:
        """Return the values of a name, the fitting ones alone if there are any; with ``of`` those of its account."""
        offers = await self._offers(offering, name)
        found = [row for row in offers.rows if row.name.lower() == name.lower()]
        arn = arns.read_arn(of)
        if arn is not None:
            found = [row for row in found if (other := arns.read_arn(row.value)) and other.account == arn.account]
        return [row.value for row in [row for row in found if row.fits] or found][:SAME_NAME]

    def instead(self, wanted: object) -> None:
        """Put a value that the advice offers into the field; in a list, in the place of the entry it is about."""
        offered = {fix for row in self._editor.advice for fix, _label in row.get("fixes", ())}
        if not isinstance(wanted, str) or wanted not in offered:
            return
        entry, new = json.loads(wanted)
        held = self._editor.value
        if isinstance(held, list):
            self._editor.assign(self._editor.from_wire([new if each == entry else each for each in held]))
        else:
            self._editor.assign(self._editor.from_wire(new))


def unfit(told: Suggestion, row: Offer, about: Mapping[str, str]) -> Remark:
    """Return what is said of a value that exists and does not suit its place, with what its list says of it.

    Example::

        >>> from profile_widgets.aws.protocol import Offer
        >>> groups = Suggestion("security-group", "security group", "security groups")
        >>> unfit(groups, Offer("sg-1", "default", "vpc-2", fits=False), {}).text
        'This group is in another VPC than the domain. The list says: vpc-2.'
    """
    from profile_widgets.aws.catalog.identity import SAGEMAKER, SERVICES  # whoever has lists has loaded it

    service = told.service or SAGEMAKER
    text = UNFIT.get(told.kind, "This {what} may not suit this field.").format(
        service=SERVICES.get(service, service), app=about.get("app", ""), what=told.what
    )
    said = f" The list says: {row.detail.rstrip('.')}." if row.detail else ""
    return Remark(INFORMATION if told.kind in LIKE_THE_OTHERS else WARNING, f"{text}{said}")


def _texts(value: Any) -> list[str]:
    """Return the texts that a field holds, each once."""
    held = value if isinstance(value, list) else [] if value is None else [value]
    return list(dict.fromkeys(held))[:JUDGED]


def answer(text: str, offers: Offers) -> dict[str, Any]:
    """Return the message that answers a question: rows of value, name and detail, and a 1 behind what fits."""
    return {
        "do": "suggested",
        "text": text,
        "rows": [[row.value, row.name, row.detail, int(row.fits)] for row in offers.rows[:MOST]],
        "total": offers.total,
        "note": offers.note,
        "refused": offers.refused,
    }


def rows(found: Iterable[Finding], *, many: bool) -> list[dict[str, Any]]:
    """Return findings as the page takes them; of ``many`` entries, each says which one it is about."""
    told: list[dict[str, Any]] = []
    for entry, remark in found:
        row: dict[str, Any] = {"severity": remark.severity, "message": remark.text}
        if many:
            arn = arns.read_arn(entry)
            row["message"] = f"{shown(entry if arn is None else arn.last)}: {remark.text}"
        if remark.values:
            row["fixes"] = [[json.dumps([entry, value]), f"Use {value}"] for value in remark.values]
        told.append(row)
    return told
