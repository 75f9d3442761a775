"""What a command says about the connection, and which of its options have no meaning for a request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from profile_widgets.formats.reading.cli_options import GLOBALS, Given
from profile_widgets.formats.reading.registry import Found
from profile_widgets.formats.reading.shell_words import OUTSIDE, SEVERAL_WAYS, Variables

_SETTINGS: Mapping[str, str] = {
    "--profile": "profile", "--region": "region", "--endpoint-url": "endpoint_url", "--ca-bundle": "ca_bundle",
    "--cli-read-timeout": "read_timeout", "--cli-connect-timeout": "connect_timeout",
}  # fmt: skip
_FLAGS: Mapping[str, tuple[str, bool]] = {
    "--no-verify-ssl": ("verify", False), "--no-sign-request": ("unsigned", True), "--debug": ("debug", True),
}  # fmt: skip
_VARIABLES: Mapping[str, str] = {
    "AWS_DEFAULT_PROFILE": "profile", "AWS_PROFILE": "profile", "AWS_DEFAULT_REGION": "region", "AWS_REGION": "region",
    "AWS_ENDPOINT_URL": "endpoint_url", "AWS_ENDPOINT_URL_SAGEMAKER": "endpoint_url", "AWS_CA_BUNDLE": "ca_bundle",
}  # fmt: skip
"""Settings by variable; a later one wins over an earlier one."""

_SECRETS = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")


def take(options: Mapping[str, Given], variables: Variables, found: Found) -> None:
    """Put what options and variables say about the connection into ``found``; an option wins."""
    for name, setting in _VARIABLES.items():
        told = variables.values.get(name)
        if told:
            found.connection[setting] = told
            _warn(name, variables, found)
        elif name in variables.unknown:
            found.warn(f"{name} is not taken over: {_why(variables.unknown[name])}.")
    if not variables.names.isdisjoint(_SECRETS):
        found.warn("The access keys in this text are not taken over: use a profile, and treat them as known to others.")
    idle = []
    for name, given in options.items():
        if name in _FLAGS:
            setting, value = _FLAGS[name]
            found.connection[setting] = value
        elif name in _SETTINGS:
            _setting(_SETTINGS[name], given, found)
        elif name in GLOBALS:
            idle.append(name)
    if idle:
        have = "has" if len(idle) == 1 else "have"
        found.tell(f"{', '.join(idle)} {have} no meaning for the request, and {have} no effect here.")


def _warn(name: str, variables: Variables, found: Found) -> None:
    """Say why a variable of the text need not be one of the command."""
    if name in variables.said:
        found.warn(variables.said[name])
    if name in variables.unexported:
        found.warn(f"{name} is read as the text sets it, though the text does not export it.")


def _why(clause: str) -> str:
    """Return the reason why a variable is not known as a sentence of its own."""
    if clause in (SEVERAL_WAYS, OUTSIDE):
        return clause.replace("which the text sets", "the text sets it")
    return "the text does not tell what it is"


def _setting(setting: str, given: Given, found: Found) -> None:
    word = given.words[0]
    if word.unknown:
        found.warn(f"{given.name} is not taken over: it holds {word.unknown[0]}.")
        return
    convert: Callable[[str], Any] = float if setting.endswith("timeout") else str
    try:
        value = convert(word.text)
    except ValueError:
        found.refuse(f"{given.name} takes a number of seconds, not “{word.text[:60]}”.")
        return
    if isinstance(value, float) and not 0 <= value < 10**9:
        found.refuse(f"{given.name} takes a number of seconds from 0 on.")
        return
    found.connection[setting] = value
