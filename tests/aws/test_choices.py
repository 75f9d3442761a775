"""What a connection may be set to, and what is wrong with what was chosen."""

from __future__ import annotations

from pathlib import Path

import certifi
import pytest
from botocore.credentials import Credentials

from profile_widgets.aws.choices import findings, offers
from profile_widgets.aws.connection import Connection


@pytest.fixture(autouse=True)
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have a configuration file with the profile ml."""
    (tmp_path / "config").write_text("[profile ml]\nregion = eu-central-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))


def test_the_profiles_and_regions_that_exist_are_offered() -> None:
    found = offers()
    assert ["ml", ""] in found["profile"]
    assert ["eu-west-1", ""] in found["region"]


def test_what_can_be_used_is_no_finding() -> None:
    assert findings(Connection()) == {}
    assert findings(Connection(profile="ml", region="eu-west-1", ca_bundle=certifi.where())) == {}


@pytest.mark.parametrize("verify", [True, False])
def test_a_file_without_certificates_is_a_finding(tmp_path: Path, verify: bool) -> None:
    (tmp_path / "notes.pem").write_text("nothing of use")
    found = findings(Connection(ca_bundle=str(tmp_path / "notes.pem"), verify=verify))
    assert set(found) == {"ca_bundle"}
    assert "must hold certificates as PEM texts" in found["ca_bundle"]
    assert "does not exist" in findings(Connection(ca_bundle=str(tmp_path / "nowhere.pem")))["ca_bundle"]


def test_a_profile_beside_given_credentials_has_no_effect_and_says_so() -> None:
    given = Connection(credentials=Credentials("key", "secret"), region="eu-west-1")
    assert findings(given) == {}
    assert "This connection was given its credentials" in findings(given.replace(profile="ml"))["profile"]
    assert "hold no profile “mll”" in findings(given.replace(profile="mll"))["profile"]
