"""A request in a boto3 call as people paste it: the call, its keyword arguments, or the dict that is handed to it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from functools import cache
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.formats.boto3_snippet import METHODS
from profile_widgets.formats.reading.boto3_connection import calls, chain_begins, connect
from profile_widgets.formats.reading.python_text import Python, Unknown
from profile_widgets.formats.reading.python_tokens import TYPED, without_prompts
from profile_widgets.formats.reading.registry import IMPORTERS, CertainError, Context, Found, importer
from profile_widgets.model.documents import can_stand_in_a_path, join
from profile_widgets.model.shapes import CREATE, input_member, service_model, shape

_CALL = re.compile(r"\b(?:create|update)_user_profile\s*\(")
_PARTIAL = re.compile(r"\bpartial(?:method)?\(\s*[^;=]{1,300}?\.(?:create|update)_user_profile\s*,")
_PROGRAM = re.compile(
    r"\b(?:Popen|call|check_call|check_output|run)\(\s*\[\s*[rf]?(['\"])aws\1\s*,[^\]]{0,400}?(?:create|update)-user-profile"
)
_KEYWORD = re.compile(r"\s*([A-Za-z]\w*)\s*=(?!=)")
_DICT = re.compile(r"\s*(?:[A-Za-z_]\w*\s*=\s*)?(?:\{\s*['\u2018\u2019]|dict\(\s*[A-Za-z])")
_SET = re.compile(r"^[A-Za-z_]\w*\s*=\s*\{", re.MULTILINE)
_OPERATIONS = {method: operation for operation, method in METHODS.items()}

_TYPED = "Typographic quotes are read as plain ones."
_PROGRAMS = frozenset({"Popen", "call", "check_call", "check_output", "run"})


def looks_like(text: str) -> int:
    """Tell how much a text looks like a boto3 call."""
    text = without_prompts(text)
    if _CALL.search(text) or _PARTIAL.search(text):
        return 94
    if _PROGRAM.search(text):
        return 98
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
    methods = list(calls(python, _OPERATIONS)) or _partials(python, found)
    begin, call = 0, None
    if methods:
        method, begin = methods[0]
        call = begin - 2
        found.operation = _OPERATIONS[method]
        python.at = begin
        request = python.keywords(")")
        if len(methods) > 1:
            found.refuse("There are two calls in this text, and one can be read at a time: leave one of them.")
    elif (words := _program(python)) is not None:
        return IMPORTERS["cli"].read(words, context)
    else:
        found.operation = None
        request = _bare(python, found)
    if any(token.kind == "string" and text[token.offset] in TYPED for token in python.tokens[begin : python.at]):
        found.warn(_TYPED)
    connect(python, found, call)
    found.document = _known(request, "", found)
    return found


def _partials(python: Python, found: Found) -> list[tuple[str, int]]:
    """Return the methods that ``partial(client.method, ...)`` holds, with the position behind their comma."""
    partials = []
    for at, token in enumerate(python.tokens):
        if token.text in _OPERATIONS and token.kind == "name" and python.word(at + 1) == ",":
            before = chain_begins(python, at) - 1
            while python.kind(before) == "line":
                before -= 1
            if python.word(before) == "(" and python.word(before - 1) in ("partial", "partialmethod"):
                partials.append((token.text, at + 2))
    if partials:
        found.warn("partial(...) is read as the call; what is given where it is called is not in it.")
    return partials


def _program(python: Python) -> str | None:
    """Return the command that a text runs by ``subprocess.run(["aws", ...])``; ``None`` when it runs none."""
    for _, at in calls(python, _PROGRAMS):
        if python.word(at) != "[" or python.word(at + 1).strip("'\"") != "aws":
            continue
        words = python.value_at(at)
        if isinstance(words, list) and all(isinstance(each, str) for each in words):
            return " ".join(shlex.quote(each) for each in words)
        unknown = next((each for each in words if isinstance(each, Unknown)), None) if isinstance(words, list) else None
        what = unknown.text[:60] if unknown else "the list of arguments"
        raise CertainError(f"The text does not tell what {what} is: put its value there.")
    return None


def _bare(python: Python, found: Found) -> dict[str, Any]:
    """Return the request in a text without a call: keyword arguments, a dict, or a name that is set to one."""
    members = input_member(CREATE).members
    python.depth = 1
    first = python.here()
    python.depth = 0
    if first in members and python.word(python.at + 1) == "=":
        return python.keywords("")
    if first == "{" or (first == "dict" and python.word(python.at + 1) == "("):
        opening = python.at + (first == "dict")
        value = python.value()
        if isinstance(value, Unknown):
            python.at = max(python.names.partners[opening], opening) + 1
        _must_end(python)
        if isinstance(value, dict):
            return value
    return _assigned(python, found)


def _must_end(python: Python) -> None:
    while python.kind(python.at) == "line" or python.word(python.at) == ";":
        python.at += 1
    if python.at < len(python.tokens):
        python.refuse(f"There is more behind the request: {python.word(python.at)[:60]}")


def _assigned(python: Python, found: Found) -> dict[str, Any]:
    """Return the request to which a name is set in a text that sends none."""
    requests = dict(_requests(python))
    for name in list(requests):
        binding = python.names.bindings[name][0]
        for part in set(python.names.mentioned(binding.value, binding.end)) - {name}:
            requests.pop(part, None)
    if not requests:
        raise FormatError("There is neither create_user_profile(...) nor update_user_profile(...) in it, nor a dict.")
    if len(requests) > 1:
        names = ", ".join(list(requests)[:5])
        found.refuse(f"There are several requests in this text ({names}), and one can be read at a time: leave one.")
    name, value = requests.popitem()
    if isinstance(value, Unknown):
        raise FormatError(f"The text does not tell what {name} is{value.why or ', because it is changed'}.")
    python.at = python.names.bindings[name][0].end
    return value


def _requests(python: Python) -> Iterator[tuple[str, dict[str, Any] | Unknown]]:
    """Yield the names that are set to a dict with members of a request, each with it, or with why it is not known."""
    known = input_member(CREATE).members.keys() | shape("UserSettings").members.keys()
    for name, bindings in python.names.bindings.items():
        for binding in bindings:
            if python.word(binding.value) not in ("{", "dict"):
                continue
            value = python.value_at(binding.value, binding.end)
            if isinstance(value, dict) and known & value.keys():
                end = len(python.tokens)
                changed = len(bindings) > 1 or python.names.may_change(name, end)
                yield name, Unknown(name, python.names.why_not(name, end)) if changed else value


def _known(value: Any, path: str, found: Found) -> Any:
    """Return a value without what the text does not tell, which is refused by name."""
    if isinstance(value, dict):
        kept = {}
        for name, each in value.items():
            place = join(path, name) if can_stand_in_a_path(name) and not name.startswith("**") else path
            if isinstance(each, Unknown) and not path and name in _of_answers():
                kept[name] = each.text  # such as datetime.datetime(...): it is left out
            elif isinstance(each, Unknown):
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


@cache
def _of_answers() -> frozenset[str]:
    """Return the members that only DescribeUserProfile's answer has."""
    answer = service_model().operation_model("DescribeUserProfile").output_shape
    return frozenset({*answer.members, "ResponseMetadata"}) - input_member(CREATE).members.keys()


def _refuse(unknown: Unknown, path: str, found: Found) -> None:
    text = unknown.text if len(unknown.text) <= 60 else f"{unknown.text[:60]}…"
    found.refuse(f"The text does not tell what {text} is{unknown.why}: put its value there.", path)
