"""A command is read as the AWS CLI reads it, and as people find it on old pages."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import Reading, read
from profile_widgets.model.shapes import CREATE, UPDATE
from tests.formats.conftest import ShellArguments

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
ROLE = "arn:aws:iam::123456789012:role/X"
BEGIN = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice"


def told(reading: Reading, severity: str) -> list[str]:
    return [each.message for each in reading.problems if each.severity == severity]


class TestShell:
    """Words are split as a real shell splits them."""

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(
        name=st.lists(
            st.sampled_from([
    "a", "'", '"', "b c", "\\", "\\\n", "'x y'", '"p q"', '"\\""', '"\\$"', "é", "名", "$'\\n\\x41'", "#", "=", "-",
    "{", "}", "[", "]", "~", "!", "%", "^a", ",", ":", "\\'", '\\"', "\\\\", "'\n'",
]),
            max_size=8,
        ).map("".join)
    )  # fmt: skip
    def test_a_real_shell_hands_over_the_same(self, name: str, shell_arguments: ShellArguments) -> None:
        assume("\\\n-" not in name)  # where a shell joins a word and an option, we do not
        assume(":\\" not in name)  # where a drive begins, we take a backslash for a part of its path
        assume(not re.search(r"%\w+%|\{\{", name))  # what a page leaves to be filled in is no text for us
        text = f"aws sagemaker update-user-profile --user-profile-name=x{name}"
        try:
            shell = shell_arguments(text)
        except subprocess.CalledProcessError:  # a quote without an end, or a second command
            return
        assume(len(shell) == 3 and "$'" not in name)  # a POSIX shell need not know $'...'
        assert read(text, "cli").request["UserProfileName"] == shell[2].partition("=")[2]

    @pytest.mark.parametrize(
        "written",
        [
            "a\\ b",
            "'a b'",
            '"a b"',
            "a' 'b",
            "$'a\\x20b'",
            '"a"\' \'"b"',
            "a\\\n' b'",
            "\u201ca b\u201d",
            "\u2018a b\u2019",
        ],
    )
    def test_quotes_of_every_kind(self, written: str) -> None:
        assert read(f"{BEGIN.replace(' alice', '')} {written}").request["UserProfileName"] == "a b"

    @pytest.mark.parametrize("sign", ["\\\n", "\\ \n", "\\\r\n", "`\n", "^\n", "^\r\n", "\\\n> "])
    def test_lines_go_on_as_in_every_shell(self, sign: str) -> None:
        reading = read(BEGIN.replace(" --", f" {sign} --"))
        assert (reading.request, reading.refused) == (NAMES, False)

    def test_lines_that_lost_their_sign_are_one_command(self) -> None:
        reading = read(BEGIN.replace(" --", "\n    --") + "\n\nThis changes the profile.")
        assert reading.request == NAMES
        assert "Lines without a \\ at their end are read as one command" in told(reading, "warning")[0]

    def test_what_stands_behind_a_comment_sign_is_no_word(self) -> None:
        assert read(f"{BEGIN} # --region x").connection == {}

    @pytest.mark.parametrize("end", ["; ls", " && ls -la", " || exit 1", " &", "\nls", "\n```\n", "\n\n--region x"])
    def test_the_command_ends_where_the_shell_ends_it(self, end: str) -> None:
        assert read(BEGIN + end).request == NAMES

    @pytest.mark.parametrize("end", [" | jq .", " > out.json", " 2>&1 | tee log", " >/dev/null"])
    def test_what_is_done_with_the_answer_is_cut_off_and_told(self, end: str) -> None:
        reading = read(BEGIN + end)
        assert reading.request == NAMES
        assert told(reading, "information")[0].startswith("Cut off, because it does not belong to the request: ")

    @pytest.mark.parametrize(
        "text", [f"{BEGIN} --user-settings '{{", f'{BEGIN} "x', f"{BEGIN} $'x", f"{BEGIN} <<EOF\nx"]
    )
    def test_a_quote_without_an_end_is_told_with_its_place(self, text: str) -> None:
        with pytest.raises(FormatError, match="has no end") as caught:
            read(text)
        assert caught.value.line == 1
        assert caught.value.column > 10


class TestPages:
    """What stands around a command on a page, and what a page did to it."""

    @pytest.mark.parametrize(
        "text",
        [
            f"$ {BEGIN}",
            f"# {BEGIN}",
            f"% {BEGIN}",
            f"user@host:~$ {BEGIN}",
            f"C:\\Users\\me> {BEGIN.replace('aws', 'aws.exe', 1)}",
            f"sudo {BEGIN}",
            f"/usr/local/bin/{BEGIN}",
            f"Run `{BEGIN}` and wait for it.",
            f"First, use create-user-profile or so.\n\n```bash\n{BEGIN}\n```\nThat's all.",
            f"Use `aws sagemaker update-user-profile`:\n\n    {BEGIN}\n",
            f"if {BEGIN}; then echo ok; fi",
            f"ARN=$({BEGIN})",
            BEGIN.replace(" ", "\u00a0"),
            BEGIN.replace("--", "\u2013"),
            BEGIN.replace("--", "\u2014"),
            BEGIN.replace("--", "\u2013\u2013").replace("domain-id", "domain\u2011id"),
            BEGIN.replace("aws ", "aws2 "),
        ],
    )
    def test_the_command_is_found_and_repaired(self, text: str) -> None:
        reading = read(text)
        assert (reading.format, reading.operation, reading.request) == ("cli", UPDATE, NAMES)
        assert not reading.refused

    def test_typographic_quotes_around_and_inside_json(self) -> None:
        reading = read(f"{BEGIN} --user-settings \u2018{{\u201cExecutionRole\u201d: \u201c{ROLE}\u201d}}\u2019")
        assert reading.request["UserSettings"] == {"ExecutionRole": ROLE}
        assert any("Typographic quotes are read as plain ones" in each for each in told(reading, "warning"))

    def test_typographic_quotes_that_belong_to_a_value_stay(self) -> None:
        settings_ = {"ExecutionRole": "\u201cx\u201d \u2019y\u2019"}
        text = f"{BEGIN} --user-settings {shlex.quote(json.dumps(settings_, ensure_ascii=False))}"
        assert read(text).request["UserSettings"] == settings_
        assert read(text).problems == ()

    @pytest.mark.parametrize(
        "value",
        ['"{\\"ExecutionRole\\": \\"x\\"}"', "'{\\\"ExecutionRole\\\": \\\"x\\\"}'",
         "'{\u00a0\"ExecutionRole\": \"x\"}'",
         '"{`"ExecutionRole`": `"x`"}"'],
    )  # fmt: skip
    def test_json_as_other_shells_want_it(self, value: str) -> None:
        assert read(f"{BEGIN} --user-settings {value}").request["UserSettings"] == {"ExecutionRole": "x"}

    def test_two_commands_are_refused(self) -> None:
        reading = read(f"{BEGIN}\n{BEGIN.replace('alice', 'bob')}")
        assert reading.refused
        assert "two commands" in told(reading, "error")[0]
        assert read(f"{BEGIN}\nSee also aws sagemaker update-user-profile help").refused is False

    def test_another_command_is_refused_by_name(self) -> None:
        with pytest.raises(FormatError, match="`aws sagemaker describe-domain` is no command that sends"):
            read("aws --region x sagemaker describe-domain --domain-id d")


class TestValues:
    def test_members_in_every_form(self) -> None:
        more = "--tags Key=a,Value=b Key=c,Value=d --user-settings=SecurityGroups=sg-1,sg-2"
        text = f"{BEGIN.replace('update', 'create')} {more}"
        reading = read(text)
        assert reading.operation == CREATE
        assert reading.request["Tags"] == [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]
        assert reading.request["UserSettings"] == {"SecurityGroups": ["sg-1", "sg-2"]}

    @pytest.mark.parametrize("option", ["--user-settings", "--user-set", "--user-s"])
    def test_options_may_be_shortened_as_far_as_they_are_told_apart(self, option: str) -> None:
        assert read(f"{BEGIN} {option} ExecutionRole=x").request["UserSettings"] == {"ExecutionRole": "x"}

    def test_an_option_that_can_be_two_is_refused_naming_both(self) -> None:
        reading = read(f"{BEGIN} --user x")
        assert told(reading, "error") == ["--user can be --user-profile-name or --user-settings: write it out."]

    @pytest.mark.parametrize(
        ("more", "words"),
        [
            (
                "--user-setings x",
                "There is no option --user-setings of update-user-profile. Did you mean --user-settings?",
            ),
            ("--tags Key=a,Value=b", "update-user-profile takes no --tags; create-user-profile does."),
            ("stray", "“stray” belongs to no option"),
            ("--user-settings", "--user-settings has no value."),
            ("--user-settings --debug", "--user-settings has no value."),
            ("--debug=x", "--debug takes no value."),
            ("--cli-read-timeout soon", "--cli-read-timeout takes a number of seconds, not “soon”."),
            ("--cli-read-timeout=-1", "takes a number of seconds from 0 on"),
            ("--cli-input-json '{}' --cli-input-yaml '{}'", "cannot be given together"),
            ("--user-settings file://x.json", "file://x.json is not read here: paste the file's content in its place."),
            ("--user-settings $SETTINGS", "--user-settings holds $SETTINGS, and the text does not tell what that is"),
            ('--user-settings "${SETTINGS}"', "--user-settings holds ${SETTINGS}"),
            ("--user-settings $(make-settings now)", "holds $(make-settings now)"),
            ("--user-settings `make-settings`", "holds `make-settings`"),
            ("--user-settings <your settings>", "holds <your settings>, which stands for a value"),
        ],
    )
    def test_what_cannot_be_meant_is_refused(self, more: str, words: str) -> None:
        reading = read(f"{BEGIN} {more}")
        assert reading.refused
        assert any(words in each for each in told(reading, "error")), told(reading, "error")
        assert reading.request == NAMES

    def test_a_quoted_dollar_is_a_dollar(self) -> None:
        assert read(f"{BEGIN} --user-settings 'ExecutionRole=$ROLE'").request["UserSettings"] == {
            "ExecutionRole": "$ROLE"
        }
        assert read(f'{BEGIN} --user-settings "ExecutionRole=\\$R"').request["UserSettings"] == {"ExecutionRole": "$R"}

    @pytest.mark.parametrize(
        "before",
        ["ROLE=x\n", "export ROLE='x'\n", '$ ROLE="x"\n', "ROLE=x\nROLE=x\n", "BASE=x\nROLE=$BASE\n", "$ROLE = 'x'\n"],
    )
    def test_variables_that_the_text_sets_are_known(self, before: str) -> None:
        reading = read(f'{before}{BEGIN} --user-settings "ExecutionRole=$ROLE"')
        assert reading.request["UserSettings"] == {"ExecutionRole": "x"}

    def test_an_unquoted_variable_is_split_as_the_shell_splits_it(self) -> None:
        text = f"TAGS='Key=a,Value=b Key=c,Value=d'\n{BEGIN.replace('update', 'create')} --tags $TAGS"
        assert read(text).request["Tags"] == [{"Key": "a", "Value": "b"}, {"Key": "c", "Value": "d"}]

    def test_the_last_of_two_counts_and_is_told(self) -> None:
        reading = read(f"{BEGIN} --domain-id d-2")
        assert reading.request["DomainId"] == "d-2"
        assert "--domain-id is given twice" in told(reading, "warning")[0]

    @pytest.mark.parametrize(
        ("value", "line", "column"),
        [('\'{"A": 1,\n  "B" 2}\'', 2, 7), ("A=[", 1, len(BEGIN) + 21), ('"{\\"A\\" 1}"', 1, len(BEGIN) + 26)],
    )
    def test_a_mistake_in_a_value_has_its_place_in_the_whole_text(self, value: str, line: int, column: int) -> None:
        with pytest.raises(FormatError, match="--user-settings: ") as caught:
            read(f"{BEGIN} --user-settings {value}")
        assert (caught.value.format, caught.value.line, caught.value.column) == ("cli", line, column)


class TestInput:
    def test_options_win_over_a_file(self) -> None:
        whole = json.dumps({"UserProfileName": "bob", "UserSettings": {"ExecutionRole": "x"}})
        reading = read(f"{BEGIN} --cli-input-json '{whole}'")
        assert reading.request == {**NAMES, "UserSettings": {"ExecutionRole": "x"}}

    def test_yaml_too(self) -> None:
        reading = read(f"{BEGIN} --cli-input-yaml 'UserSettings:\n  ExecutionRole: x\n'")
        assert reading.request["UserSettings"] == {"ExecutionRole": "x"}

    @pytest.mark.parametrize(
        "text",
        [
            f'{BEGIN} --cli-input-json file:///dev/stdin <<EOF\n{{"UserSettings": {{}}}}\nEOF\n',
            f"{BEGIN} --cli-input-json file:///dev/stdin <<-'EOF'\n\t{{\"UserSettings\": {{}}}}\n\tEOF\n",
            f"{BEGIN} --cli-input-json file:///dev/stdin <<< '{{\"UserSettings\": {{}}}}'",
            f'cat > in.json <<EOF\n{{"UserSettings": {{}}}}\nEOF\n{BEGIN} --cli-input-json file://in.json',
            f"cat <<'EOF' > in.json\n{{\"UserSettings\": {{}}}}\nEOF\n$ {BEGIN} --cli-input-json file://./in.json",
            f'cat > s.json <<EOF\n{{}}\nEOF\n{BEGIN} --user-settings "$(cat s.json)"',
        ],
    )
    def test_a_text_that_stands_beside_the_command_is_found(self, text: str) -> None:
        assert read(text).request == {**NAMES, "UserSettings": {}}

    def test_files_are_asked_for_by_name(self) -> None:
        files = {"a.json": '{"ExecutionRole": "x"}'}
        assert read(f"{BEGIN} --user-settings file://a.json", files=files.__getitem__).request["UserSettings"] == {
            "ExecutionRole": "x"
        }

    @pytest.mark.parametrize(
        ("failure", "words"),
        [
            (FileNotFoundError(2, "No such file or directory"), "cannot be read: No such file or directory."),
            (UnicodeDecodeError("utf-8", b"x", 0, 1, "bad"), "is not a text in UTF-8."),
        ],
    )
    def test_a_file_that_cannot_be_read_is_a_problem(self, failure: Exception, words: str) -> None:
        def files(_name: str) -> str:
            raise failure

        reading = read(f"{BEGIN} --user-settings file://a.json", files=files)
        assert reading.refused
        assert words in told(reading, "error")[0]
        assert read(f"{BEGIN} --cli-input-json file://a.json", files=files).refused

    def test_what_is_no_object_is_refused(self) -> None:
        with pytest.raises(FormatError, match="--cli-input-json holds no request"):
            read(f"{BEGIN} --cli-input-json '[1]'")


class TestConnection:
    @pytest.mark.parametrize(
        ("text", "connection"),
        [
            (
                BEGIN.replace("aws ", "aws --profile ml --region eu-west-1 ", 1),
                {"profile": "ml", "region": "eu-west-1"},
            ),
            (
                f"{BEGIN} --endpoint-url http://localhost:4000 --no-verify-ssl",
                {"endpoint_url": "http://localhost:4000", "verify": False},
            ),
            (
                f"{BEGIN} --ca-bundle /x.pem --no-sign-request --debug",
                {"ca_bundle": "/x.pem", "unsigned": True, "debug": True},
            ),
            (f"{BEGIN} --cli-read-timeout 0 --cli-connect-timeout 2.5", {"read_timeout": 0.0, "connect_timeout": 2.5}),
            (f"AWS_PROFILE=ml AWS_DEFAULT_REGION=x AWS_REGION=y {BEGIN}", {"profile": "ml", "region": "y"}),
            (f"export AWS_PROFILE=ml\n{BEGIN} --profile other", {"profile": "other"}),
            (f"$env:AWS_PROFILE = 'ml'\n{BEGIN}", {"profile": "ml"}),
        ],
    )
    def test_what_the_text_says_is_told_apart_from_the_request(self, text: str, connection: dict[str, Any]) -> None:
        reading = read(text)
        assert (reading.request, reading.connection, reading.refused) == (NAMES, connection, False)

    def test_options_without_meaning_for_the_request_are_told(self) -> None:
        reading = read(f"{BEGIN} --output text --query UserProfileArn --no-cli-pager --generate-cli-skeleton input")
        assert told(reading, "information") == [
            "--output, --query, --no-cli-pager have no meaning for the request, and have no effect here."
        ]
        assert "--generate-cli-skeleton has no meaning here" in told(reading, "warning")[0]

    def test_access_keys_are_not_taken_over_and_not_repeated(self) -> None:
        reading = read(f"export AWS_ACCESS_KEY_ID=AKIACANARY AWS_SECRET_ACCESS_KEY=canary/secret\n{BEGIN}")
        assert "treat them as known to others" in told(reading, "warning")[0]
        assert "canary" not in repr(reading).lower()

    def test_a_variable_that_nobody_knows_is_left_out(self) -> None:
        reading = read(f"{BEGIN} --profile $ME")
        assert (reading.connection, reading.refused) == ({}, False)
        assert "--profile is not taken over" in told(reading, "warning")[0]
