"""What a shell would put into a command is known only as far as the text settles it; otherwise the text is refused."""

from __future__ import annotations

from typing import Any

import pytest

from profile_widgets.formats.reading import Reading, read
from profile_widgets.formats.reading.fillins import MANY, fill_ins

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
BEGIN = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice"
NAMED = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name "
ENABLED = '{"StudioWebPortal": "ENABLED"}'


def told(reading: Reading, severity: str) -> list[str]:
    return [each.message for each in reading.problems if each.severity == severity]


class TestWhatNobodyTells:
    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ("$1", "holds $1, which is an argument of a script: put its value there."),
            ('"${1}"', "holds ${1}, which is an argument of a script"),
            ("$@", "holds $@, which is an argument of a script"),
            ("$$", "holds $$, and the text does not tell what that is"),
            ("${USER,,}", "holds ${USER,,}, and the text does not tell"),
            ("${var.name}", "holds ${var.name}, and the text does not tell"),
            ("${NAME:-$USER}", "holds ${NAME:-$USER}, and the text does not tell"),
            ("%NAME%", "holds %NAME%, and the text does not tell"),
            ('"%NAME%"', "holds %NAME%"),
            ("{{ name }}", "holds {{ name }}, which a template fills in"),
            ('"{{name}}"', "holds {{name}}, which a template fills in"),
            ("${{ secrets.NAME }}", "holds ${{ secrets.NAME }}, which a pipeline fills in"),
            ('"<name>"', "holds <name>, which stands for a value: put the value there."),
            ("(Get-Content name.txt)", "holds (Get-Content name.txt), which PowerShell works out"),
            ("@{A='x'}", "holds @{A='x'}, which PowerShell works out"),
        ],
    )
    def test_is_refused_with_a_sentence(self, written: str, words: str) -> None:
        reading = read(NAMED + written)
        assert words in "".join(told(reading, "error"))
        assert reading.request == {"DomainId": "d-abc123"}

    @pytest.mark.parametrize(
        ("before", "sign", "words"),
        [
            ("!", "{name}", "holds {name}, which is a variable of a notebook"),
            ("cat names | xargs -I{} ", "{}", "holds {}, which stands for one thing after the other"),
            ("cat names | xargs -I NAME ", "NAME", "holds NAME, which stands for one thing after the other"),
            ("for /F %i in (names.txt) do ", "%i", "holds %i, which stands for one thing after the other"),
        ],
    )
    def test_is_refused_where_something_around_the_command_fills_it_in(
        self, before: str, sign: str, words: str
    ) -> None:
        reading = read(before + NAMED + sign)
        assert words in "".join(told(reading, "error"))

    def test_words_of_their_own_are_refused_too(self) -> None:
        assert told(read(f"{BEGIN} $MORE"), "error") == [
            "The command holds $MORE, and the text does not tell what that is: put what it stands for in its place."
        ]

    @pytest.mark.parametrize("text", ["$HOME", "%x%", "<x>", "{{x}}", "${x}", "$(id)"])
    def test_stays_as_it_is_within_single_quotes(self, text: str) -> None:
        reading = read(f"{NAMED}'{text}'")
        assert (reading.request["UserProfileName"], reading.refused) == (text, False)

    @pytest.mark.parametrize(("written", "value"), [("${NAME:-bob}", "bob"), ("${1:-bob}", "bob"), ("${A:-'b'}", "b")])
    def test_a_default_is_read_and_told(self, written: str, value: str) -> None:
        reading = read(NAMED + written)
        assert reading.request["UserProfileName"] == value
        assert told(reading, "warning") == [f"{written} is read as its default, “{value}”."]


