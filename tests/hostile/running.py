"""The suite: which attacks there are, in whose name and in how many visits, and what came of all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from tests.hostile import doors, messages
from tests.hostile.client import Channels, Page, Person, Refused
from tests.hostile.counting import Tally
from tests.hostile.editing import FORBIDDEN, GARBAGE, Attacker
from tests.hostile.subject import Subject
from tests.hostile.wire import Unwatched

SHORT = ("ExecutionRole", "JupyterLabAppSettings.DefaultResourceSpec.InstanceType", "CustomFileSystemConfigs")
"""The fields of the short form."""
FEWEST = 25
"""How many widgets a page with a profile has at least, before anything is opened on it."""
Say = Callable[[str], None]
Attack = Callable[[Attacker], None]


@dataclass(frozen=True)
class Visit:
    """Attacks that one kernel has to live through, one after the other."""

    title: str
    attacks: tuple[Attack, ...]
    name: str = ""


class Suite:
    """Attack a subject. `short` is what an ordinary test run can afford: fewer values, and fewer kernels for them."""

    def __init__(self, subject: Subject, *, short: bool = False, say: Say = lambda _text: None) -> None:
        self.subject, self.short, self.say = subject, short, say
        self.tally = Tally(watched=not isinstance(subject.witness, Unwatched))
        self._names = list(subject.people)
        self._wanted = SHORT if short else tuple(FORBIDDEN)

    def run(self) -> Tally:
        """Run everything and return the figures."""
        for visit in self.visits():
            self.pay(visit)
        if self.subject.closed:
            self.at_the_doors()
        self.say("searching what was heard")
        self.tally.secrets += self.subject.secrets_heard()
        self.tally.ran += self.subject.witness.knocks
        return self.tally

    def visits(self) -> Iterator[Visit]:
        """Return the visits: one for each attack, or in the short form for several of them."""
        reader = Visit("a reader's buttons", (self.as_reader,), "carol")
        below = Visit("below the widgets", (self.comms, self.other_kinds, self.noise, self.frames))
        whole = Visit("widgets", (self.disabled, self.fields, self.loads, self.files, self.others))
        forged = Visit("traits and buttons", (self.traits, self.buttons))
        planned = [whole, forged, below, *([reader] if reader.name in self._names else [])]
        for visit in planned:
            if self.short:
                yield visit
            else:
                for attack in visit.attacks:
                    yield Visit(str(attack.__doc__).split(".", maxsplit=1)[0], (attack,), visit.name)

    def pay(self, visit: Visit) -> None:
        """Pay a visit; the kernel must live through it, and do what is allowed afterwards."""
        self.say(visit.title)
        with self._page(visit.name or self._names[0]) as attacker:
            for attack in visit.attacks:
                began = len(self.subject.witness.seen)
                try:
                    attack(attacker)
                except TimeoutError:
                    self.tally.ended.append(f"{attack.__name__}: the kernel did not answer")
                seen = self.subject.witness.seen[began:]
                self.tally.forbidden += [
                    f"{attack.__name__}: {e.operation} {said}" for e in seen for said in e.forbidden
                ]
            if not attacker.page.alive():
                self.tally.ended.append(f"{visit.title}: the kernel was gone afterwards")

    @contextmanager
    def _page(self, name: str) -> Iterator[Attacker]:
        self.subject.restore(name)
        with Page(self.subject.address, self.subject.people[name]) as page:
            attacker = Attacker(page, self.subject.witness, self.tally, self.subject.domain, name)
            attacker.open_profile()
            if len(page.channels.copied()) < FEWEST:
                self.tally.ended.append(f"the page of {name} showed next to no widgets: nothing was attacked")
            yield attacker
            page.leave()

    # -- attacks -----------------------------------------------------------------------------------------------------

    def disabled(self, attacker: Attacker) -> None:
        """Disabled buttons, and a change that is allowed."""
        attacker.press_disabled()
        if not attacker.allowed_change():
            self.tally.ended.append("an allowed change did not arrive")

    def fields(self, attacker: Attacker) -> None:
        """Fields that are set to what is not allowed."""
        attacker.set_fields(self._wanted)

    def loads(self, attacker: Attacker) -> None:
        """Requests that are loaded as text."""
        attacker.load_requests(self._wanted, 1 if self.short else None)

    def files(self, attacker: Attacker) -> None:
        """Files beside the kernel, and other addresses."""
        attacker.read_files(self.subject.files[: 1 if self.short else None], self.subject.elsewhere)

    def others(self, attacker: Attacker) -> None:
        """Other people's profiles, and new ones."""
        attacker.other_profiles((*self._names[1:2], "analyst-1", "newcomer")[: 1 if self.short else None])

    def traits(self, attacker: Attacker) -> None:
        """Every trait of every widget."""
        if self.short:
            attacker.forge_traits(GARBAGE[6:8], times=1, each_kind=1)
        else:
            attacker.forge_traits(GARBAGE, times=1)

    def buttons(self, attacker: Attacker) -> None:
        """Everything that can be pressed, on everything."""
        attacker.press_everything(each_kind=1 if self.short else None)

    def as_reader(self, attacker: Attacker) -> None:
        """A reader's page, on which every button that sends is disabled."""
        before = len(self.subject.witness.writes)
        attacker.press_disabled()
        attacker.load_requests(SHORT[:1], 0)
        attacker.load(attacker.named({"DefaultLandingUri": "app:JupyterLab:"}))
        attacker.submit()
        self.tally.disabled += [f"a reader's {each.operation}" for each in self.subject.witness.writes[before:]]

    def comms(self, attacker: Attacker) -> None:
        """Comms of every registered class."""
        messages.open_comms(attacker.page, self.tally, messages.FORGED[1:2] if self.short else messages.FORGED)
        attacker.settled()
        if not attacker.allowed_change():
            self.tally.ended.append("after comms of every class an allowed change did not arrive")

    def other_kinds(self, attacker: Attacker) -> None:
        """Messages of every other kind."""
        messages.send_other_kinds(attacker.page, self.tally)
        attacker.settled()

    def noise(self, attacker: Attacker) -> None:
        """Noise."""
        messages.send_noise(attacker.page, self.tally, 100 if self.short else 4000)
        attacker.settled()

    def frames(self, attacker: Attacker) -> None:
        """Broken frames."""
        page = attacker.page
        try:
            channels = Channels(page.address, page.person, page.kernel, "broken", origin=page.address.origin)
        except Refused:
            self.tally.ended.append("the visitor's own channels were not opened a second time")
            return
        messages.send_broken_frames(channels, self.tally)
        channels.close()

    def at_the_doors(self) -> None:
        """Attack as others, and from elsewhere."""
        address, people = self.subject.address, self.subject.people
        self.say("others' kernels")
        with self._page(self._names[0]) as attacker:
            others = [(name, people[name]) for name in self._names[1:]]
            if self._by_headers:
                others.insert(1, ("nobody", Person()))
            doors.foreign_kernels(attacker.page, others[: 2 if self.short else None], self.tally)
            self.say("origins")
            doors.foreign_origins(attacker.page, self.tally)
        self.say("headers and hosts")
        if self._by_headers:
            doors.forge_headers(address, people[self._names[0]], self._names[1], self.tally)
        doors.foreign_hosts(address, people[self._names[0]], self.tally)
        self.say("files and paths")
        self._ask_for_files([people[self._names[1]], Person()])

    @property
    def _by_headers(self) -> bool:
        """Tell whether headers say who somebody is, with nothing before the page that adds them."""
        return len(self.subject.people[self._names[0]].headers) > 1

    def _ask_for_files(self, people: Iterable[Person]) -> None:
        files = self.subject.files[: 1 if self.short else None]
        doors.ask_for_files(self.subject.address, list(people)[: 1 if self.short else None], files, self.tally)
