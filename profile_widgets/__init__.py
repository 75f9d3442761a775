"""Edit Amazon SageMaker user profiles with Jupyter widgets.

Example::

    from profile_widgets import UserProfileEditor
    UserProfileEditor("d-abc123", "alice")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection
    from profile_widgets.checks import Problem, check
    from profile_widgets.checks.policy import Policy
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.model.documents import Change
    from profile_widgets.model.settings import Structure as UserSettings
    from profile_widgets.model.settings import model_class
    from profile_widgets.widgets.app import UserProfileEditor
    from profile_widgets.widgets.form import SettingsEditor

_HOMES = {
    "Change": "profile_widgets.model.documents",
    "Connection": "profile_widgets.aws.connection",
    "Policy": "profile_widgets.checks.policy",
    "Problem": "profile_widgets.checks",
    "ProfileDraft": "profile_widgets.editing.draft",
    "SettingsEditor": "profile_widgets.widgets.form",
    "UserProfileEditor": "profile_widgets.widgets.app",
    "check": "profile_widgets.checks",
    "model_class": "profile_widgets.model.settings",
}

__all__ = [
    "Change",
    "Connection",
    "Policy",
    "Problem",
    "ProfileDraft",
    "SettingsEditor",
    "UserProfileEditor",
    "UserSettings",
    "check",
    "model_class",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that importing the package stays cheap."""
    if name == "UserSettings":
        from profile_widgets.model.settings import model_class

        return model_class("UserSettings")
    if name == "__version__":
        from importlib.metadata import version

        return version("profile-widgets")
    if name in _HOMES:
        return getattr(importlib.import_module(_HOMES[name]), name)
    raise AttributeError(f"profile_widgets has no {name!r}; it has {', '.join(__all__)}.")


def load_ipython_extension(shell: Any) -> None:
    """Load ``%create_user_profile`` and ``%update_user_profile``: what ``%load_ext profile_widgets`` calls."""
    from profile_widgets import magics

    magics.load(shell)


def unload_ipython_extension(shell: Any) -> None:
    """Take the magics away again: what ``%unload_ext profile_widgets`` calls."""
    from profile_widgets import magics

    magics.unload(shell)


def __dir__() -> list[str]:
    """Return the public names, for completion."""
    return sorted([*globals(), *__all__])
