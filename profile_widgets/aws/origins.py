"""What is used where a connection says nothing, and whether the environment says so or a configuration file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from profile_widgets.aws.endpoints import without_secrets

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection

PROFILE_VARIABLES = ("AWS_DEFAULT_PROFILE", "AWS_PROFILE")
"""Where botocore looks for the profile's name, in this order."""

Found = tuple[str, str]


def origins(connection: Connection) -> dict[str, Found]:
    """Return, for settings that may be left out, what is used then and where it comes from.

    The keys are ``profile``, ``region``, ``endpoint_url`` (SageMaker's) and ``ca_bundle``; the values are pairs such as
    ``("eu-west-1", "AWS_REGION")``, ``("eu-west-1", "the profile ml in ~/.aws/config")``, ``("default", "")`` for the
    profile that counts where none is named, and ``("", "")`` for what is set nowhere. Region, endpoint and certificates
    are those of the connection's own profile when it names one. Files that cannot be read count for empty, because
    whoever makes a client from them is told so. No password is repeated.
    """
    files = _Files()
    profile = _first_variable(*PROFILE_VARIABLES) or ("default", "")
    name = connection.profile or profile[0]
    found = {
        "profile": profile,
        "region": _first_variable("AWS_REGION", "AWS_DEFAULT_REGION") or files.setting(name, "region"),
        "endpoint_url": _endpoint(files, name),
        "ca_bundle": _certificates(files, name),
    }
    return {setting: (without_secrets(value), where) for setting, (value, where) in found.items()}


def _endpoint(files: _Files, profile: str) -> Found:
    """Return SageMaker's configured address by AWS's rules: the most special one counts."""
    ignored = os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
    if (ignored or files.setting(profile, "ignore_configured_endpoint_urls")[0]).casefold() == "true":
        return "", ""
    return (
        _first_variable("AWS_ENDPOINT_URL_SAGEMAKER", "AWS_ENDPOINT_URL")
        or files.of_service(profile, "sagemaker", "endpoint_url")
        or files.setting(profile, "endpoint_url")
    )


def _certificates(files: _Files, profile: str) -> Found:
    """Return the file of certificate authorities; the variable of the requests library counts last, as for botocore."""
    found = _first_variable("AWS_CA_BUNDLE") or files.setting(profile, "ca_bundle")
    return found if found[0] else _first_variable("REQUESTS_CA_BUNDLE") or found


def _first_variable(*names: str) -> Found | None:
    """Return the first of some environment variables that is set and not empty, with its name."""
    return next(((value, name) for name in names if (value := os.environ.get(name))), None)


class _Files:
    """Look settings up in the configuration files, which are read once."""

    def __init__(self) -> None:
        import botocore.session

        core = botocore.session.Session()
        self._config_path = str(core.get_config_variable("config_file"))
        self._credentials_path = str(core.get_config_variable("credentials_file"))
        self._config = _read(self._config_path, nested=True)
        self._profiles: Mapping[str, Any] = self._config.get("profiles", {})
        self._credentials = _read(self._credentials_path, nested=False)

    def setting(self, profile: str, name: str) -> Found:
        """Return a profile's setting and where it stands; the credentials' file counts first, as for botocore."""
        for path, profiles in ((self._credentials_path, self._credentials), (self._config_path, self._profiles)):
            value = dict(profiles.get(profile) or {}).get(name)
            if isinstance(value, str) and value:
                return value, f"the profile {profile} in {path}"
        return "", ""

    def of_service(self, profile: str, service: str, name: str) -> Found | None:
        """Return a setting of the services' section that a profile names."""
        section = self.setting(profile, "services")[0]
        settings = dict(dict(self._config.get("services") or {}).get(section) or {}).get(service)
        value = settings.get(name) if isinstance(settings, dict) else None
        return (value, f"the services {section} in {self._config_path}") if value else None


def _read(path: str, *, nested: bool) -> dict[str, Any]:
    """Return a configuration file's content, ``{}`` when there is none or it cannot be read."""
    from botocore import configloader, exceptions

    reader: Any = configloader.load_config if nested else configloader.raw_config_parse
    try:
        return dict(reader(path))
    except (exceptions.BotoCoreError, OSError, ValueError):
        return {}
