"""A kernel with AWS credentials of its visitor's own: what else it has to know, and that it finds no other credentials.

The server that lends them shuts the files in which boto3 looks for credentials (``profile_widgets.page.surroundings``).
What these files say besides, it hands on as environment.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

from profile_widgets import served
from profile_widgets.aws import sessions

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection

FOUND = "This page was to ask AWS in your name alone, and other credentials would be used here"
MISSING = "This page was to ask AWS in your name, and was lent no credentials for that."
_HANDED_ON: Final = {
    "ca_bundle": "AWS_CA_BUNDLE",
    "use_fips_endpoint": "AWS_USE_FIPS_ENDPOINT",
    "use_dualstack_endpoint": "AWS_USE_DUALSTACK_ENDPOINT",
    "ignore_configured_endpoint_urls": "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
}
_LENDING: Final = "container-role"
"""How botocore calls the way by which credentials are lent; all ways that it tries before are of files and names."""


def handed_on(connection: Connection) -> dict[str, str]:
    """Return what environment and files say about a connection that is no secret, as environment: region, addresses.

    Reads files; asks nobody.

    >>> handed_on(Connection(region="eu-west-1"))["AWS_REGION"]  # doctest: +SKIP
    'eu-west-1'
    """
    session = sessions.make(connection.profile, connection.region, connection.credentials)
    core: Any = session._session  # noqa: SLF001 - boto3 shows its botocore session in no other way
    region = connection.resolved_region
    found = {"AWS_REGION": region, "AWS_DEFAULT_REGION": region}
    found |= {name: _written(core.get_config_variable(variable)) for variable, name in _HANDED_ON.items()}
    if not os.environ.get("AWS_ENDPOINT_URL"):  # which outweighs what the files say
        found |= _addresses(core)
    return {name: value for name, value in found.items() if value}


def trouble() -> str:
    """Return why this process must not ask AWS, ``""`` when it may: it was lent credentials and would use others.

    Reads environment and files; asks nobody. Without :data:`profile_widgets.served.LENT` everything is as it should be.
    """
    lent = os.environ.get(served.LENT, "")
    if not lent:
        return ""
    try:
        core: Any = sessions.make(None, None, None)._session  # noqa: SLF001 - as above
        providers = core.get_component("credential_provider").providers
    except Exception as error:  # noqa: BLE001 - files that should not be read here, and cannot be
        return f"{FOUND} ({type(error).__name__})."
    for provider in providers:
        if provider.METHOD == _LENDING:
            break
        try:
            found = provider.load()
        except Exception:  # noqa: BLE001 - whatever it was, it comes before what was lent
            found = provider
        if found is not None:
            return f"{FOUND} ({provider.METHOD})."
    is_lent = bool(os.environ.get("AWS_CONTAINER_CREDENTIALS_FULL_URI"))
    return MISSING if lent == "1" and not is_lent else ""


def _addresses(core: Any) -> dict[str, str]:
    profile: dict[str, Any] = core.get_scoped_config()
    section: dict[str, Any] = core.full_config.get("services", {}).get(profile.get("services"), {})
    found = {"AWS_ENDPOINT_URL": profile.get("endpoint_url", "")}
    for service, settings in section.items():
        name = f"AWS_ENDPOINT_URL_{service.upper()}"
        if isinstance(settings, dict) and not os.environ.get(name):
            found[name] = settings.get("endpoint_url", "")
    return found


def _written(value: Any) -> str:
    return "true" if value is True else "" if value in (None, False) else str(value)
