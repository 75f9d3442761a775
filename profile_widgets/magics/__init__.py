"""The notebook magics of CreateUserProfile and UpdateUserProfile, with every option of the AWS CLI's commands.

``%load_ext profile_widgets`` calls :func:`load`.
"""

from __future__ import annotations

from typing import Any

__all__ = ["load", "unload"]


def load(ip: Any) -> None:
    """Put both magics, for lines and cells, and their completion into an IPython shell; loading twice is allowed."""
    from profile_widgets.magics import registering

    registering.load(ip)


def unload(ip: Any) -> None:
    """Take the magics and their completion out of an IPython shell."""
    from profile_widgets.magics import registering

    registering.unload(ip)
