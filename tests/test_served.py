"""A kernel knows whether it stands behind a page that is served to others."""

from __future__ import annotations

import os

import pytest

from profile_widgets.served import SERVED, is_served


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        (SERVED, "1", True),
        ("SERVER_SOFTWARE", "voila/0.5.13", True),
        ("SERVER_SOFTWARE", "nginx", False),
        ("VOILA_BASE_URL", "/", True),
        ("VOILA_KERNEL_ID", "", True),
        ("JPY_PARENT_PID", "1", False),
    ],
)
def test_voila_tells_by_its_variables_also_when_the_kernel_was_heated_before(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: bool
) -> None:
    for each in list(os.environ):
        if each in (SERVED, "SERVER_SOFTWARE") or each.startswith("VOILA_"):
            monkeypatch.delenv(each)
    assert not is_served()
    monkeypatch.setenv(name, value)
    assert is_served() is expected