class TestVariables:
    @pytest.mark.parametrize(
        ("before", "value"),
        [
            ("A=x; NAME=alice\n", "alice"),
            ("export A=x NAME=alice\n", "alice"),
            ("local A=x NAME='a b'\n", "a b"),
            ("declare -r NAME=alice\n", "alice"),
            ("NAME=alice # the first\n", "alice"),
            ("NAME=alice\nNAME=alice\n", "alice"),
            ("# NAME=alice\n# ", "alice"),
            ("cat <<EOF\nNAME=bob\nEOF\nNAME=alice\n", "alice"),
            ("NAME=bob ls\nNAME=alice\n", "alice"),
            ("$NAME = 'alice'\n", "alice"),
            ("NAME=$(cat <<EOF\nalice\nEOF\n)\n", "alice"),
        ],
    )
    def test_are_known_that_the_text_sets_once(self, before: str, value: str) -> None:
        reading = read(f'{before}{NAMED}"$NAME"')
        assert (reading.request["UserProfileName"], reading.refused) == (value, False)

    @pytest.mark.parametrize(
        "before",
        [
            "if prod; then\n  NAME=alice\nelse\n  NAME=bob\nfi\n",
            "NAME=bob\nNAME=alice\n",
            "for NAME in alice bob; do\n",
            "NAME=alice\nfor NAME in alice bob; do\n",
            "NAME=alice\nread -r -p 'Who? ' NAME\n",
            "NAME=alice\nread NAME # the name\n",
            "while read NAME; do\n",
            "NAME=alice\nNAME+=-x\n",
            "NAME=al\nNAME=$(whoami)\n",
            "NAME=$1\n",
            "BASE=$1\nNAME=$BASE-x\n",
            "NAME=<name>\n",
            "# NAME=alice\n",
            "NAME=alice ls\n",
            "$NAME = Get-Name\n",
            "$NAME = 'a' + 'b'\n",
            "$NAME = @{A = 'x'} | ConvertTo-Json\n",
            "update() {\n  NAME=$1\n",
        ],
    )
    def test_that_the_text_does_not_settle_are_refused(self, before: str) -> None:
        reading = read(f'{before}{NAMED}"$NAME"')
        assert "--user-profile-name holds $NAME, " in "".join(told(reading, "error"))

    def test_that_a_loop_changes_behind_the_command_are_refused(self) -> None:
        text = f"NAME=alice\nwhile true; do\n  {NAMED}$NAME\n  NAME=bob\ndone"
        assert "which the text sets in more than one way" in told(read(text), "error")[0]

    @pytest.mark.parametrize("before", ["if new; then\n  NAME=alice\nfi\n", "[ new ] && NAME=alice\n"])
    def test_that_stand_under_a_condition_are_told(self, before: str) -> None:
        reading = read(f"{before}{NAMED}$NAME")
        assert reading.request == NAMES
        assert "stands under a condition" in told(reading, "warning")[0]

    @pytest.mark.parametrize("before", ["set NAME=alice\n", 'set "NAME=alice"\n', "@set name=alice\r\n"])
    def test_of_windows_are_known(self, before: str) -> None:
        assert read(f"{before}{NAMED}%NAME%").request == NAMES

    def test_lists_are_known(self) -> None:
        text = (
            "ARGS=(--domain-id d-abc123\n  --user-profile-name 'a b')\naws sagemaker update-user-profile \"${ARGS[@]}\""
        )
        assert read(text).request == {"DomainId": "d-abc123", "UserProfileName": "a b"}
        more = text.replace("aws ", "ARGS+=(--debug)\naws ")
        assert "${ARGS[@]}, which the text sets in more than one way" in told(read(more), "error")[0]

    def test_of_the_connection_that_are_not_settled_are_left_out(self) -> None:
        reading = read(f"export AWS_PROFILE=a\nexport AWS_PROFILE=b\n{BEGIN}")
        assert (reading.connection, reading.refused) == ({}, False)
        assert told(reading, "warning") == ["AWS_PROFILE is not taken over: the text sets it in more than one way."]
        assert read(f"AWS_PROFILE=a aws s3 ls\nAWS_PROFILE=b {BEGIN}").connection == {"profile": "b"}


