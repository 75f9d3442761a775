"""JMESPath, the language of the AWS CLI's ``--query``: what is asked of an answer, and where a question goes wrong."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from profile_widgets.errors import FormatError
from profile_widgets.model.halves import escaped

FORMAT = "jmespath"
LONGEST = 20_000
"""How many characters a query may have."""

GROWTH = {"join": 20, "to_string": 2}
"""How many times over functions may repeat what they are given: glue between items, backslashes before quotes."""

_SHOWN = 60
_KINDS = {
    "string": "a string",
    "number": "a number",
    "boolean": "a boolean",
    "array": "an array",
    "object": "an object",
    "null": "null",
    "expref": "an expression reference (such as &Name)",
    "array-string": "an array of strings",
    "array-number": "an array of numbers",
}
"""JMESPath's words for kinds of values, with their articles."""

_RAISED = (ValueError, TypeError, LookupError, AttributeError, ArithmeticError, RecursionError)
"""What jmespath raises: ValueErrors of its own, and Python's where a query does not fit the answer."""


def query(expression: str, document: Any) -> Any:
    """Return what a JMESPath ``expression`` finds in ``document``, which stays as it is; None when it finds nothing.

    Raises :class:`~profile_widgets.errors.FormatError` (format ``jmespath``) with line and column for an expression
    that is not JMESPath, or that calls a function with what it cannot take.

    Example::

        >>> query("UserSettings.SecurityGroups[0]", {"UserSettings": {"SecurityGroups": ["sg-1"]}})
        'sg-1'
    """
    return compiled(expression)(document)


def compiled(expression: str) -> Callable[[Any], Any]:
    """Return a function that asks ``expression`` of a document.

    For asking first whether a query is one, before a request is sent whose answer it shall be asked of: a function
    that JMESPath does not have is refused here. Raises :class:`~profile_widgets.errors.FormatError`, as its result
    does.

    Example::

        >>> compiled("length(@)")(["a", "b"])
        2
    """
    import jmespath
    from jmespath.functions import Functions

    if len(expression) > LONGEST:
        raise FormatError(f"The query is longer than {LONGEST:,} characters.", format=FORMAT, line=1, column=1)
    with_place = _Refusals(expression)
    try:
        parsed = jmespath.compile(expression)
        names = list(_functions(parsed.parsed))
    except _RAISED as error:
        raise with_place.of(error) from None
    for name in names:
        if name not in Functions.FUNCTION_TABLE:
            raise with_place.unknown_function(name, Functions.FUNCTION_TABLE)

    def ask(document: Any) -> Any:
        try:
            found = parsed.search(document)
        except _RAISED as error:
            raise with_place.of(error) from None
        if type(found).__name__ == "_Expression":
            raise with_place.at("The query is a reference to an expression (&), which is for functions only.", 0)
        return found

    return ask


def copies(expression: str) -> int:
    """Return how many times over, at most, an answer may stand in what a query makes of it; 0 when it cannot be read.

    A query can copy what it finds (``[@, @]``, ``join(@, ...)``), and copies of copies double with each step; so do the
    backslashes of texts within texts (``to_string``). Whoever prints what a stranger asks needs to know before it is
    made. Lists of the answer itself are taken to be short.

    Example::

        >>> copies("UserProfileArn"), copies("[@,@]|[@,@]|[@,@]")
        (1, 8)
    """
    import jmespath

    try:
        return _product(jmespath.compile(expression[:LONGEST]).parsed)
    except Exception:  # noqa: BLE001 - whatever is wrong with it is told where it is asked
        return 0


def _product(node: Mapping[str, Any]) -> int:
    children = [child for child in node["children"] if isinstance(child, Mapping)]
    own = 1
    if node["type"] in ("multi_select_list", "multi_select_dict"):
        own = max(len(children), 1)
    elif node["type"] == "function_expression":
        own = GROWTH.get(node["value"], 1)
    elif node["type"] == "literal":
        own = _leaves(node["value"])
    for child in children:
        own *= _product(child)
    return own


def _leaves(value: Any) -> int:
    """Return how many values a literal holds at its ends: what is done for each of them is done so many times."""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return max(sum(_leaves(each) for each in inner), 1)


