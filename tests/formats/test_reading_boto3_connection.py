"""What a piece of Python says about the connection is that of the call's own client."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.formats.reading import read

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
CALL = "client.update_user_profile(DomainId='d-abc123', UserProfileName='alice'"
REGION = "client = boto3.client('sagemaker', region_name='us-east-1')"
TWO = "s = boto3.Session(profile_name='a')\no = boto3.Session(profile_name='b')\n"


class TestConnection:
    @pytest.mark.parametrize(
        ("text", "connection"),
        [
            ("{call}\nother = boto3.Session(profile_name='other')", {}),
            (f"{TWO}client = s.client('sagemaker')\ns3 = o.client('s3')\n{{call}}", {"profile": "a"}),
            ("o = boto3.Session(profile_name='b')\ns3 = o.client('s3')\n{call}", {}),
            ("s3 = boto3.Session(profile_name='b').client('s3')\n{call}", {}),
            (f"{REGION}\n{{call}}\nb = boto3.client('sagemaker', region_name='eu-west-1')", {"region": "us-east-1"}),
            (f"boto3.Session(profile_name='a').{REGION[9:].replace('boto3.', '')}.{{method}}",
             {"profile": "a", "region": "us-east-1"}),
            (f"cfg = Config(read_timeout=3)\nold = Config(read_timeout=9)\n{REGION[:-1]}, config=cfg)\n{{call}}",
             {"read_timeout": 3.0, "region": "us-east-1"}),
            ("client = boto3.client('sagemaker', config=botocore.config.Config(region_name='x'))\n{call}",
             {"region": "x"}),
            ("p = 'ml'\nclient = boto3.Session(profile_name=p).client('sagemaker')\n{call}", {"profile": "ml"}),
            (f"def f(self):\n    self.{REGION}\n    self.{{call}}", {"region": "us-east-1"}),
        ],
    )  # fmt: skip
    def test_only_what_made_the_client_of_the_call_counts(self, text: str, connection: dict[str, Any]) -> None:
        reading = read(text.format(call=f"{CALL})", method=f"{CALL})".removeprefix("client.")))
        assert (reading.request, reading.connection, reading.problems) == (NAMES, connection, ())

    def test_of_several_sessions_none_is_taken_and_it_is_said(self) -> None:
        reading = read(f"a = boto3.Session(profile_name='a')\nb = boto3.Session(profile_name='b')\n{CALL})")
        assert reading.connection == {}
        assert "several calls of Session" in reading.problems[0].message

    def test_a_profile_that_the_text_does_not_tell_is_said(self) -> None:
        reading = read(f"client = boto3.Session(profile_name=PROFILE).client('sagemaker')\n{CALL})")
        assert (reading.connection, reading.refused) == ({}, False)
        assert reading.problems[0].message == "The text does not tell what PROFILE is: profile_name is not taken over."

    @pytest.mark.parametrize(
        ("before", "connection"),
        [
            ("s = boto3.Session(profile_name='ml', region_name='eu-west-1')", {"profile": "ml", "region": "eu-west-1"}),
            ("client = boto3.client('sagemaker', region_name='x', verify=False)", {"region": "x", "verify": False}),
            ("client = boto3.client('sagemaker', 'x')", {"region": "x"}),
            ("client = boto3.client('sagemaker', 'x', verify=False)", {"region": "x", "verify": False}),
            ("region = 'x'\nclient = boto3.client('sagemaker', region, config=other)", {"region": "x"}),
            ("client = boto3.client('sagemaker', **more)", {}),
            ("client = boto3.Session('AKIACANARY', 'canary').client('sagemaker')", {}),
            ("client = boto3.client(service_name='sagemaker', endpoint_url='http://x', verify='/ca.pem')",
             {"endpoint_url": "http://x", "ca_bundle": "/ca.pem"}),
            ("client = boto3.client('s3', region_name='x')", {}),
            ("config = Config(connect_timeout=3, read_timeout=0.5, signature_version=UNSIGNED)",
             {"connect_timeout": 3.0, "read_timeout": 0.5, "unsigned": True}),
        ],
    )  # fmt: skip
    def test_what_sessions_and_clients_say_is_told_apart(self, before: str, connection: dict[str, Any]) -> None:
        reading = read(f"{before}\n{CALL})")
        assert (reading.request, reading.connection, reading.refused) == (NAMES, connection, False)

    def test_access_keys_are_not_taken_over_and_not_repeated(self) -> None:
        reading = read(
            f"c = boto3.client('sagemaker', aws_access_key_id='AKIACANARY', aws_secret_access_key='canary')\n{CALL})"
        )
        assert "canary" not in repr(reading).lower()
        assert "treat them as known to others" in reading.problems[0].message

    def test_configurations_within_each_other_have_an_end(self) -> None:
        nested = f"client = {'c(config=' * 3000}x{')' * 3000}\n{CALL})"
        chained = "".join(f"c{n} = c{n + 1}.client('sagemaker', config=c{n + 1})\n" for n in range(200, 0, -1))
        for text in (nested.replace("c(", "client("), f"{chained}client = c1\n{CALL})"):
            assert (read(text).request, read(text).connection) == (NAMES, {})

    def test_a_session_that_makes_our_client_and_another_one_is_ours(self) -> None:
        text = f"s = boto3.Session(profile_name='ml')\na = s.client('s3')\nb = s.client('sagemaker')\n{CALL})"
        assert read(text).connection == {"profile": "ml"}
