"""The HCL is what Terraform's provider takes, and says what it could not express."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import hcl2
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.formats import export, terraform
from profile_widgets.formats.terraform import literal
from profile_widgets.model.shapes import CREATE, UPDATE, Member, input_member, walk
from tests.documents import DOMAIN, ODD
from tests.exports.conftest import CALLS, DOCUMENTS, Holder
from tests.exports.told import restored, told

PLUGINS = "PROFILE_WIDGETS_TERRAFORM_PLUGINS"
"""A folder with the provider hashicorp/aws, if Terraform itself is to judge: ``terraform init -plugin-dir``."""
DRAWN = 25
ROLE = "arn:aws:iam::123456789012:role/SageMakerRole"


def text_of(quoted: str) -> str:
    """Return what a quoted text of HCL stands for, in which nothing is a template."""
    assert "${" not in quoted
    assert "%{" not in quoted
    found: str = json.loads(quoted)
    return found


def letters(name: str) -> str:
    return name.replace("_", "").lower()


def member_named(member: Member, name: str) -> Member:
    """Return the API's member for an attribute or block; a block that repeats has its name in the singular."""
    for each in member.members.values():
        plural = letters(each.name)
        if letters(name) in (plural, plural.removesuffix("s"), plural.removesuffix("ies") + "y"):
            return each
    raise AssertionError(f"{member.shape} has no member for {name}")