class TestTextsBesideTheCommand:
    @pytest.mark.parametrize(
        ("end", "value"), [("EOF", "s3://logs/x"), ("'EOF'", "s3://$BUCKET/x"), ("\\EOF", "s3://$BUCKET/x")]
    )
    @pytest.mark.parametrize("beside", ["file", "stdin"])
    def test_variables_stand_for_their_values_unless_the_end_is_quoted(self, end: str, value: str, beside: str) -> None:
        body = f'<<{end}\n{{"UserSettings": {{"ExecutionRole": "s3://$BUCKET/x"}}}}\nEOF\n'
        text = (
            f"BUCKET=logs\ncat > s.json {body}{BEGIN} --cli-input-json file://s.json"
            if beside == "file"
            else f"BUCKET=logs\n{BEGIN} --cli-input-json file:///dev/stdin {body}"
        )
        assert read(text).request == {**NAMES, "UserSettings": {"ExecutionRole": value}}

    @pytest.mark.parametrize("sign", ["$BUCKET", "$(whoami)", "${1}", "`id`"])
    def test_what_nobody_tells_is_refused_there_too(self, sign: str) -> None:
        body = f'<<EOF\n{{"ExecutionRole": "{sign}"}}\nEOF\n'
        for text in (
            f"cat > s.json {body}{BEGIN} --user-settings file://s.json",
            f"{BEGIN} --user-settings file:///dev/stdin {body}",
            f'{BEGIN} --user-settings "$(cat {body})"',
        ):
            reading = read(text)
            assert f"holds {sign}, and the text does not tell" in "".join(told(reading, "error")).replace(
                "which is an argument of a script", "and the text does not tell"
            )

    @pytest.mark.parametrize(
        "before",
        [
            f"echo '{ENABLED}' > s.json\n",
            f"printf '%s' '{ENABLED}' > s.json\n",
            f"tee s.json <<EOF\n{ENABLED}\nEOF\n",
            f"cat <<EOF | tee s.json\n{ENABLED}\nEOF\n",
            f'F=s.json\ncat > "$F" <<EOF\n{ENABLED}\nEOF\n',
        ],
    )
    def test_files_that_the_text_writes_are_known(self, before: str) -> None:
        reading = read(f"{before}{BEGIN} --user-settings file://s.json")
        assert reading.request["UserSettings"] == {"StudioWebPortal": "ENABLED"}

    def test_a_file_that_is_written_twice_is_refused(self) -> None:
        text = f"echo '{{}}' > s.json\necho '{ENABLED}' > s.json\n{BEGIN} --user-settings file://s.json"
        assert "is written in more than one way" in told(read(text), "error")[0]

    def test_a_text_may_come_through_a_pipe(self) -> None:
        text = f'cat <<EOF | {BEGIN} --cli-input-json file:///dev/stdin\n{{"UserSettings": {{}}}}\nEOF'
        assert read(text).request == {**NAMES, "UserSettings": {}}


class TestOtherShellsAndPages:
    @pytest.mark.parametrize(
        "text",
        [
            f"$s = @'\n{ENABLED}\n'@\n{BEGIN} --user-settings $s",
            f"$v = 'ENABLED'\n$s = @\"\n{ENABLED.replace('ENABLED', '$v')}\n\"@\n{BEGIN} --user-settings $s",
            f"{BEGIN} --user-settings '{ENABLED.replace(chr(34), chr(34) * 2)}'",
            f'{BEGIN} --user-settings "{ENABLED.replace(chr(34), chr(34) * 2)}"',
            f"{BEGIN} --user-settings '{ENABLED.replace(chr(34), '&quot;')}'",
            f"1  {BEGIN} \\\n2    --user-settings '{ENABLED}'",
            f"{BEGIN} \\  # the profile\n  --user-settings '{ENABLED}'",
        ],
    )
    def test_json_is_read_as_it_is_meant(self, text: str) -> None:
        reading = read(text, "cli")
        assert reading.request == {**NAMES, "UserSettings": {"StudioWebPortal": "ENABLED"}}
        assert not reading.refused

    @pytest.mark.parametrize(
        "prose", ["--profile is your own AWS profile.", "--profile: your own", "--profile \u2013 your own profile"]
    )
    def test_prose_below_a_command_is_no_part_of_it(self, prose: str) -> None:
        reading = read(f"{BEGIN}\n{prose}")
        assert (reading.request, reading.connection, reading.problems) == (NAMES, {}, ())


class TestFillIns:
    @pytest.mark.parametrize(
        "text", ["s3://<bucket>/x", "s3://{{ bucket }}/x", "s3://${BUCKET}/x", "s3://your-bucket/x", "d-xxxxxxxxxxxx",
                 "s3://%BUCKET%/x", "s3://{bucket}/x", "YOUR_BUCKET"],
    )  # fmt: skip
    def test_are_warned_about_with_their_path(self, text: str) -> None:
        (problem,) = fill_ins({"A": [{"B": "x"}, {"B": text}]})
        assert (problem.path, problem.severity) == ("A[1].B", "warning")

    @pytest.mark.parametrize("value", ["s3://logs/x", "a < b > c", "$HOME", "{}", 3, None, True, [], "yours", "xx"])
    def test_are_not_seen_in_plain_values(self, value: Any) -> None:
        assert list(fill_ins({"A": value})) == []

    def test_are_told_up_to_a_number(self) -> None:
        assert len(list(fill_ins(["<x>"] * 100))) == MANY

    def test_in_a_command_are_told(self) -> None:
        reading = read(f'{BEGIN} --user-settings \'{{"SharingSettings": {{"S3OutputPath": "s3://<bucket>/x"}}}}\'')
        assert not reading.refused
        assert told(reading, "warning") == [
            "It holds “<bucket>”, which looks like something to be filled in: put the value there."
        ]
