"""Whose certificates are trusted: botocore's own authorities, or those of a file that somebody names."""

from __future__ import annotations

import ssl
from pathlib import Path

from profile_widgets.errors import Unreachable


def trusted(given: str | None, found: tuple[str, str], *, encrypted: bool) -> bool | str:
    """Return botocore's ``verify``: the file of authorities to trust, or True for botocore's own.

    ``given`` is the connection's ``ca_bundle``; without it ``found`` counts, a file's name and where it stands
    (``AWS_CA_BUNDLE``). An empty name is none: some versions of botocore would check nothing then. Raises
    :class:`~profile_widgets.errors.Unreachable` for a file that is not there or holds no certificates, but for a found
    one only when requests go out ``encrypted``, because nobody reads it otherwise.
    """
    name, where = (given, "") if given else found
    if not name.strip():
        return True
    path = Path(name).expanduser()
    if given or encrypted:
        _check(path, name, where)
    return str(path)


def _check(path: Path, name: str, where: str) -> None:
    correct = "the connection's ca_bundle, or leave it empty" if not where else f"{where}, which names it"
    if not path.is_file():
        raise Unreachable(
            f"The file of certificate authorities {name!r} does not exist. Correct {correct}.", code="SettingsCABundle"
        )
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(path)
    except (OSError, ValueError) as error:  # an SSLError is an OSError
        raise Unreachable(
            f"The file of certificate authorities {name!r} cannot be used: it must hold certificates as PEM texts. "
            f"Correct {correct}.",
            code="SettingsCABundle",
        ) from error
