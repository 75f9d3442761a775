"""The magics as IPython knows them: their names, their help, their completion, in and out of a shell."""

from __future__ import annotations

from collections import ChainMap
from typing import Any

from profile_widgets.magics.options import MAGICS
from profile_widgets.magics.words import Names

_KINDS = ("line", "cell")


def load(ip: Any) -> None:
    """Register the magics and their completion; a second time replaces the first."""
    from profile_widgets.magics import completing

    unload(ip)
    for operation, name in MAGICS.items():
        ip.register_magic_function(_Magic(ip, operation), magic_kind="line_cell", magic_name=name)
    completing.install(ip)


def unload(ip: Any) -> None:
    """Take the magics and their completion out, where they are in."""
    from profile_widgets.magics import completing

    for kind in _KINDS:
        for name in MAGICS.values():
            ip.magics_manager.magics[kind].pop(name, None)
    completing.remove(ip)


class _Magic:
    """Be the function behind a magic, for lines and cells; its help is made when somebody asks for it."""

    needs_local_scope = True
    """Asks IPython for the variables of the function in which a magic stands."""

    def __init__(self, ip: Any, operation: str) -> None:
        from IPython.core.magic import MAGIC_NO_VAR_EXPAND_ATTR

        self._ip = ip
        self._operation = operation
        self.__name__ = self.__qualname__ = MAGICS[operation]
        setattr(self, MAGIC_NO_VAR_EXPAND_ATTR, True)  # values are put in by rules of our own: JSON stays JSON

    @property
    def __doc__(self) -> str:  # type: ignore[override]
        from profile_widgets.magics.documentation import docstring

        return docstring(self._operation)

    def __call__(self, line: str, cell: str | None = None, local_ns: Names | None = None) -> None:
        from profile_widgets.magics.running import run

        names: Names = ChainMap(dict(local_ns or {}), self._ip.user_ns)
        run(self._ip, self._operation, line, cell, names)
