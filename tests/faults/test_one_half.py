"""The first five hundred of a thousand submits that meet one random fault each."""

from __future__ import annotations

import os

import pytest

from tests.faults.halves import PARTS, submit_with_faults

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes that are to be killed are forked")


@pytest.mark.parametrize("part", [0, *(pytest.param(each, marks=pytest.mark.long) for each in range(1, PARTS))])
def test_no_write_is_lost_or_doubled_and_what_is_told_is_true(part: int) -> None:
    assert part < PARTS
    submit_with_faults()