def request_of(body: dict[str, Any], member: Member) -> dict[str, Any]:
    """Return the request that the body of a block describes."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        if name in ("__is_block__", "__comments__", "__inline_comments__"):
            continue
        if name == "tags":
            found["Tags"] = [{"Key": text_of(key), "Value": text_of(each)} for key, each in value.items()]
            continue
        below = member_named(member, name)
        if below.is_structure:
            (only,) = value
            found[below.name] = request_of(only, below)
        elif below.is_structure_list:
            found[below.name] = [request_of(each, below.item) for each in value]
        elif below.kind == "list":
            found[below.name] = [text_of(each) for each in value]
        else:
            found[below.name] = value if isinstance(value, int) else text_of(value)
    return found


def described(text: str) -> dict[str, Any]:
    """Return the request that an exported resource describes, as an HCL parser reads it."""
    (resource,) = hcl2.loads(text + "\n")["resource"]
    ((kind, named),) = resource.items()
    assert text_of(kind) == "aws_sagemaker_user_profile"
    ((_label, body),) = named.items()
    return request_of(body[0] if isinstance(body, list) else body, input_member(CREATE))


def profile(**members: Any) -> dict[str, Any]:
    return {"DomainId": DOMAIN, "UserProfileName": "alice", "UserSettings": members}


@DOCUMENTS
@given(CALLS)
def test_two_hundred_profiles_are_made_as_the_resources_describe_them(
    holder: Holder, call: tuple[str, dict[str, Any]]
) -> None:
    operation, request = call
    text = export(request, operation, "terraform")
    found = described(text)
    assert restored(found, told(text)) == request
    with holder.room(operation, request["UserProfileName"]):
        holder.send(operation, found)
        assert holder.holds(found) == found


def test_what_the_provider_lacks_stands_at_its_place() -> None:
    request = profile(
        ExecutionRole=ROLE,
        SecurityGroups=[],
        KernelGatewayAppSettings={"DefaultResourceSpec": {"SageMakerImageVersionArn": "None"}},
        CustomFileSystemConfigs=[{"S3FileSystemConfig": {"S3Uri": "s3://b"}}],
    )
    text = export(request, CREATE, "terraform")
    expected = f"""resource "aws_sagemaker_user_profile" "alice" {{
  domain_id         = "{DOMAIN}"
  user_profile_name = "alice"

  user_settings {{
    execution_role = "{ROLE}"
    # Left out: The provider does not send an empty list.
    # UserSettings.SecurityGroups = []
    # Left out: sagemaker_image_version_arn takes nothing but an ARN.
    # UserSettings.KernelGatewayAppSettings.DefaultResourceSpec.SageMakerImageVersionArn = "None"
    # Left out: aws_sagemaker_user_profile has nothing for S3FileSystemConfig in custom_file_system_config.
    # UserSettings.CustomFileSystemConfigs[0] = {{"S3FileSystemConfig": {{"S3Uri": "s3://b"}}}}
  }}
}}"""
    assert text.partition("\n")[2] == expected


def test_tags_are_a_map_so_a_key_comes_once() -> None:
    tags = [{"Key": "a b", "Value": ""}, {"Key": "team", "Value": "x"}, {"Key": "a b", "Value": "y"}, {"Key": "z"}]
    text = export({**profile(), "Tags": tags}, CREATE, "terraform")
    assert described(text)["Tags"] == tags[:2]
    assert [each for each in told(text) if each[1]] == [("Tags[2]", tags[2]), ("Tags[3]", tags[3])]
    assert '    "a b"  = ""\n    "team" = "x"\n' in text


def test_a_profile_that_exists_is_imported_by_what_is_known_of_its_arn() -> None:
    text = export(profile(ExecutionRole=ROLE) | {"UserProfileName": "Alice-B"}, UPDATE, "terraform")
    assert (
        "#   terraform import aws_sagemaker_user_profile.alice_b "
        f"arn:aws:sagemaker:REGION:ACCOUNT:user-profile/{DOMAIN}/Alice-B"
    ) in text.splitlines()


@pytest.mark.parametrize(
    "odd", ['x"\nresource "y" "z" {}', "a b", "$(x)", "", None, 7, "a\u2028b", "é", "x" * 64, "a\n", "-a"]
)
def test_what_is_no_name_in_aws_stays_a_word_where_it_would_be_typed(odd: Any) -> None:
    request = profile() | {"UserProfileName": odd, "DomainId": odd}
    line = next(each for each in export(request, UPDATE, "terraform").split("\n") if "terraform import" in each)
    assert line.endswith("arn:aws:sagemaker:REGION:ACCOUNT:user-profile/DOMAIN/NAME")


def test_what_the_provider_does_of_itself_is_said() -> None:
    assert "requires execution_role" in export(profile(StudioWebPortal="ENABLED"), CREATE, "terraform")
    assert "execution_role, " not in export(profile(ExecutionRole=ROLE), CREATE, "terraform")
    idle = {"JupyterLabAppSettings": {"AppLifecycleManagement": {"IdleSettings": {"IdleTimeoutInMinutes": 90}}}}
    text = export(profile(**idle), CREATE, "terraform")
    assert "sends 0 for max_idle_timeout_in_minutes" in text
    assert "sends 0 for idle_timeout_in_minutes" not in text


@pytest.mark.parametrize(
    ("settings_", "path"),
    [
        ({"SecurityGroups": ["sg-1", "sg-1"]}, "UserSettings.SecurityGroups[1]"),
        ({"SecurityGroups": "sg-1"}, "UserSettings.SecurityGroups"),
        ({"SecurityGroups": [7]}, "UserSettings.SecurityGroups[0]"),
        ({"SharingSettings": "on"}, "UserSettings.SharingSettings"),
        ({"CustomPosixUserConfig": {"Uid": "ten", "Gid": 1001}}, "UserSettings.CustomPosixUserConfig"),
        ({"DefaultLandingUri": "half \ud83d"}, "UserSettings.DefaultLandingUri"),
        ({"DefaultLandingUri": 1}, "UserSettings.DefaultLandingUri"),
        ({"Of Tomorrow": 1}, 'UserSettings["Of Tomorrow"]'),
    ],
)
def test_a_value_that_cannot_be_expressed_is_told(settings_: dict[str, Any], path: str) -> None:
    text = export(profile(**settings_), UPDATE, "terraform")
    assert f"# {path} = " in text
    assert text.encode()
    kept = {"SecurityGroups": ["sg-1"]} if path.endswith("[1]") else {}
    assert described(text).get("UserSettings", {}) == kept


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.text(st.characters(codec="utf-8"), max_size=12)
    | st.sampled_from([ODD, "${x}", "$${x}", "%{if}", "$", "%%{", "\\b", '"', "a\nb\tc\r", "\x07\b\f", "\u2028", "😀"])
)
def test_any_text_is_read_as_it_was(text: str) -> None:
    found = hcl2.load(io.StringIO(f'resource "a" "b" {{\n  x = {literal(text)}\n}}\n'))["resource"][0]['"a"']['"b"']
    assert text_of((found[0] if isinstance(found, list) else found)["x"]) == text


def test_the_table_names_members_that_the_service_has() -> None:
    """Each attribute and block belongs to one member of the newest model; an older model may lack some."""

    def check(block: dict[str, Any], member: Member) -> None:
        for name, kind in block.items():
            below = member_named(member, name)
            only = kind[0] if isinstance(kind, list) else kind
            inner = blocks.get(only.removeprefix("@"), only) if isinstance(only, str) else only
            if isinstance(inner, dict):
                check(inner, below.item if isinstance(kind, list) else below)

    blocks = terraform.table()["blocks"]
    newest = dict(terraform.table()["schema"])
    assert newest.pop("tags") == "map"
    if "AppLifecycleManagement" not in {path.rpartition(".")[2] for path, _ in walk(input_member(CREATE))}:
        pytest.skip("the installed model is older than the table")
    check(newest, input_member(CREATE))


@pytest.mark.skipif(PLUGINS not in os.environ or not shutil.which("terraform"), reason=f"{PLUGINS} is not set")
class TestByTerraform:
    """Terraform itself, with its real provider, takes what was written.

    The provider adds some empty lists by itself, which our text does not hold.
    """

    @pytest.fixture
    def folder(self, tmp_path: Path, holder: Holder) -> Path:
        (tmp_path / "provider.tf").write_text(
            f"""provider "aws" {{
  region                      = "{holder.sandbox.region}"
  access_key                  = "sandbox"
  secret_key                  = "sandbox"
  skip_credentials_validation = true
  skip_requesting_account_id  = true
  skip_metadata_api_check     = true
  endpoints {{
    sagemaker = "{holder.sandbox.endpoint_url}"
  }}
}}
""",
            "utf-8",
        )
        self.terraform(tmp_path, "init", f"-plugin-dir={os.environ[PLUGINS]}")
        return tmp_path

    def terraform(self, folder: Path, *arguments: str) -> str:
        settings_ = {"TF_CLI_CONFIG_FILE": os.devnull, "CHECKPOINT_DISABLE": "1", "TF_IN_AUTOMATION": "1"}
        done = subprocess.run(
            ["terraform", *arguments, *(() if arguments[0] == "fmt" else ("-no-color",))],
            cwd=folder, env={**os.environ, **settings_}, capture_output=True, text=True, check=False, timeout=170,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def test_profiles_are_valid_formatted_and_applied(self, folder: Path, holder: Holder) -> None:
        requests: list[dict[str, Any]] = []

        @settings(DOCUMENTS, max_examples=DRAWN)
        @given(CALLS)
        def write(call: tuple[str, dict[str, Any]]) -> None:
            name = f"tf-{len(requests)}"
            request = {**call[1], "UserProfileName": name}
            request["UserSettings"] = {"ExecutionRole": ROLE} | request["UserSettings"]
            text = export(request, CREATE, "terraform")
            if "the provider sends" in text.lower():
                return
            (folder / f"{name}.tf").write_text(text + "\n", "utf-8")
            requests.append(described(text))

        write()
        assert len(requests) > DRAWN // 2
        self.terraform(folder, "fmt", "-check", "-diff")
        self.terraform(folder, "validate")
        self.terraform(folder, "apply", "-auto-approve", "-parallelism=8")
        for request in requests:
            held = holder.holds(request)
            added = {name for name, value in held["UserSettings"].items() if value == []}
            held["UserSettings"] = {name: value for name, value in held["UserSettings"].items() if name not in added}
            assert sorted_sets(held) == sorted_sets(request)


def sorted_sets(value: Any) -> Any:
    """Return a document in which lists are sorted, for the provider's sets have no order."""
    if isinstance(value, dict):
        return {name: sorted_sets(each) for name, each in value.items()}
    if isinstance(value, list):
        return sorted((sorted_sets(each) for each in value), key=json.dumps)
    return value
