"""A request in a boto3 call as people paste it: the call, its keyword arguments, or the dict that is handed to it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.boto3_snippet import METHODS
from profile_widgets.formats.reading.python_text import Python, Unknown
from profile_widgets.formats.reading.registry import Context, Found, importer
from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.shapes import CREATE, input_member, shape

_CALL = re.compile(r"\b(?:create|update)_user_profile\s*\(")
_KEYWORD = re.compile(r"\s*([A-Za-z]\w*)\s*=(?!=)")
_DICT = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*)?(?:\{\s*'|dict\(\s*[A-Za-z])")
_SET = re.compile(r"^(?:>>> )?[A-Za-z_]\w*\s*=\s*\{", re.MULTILINE)
_OPERATIONS = {method: operation for operation, method in METHODS.items()}

_SESSION = {"profile_name": "profile", "region_name": "region"}
_CLIENT = {"region_name": "region", "endpoint_url": "endpoint_url"}
_CONFIG = {"region_name": "region", "connect_timeout": "connect_timeout", "read_timeout": "read_timeout"}
_SECRETS = {"aws_access_key_id", "aws_secret_access_key", "aws_session_token"}


def looks_like(text: str) -> int:
    """Tell how much a text looks like a boto3 call."""
    if _CALL.search(text):
        return 94
    keyword = _KEYWORD.match(text)
    if keyword is not None and keyword[1] in input_member(CREATE).members:
        return 93
    if _DICT.match(text):
        return 70
    if _SET.search(text):
        return 45
    return 25 if text.lstrip().startswith("{") else 0


@importer("boto3", label="a boto3 call", rank=4, looks_like=looks_like)
def read(text: str, context: Context) -> Found:
    """Read the arguments of a call in a piece of Python, without running it."""
    python = Python(text)
    found = Found(operation=context.operation)
    calls = list(_calls(python, _OPERATIONS))
    if calls:
        method, at = calls[0]
        found.operation = _OPERATIONS[method]
        python.at = at
        request = python.keywords(")")
        if len(calls) > 1:
            found.refuse("There are two calls in this text, and one can be read at a time: leave one of them.")
    else:
        found.operation = None
        request = _bare(python)
    _connection(python, found)
    found.document = _known(request, "", found)
    return found


def _calls(python: Python, names: Any) -> Iterator[tuple[str, int]]:
    """Yield the calls of some names, each with the position behind its bracket."""
    for at, token in enumerate(python.tokens):
        called = token.kind == "name" and token.text in names and python.word(at + 1) == "("
        if called and python.word(at - 1) != "def":
            yield token.text, at + 2


def _bare(python: Python) -> dict[str, Any]:
    """Return the request in a text without a call: keyword arguments, a dict, or a name that is set to one."""
    members = input_member(CREATE).members
    python.depth = 1
    first = python.here()
    if first in members and python.word(python.at + 1) == "=":
        python.depth = 0
        return python.keywords("")
    python.depth = 0
    if first == "{" or (first == "dict" and python.word(python.at + 1) == "("):
        value = python.value_at(python.at)
        if isinstance(value, dict):
            return value
    known = members.keys() | shape("UserSettings").members.keys()
    for name in reversed(python.set_at):
        value = python.value_at(python.set_at[name]) if python.word(python.set_at[name]) in ("{", "dict") else None
        if isinstance(value, dict) and known & value.keys() and name not in python.changed:
            return value
    raise FormatError("There is neither create_user_profile(...) nor update_user_profile(...) in it, nor a dict.")


def _known(value: Any, path: str, found: Found) -> Any:
    """Return a value without what the text does not tell, which is refused by name."""
    if isinstance(value, dict):
        kept = {}
        for name, each in value.items():
            place = join(path, name) if can_stand_in_a_path(name) and not name.startswith("**") else path
            if isinstance(each, Unknown):
                _refuse(each, place, found)
            else:
                kept[name] = _known(each, place, found)
        return kept
    if isinstance(value, list):
        items = []
        for index, each in enumerate(value):
            if isinstance(each, Unknown):
                _refuse(each, join(path, index), found)
            else:
                items.append(_known(each, join(path, index), found))
        return items
    return value


def _refuse(unknown: Unknown, path: str, found: Found) -> None:
    text = unknown.text if len(unknown.text) <= 60 else f"{unknown.text[:60]}…"
    found.refuse(f"The text does not tell what {text} is: put its value there.", path)


def _connection(python: Python, found: Found) -> None:
    """Take what sessions, clients and their configuration say about the connection."""
    for name, at in _calls(python, ("Session", "client", "Config")):
        python.at = at
        first = python.kind(at) == "string" and python.word(at + 1) in (",", ")")
        if first and name == "client" and "sagemaker" not in python.word(at):
            continue
        python.at += 2 if first and python.word(at + 1) == "," else 1 if first else 0
        try:
            arguments = python.keywords(")")
        except FormatError:  # not written as a person calls it; it is no part of the request
            continue
        _settings(name, arguments, found)


def _settings(name: str, arguments: dict[str, Any], found: Found) -> None:
    for argument, setting in {"Session": _SESSION, "client": _CLIENT, "Config": _CONFIG}[name].items():
        value = arguments.get(argument)
        if isinstance(value, str) and value and not setting.endswith("timeout"):
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
    if any(each in arguments for each in _SECRETS):
        found.warn("The access keys in this text are not taken over: use a profile, and treat them as known to others.")
