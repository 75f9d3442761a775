"""What a connection may be set to: the profiles and regions that exist, and what is wrong with what was chosen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profile_widgets.aws import regions, sessions, trust
from profile_widgets.errors import GatewayError, Unreachable

if TYPE_CHECKING:
    from profile_widgets.aws.connection import Connection


GIVEN = "This connection was given its credentials; a profile has no effect on who asks. Leave it empty."


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

        >>> from profile_widgets.aws.connection import Connection
        >>> findings(Connection(region="eu-wst-1"))["region"].partition("? ")[0]
        'There is no AWS region “eu-wst-1”. Did you mean eu-west-1'
    """
    found: dict[str, str] = {}
    if connection.region and not regions.is_usable(connection.region, has_endpoint=connection.endpoint_url is not None):
        found["region"] = regions.no_such_region(connection.region)
    try:
        trust.trusted(connection.ca_bundle, ("", ""), encrypted=True)
    except Unreachable as error:
        found["ca_bundle"] = str(error)
    if connection.profile and connection.credentials is not None:
        found["profile"] = GIVEN
    try:
        _ = connection.replace(region=None).resolved_region
    except GatewayError as error:
        found["profile"] = str(error)
    return found
