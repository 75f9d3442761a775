"""Python values that are looked up without running anything of the person's: a press of Tab asks for no more."""

from __future__ import annotations

import ast
import inspect
from typing import Any

from profile_widgets.errors import ProfileWidgetsError
from profile_widgets.magics.words import Names, words

_HOLDERS = (dict, list, tuple)


class _NotPlainError(Exception):
    """Say that an expression cannot be looked up without running Python."""


def text_of(written: str, names: Names) -> str | None:
    """Return an option's value with Python's texts put in, ``None`` when only running Python could tell it.

    Names are followed, attributes that an object holds itself or its class holds as plain values, and items of dicts,
    lists and tuples: nothing of these calls a function.

    Example::

        >>> text_of("{mine['id']}", {"mine": {"id": "d-abc123"}}), text_of("{make()}", {"make": str})
        ('d-abc123', None)
    """
    if "{" not in written and "$" not in written:
        return written
    try:
        found = words(written, names, look_up)
    except ProfileWidgetsError:
        return None
    return found[0].text if len(found) == 1 else None


def look_up(code: str, names: Names) -> str:
    """Return the text that an expression stands for; raises for everything that is not plainly one."""
    found = _found(ast.parse(code, mode="eval").body, names)
    if type(found) is not str:
        raise _NotPlainError(code)
    return found


def _found(node: ast.expr, names: Names) -> Any:
    if isinstance(node, ast.Name):
        if node.id not in names:
            raise _NotPlainError(node.id)
        return names[node.id]
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return ast.literal_eval(node)
    if isinstance(node, ast.Attribute):
        found = inspect.getattr_static(_found(node.value, names), node.attr)
        if inspect.getattr_static(type(found), "__get__", None) is not None:  # a property, or a function
            raise _NotPlainError(node.attr)
        return found
    if isinstance(node, ast.Subscript):
        holder, key = _found(node.value, names), _found(node.slice, names)
        if type(holder) in _HOLDERS and type(key) in (str, int):
            return holder[key]
    raise _NotPlainError(ast.dump(node))
