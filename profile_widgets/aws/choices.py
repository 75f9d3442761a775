"""What a connection may be set to: the profiles and regions that exist, and what is wrong with what was chosen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from profile_widgets.aws import regions, sessions
from profile_widgets.errors import GatewayError

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection


def offers() -> dict[str, list[list[str]]]:
    """Return rows of value and detail to choose from, by the name of the setting. Reads configuration files."""
    try:
        profiles = sessions.profiles()
    except GatewayError:  # files that cannot be read are told of where they are used
        profiles = ()
    return {
        "profile": [[name, ""] for name in profiles],
        "region": [[name, ""] for name in regions.known_regions()],
    }


def findings(connection: Connection) -> dict[str, str]:
    """Return what is wrong with a connection's settings, by name, without asking AWS. Reads configuration files.

    Example::

        >>> findings(Connection(region="eu-wst-1"))["region"].partition("? ")[0]
        'There is no AWS region “eu-wst-1”. Did you mean eu-west-1'
    """
    found: dict[str, str] = {}
    if connection.region and not regions.is_usable(connection.region, has_endpoint=connection.endpoint_url is not None):
        found["region"] = regions.no_such_region(connection.region)
    if connection.ca_bundle and not Path(connection.ca_bundle).expanduser().is_file():
        found["ca_bundle"] = f"There is no file {connection.ca_bundle}."
    try:
        _ = connection.replace(region=None).resolved_region
    except GatewayError as error:
        found["profile"] = str(error)
    return found
