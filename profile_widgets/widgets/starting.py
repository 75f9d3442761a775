"""Starting from another: the closed part of the page in which settings are copied from elsewhere into the form."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import traitlets

from profile_widgets.model.documents import Change
from profile_widgets.widgets.code import KitWidget
from profile_widgets.widgets.copying import Starting
from profile_widgets.widgets.structures import child_widgets

if TYPE_CHECKING:
    from profile_widgets.widgets.app import UserProfileEditor

Paths = str | os.PathLike[str] | Iterable[str | os.PathLike[str]]


class StartingPanel(KitWidget):
    """Be the closed part "Start from another". What is in it is made when it is first opened.

    ``folders`` are folders with presets beside the kit's own and those that ``PROFILE_WIDGETS_PRESETS`` names.
    """

    title = traitlets.Unicode("Start from another").tag(sync=True)
    expanded = traitlets.Bool(False).tag(sync=True, echo_update=False)
    children = child_widgets("What is in it, once it was opened.")

    def __init__(self, editor: UserProfileEditor, *, folders: Paths = (), layout: Any) -> None:
        self._editor = editor
        self._folders = [folders] if isinstance(folders, (str, os.PathLike)) else list(folders)
        self._made: Starting | None = None
        super().__init__(_kind="panel", layout=layout)
        self.observe(editor.guard(self._opened), "expanded")

    @property
    def inside(self) -> Starting:
        """Return what is in it, made now if it was not."""
        if self._made is None:
            self._editor.form.need("starting")
            self._made = Starting(self._editor, folders=self._folders, layout=self.layout)
            self.children = (self._made,)
        return self._made

    def _opened(self, _change: object) -> None:
        if self.expanded and self._made is None:
            self.inside.begin()
        elif self.expanded:
            self.inside.show()

    def refresh(self) -> None:
        """Say again what copying would change; costs nothing while it is closed."""
        if self._made is not None and self.expanded:
            self._made.show()

    async def copy_from(
        self,
        *,
        profile: str = "",
        domain_id: str = "",
        preset: str = "",
        parts: Iterable[str] | None = None,
        add: bool = False,
    ) -> tuple[Change, ...]:
        """Copy settings into the form as one edit, as a person does here; returns what it changed.

        The source is a ``preset`` (the name of its file), a ``profile``, or the defaults of a domain; ``domain_id`` is
        the domain that is open, unless told otherwise. ``parts`` are names of top-level settings, all that can be
        copied unless told otherwise; with ``add`` only what is not set yet is copied. The page says what came of it.
        Raises :class:`ValueError` for a preset that is not there.

        Example::

            await editor.starting.copy_from(profile="ml-lead", parts=["JupyterLabAppSettings"])
            await editor.starting.copy_from(preset="gpu-development")
        """
        inside = self.inside
        inside.add = add
        proposed = await inside.fetch(profile=profile, domain_id=domain_id, preset=preset)
        return inside.copy(proposed if parts is None else parts)

    def restart(self) -> None:
        """Forget what was read: the connection leads elsewhere now."""
        if self._made is not None:
            self._made.restart()

    def close(self) -> None:
        """Close it and what is in it."""
        self.children = ()
        if self._made is not None:
            self._made.close()
        super().close()
