"""boto3's sessions and clients, made the way the AWS CLI makes them."""

from __future__ import annotations

import os
import urllib.request
from pathlib import Path
from typing import TYPE_CHECKING, Any

from profile_widgets import installed
from profile_widgets.aws import endpoints, failures, regions
from profile_widgets.aws.wording import Scene
from profile_widgets.errors import CredentialsError

if TYPE_CHECKING:
    import boto3
    from botocore.client import BaseClient

CLI_CACHE = "~/.aws/cli/cache"
"""Where the AWS CLI keeps the credentials of assumed roles, so that an MFA code typed there serves here too."""


def make(profile: str | None, region: str | None, credentials: Any) -> boto3.Session:
    """Make a session; ``None`` for a setting leaves it to environment and files.

    Raises :class:`~profile_widgets.errors.CredentialsError` when the profile does not exist, and what botocore raises
    for a configuration file that cannot be read.
    """
    import boto3
    import botocore.session

    core = botocore.session.Session(profile=profile)
    name = profile or core.get_config_variable("profile")
    if name and name not in core.available_profiles:
        raise no_such_profile(name, list(core.available_profiles))
    installed.share(core)
    if credentials is None:
        _prepare_assumed_roles(core, name or "default")
    else:
        core.register_component("credential_provider", _Given(credentials))
    chosen = region or os.environ.get("AWS_REGION") or core.get_config_variable("region")
    session = boto3.Session(botocore_session=core, region_name=chosen)
    paths = core.get_component("data_loader").search_paths
    paths[:] = dict.fromkeys(paths)
    return session


def profiles() -> tuple[str, ...]:
    """Return the names of the profiles in the AWS configuration files, in the files' order.

    Raises :class:`~profile_widgets.errors.CredentialsError` for a file that cannot be read.
    """
    import botocore.session

    try:
        return tuple(botocore.session.Session().available_profiles)
    except Exception as error:
        known = failures.translate(error, Scene(operation="", service="configuration"))
        if known is None:
            raise
        raise known from error


def client(
    session: boto3.Session,
    service: str,
    *,
    endpoint: str | None,
    verify: bool | str | None,
    unsigned: bool,
    options: dict[str, Any],
) -> BaseClient:
    """Make a client from ``options``, which are botocore.config.Config's.

    A service on this machine (the sandbox) is reached directly, whatever proxy the environment names for the web.
    """
    import botocore
    from botocore.config import Config

    if unsigned:
        options = {**options, "signature_version": botocore.UNSIGNED}
    factory: Any = session.client
    made: BaseClient = factory(service, endpoint_url=endpoint, verify=verify, config=Config(**options))
    if endpoints.is_loopback(made.meta.endpoint_url) and urllib.request.getproxies():
        made = factory(service, endpoint_url=endpoint, verify=verify, config=Config(**options, proxies={}))
    return made


def configured_endpoint(session: boto3.Session, service: str) -> str | None:
    """Return the address that environment or files give for a service, by AWS's rules; None when they give none.

    The most special one counts: ``AWS_ENDPOINT_URL_SAGEMAKER``, ``AWS_ENDPOINT_URL``, the service's in the profile's
    ``services`` section, the profile's ``endpoint_url``; none with ``ignore_configured_endpoint_urls``.
    """
    core: Any = session._session  # noqa: SLF001 - boto3 shows its botocore session in no other way
    if core.get_config_variable("ignore_configured_endpoint_urls"):
        return None
    profile: dict[str, Any] = core.get_scoped_config()
    section: dict[str, Any] = core.full_config.get("services", {}).get(profile.get("services"), {})
    found: str | None = (
        os.environ.get(f"AWS_ENDPOINT_URL_{service.upper()}")
        or os.environ.get("AWS_ENDPOINT_URL")
        or dict(section.get(service) or {}).get("endpoint_url")
        or profile.get("endpoint_url")
    )
    return found


def no_such_profile(name: str, existing: list[str]) -> CredentialsError:
    """Return the error for a profile that the configuration files do not hold, naming the ones that they do."""
    if not existing:
        hint = "They hold no profile at all: run `aws configure`, or leave the profile empty and unset AWS_PROFILE."
    else:
        near = regions.nearest(name, existing)
        hint = f"They hold {regions.one_of(near)}."
        if regions.likeness(name, near[0]) >= regions.ALIKE:
            hint = f"Did you mean “{near[0]}”? {hint}"
    return CredentialsError(
        f"The AWS configuration files hold no profile “{name}”. {hint}", code="SettingsProfile", retryable=False
    )


class _Given:
    """Stand where botocore looks for credentials, and give the ones that the connection was given."""

    def __init__(self, credentials: Any) -> None:
        self._credentials = credentials

    def load_credentials(self) -> Any:
        """Return the credentials."""
        return self._credentials


def _prepare_assumed_roles(core: Any, profile: str) -> None:
    """Use the AWS CLI's cache of assumed roles, and never wait for somebody to type an MFA code into a terminal."""
    from botocore.utils import JSONFileCache

    def refuse(_prompt: str) -> str:
        raise CredentialsError(
            f"The profile “{profile}” asks for an MFA code, which cannot be typed here. Run "
            f"`aws sts get-caller-identity --profile {profile}` in a terminal, type the code there, and try again.",
            code="SettingsMFA",
        )

    for provider in core.get_component("credential_provider").providers:
        if provider.METHOD == "assume-role":
            provider.cache = JSONFileCache(str(Path(CLI_CACHE).expanduser()))
            provider._prompter = refuse  # noqa: SLF001 - botocore offers no other way to ask without a terminal
