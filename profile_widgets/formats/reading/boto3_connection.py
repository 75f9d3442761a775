"""What a piece of Python says about the connection: by the session, the client and the configuration of the call."""

from __future__ import annotations

from collections.abc import Container, Iterator
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading.python_text import Python, Unknown
from profile_widgets.formats.reading.registry import Found

_SESSION = {"profile_name": "profile", "region_name": "region"}
_CLIENT = {"region_name": "region", "endpoint_url": "endpoint_url"}
_CONFIG = {"region_name": "region", "connect_timeout": "connect_timeout", "read_timeout": "read_timeout"}
_MAKERS = {"Session": _SESSION, "setup_default_session": _SESSION, "client": _CLIENT, "Config": _CONFIG}
_SECRETS = ("aws_access_key_id", "aws_secret_access_key", "aws_session_token")
_LONGEST = 50
"""How many names that stand for other names are followed."""

Made = tuple[str, int]
"""A call that makes a session, a client or a configuration: its name, and the position behind its bracket."""


def connect(python: Python, found: Found, call: int | None) -> None:
    """Take what is said about the connection of the call whose name stands at a position (``None``: there is none).

    What made the client of that call is taken over. When the text does not tell it, the only session, client and
    configuration above the call are; of several, none is, which is said.
    """
    _warn_of_keys(python, found)
    made = None if call is None else _made_by(python, call)
    if made is None:
        made = _only_ones(python, len(python.tokens) if call is None else call, found)
    for name, at in made:
        arguments = _arguments(python, name, at)
        if arguments is not None:
            _settings(name, arguments, found)


def calls(python: Python, names: Container[str]) -> Iterator[Made]:
    """Yield the calls of some names, each with the position behind its bracket."""
    for at, token in enumerate(python.tokens):
        called = token.kind == "name" and token.text in names and python.word(at + 1) == "("
        if called and python.word(at - 1) != "def":
            yield token.text, at + 2


def chain_begins(python: Python, at: int) -> int:
    """Return where ``name.name(...).name`` begins whose last name stands at a position; -1 when not with a name."""
    while python.word(at - 1) == ".":
        at -= 2
        while python.word(at) in (")", "]") and 0 <= python.names.partners[at] < at:
            at = python.names.partners[at] - 1
        if python.kind(at) != "name":
            return -1
    return at


def _made_by(python: Python, call: int) -> list[Made] | None:
    """Return what made the client of a call, the session first; ``None`` when the text does not tell."""
    at = chain_begins(python, call)
    if at < 0:
        return None
    made = _chain(python, at, call, set()) if at < call else None
    return made if made and any(name == "client" for name, _ in made) else None


def _chain(python: Python, at: int, end: int, seen: set[int]) -> list[Made] | None:
    """Return the makers in ``name.name(...).name(...)``, those by which its first name was made before them.

    ``seen`` are the positions of those that are read already: each is read once.
    """
    made: list[Made] = []
    if at in seen or len(seen) >= _LONGEST:
        return made
    seen.add(at)
    binding = python.names.binding(python.word(at), at)
    if binding is not None:
        made = _chain(python, binding.value, binding.end, seen) or []
    elif python.names.bindings.get(python.word(at)) and python.word(at) not in ("boto3", "Session", "session"):
        return None
    while at < end and python.kind(at) == "name":
        if python.word(at + 1) == "(":
            if python.word(at) == "client" and _other_service(python, at + 2):
                return None
            if python.word(at) in _MAKERS:
                made += _configured(python, at + 2, seen) if python.word(at) == "client" else []
                made.append((python.word(at), at + 2))
            at = max(python.names.partners[at + 1], at + 1)
        at += 2
    return made


def _configured(python: Python, at: int, seen: set[int]) -> list[Made]:
    """Return the configuration that a client is made with."""
    end = python.names.partners[at - 1]
    while at < end:
        if python.word(at) == "config" and python.word(at + 1) == "=":
            made = _chain(python, at + 2, end, seen) or []
            return [each for each in made if each[0] == "Config"][:1]
        at = max(at, python.names.partners[at]) + 1
    return []


