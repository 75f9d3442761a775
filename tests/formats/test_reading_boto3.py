"""A boto3 call is read without being run."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import Reading, read
from profile_widgets.formats.reading.python_text import Python, Unknown
from profile_widgets.formats.reading.python_tokens import tokens
from profile_widgets.model.shapes import CREATE, UPDATE

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
CALL = "client.update_user_profile(DomainId='d-abc123', UserProfileName='alice'"


def errors(reading: Reading) -> list[tuple[str, str]]:
    return [(each.path, each.message) for each in reading.problems if each.blocks]


class TestForms:
    @pytest.mark.parametrize(
        ("text", "operation"),
        [
            (f"{CALL})", UPDATE),
            (f"{CALL.replace('update', 'create')},)", CREATE),
            (f"import boto3\nresponse = {CALL})\nprint(response['UserProfileArn'])", UPDATE),
            (f">>> {CALL[:27]}\n... {CALL[27:]})\n", UPDATE),
            (f"In [3]: {CALL})", UPDATE),
            (f"%load_ext x\n!pip install boto3\nawait {CALL})", UPDATE),
            (f"Don't do this:\n\n    {CALL})", UPDATE),
            ("kwargs = dict(DomainId='d-abc123', UserProfileName='alice')\nc.update_user_profile(**kwargs)", UPDATE),
            ("c.update_user_profile(**{'DomainId': 'd-abc123'}, UserProfileName='alice')", UPDATE),
            ("DomainId='d-abc123', UserProfileName='alice'", None),
            ("DomainId='d-abc123',\nUserProfileName='alice',\n", None),
            ("{'DomainId': 'd-abc123', 'UserProfileName': 'alice'}", None),
            ("request = {'DomainId': 'd-abc123', 'UserProfileName': 'alice'}", None),
            ("other = {'a': 1}\nrequest = dict(DomainId='d-abc123', UserProfileName='alice')\n", None),
        ],
    )
    def test_the_arguments_are_found(self, text: str, operation: str | None) -> None:
        reading = read(text)
        assert (reading.format, reading.operation, reading.request, errors(reading)) == ("boto3", operation, NAMES, [])

    def test_two_calls_are_refused(self) -> None:
        assert "two calls" in errors(read(f"{CALL})\n{CALL})"))[0][1]
        assert not read(f"def update_user_profile(x):\n    pass\n{CALL})").refused

    def test_a_text_without_a_request_is_refused(self) -> None:
        with pytest.raises(
            FormatError, match=r"neither create_user_profile\(...\) nor update_user_profile\(...\) in it"
        ):
            read("print('hello')", "boto3")


class TestValues:
    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ("'a'", "a"),
            ('"it\'s"', "it's"),
            ("'''a\nb'''", "a\nb"),
            ("r'\\n'", "\\n"),
            ("'\\u00e9\\x41\\n'", "éA\n"),
            ("'a' 'b'", "ab"),
            ("('a'\n 'b')", "ab"),
            ("'a' + \"b\"", "ab"),
            ("f'a{b}c'", "axc"),
            ("f'{{a}}{n}'", "{a}3"),
            ("b", "x"),
            ("[1, -2, 3]", [1, -2, 3]),
            ("['a', *more]", ["a", "y", "z"]),
            ("['a'] + more", ["a", "y", "z"]),
            ("('a', 'b')", ["a", "b"]),
            ("('a',)", ["a"]),
            ("()", []),
            ("{'a': True, 'b': [False], **rest}", {"a": True, "b": [False], "c": 1}),
            ("dict(a=1, b={})", {"a": 1, "b": {}}),
            ("json.loads('{\"a\": 1}')", {"a": 1}),
            ("1.5", 1.5),
            ("0x1F", 31),
            ("# note\n 'a'", "a"),
            ("true", True),
        ],
    )
    def test_literals_are_what_python_makes_of_them(self, written: str, value: Any) -> None:
        text = f"b = 'x'\nn = 3\nmore = ['y', 'z']\nrest = {{'c': 1}}\ncall(value={written}, end=1)"
        python = Python(text)
        python.at = [token.text for token in python.tokens].index("value")
        assert python.keywords(")") == {"value": value, "end": 1}

    @pytest.mark.parametrize(
        "written",
        ["role", "get_role()", "roles[0]", "os.environ['ROLE']", "f'{role}'", "f'{a.b}'", "'%s' % x", "'{}'.format(x)",
         "x if y else z", "'a' + role", "not x", "[each for each in x]", "{x}", "lambda: 1", "await x", "role + 'a'"],
    )  # fmt: skip
    def test_what_the_text_does_not_tell_is_refused_with_its_path_and_its_words(self, written: str) -> None:
        reading = read(f"{CALL}, UserSettings={{'ExecutionRole': {written}, 'SecurityGroups': []}})")
        assert reading.request == {**NAMES, "UserSettings": {"SecurityGroups": []}}
        ((path, message),) = errors(reading)
        assert path == "UserSettings.ExecutionRole"
        assert message.startswith("The text does not tell what ")

    def test_what_is_changed_after_it_is_set_is_not_known(self) -> None:
        text = f"s = {{'ExecutionRole': 'x'}}\ns['ExecutionRole'] = 'y'\n{CALL}, UserSettings=s)"
        assert errors(read(text)) == [("UserSettings", "The text does not tell what s is: put its value there.")]
        assert errors(read(text.replace("s['ExecutionRole'] = 'y'", "s.update(x)")))

    def test_what_holds_itself_is_not_known(self) -> None:
        assert errors(read(f"s = {{'a': s}}\n{CALL}, UserSettings=s)"))

    def test_arguments_from_elsewhere_are_not_known(self) -> None:
        assert "what more is" in errors(read(f"{CALL}, **more)"))[0][1]

    @pytest.mark.parametrize(
        ("text", "line", "column", "words"),
        [
            (f"{CALL}, Tags=[)", 1, len(CALL) + 9, "Expected a value, found )"),
            (f"{CALL}\n, Tags=[1 2])", 2, 11, "A comma is missing before 2"),
            (f"{CALL}, DomainId='x')", 1, len(CALL) + 3, "DomainId stands twice"),
            (f"{CALL}, UserSettings={{'a': 1, 'a': 2}})", 1, len(CALL) + 26, "a stands twice in one dict"),
            (f"{CALL}, 'x')", 1, len(CALL) + 3, "Expected name=value"),
            (f"{CALL}, Tags=b'x')", 1, len(CALL) + 8, "Bytes stand where a text belongs"),
            (f"{CALL}, Tags='''x)", 1, len(CALL) + 8, "The text that begins with ''' has no end"),
            (CALL, 1, len(CALL) + 1, "found the end"),
            (f"{CALL}, Tags={'[' * 200})", 1, len(CALL) + 107, "nested more than 100 deep"),
            (f"{CALL}, Tags={'9' * 500})", 1, len(CALL) + 8, "A very long number"),
            (f"{CALL}, Tags=0123)", 1, len(CALL) + 8, "0123 is no number"),
        ],
    )
    def test_a_mistake_is_told_with_its_place(self, text: str, line: int, column: int, words: str) -> None:
        with pytest.raises(FormatError) as caught:
            read(text)
        assert words in str(caught.value)
        assert (caught.value.format, caught.value.line) == ("boto3", line)
        assert abs(caught.value.column - column) <= 1


class TestConnection:
    @pytest.mark.parametrize(
        ("before", "connection"),
        [
            ("s = boto3.Session(profile_name='ml', region_name='eu-west-1')", {"profile": "ml", "region": "eu-west-1"}),
            ("client = boto3.client('sagemaker', region_name='x', verify=False)", {"region": "x", "verify": False}),
            ("client = boto3.client('sagemaker', 'x')", {}),
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


def test_an_apostrophe_in_prose_is_no_text() -> None:
    assert [each.text for each in tokens("don't 'x' \"y") if each.kind == "string"] == ["'t '"]
    assert [each.text for each in tokens("it's\n'x'") if each.kind == "string"] == ["'x'"]


def test_an_unknown_value_is_as_it_is_written() -> None:
    python = Python("f( a . b [ 0 ] ,\n 1)")
    python.at = 2
    python.depth = 1
    assert python.value() == Unknown("a . b [ 0 ]")
