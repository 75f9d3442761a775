"""Completion through IPython's own completer: options, values, what the account holds, files."""

from __future__ import annotations

from pathlib import Path

import pytest
from IPython.core.completer import provisionalcompleter

from profile_widgets.magics import account
from profile_widgets.magics.members import offers
from profile_widgets.magics.options import options
from profile_widgets.model.shapes import CREATE as CREATION
from profile_widgets.model.shapes import UPDATE as UPDATING
from profile_widgets.model.shapes import input_member, shape
from profile_widgets.sandbox import Sandbox
from tests.magics.conftest import CREATE, DOMAIN, SSO_DOMAIN, UPDATE, Notebook

SETTINGS = input_member(UPDATING).members["UserSettings"]


def completed(notebook: Notebook, typed: str) -> list[str]:
    """Return the cells that a press of Tab at the end of what is typed offers."""
    with provisionalcompleter():
        found = list(notebook.shell.Completer.completions(typed, len(typed)))
    return [f"{typed[: each.start]}{each.text}" for each in found]


def ends(notebook: Notebook, typed: str) -> list[str]:
    """Return what a press of Tab offers in the place of the last word, in the order of the alphabet as IPython does."""
    start = max(typed.rfind(" "), typed.rfind("\n")) + 1
    return sorted(each[start:] for each in completed(notebook, typed))


def test_options_complete_those_that_are_given_left_out(notebook: Notebook) -> None:
    every = sorted(row.flag for row in options(UPDATING).values())
    assert ends(notebook, f"%{UPDATE} ") == every
    assert ends(notebook, f"%{UPDATE} --") == every
    assert ends(notebook, f"%{UPDATE} --domain-id d-1 --d") == ["--debug"]
    assert ends(notebook, f"%{UPDATE} --cli-") == [each for each in every if each.startswith("--cli-")]
    assert "--tags" in ends(notebook, f"%{CREATE} --t")
    assert ends(notebook, f"%{UPDATE} --ta") == []
    assert ends(notebook, f"%{UPDATE} hel") == ["help"]
    assert ends(notebook, f"%{UPDATE} help --reg") == ["--region"]
    assert ends(notebook, f"answer = %{UPDATE} --reg") == ["--region"]


def test_options_complete_in_the_first_line_of_a_cell_and_in_a_body_of_options(notebook: Notebook) -> None:
    assert ends(notebook, f"%%{UPDATE} --reg") == ["--region"]
    assert ends(notebook, f"%%{UPDATE} --region x\n--debug\n  --out") == ["--output"]
    assert ends(notebook, f"%%{UPDATE}\n--output ta") == ["table"]
    assert ends(notebook, f"%%{UPDATE}\n--output te \\\n--que") == ["--query"]
    assert ends(notebook, f"x = 1\n%{UPDATE} --reg") == ["--region"]
    assert ends(notebook, f"%{UPDATE} --debug \\\n  --reg") == ["--region"]


