"""A kernel knows whether it stands behind a page that is served to others."""

from __future__ import annotations

import os

import pytest

from profile_widgets.served import SERVED, Visitor, is_served


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


def test_a_visitor_is_read_back_as_written() -> None:
    visitor = Visitor("ana@example.com", ("ml", "ops"), "jupyterhub")
    assert Visitor.from_json(visitor.to_json()) == visitor


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        '{"name": "ana"}',
        '{"name": "", "groups": [], "source": "proxy"}',
        '{"name": " ", "groups": [], "source": "proxy"}',
        '{"name": 1, "groups": [], "source": "proxy"}',
        '{"name": "ana", "groups": "ml", "source": "proxy"}',
        '{"name": "ana", "groups": [""], "source": "proxy"}',
        '{"name": "ana", "groups": [], "source": "query string"}',
        '{"name": "ana", "groups": [], "source": "proxy", "admin": true}',
    ],
)
def test_anything_else_is_no_visitor(text: str) -> None:
    with pytest.raises(ValueError, match=r"visitor|Expecting"):
        Visitor.from_json(text)
