"""Whose SageMaker Studio this is: what the metadata of the space says, and whom AWS names as the space's owner.

It is good for opening a profile that is probably wanted. It is no proof of who somebody is: whoever can write to the
machine can write this file, and the owner of a space is not always who works in it.

The file is described in the developer guide of SageMaker, "Run and manage notebooks: get app metadata".
"""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from profile_widgets.errors import GatewayError

METADATA = Path("/opt/ml/metadata/resource-metadata.json")
"""Where SageMaker puts the file. Notebook instances have one too, without a domain in it."""
VARIABLE = "PROFILE_WIDGETS_METADATA"
"""The environment variable that names another file in its place."""
LONGEST = 65_536
"""How many bytes of the file are read."""
DOMAIN_ID = re.compile(r"d-[a-z0-9-]{1,61}")
NAME = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9-]{0,62}")
"""What AWS allows for the ids of domains, and for the names of profiles and spaces."""

UNREADABLE = "The file that says which Studio space this is could not be read: {reason}."
GARBAGE = "The file that says which Studio space this is does not hold what SageMaker writes there."


class Asking(Protocol):
    """Be able to ask AWS; :class:`~profile_widgets.aws.gateway.Gateway` is."""

    async def ask(self, operation: str, request: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        """Return what a read answers."""
        ...


@dataclass(frozen=True)
class Found:
    """Say whose Studio this seems to be; what is not known is "".

    ``space`` is the space that this runs in, ``region`` and ``account`` are where it is. ``note`` is a sentence that
    says why the user profile, or all of it, is not known.
    """

    domain_id: str = ""
    name: str = ""
    space: str = ""
    region: str = ""
    account: str = ""
    note: str = ""

    @property
    def source(self) -> str:
        """Return, as a sentence, where this was found."""
        if self.space:
            return f"Found in the metadata of this Studio, as the owner of the space “{self.space}”."
        return "Found in the metadata of this Studio."


def is_named() -> bool:
    """Tell whether the environment names a file to be read in the place of SageMaker's."""
    return bool(os.environ.get(VARIABLE))


def read(path: Path | None = None) -> Found | None:
    """Return what the metadata says; ``None`` where there is none, or it is not Studio's. Asks nobody.

    A private space is named without its owner: see :func:`here`.

    Example::

        read()  # Found(domain_id="d-abc123", space="ana-lab", region="eu-west-1", ...)
    """
    place = path or Path(os.environ.get(VARIABLE) or METADATA)
    try:
        if not place.is_file():
            return None
        with place.open("rb") as file:
            raw = file.read(LONGEST + 1)
        told = json.loads(raw) if len(raw) <= LONGEST else None
    except OSError as error:
        return Found(note=UNREADABLE.format(reason=error.strerror or "it is not to be opened"))
    except (ValueError, RecursionError):
        return Found(note=GARBAGE)
    return _understood(told) if isinstance(told, dict) else Found(note=GARBAGE)


def _understood(told: Mapping[str, Any]) -> Found | None:
    """Read the members that name a place in Studio."""
    if "DomainId" not in told:
        return None if str(told.get("ResourceArn", "")).startswith("arn:") else Found(note=GARBAGE)
    domain_id = _fitting(told, "DomainId", DOMAIN_ID)
    name, space = _fitting(told, "UserProfileName", NAME), _fitting(told, "SpaceName", NAME)
    if not domain_id or not (name or space):
        return Found(note=GARBAGE)
    parts = str(told.get("ResourceArn", "")).split(":")
    region, account = (parts[3], parts[4]) if len(parts) > 5 and parts[0] == "arn" else ("", "")
    return Found(domain_id, name, "" if name else space, region, account)


def _fitting(told: Mapping[str, Any], member: str, pattern: re.Pattern[str]) -> str:
    value = told.get(member)
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""


async def here(gateway: Asking, path: Path | None = None) -> Found | None:
    """Return whose Studio this seems to be; ``None`` outside of Studio.

    The file names a user profile, or a space: then AWS is asked for the owner. Of a space that is shared, or whose
    owner is not to be learned, the domain alone is returned, with the reason in ``note``.

    Example::

        found = await here(gateway)
        if found is not None and found.name:
            await gateway.describe_user_profile(found.domain_id, found.name)
    """
    found = await asyncio.get_running_loop().run_in_executor(None, read, path)
    if found is None or not found.space:
        return found
    request = {"DomainId": found.domain_id, "SpaceName": found.space}
    try:
        space = await gateway.ask("DescribeSpace", request)
    except GatewayError as error:
        return replace(found, note=f"Whose Studio space “{found.space}” is could not be learned. {error}")
    owner = str((space.get("OwnershipSettings") or {}).get("OwnerUserProfileName") or "")
    if (space.get("SpaceSharingSettings") or {}).get("SharingType") == "Shared":
        said = f"The Studio space “{found.space}” is shared, so it does not tell whose profile you want."
        return replace(found, note=f"{said} Its owner is {owner}." if owner else said)
    if not owner:
        return replace(found, note=f"AWS names no owner of the Studio space “{found.space}”.")
    return replace(found, name=owner)