def test_elsewhere_nothing_is_offered(notebook: Notebook) -> None:
    notebook.shell.user_ns["unusual"] = 1
    assert ends(notebook, f"%%{UPDATE} --cli-input-yaml -\nunusu") != ["--region"]
    assert ends(notebook, "unusu") == ["unusual"]
    assert not [each for each in completed(notebook, "print(1) --reg") if "--region" in each]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("--output ", ["json", "yaml", "yaml-stream", "text", "table"]),
        ("--output y", ["yaml", "yaml-stream"]),
        ("--output=y", ["--output=yaml", "--output=yaml-stream"]),
        ("--color o", ["on", "off"]),
        ("--generate-cli-skeleton ", ["input", "yaml-input", "output"]),
        ("--cli-binary-format r", ["raw-in-base64-out"]),
        ("--cli-input-json ", ["file://"]),
        ("--query Use", []),
        ("--region eu-cen", ["eu-central-1", "eu-central-2"]),
        ("--user-settings RStudioS", ["RStudioServerProAppSettings="]),
        (
            "--user-settings RStudioServerProAppSettings={Ac",
            ["RStudioServerProAppSettings={AccessStatus="],
        ),
        (
            "--user-settings ExecutionRole=x,RStudioServerProAppSettings={AccessStatus=E",
            ["ExecutionRole=x,RStudioServerProAppSettings={AccessStatus=ENABLED"],
        ),
        (
            '--user-settings \'{"RStudioServerProAppSettings":{"AccessStatus":"DI',
            ['\'{"RStudioServerProAppSettings":{"AccessStatus":"DISABLED'],
        ),
    ],
)
def test_values_complete(typed: str, found: list[str], notebook: Notebook) -> None:
    assert ends(notebook, f"%{UPDATE} {typed}") == sorted(found)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", ("", tuple(f"{name}=" for name in SETTINGS.members))),
        ("JupyterS", ("JupyterS", ("JupyterServerAppSettings=",))),
        ("StudioWebPortal=", ("", ("ENABLED", "DISABLED"))),
        ("Nothing={Ac", ("Ac", ())),
        ("Nothing={A=b},Sharing", ("Sharing", ("SharingSettings=",))),
        ("SecurityGroups=[sg-1,sg", ("sg", ())),
        ("JupyterLabAppSettings={CustomImages=[{ImageN", ("ImageN", ("ImageName=",))),
        ("JupyterLabAppSettings={CustomImages=[{ImageName=a},{App", ("App", ("AppImageConfigName=",))),
        ("CanvasAppSettings={KendraSettings={Status=ENABLED},Dir", ("Dir", ("DirectDeploySettings=",))),
        ('{"JupyterLabAppSettings": {"CustomImages": [{"ImageVer', ("ImageVer", ("ImageVersionNumber",))),
        ('{"StudioWebPortal" : "EN', ("EN", ("ENABLED",))),
        ("{", ("", tuple(SETTINGS.members))),
        ("}}]],", ("", ())),
    ],
)
def test_members_and_their_values_complete_as_far_as_they_are_typed(
    text: str, found: tuple[str, tuple[str, ...]]
) -> None:
    assert offers(SETTINGS, text) == found


def test_values_complete_in_lists_of_them() -> None:
    portal = SETTINGS.members.get("StudioWebPortalSettings")
    if portal is None:
        pytest.skip("The installed model is older than these lists.")
    values = [each for each in portal.members["HiddenMlTools"].item.enum if each.startswith("Feature")]
    assert values
    assert offers(portal, "HiddenMlTools=[JumpStart,Feature") == ("Feature", tuple(values))
    assert offers(portal, "HiddenMlTools=Feature") == ("Feature", tuple(values))


def test_tags_complete_by_their_members() -> None:
    tags = input_member(CREATION).members["Tags"]
    assert offers(tags, "K") == ("K", ("Key=",))
    assert offers(tags, "Key=a,") == ("", ("Key=", "Value="))
    assert offers(shape("Tag"), "Key=") == ("", ())


def test_domains_and_user_profiles_complete_from_the_account(notebook: Notebook, sandbox: Sandbox) -> None:
    assert ends(notebook, f"%{UPDATE} --domain-id ") == sorted([DOMAIN, SSO_DOMAIN])
    assert ends(notebook, f"%{UPDATE} --domain-id d-9") == [DOMAIN]
    assert ends(notebook, f"%{UPDATE} --domain-id {DOMAIN} --user-profile-name ana") == ["analyst-1"]
    notebook.shell.user_ns["mine"] = DOMAIN
    assert ends(notebook, f"%{UPDATE} --domain-id {{mine}} --user-profile-name ml") == ["ml-lead"]
    assert ends(notebook, f"%{UPDATE} --user-profile-name ml") == []
    before = len(sandbox.calls)
    assert ends(notebook, f"%{UPDATE} --domain-id d-9") == [DOMAIN]
    assert len(sandbox.calls) == before


