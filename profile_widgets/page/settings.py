"""How Voila is to run: our template, loopback, nothing that a visitor or a stray configuration file could change."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from profile_widgets.served import SERVED

HERE = Path(__file__).parent
TEMPLATE_ROOT = HERE / "template"
"""A Jupyter data folder: put on ``JUPYTER_PATH``, it lets Voila find the template by name."""
TEMPLATE = "profile_widgets"
NOTEBOOK = "user_profile.ipynb"
WIDGET_EXTENSIONS = ("@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget")
"""The front-end extensions that our own page needs: whatever else is installed stays out of it."""

INSTANCE = "X-Page-Instance"
"""The header by which a closed page says which one it is; the name, too, of that among tornado's settings."""

BEFORE_PROFILE = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_ROLE_ARN",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_DEFAULT_PROFILE",
)
"""What boto3 finds in the environment before it asks ``AWS_PROFILE``."""


NO_FILES_OF_AWS = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "BOTO_CONFIG"), os.devnull)
"""Set so, boto3 reads none of the files in which it looks for credentials, wherever they stand when these are unset."""
NO_OTHER_CREDENTIALS = {**NO_FILES_OF_AWS, "AWS_EC2_METADATA_DISABLED": "true"}
"""Set so, it asks the machine's metadata service for none either."""


def page_notebook() -> Path:
    """Return the notebook of the page: inside an installed package, or in ``notebooks/`` of a clone.

    Raise FileNotFoundError when neither is there, which means that the installation is incomplete.

    >>> page_notebook().name
    'user_profile.ipynb'
    """
    places = (HERE / "notebooks" / NOTEBOOK, HERE.parent.parent / "notebooks" / NOTEBOOK)
    for place in places:
        if place.is_file():
            return place
    raise FileNotFoundError(f"The page's notebook {NOTEBOOK} is missing: install profile-widgets again.")


def voila_settings(port: int, *, own_page: bool) -> dict[str, dict[str, Any]]:
    """Return Voila's configuration for one notebook on loopback at ``port``.

    ``own_page`` limits the front-end extensions to those that our page needs; another notebook gets all that are
    installed. The visitor cannot choose a template (``?theme=`` is read by page.js), no file beside the notebook is
    served, tracebacks stay in the log.
    """
    voila: dict[str, Any] = {
        "ip": "127.0.0.1",
        "port": port,
        "port_retries": 0,
        "open_browser": False,
        "config_file_paths": [],
        "log_level": "ERROR",
        # A timeout as short as the interval would close every websocket at its first ping, before any answer to it.
        "tornado_settings": {"ws_ping_interval": 30_000, "ws_ping_timeout": 90_000},
    }
    configuration: dict[str, Any] = {
        "template": TEMPLATE,
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "strip_sources": True,
        "show_tracebacks": False,
        "file_allowlist": [],
        "extension_allowlist": list(WIDGET_EXTENSIONS) if own_page else [],
        "extension_denylist": [],
        "resources": {"profile_widgets": {"own_page": own_page}},
    }
    # A page that is left ends its kernel; this is for browsers that died and machines that went to sleep.
    kernels = {"cull_idle_timeout": 3600, "cull_interval": 300, "cull_connected": False}
    return {"Voila": voila, "VoilaConfiguration": configuration, "MappingKernelManager": kernels}


def closed_settings(settings: Mapping[str, dict[str, Any]], ip: str, base_url: str) -> dict[str, dict[str, Any]]:
    """Return Voila's configuration for a closed page: at an address and below a path of its own.

    Idle kernels are ended by the page itself, connected or not; and no traceback reaches a browser.
    """
    voila = {**settings["Voila"], "ip": ip, "base_url": base_url}
    kernels = {**settings["MappingKernelManager"], "cull_idle_timeout": 0, "allow_tracebacks": False}
    return {**settings, "Voila": voila, "MappingKernelManager": kernels}


def page_environment(base: Mapping[str, str], extra: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the page's process: ``base``, then ``extra``, and where Jupyter finds our template.

    Kernels inherit it, so this is the way by which AWS settings reach them, and by which they know that others than
    their owner may be looking (:mod:`profile_widgets.served`). The Python that runs the page also runs its
    kernels, whatever kernels a person has installed for themselves.
    """
    environment = {**base, **extra}
    paths = [str(TEMPLATE_ROOT), *filter(None, [environment.get("JUPYTER_PATH", "")])]
    ours = {"JUPYTER_PATH": os.pathsep.join(paths), "JUPYTER_PREFER_ENV_PATH": "1", SERVED: "1"}
    return {**environment, **ours}


def profile_environment(base: Mapping[str, str], profile: str) -> dict[str, str]:
    """Return ``base`` with a profile of the AWS configuration in force.

    boto3 prefers keys and roles in the environment to ``AWS_PROFILE``, and ``AWS_DEFAULT_PROFILE`` too, so these are
    left out: otherwise the page would act as somebody else than the profile that was asked for.
    """
    kept = {name: value for name, value in base.items() if name not in BEFORE_PROFILE}
    return {**kept, "AWS_PROFILE": profile}


def sandbox_environment(base: Mapping[str, str], sandbox: Mapping[str, str]) -> dict[str, str]:
    """Return ``base`` with the sandbox's AWS settings in place of the person's own, so that nothing can reach AWS."""
    kept = {name: value for name, value in base.items() if not name.startswith("AWS_")}
    return {**kept, **NO_OTHER_CREDENTIALS, **sandbox}