def _functions(node: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of the functions that a parsed expression calls."""
    if node["type"] == "function_expression":
        yield node["value"]
    for child in node["children"]:
        if isinstance(child, Mapping):
            yield from _functions(child)


def _brief(text: object, most: int = _SHOWN) -> str:
    """Return the beginning of a text that JMESPath quotes, in one line."""
    return escaped(" ".join(str(text).split()))[:most]


class _Refusals:
    """Word what is wrong with an expression, with its place."""

    def __init__(self, expression: str) -> None:
        self._expression = expression

    def of(self, error: Exception) -> FormatError:
        """Return the error for whatever jmespath raised."""
        from jmespath import exceptions

        words: dict[type[Exception], Callable[[Any], FormatError]] = {
            exceptions.EmptyExpressionError: lambda _: self.at("The query is empty.", 0),
            exceptions.ArityError: self._wrong_count,
            exceptions.JMESPathTypeError: self._wrong_kind,
            exceptions.LexerError: self._not_a_token,
            exceptions.ParseError: self._unexpected,  # of which two above are special kinds
            RecursionError: lambda _: self.at("The query is nested too deeply.", 0),
        }
        for kind, worded in words.items():
            if isinstance(error, kind):
                return worded(error)
        return self.at(f"The query does not fit the answer: {_brief(error, 2 * _SHOWN).rstrip('. ')}.", -1)

    def at(self, sentence: str, position: int) -> FormatError:
        """Return the error with the line and column of ``position``, none when that is negative."""
        if position < 0:
            return FormatError(sentence, format=FORMAT)
        before = self._expression[:position]
        line, column = before.count("\n") + 1, position - (before.rfind("\n") + 1) + 1
        return FormatError(sentence, format=FORMAT, line=line, column=column)

    def unknown_function(self, name: str, known: Mapping[str, Any]) -> FormatError:
        near = difflib.get_close_matches(name[:_SHOWN], sorted(known), n=1)
        hint = f" Did you mean {near[0]}()?" if near else f" It has {', '.join(sorted(known))}."
        return self.at(f"JMESPath has no function {name[:_SHOWN]}().{hint}", self._call_of(name))

    def _call_of(self, name: str) -> int:
        """Return where a function is called, -1 when that is not plain."""
        found = [match.start() for match in re.finditer(rf"(?<![\w.]){re.escape(name)}\s*\(", self._expression)]
        return found[0] if len(found) == 1 else -1

    def _wrong_count(self, error: Any) -> FormatError:
        count = error.expected_arity
        least = "at least " if type(error).__name__ == "VariadictArityError" else ""
        return self.at(
            f"{error.function_name}() takes {least}{count} argument{'s' * (count != 1)}, not {error.actual_arity}.",
            self._call_of(error.function_name),
        )

    def _wrong_kind(self, error: Any) -> FormatError:
        expected = [_KINDS.get(kind, kind) for kind in error.expected_types]
        actual = _KINDS.get(error.actual_type, "this value")
        return self.at(
            f"{error.function_name}() takes {' or '.join(expected)}, and the query gives it {actual}.",
            self._call_of(error.function_name),
        )

    def _not_a_token(self, error: Any) -> FormatError:
        reason = str(error.message)
        value = _brief(error.lexer_value)
        if reason.startswith("Unclosed"):
            return self.at(f"The query has a {reason.split()[1]} that is not closed.", error.lexer_position)
        if reason.startswith("Unknown token"):
            hint = " Compare with ==." if value == "=" else ""
            return self.at(f"“{value}” is no part of JMESPath.{hint}", error.lexer_position)
        return self.at(f"{value} cannot be read: {_brief(reason).rstrip('. ')}.", error.lexer_position)

    def _unexpected(self, error: Any) -> FormatError:
        position = min(int(error.lex_position), len(self._expression))
        token = _brief(error.token_value or "")
        if position >= len(self._expression.rstrip()) or not token:
            return self.at("The query is not complete: something is missing at its end.", position)
        return self.at(f"“{token}” was not expected here.", position)
