"""Choosing an instance type: facts beside every name, and a panel to compare them in a picture and a table."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.checks.problems import ERROR
from profile_widgets.model import documents, instances
from profile_widgets.model.documents import Change
from profile_widgets.model.settings import Structure
from profile_widgets.model.shapes import Member
from profile_widgets.widgets.code import KitWidget, record
from profile_widgets.widgets.fields import ChoiceField
from profile_widgets.widgets.registry import editor_for
from profile_widgets.widgets.structures import child_widgets

if TYPE_CHECKING:
    from profile_widgets.widgets.form import SettingsEditor
    from profile_widgets.widgets.pricing import Priced

SHAPE = "AppInstanceType"
PORTAL = "StudioWebPortalSettings.HiddenInstanceTypes"
HIDDEN = "hidden in Studio"
WORDS = "Compare instance types"
READING = "Reading prices …"

Row = list[Any]


def details(shape_name: str) -> Callable[[str], str] | None:
    """Return what says something about the values of a long enum, ``None`` where there is nothing to say.

    Example::

        >>> details("AppInstanceType")("ml.t3.medium")
        '2 vCPU, 4 GiB · burstable'
    """
    return instances.described if shape_name == SHAPE else None


def row_of(name: str) -> Row:
    """Return what the panel shows of a type.

    ``[name, family, purpose, vCPU, GiB, kind of accelerator, how many, its name, GiB of each, GB of disk, network,
    detail]``; ``None`` and ``""`` are what is not known, or not there.

    Example::

        >>> row_of("ml.g4dn.xlarge")[:9]
        ['ml.g4dn.xlarge', 'g4dn', 'GPU', 4, 16, 'gpu', 1, 'NVIDIA T4', 16]
    """
    found = instances.facts(name) or instances.Instance(name)
    device = found.accelerator
    about = [device.kind, device.count, device.name, device.gib] if device else ["", 0, "", 0]
    figures = [found.vcpu, found.memory, *about, found.disk, found.network]
    return [name, found.family, found.purpose, *figures, instances.detail(name)]


def hidden_types(form: SettingsEditor, root: Structure) -> tuple[list[str], str]:
    """Return the types that Studio hides, and by whose setting; the profile's own list stands for the domain's.

    Returns ``([], "")`` when neither hides any.
    """
    path = documents.join(form.settings.path, PORTAL) if form.settings.member.shape == "UserSettings" else PORTAL
    if not form.sight.shows(path):
        return [], ""
    own, inherited = documents.get(root.held(), path), form.inherited_value(path)
    names = inherited if own is None else own
    whose = "the domain" if own is None else "this profile"
    return ([str(name) for name in names], whose) if names else ([], "")


class InstancePanel(KitWidget):
    """Compare instance types: filters, a picture of memory against vCPU, and a table. ``field`` is what it chooses for.

    It is made when it is opened, and closed with the field or by the button that opened it.
    """

    rows: traitlets.List[Any] = traitlets.List(help="A row for each type, as row_of() makes it.").tag(sync=True)
    value = traitlets.Unicode(help="What is chosen, or empty.").tag(sync=True)
    inherited = traitlets.Unicode(help="What the domain chose, or empty.").tag(sync=True)
    hidden: traitlets.List[Any] = traitlets.List(help="The names of types that Studio hides.").tag(sync=True)
    note = traitlets.Unicode(help="Whose setting hides types, in words.").tag(sync=True)
    system = traitlets.Unicode(help="What “system” means for this app.").tag(sync=True)
    locked = traitlets.Unicode(help="Why nothing can be chosen here, or empty.").tag(sync=True)
    prices = record("rates by type, currency, note and whether they are being read; null where nobody can be asked.")

    def __init__(self, field: InstanceTypeField) -> None:
        self.field = field
        self._asks = False  # what the browser says of ``prices`` is not asked
        held = field.structure.value(field.name)
        names = field.member.enum if field.allowed is None else field.allowed.choices(field.member.enum)
        self.names = tuple(dict.fromkeys([*names, *([held] if isinstance(held, str) and held else [])]))
        self.rows = [row_of(name) for name in self.names]
        self.system = instances.system_means(field.place)
        if field.form.pricing is not None:
            self.prices = _told()
        self.refresh()
        super().__init__(_kind="instances", layout=field.form.layout)
        self.on_msg(self._receive)

    def refresh(self) -> None:
        """Show what is chosen, inherited, hidden and locked now."""
        field = self.field
        hidden, whose = hidden_types(field.form, field.structure.root)
        said = f"Types marked “{HIDDEN}” are left out of Studio's menus by {whose}; they can be chosen here."
        inherited = field.form.inherited_value(field.place)
        with self.hold_sync():
            self.value = field.value if isinstance(field.value, str) else ""
            self.inherited = inherited if isinstance(inherited, str) else ""
            self.hidden, self.note = hidden, said if hidden else ""
            self.locked = field.reason or field.locked

    def _receive(self, _widget: Any, content: Any, _buffers: Any) -> None:
        action = content.get("do") if isinstance(content, dict) else None
        if action == "choose":
            self.field.choose(content.get("value"))
        elif action == "prices":
            self._ask()
        elif action == "close":
            self.field.toggle()

    def _ask(self) -> None:
        pricing = self.field.form.pricing
        if pricing is None or self._asks:
            return
        self._asks = True
        self.prices = _told(busy=READING)
        pricing.ask(self._priced)

    def _priced(self, found: Priced) -> None:
        self._asks = False
        if self.comm is not None:  # it may have been closed meanwhile
            self.prices = _told(rates=dict(found.rates), currency=found.currency, note=found.note)

    def close(self) -> None:
        """Wait for no prices any more, and close this widget."""
        if self.field.form.pricing is not None:
            self.field.form.pricing.forget(self._priced)
        super().close()


def _told(**known: Any) -> dict[str, Any]:
    return {"rates": {}, "currency": "USD", "note": "", "busy": ""} | known


@editor_for(SHAPE)
class InstanceTypeField(ChoiceField):
    """Edit an instance type: a searchable box whose rows tell the facts, and a panel to compare types in."""

    panel = traitlets.Unicode(WORDS, help="The words of the button that opens the panel.").tag(sync=True)
    children = child_widgets("The panel, while it is open.")

    def __init__(self, form: SettingsEditor, structure: Structure, member: Member) -> None:
        self._opened: InstancePanel | None = None  # what the browser says of ``children`` is not asked
        super().__init__(form, structure, member)

    def bind(self) -> None:
        """Follow the member, and what hides types."""
        super().bind()
        self.structure.root.on_change(self._elsewhere)

    def unbind(self) -> None:
        """Follow nothing any more."""
        super().unbind()
        self.structure.root.off_change(self._elsewhere)

    def _elsewhere(self, changes: Iterable[Change]) -> None:
        paths = [each.path for each in changes]
        if any("StudioWebPortalSettings" in path for path in paths):
            self._show()
        elif self.place in paths and self._opened is not None:
            self._opened.refresh()

    def refresh(self) -> None:
        """Bring path, menu, lock and panel up to date."""
        super().refresh()
        self._show()

    def _show(self) -> None:
        mark_hidden(self.form, self.structure.root)
        if self._opened is not None:
            self._opened.refresh()

    # -- the panel -----------------------------------------------------------------------------------------------

    def _receive(self, widget: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and content.get("do") == "panel":
            self.toggle()  # looking is allowed where nothing can be changed
        else:
            super()._receive(widget, content, buffers)

    def toggle(self) -> None:
        """Open the panel, or close it."""
        with self.structure.lock:
            if self._opened is not None:
                self._shut()
                return
            try:
                self.form.need("instances")
                self._opened = InstancePanel(self)
                self.children = (self._opened,)
            except Exception as error:
                self.form.say(ERROR, f"Instance types could not be compared: {error}")
                raise

    def _shut(self) -> None:
        panel, self._opened = self._opened, None
        self.children = ()
        if panel is not None:
            panel.close()

    def choose(self, value: object) -> None:
        """Take a type that the panel offers; anything else is ignored."""
        offered = self._opened.names if self._opened is not None else ()
        if isinstance(value, str) and value in offered and not self.form.refuses(self.place):
            with self.form.guarded(self.place):
                self.assign(value)
            self.settle()

    def close(self) -> None:
        """Close the panel, then this widget."""
        self._shut()
        super().close()


def mark_hidden(form: SettingsEditor, root: Structure) -> None:
    """Say in the shared choices of a form which types Studio hides."""
    hidden: list[str] | None = None
    for names, choices in form.shared_choices(SHAPE):
        hidden = hidden_types(form, root)[0] if hidden is None else hidden
        rows = choice_rows(names, hidden)
        if rows != choices.rows:
            choices.rows = rows


def choice_rows(names: Iterable[str], hidden: Collection[str] = ()) -> list[list[str]]:
    """Return the rows of value and detail for types, with a mark on those that are hidden.

    Example::

        >>> choice_rows(["ml.t3.medium"], {"ml.t3.medium"})
        [['ml.t3.medium', '2 vCPU, 4 GiB · burstable · hidden in Studio']]
    """
    return [
        [name, " · ".join(filter(None, (instances.described(name), HIDDEN if name in hidden else "")))]
        for name in names
    ]
