"""Starts that would not be safe, and why."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from profile_widgets.checks.policy import Policy
from profile_widgets.checks.policy.loading import ready_text
from profile_widgets.page.closing import Closing
from profile_widgets.page.safety import Start, reasons_against

SECRET = "a-secret-of-thirty-two-characters"


@pytest.fixture
def safe(tmp_path: Path) -> Start:
    """A start that has nothing against it."""
    folder = tmp_path / "page"
    folder.mkdir()
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    secret.chmod(0o600)
    audit = tmp_path / "audit"
    audit.mkdir(mode=0o700)
    closing = Closing(
        policy="self-service", identity="proxy", secret=SECRET, audit=str(audit / "audit.jsonl"), ip="0.0.0.0"
    )
    return Start(closing, folder / "page.ipynb", secret_file=secret)


def reasons(start: Start, **changes: object) -> str:
    of_start = {name: value for name, value in changes.items() if name in Start.__dataclass_fields__}
    rest = {name: value for name, value in changes.items() if name not in of_start}
    closing = dataclasses.replace(start.closing, **rest)  # type: ignore[arg-type]
    return "\n".join(reasons_against(dataclasses.replace(start, closing=closing, **of_start), {}))  # type: ignore[arg-type]


def test_a_page_behind_a_proxy_with_all_that_belongs_to_it_may_start(safe: Start) -> None:
    assert not reasons(safe)


def test_a_page_for_oneself_may_start(safe: Start) -> None:
    assert not reasons_against(Start(Closing(), safe.notebook), {})


@pytest.mark.parametrize("ip", ["0.0.0.0", "::", "10.0.0.1", ""])
def test_a_page_for_everybody_in_the_network_is_refused(safe: Start, ip: str) -> None:
    assert "would act with this server's AWS credentials" in reasons(safe, ip=ip, identity="none", policy="")


def test_a_sandbox_for_everybody_is_refused_without_a_word_of_aws_credentials(safe: Start) -> None:
    said = reasons(safe, identity="none", policy="", audit="", sandbox=True)
    assert "would change what is in the sandbox here" in said
    assert "AWS credentials" not in said


def test_a_policy_without_visitors_is_refused(safe: Start) -> None:
    assert "nothing here says who they are" in reasons(safe, identity="none", ip="127.0.0.1")


def test_visitors_without_a_policy_are_refused(safe: Start) -> None:
    assert "nothing says what they may do" in reasons(safe, policy="")


def test_a_header_without_a_secret_is_refused(safe: Start) -> None:
    assert "A header can be sent by anybody" in reasons(safe, secret_file=None, secret="")


def test_a_secret_that_is_too_short_is_refused(safe: Start) -> None:
    assert "too short" in reasons(safe, secret="hush")


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o666])
def test_a_secret_that_others_can_read_is_refused(safe: Start, mode: int) -> None:
    assert safe.secret_file is not None
    safe.secret_file.chmod(mode)
    assert "Others on this machine can read the secret" in reasons(safe)


def test_a_secret_that_is_not_there_is_refused(safe: Start, tmp_path: Path) -> None:
    assert "cannot be read" in reasons(safe, secret_file=tmp_path / "none")


def test_a_secret_beside_the_notebook_is_refused(safe: Start) -> None:
    beside = safe.notebook.parent / "secret"
    beside.write_text(SECRET)
    beside.chmod(0o600)
    assert "belongs to the page" in reasons(safe, secret_file=beside)


def test_an_audit_in_a_served_folder_is_refused(safe: Start) -> None:
    assert "would stand in a folder that belongs to the page" in reasons(
        safe, audit=str(safe.notebook.parent / "a" / "b")
    )


def test_an_audit_of_nothing_is_refused(safe: Start) -> None:
    assert "add --policy, or leave --audit out" in reasons(safe, identity="none", policy="", ip="127.0.0.1")


def test_an_audit_that_cannot_be_written_is_refused(safe: Start, tmp_path: Path) -> None:
    assert "audit" in reasons(safe, audit=str(tmp_path / "no-such-folder" / "audit.jsonl"))


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy of one's own with a list of profiles, in a folder of one's own."""
    folder = tmp_path / "policy"
    folder.mkdir(mode=0o700)
    (folder / "people.csv").write_text("visitor,profile\nalice,a-1\n")
    for file in (folder / "people.csv", folder / "policy.yaml"):
        file.touch(0o600)
    text = ready_text("self-service")
    before = text.index("profile:\n")
    after = text.index("\nrules:")
    (folder / "policy.yaml").write_text(f"{text[:before]}profile:\n  file: people.csv\n  domain_id: d-1{text[after:]}")
    return folder / "policy.yaml"


def test_a_policy_of_ones_own_may_be_used(safe: Start, policy: Path) -> None:
    assert Policy.load(policy).document["profile"]["file"] == "people.csv"
    assert not reasons(safe, policy=str(policy))


@pytest.mark.parametrize("name", ["policy.yaml", "people.csv"])
@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_policy_that_others_can_change_is_refused(safe: Start, policy: Path, name: str, mode: int) -> None:
    (policy.parent / name).chmod(mode)
    assert f"{name}: let it be your own, and chmod go-w" in reasons(safe, policy=str(policy))


@pytest.mark.parametrize("mode", [0o770, 0o707, 0o1777])
def test_a_policy_that_others_can_exchange_is_refused(safe: Start, policy: Path, mode: int) -> None:
    policy.parent.chmod(mode)
    assert "Others on this machine can exchange the policy" in reasons(safe, policy=str(policy))


def test_a_policy_beside_the_notebook_is_refused(safe: Start, policy: Path) -> None:
    for file in policy.parent.iterdir():
        (safe.notebook.parent / file.name).write_bytes(file.read_bytes())
    found = reasons(safe, policy=str(safe.notebook.parent / policy.name))
    assert found.count("belongs to the page: move it elsewhere") == 2, found


def test_a_link_to_a_policy_is_as_safe_as_what_it_leads_to(safe: Start, policy: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.yaml"
    link.symlink_to(policy)
    assert "exchange" not in reasons(safe, policy=str(link))
    policy.chmod(0o666)
    assert "chmod go-w" in reasons(safe, policy=str(link))


def test_a_hub_that_is_not_there_is_refused(safe: Start) -> None:
    assert "JupyterHub" in reasons(safe, identity="hub", secret_file=None)


def test_everybody_may_come_in_on_the_sandbox_alone(safe: Start) -> None:
    demo = Closing(policy="self-service", identity="demo", ip="0.0.0.0")
    assert not reasons_against(Start(demo, safe.notebook, sandbox=True, insecure_demo=True), {})
    assert "for the sandbox only" in "".join(reasons_against(Start(demo, safe.notebook, insecure_demo=True), {}))
    assert "for the sandbox only" in "".join(reasons_against(Start(demo, safe.notebook, sandbox=True), {}))
    proxy = dataclasses.replace(demo, identity="proxy")
    assert "leave --identity out" in "".join(
        reasons_against(Start(proxy, safe.notebook, sandbox=True, insecure_demo=True), {})
    )


def test_all_reasons_are_said_at_once(safe: Start) -> None:
    found = reasons(
        safe, base_url="odd", secret_file=None, secret="", policy="", audit=str(safe.notebook.parent / "audit")
    )
    assert len(found.splitlines()) == 4, found
