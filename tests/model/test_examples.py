"""The examples in the docstrings of these floors are true."""

from __future__ import annotations

import doctest
import importlib
import pkgutil

import pytest

import profile_widgets

ROOMS = ("model", "checks", "formats", "editing")
MODULES = [
    each.name
    for each in pkgutil.walk_packages(profile_widgets.__path__, "profile_widgets.")
    if each.name.split(".")[1] in ROOMS
]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_are_true(name: str) -> None:
    found = doctest.testmod(importlib.import_module(name), optionflags=doctest.NORMALIZE_WHITESPACE)
    assert found.failed == 0


def test_there_are_examples() -> None:
    finder = doctest.DocTestFinder()
    with_examples = [name for name in MODULES if any(t.examples for t in finder.find(importlib.import_module(name)))]
    assert len(with_examples) >= 8