def _only_ones(python: Python, end: int, found: Found) -> list[Made]:
    """Return the session, the client and the configuration above a position, where there is one of each."""
    uses = _uses(python)
    above = [each for each in calls(python, _MAKERS) if each[1] <= end and _is_ours(python, *each, uses)]
    made = []
    for name in _MAKERS:
        same = [each for each in above if each[0] == name]
        if len(same) > 1:
            found.warn(
                f"There are several calls of {name} in this text, and it does not tell which one this request is sent "
                "with: nothing of them is taken over."
            )
        made += same if len(same) == 1 else []
    return made


def _uses(python: Python) -> dict[str, bool]:
    """Return the names that clients are made of, each with whether one of them can be for this request."""
    uses: dict[str, bool] = {}
    for at, token in enumerate(python.tokens):
        if python.word(at + 2) in ("client", "resource") and python.word(at + 1) == ".":
            uses[token.text] = uses.get(token.text, False) or not _other_service(python, at + 4)
    return uses


def _is_ours(python: Python, name: str, at: int, uses: dict[str, bool]) -> bool:
    """Tell whether what a call makes can be for this request: no other service's client, no session for only that."""
    if name == "client":
        return not _other_service(python, at)
    if not name.endswith("ession"):
        return True
    closing = python.names.partners[at - 1]
    if python.word(closing + 2) in ("client", "resource"):
        return not _other_service(python, closing + 4)
    begin = at - 2
    while python.word(begin - 1) == ".":
        begin -= 2
    variable = python.word(begin - 2) if python.word(begin - 1) == "=" else ""
    return not variable or uses.get(variable, True)


def _other_service(python: Python, at: int) -> bool:
    """Tell whether a client's arguments name another service than ours."""
    if python.word(at) == "service_name" and python.word(at + 1) == "=":
        at += 2
    return python.kind(at) == "string" and python.word(at).strip("'\"") != "sagemaker"


def _arguments(python: Python, name: str, at: int) -> dict[str, Any] | None:
    """Return a call's arguments by name; ``None`` for one that is not written as a person calls it."""
    if python.kind(at) == "string" and python.word(at + 1) in (",", ")"):
        at += 2 if python.word(at + 1) == "," else 1
    python.at, python.depth = at, 0
    try:
        region = _second(python) if name == "client" else {}
        return {**region, **python.keywords(")")}
    except FormatError:  # it is no part of the request
        return None


def _second(python: Python) -> dict[str, Any]:
    """Return the region, which a client may be given by its place behind the service."""
    if python.word(python.at - 1) != "," or python.word(python.at) in (")", "*") or python.word(python.at + 1) == "=":
        return {}
    region = python.value()
    if python.here() == ",":
        python.at += 1
    return {"region_name": region}


def _settings(name: str, arguments: dict[str, Any], found: Found) -> None:
    for argument, setting in _MAKERS[name].items():
        value = arguments.get(argument)
        if isinstance(value, Unknown):
            found.tell(f"The text does not tell what {value.text[:60]} is: {argument} is not taken over.")
        elif isinstance(value, str) and value and not setting.endswith("timeout"):
            found.connection[setting] = value
        elif setting.endswith("timeout") and isinstance(value, (int, float)) and not isinstance(value, bool):
            found.connection[setting] = float(value)
    verify = arguments.get("verify")
    if verify is False:
        found.connection["verify"] = False
    elif isinstance(verify, str) and verify:
        found.connection["ca_bundle"] = verify
    version = arguments.get("signature_version")
    if isinstance(version, Unknown) and version.text.endswith("UNSIGNED"):
        found.connection["unsigned"] = True


def _warn_of_keys(python: Python, found: Found) -> None:
    if any(token.text in _SECRETS and python.word(at + 1) == "=" for at, token in enumerate(python.tokens)):
        found.warn("The access keys in this text are not taken over: use a profile, and treat them as known to others.")