def test_a_press_of_tab_runs_none_of_the_persons_python(notebook: Notebook, sandbox: Sandbox) -> None:
    ran: list[str] = []

    class Sly:
        domain = DOMAIN

        def __getattr__(self, name: str) -> str:
            ran.append(name)
            return DOMAIN

        def __getitem__(self, name: str) -> str:
            ran.append(name)
            return DOMAIN

        def __str__(self) -> str:
            ran.append("str")
            return DOMAIN

        @property
        def asked(self) -> str:
            ran.append("asked")
            return DOMAIN

    def boom() -> str:
        ran.append("boom")
        return DOMAIN

    notebook.shell.user_ns.update(boom=boom, sly=Sly())
    people = "--user-profile-name ana"
    assert ends(notebook, f"%{UPDATE} --domain-id {DOMAIN} --user-settings {{boom()}} {people}") == ["analyst-1"]
    before = len(sandbox.calls)
    for told in ("{boom()}", "{sly.made}", "{sly['a']}", "{sly.asked}", "{sly}", "$sly.made", "{[boom()][0]}"):
        assert ends(notebook, f"%{UPDATE} --domain-id {told} {people}") == []
        assert ends(notebook, f"%{UPDATE} --domain-id {DOMAIN} --endpoint-url {told} {people}") == []
    assert ran == []
    assert len(sandbox.calls) == before  # and nobody else is asked instead of those who were meant


def test_names_and_what_they_hold_are_looked_up_without_running_anything(notebook: Notebook) -> None:
    class Team:
        def __init__(self) -> None:
            self.domain = DOMAIN

    notebook.shell.user_ns.update(team=Team(), teams=[{"domain": DOMAIN}], number=0, at=Path("/d"))
    for told in ("{team.domain}", "$team.domain", "{teams[0]['domain']}", "{teams[number]['domain']}"):
        assert ends(notebook, f"%{UPDATE} --domain-id {told} --user-profile-name ana") == ["analyst-1"]
    for told in ("{nobody}", "{teams[5]}", "{teams[0].x}", "{teams['a']}", "{-number}", "{at}"):
        assert ends(notebook, f"%{UPDATE} --domain-id {told} --user-profile-name ana") == []


def test_options_of_a_cell_that_goes_on_after_a_backslash_complete(notebook: Notebook) -> None:
    assert ends(notebook, f"%%{UPDATE} --domain-id {DOMAIN} \\\n  --reg") == ["--region"]
    assert ends(notebook, f"%%{UPDATE} --domain-id \\\n  d-9") == [DOMAIN]
    assert ends(notebook, f"%%{UPDATE} --debug\n# a comment\n--reg") == ["--region"]
    assert "--region" in ends(notebook, f"%%{UPDATE} --domain-id {DOMAIN} \\\n  # a comment\n  --reg")


def test_without_permission_or_in_time_nothing_is_offered_and_nothing_is_said(
    notebook: Notebook, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sandbox.deny("sagemaker:ListDomains")
    assert ends(notebook, f"%{UPDATE} --domain-id d-9") == []
    sandbox.allow()
    account.forget()
    monkeypatch.setattr(account, "PATIENCE", 0.05)
    with sandbox.hold("ListDomains"):
        assert ends(notebook, f"%{UPDATE} --domain-id d-9") == []
    assert capsys.readouterr() == ("", "")


def test_profiles_complete_from_the_configuration(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile ml]\n[profile research]\n")
    assert ends(notebook, f"%{UPDATE} --profile m") == ["ml"]
    (tmp_path / "config").write_text("[profile\n")
    assert "ml" not in ends(notebook, f"%{UPDATE} --profile m")


def test_files_complete_after_their_scheme(notebook: Notebook, tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{}")
    (tmp_path / "settings").mkdir()
    (tmp_path / "settings" / "one.yaml").write_text("{}")
    (tmp_path / ".hidden").write_text("")
    assert ends(notebook, f"%{UPDATE} --user-settings file://se") == ["file://settings.json", "file://settings/"]
    assert ends(notebook, f"%{UPDATE} --cli-input-yaml=file://settings/") == [
        "--cli-input-yaml=file://settings/one.yaml"
    ]
    assert not [each for each in ends(notebook, f"%{UPDATE} --cli-input-yaml file://nowhere/") if "settings" in each]
    assert not any(".hidden" in each for each in ends(notebook, f"%{UPDATE} --user-settings file://"))
