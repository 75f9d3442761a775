"""How Voila is told to run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from profile_widgets.page.settings import (
    TEMPLATE_ROOT,
    WIDGET_EXTENSIONS,
    page_environment,
    page_notebook,
    profile_environment,
    sandbox_environment,
    voila_settings,
)


def test_the_page_listens_on_loopback_and_on_the_asked_port_only() -> None:
    voila = voila_settings(8123, own_page=True)["Voila"]
    assert (voila["ip"], voila["port"], voila["port_retries"]) == ("127.0.0.1", 8123, 0)


def test_a_visitor_cannot_choose_a_template_or_read_files_or_tracebacks() -> None:
    configuration = voila_settings(8123, own_page=True)["VoilaConfiguration"]
    assert configuration["allow_template_override"] == "NO"
    assert configuration["file_allowlist"] == []
    assert configuration["show_tracebacks"] is False
    assert configuration["strip_sources"] is True


def test_no_configuration_file_of_the_person_changes_the_page() -> None:
    assert voila_settings(8123, own_page=True)["Voila"]["config_file_paths"] == []


@pytest.mark.parametrize(("own_page", "extensions"), [(True, list(WIDGET_EXTENSIONS)), (False, [])])
def test_only_the_kits_own_page_leaves_other_extensions_out(own_page: bool, extensions: list[str]) -> None:
    assert voila_settings(8123, own_page=own_page)["VoilaConfiguration"]["extension_allowlist"] == extensions


def test_every_setting_is_one_that_the_installed_voila_has() -> None:
    from voila.app import Voila
    from voila.configuration import VoilaConfiguration

    settings = voila_settings(8123, own_page=True)
    assert set(settings["Voila"]) <= set(Voila.class_trait_names())
    assert set(settings["VoilaConfiguration"]) <= set(VoilaConfiguration.class_trait_names())


def test_our_template_comes_before_what_the_person_has_on_the_jupyter_path() -> None:
    environment = page_environment({"JUPYTER_PATH": "theirs"}, {"AWS_REGION": "eu-west-1"})
    assert environment["JUPYTER_PATH"] == f"{TEMPLATE_ROOT}{os.pathsep}theirs"
    assert environment["AWS_REGION"] == "eu-west-1"


def test_the_sandbox_replaces_every_aws_setting_of_the_person() -> None:
    theirs = {"AWS_PROFILE": "production", "AWS_SESSION_TOKEN": "token", "HOME": "kept"}
    assert sandbox_environment(theirs, {"AWS_ACCESS_KEY_ID": "sandbox"}) == {
        "AWS_ACCESS_KEY_ID": "sandbox",
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "BOTO_CONFIG": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "HOME": "kept",
    }


CREDENTIALS = """
[ml]
aws_access_key_id = of-ml
aws_secret_access_key = secret
[other]
aws_access_key_id = of-other
aws_secret_access_key = secret
"""


@pytest.mark.parametrize(
    "theirs",
    [
        {},
        {"AWS_PROFILE": "other"},
        {"AWS_DEFAULT_PROFILE": "other"},
        {"AWS_ACCESS_KEY_ID": "of-other", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "token"},
        {"AWS_ROLE_ARN": "arn:aws:iam::123456789012:role/other", "AWS_WEB_IDENTITY_TOKEN_FILE": os.devnull},
    ],
    ids=lambda theirs: " ".join(theirs) or "nothing",
)
def test_a_profile_that_was_asked_for_is_the_one_that_boto3_uses(tmp_path: Path, theirs: dict[str, str]) -> None:
    file = tmp_path / "credentials"
    file.write_text(CREDENTIALS)
    environment = {**os.environ, **theirs, "AWS_SHARED_CREDENTIALS_FILE": str(file)}
    program = "import boto3; print(boto3.Session().get_credentials().access_key)"
    used = subprocess.run(
        [sys.executable, "-c", program],
        env=profile_environment(environment, "ml"),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert used.stdout == "of-ml\n"


def test_the_pages_notebook_is_three_short_cells_without_logic() -> None:
    notebook = nbformat.read(page_notebook(), as_version=4)
    assert [cell.source for cell in notebook.cells] == [
        "from profile_widgets import UserProfileEditor",
        "editor = UserProfileEditor()",
        "editor",
    ]


def test_the_template_names_no_other_host() -> None:
    files = [path for path in Path(TEMPLATE_ROOT).rglob("*") if path.is_file()]
    assert files
    for path in files:
        text = path.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http://" not in text, path
        assert "https://" not in text, path
        assert 'src="//' not in text, path
