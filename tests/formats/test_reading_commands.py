"""Where a command begins and ends, whose it is, and what its words are where a shell or quotes stand around it."""

from __future__ import annotations

import json

import pytest

from profile_widgets.errors import FormatError
from profile_widgets.formats.reading import Reading, read
from profile_widgets.model.shapes import CREATE

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
BEGIN = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice"
NAMED = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name "
ENABLED = {"StudioWebPortal": "ENABLED"}


def told(reading: Reading, severity: str) -> list[str]:
    return [each.message for each in reading.problems if each.severity == severity]


class TestOtherServices:
    @pytest.mark.parametrize(
        ("command", "whose"),
        [
            ("aws datazone create-user-profile --domain-identifier d", "datazone's create-user-profile"),
            ("$ aws --region x datazone create-user-profile --domain-identifier d", "datazone's create-user-profile"),
            ("aws iam create-user-profile --domain-id d", "iam's create-user-profile"),
            ("aws iam \\\n  create-user-profile --domain-id d", "iam's create-user-profile"),
            ("aws sagemaker-runtime update-user-profile --domain-id d", "sagemaker-runtime's update-user-profile"),
        ],
    )
    def test_a_command_of_another_service_is_refused_by_name(self, command: str, whose: str) -> None:
        with pytest.raises(FormatError, match=f"This is {whose}, not SageMaker's"):
            read(command)

    def test_it_is_none_beside_ours(self) -> None:
        assert read(f"aws datazone create-user-profile --domain-identifier d\n{BEGIN}").request == NAMES

    def test_words_of_a_sentence_are_no_service(self) -> None:
        assert read(f"Use aws to update-user-profile:\n\n{BEGIN}").request == NAMES


class TestComments:
    @pytest.mark.parametrize("sign", ["# ", "#", "  # ", "REM ", ":: ", "// "])
    def test_an_old_command_in_a_comment_is_ignored(self, sign: str) -> None:
        for text in (f"{sign}{NAMED}old\n{BEGIN}", f"{BEGIN}\n\n{sign}{NAMED}old\n"):
            reading = read(text)
            assert (reading.request, reading.problems) == (NAMES, ())

    def test_what_stands_in_one_need_not_be_whole(self) -> None:
        assert read(f"# {NAMED}old --user-settings '{{\n#   }}'\n{BEGIN}").request == NAMES

    def test_a_prompt_of_root_below_a_mention_is_no_comment(self) -> None:
        assert read(f"Use `aws sagemaker update-user-profile`:\n\n# {BEGIN}").request == NAMES

    def test_variables_between_the_two_are_known(self) -> None:
        assert read(f"# {NAMED}$N\nN=alice\n{NAMED}$N").request == NAMES

    def test_two_that_are_none_are_still_two(self) -> None:
        assert "There are two commands" in told(read(f"{BEGIN}\n\n{BEGIN}"), "error")[0]


class TestWindows:
    @pytest.mark.parametrize("path", ["C:\\certs\\ca.pem", "C:\\certs\\new\\", "\\\\host\\share\\ca.pem", ".\\ca.pem"])
    @pytest.mark.parametrize("sign", ["^\n", "`\n"])
    def test_a_backslash_is_a_part_of_a_path(self, path: str, sign: str) -> None:
        reading = read(BEGIN.replace(" --", f" {sign} --") + f" --ca-bundle {path} --debug")
        assert reading.request == NAMES
        assert reading.connection == {"ca_bundle": path, "debug": True}

    @pytest.mark.parametrize("name", ["C:\\Users\\me\\s.json", "c:\\s.json"])
    def test_a_path_with_its_drive_is_enough(self, name: str) -> None:
        files = {name: json.dumps(ENABLED)}
        reading = read(f"{BEGIN} --user-settings file://{name}", files=files.__getitem__)
        assert reading.request["UserSettings"] == ENABLED

    def test_quotes_behind_it_are_still_meant(self) -> None:
        text = f'C:\\Users\\me> {BEGIN} --user-settings {{\\"StudioWebPortal\\":\\"ENABLED\\"}}'
        assert read(text).request["UserSettings"] == ENABLED

    @pytest.mark.parametrize(
        "text",
        [
            f"{BEGIN} --ca-bundle a\\ b",
            f"date +%Y%m%d\n{BEGIN} --ca-bundle a\\ b",
            f"Say `x`\n```\n{BEGIN} --ca-bundle a\\ b\n```\n",
        ],
    )
    def test_elsewhere_it_is_the_shells(self, text: str) -> None:
        assert read(text).connection == {"ca_bundle": "a b"}

    @pytest.mark.parametrize("prompt", [">> ", ">>", "  >> "])
    def test_prompts_of_lines_that_go_on_are_no_redirection(self, prompt: str) -> None:
        lines = BEGIN.replace(" --", f" `\n{prompt.rstrip()} --")
        reading = read(f"PS C:\\> {lines}")
        assert (reading.request, reading.problems) == (NAMES, ())

    def test_a_value_may_stand_behind_such_a_prompt(self) -> None:
        text = f"PS C:\\> {BEGIN} --user-settings `\n>> '{json.dumps(ENABLED)}'"
        assert read(text).request["UserSettings"] == ENABLED

    def test_a_redirection_is_one_still(self) -> None:
        assert told(read(f"{BEGIN} \\\n >> log"), "information") == [
            "Cut off, because it does not belong to the request: >> log"
        ]


class TestQuotes:
    @pytest.mark.parametrize(
        "text",
        [
            f"ssh host '{BEGIN}'",
            f"ssh host 'cd x && {BEGIN}' && echo done",
            f"bash -c '{BEGIN}' # x",
            f"bash -c '\n  cd x\n  {BEGIN}'",
            f"su -c '{BEGIN}' me",
            f'alias u="{BEGIN}"',
            f'echo "{BEGIN}"',
            f'bash -c "{BEGIN.replace(" --user", f" {chr(92)}{chr(10)}  --user")}"',
            f'os.system("{BEGIN}")',
            f"subprocess.run('{BEGIN}', shell=True)",
            f'subprocess.run(\n    f"{BEGIN}",\n    shell=True)',
            f'command = """\n{BEGIN}"""\n',
            f"run: '{BEGIN}'",
            f"\u201c{BEGIN}\u201d",
            f'ARN="$({BEGIN})"',
            f"Here's how: {BEGIN.replace('alice', chr(39) + 'alice' + chr(39))}",
            f"A='{{\n}}' && {BEGIN.replace('alice', chr(39) + 'alice' + chr(39))}",
        ],
    )
    def test_a_command_ends_with_the_quotes_around_it(self, text: str) -> None:
        reading = read(text)
        assert (reading.format, reading.request, reading.refused) == ("cli", NAMES, False)

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            (f'bash -c "{NAMED}$N"', "holds signs that those change"),
            (f'ssh h "{BEGIN} --user-settings \'{{\\"A\\": 1}}\'"', "holds signs that those change"),
            (f"os.system('{BEGIN} --user-settings \\'{{}}\\'')", "holds signs that those change"),
            (f"ssh h '{NAMED}'\\''a'\\'''", "goes on behind them"),
            (f'os.system("{NAMED}" + name)', "goes on behind them"),
            (f'os.system("{NAMED}%s" % name)', "goes on behind them"),
            (f'os.system("{NAMED}{{}}".format(name))', "goes on behind them"),
            (f'subprocess.run("{BEGIN} "\n    "--debug", shell=True)', "goes on behind them"),
            ('c = "aws sagemaker update-user-profile" " --domain-id x"', "goes on behind them"),
        ],
    )
    def test_what_is_not_the_whole_command_is_refused(self, text: str, words: str) -> None:
        with pytest.raises(FormatError, match=words) as caught:
            read(text)
        assert caught.value.line == 1

    def test_a_mention_in_quotes_is_none(self) -> None:
        assert (
            read(f'Say "aws sagemaker update-user-profile" or "aws sagemaker create-user-profile"s:\n{BEGIN}').request
            == NAMES
        )

    @pytest.mark.parametrize(
        ("text", "why"),
        [
            (f"N=alice\nssh h '{NAMED}$N'", "$N, which the text sets outside of the quotes around the command"),
            (f"bash -c '{NAMED}$1' _ alice", "$1, which is an argument of a script"),
            (f'os.system(f"{NAMED}{{name}}")', "{name}, which a program fills in"),
        ],
    )
    def test_what_is_not_told_within_them_is_refused(self, text: str, why: str) -> None:
        assert told(read(text), "error") == [f"--user-profile-name holds {why}: put its value there."]

    def test_what_is_set_within_them_is_known(self) -> None:
        assert read(f"N=bob\nbash -c 'N=alice; {NAMED}$N'").request == NAMES

    def test_settings_outside_of_them_are_not_taken(self) -> None:
        reading = read(f"export AWS_PROFILE=ml\nssh h '{BEGIN}'")
        assert reading.connection == {}
        assert told(reading, "warning") == [
            "AWS_PROFILE is not taken over: the text sets it outside of the quotes around the command."
        ]

    def test_a_backtick_at_the_end_of_a_line_may_end_the_command(self) -> None:
        reading = read(f'ARN=`{BEGIN} --output text`\necho "$ARN"')
        assert (reading.request, reading.refused) == (NAMES, False)


class TestJson:
    @pytest.mark.parametrize(
        ("written", "words"),
        [
            ('{"StudioWebPortal": "ENABLED",}', "A comma with nothing behind it is left out."),
            ('{"StudioWebPortal": "ENABLED" // yes\n}', "Comments are left out: JSON has none."),
        ],
    )
    def test_is_repaired_as_it_is_alone(self, written: str, words: str) -> None:
        for text in (f"{BEGIN} --user-settings '{written}'",
                     f"{BEGIN} --user-settings file:///dev/stdin <<EOF\n{written}\nEOF"):  # fmt: skip
            reading = read(text)
            assert reading.request["UserSettings"] == ENABLED
            assert told(reading, "warning") == [f"--user-settings: {words}"]
        whole = read(f"{BEGIN} --cli-input-json '{{\"UserSettings\": {written}}}'")
        assert whole.request["UserSettings"] == ENABLED
        assert told(whole, "warning") == [f"--cli-input-json: {words}"]

    @pytest.mark.parametrize(
        "written",
        ['{"A":"ENABLED"}', '{"A": "ENABLED"}', '{A:"ENABLED"}', "{'A':'ENABLED'}", "{A: ENABLED}",
         '{"A": {"B": [ "c" ] } }'],
    )  # fmt: skip
    @pytest.mark.parametrize("between", [" ", "="])
    def test_without_quotes_around_it_is_refused_in_one_sentence(self, written: str, between: str) -> None:
        reading = read(f"{BEGIN} --user-settings{between}{written} --debug")
        (sentence,) = told(reading, "error")
        assert sentence.startswith("--user-settings: the quotes around it are missing, and the shell makes {A:")
        assert (reading.request, reading.connection) == (NAMES, {"debug": True})

    @pytest.mark.parametrize("written", ["{}", "{StudioWebPortal:\\ ENABLED}", '{\\"StudioWebPortal\\":\\"ENABLED\\"}'])
    def test_that_a_shell_leaves_whole_needs_none(self, written: str) -> None:
        assert read(f"{BEGIN} --user-settings {written}").request["UserSettings"] in ({}, ENABLED)

    @pytest.mark.parametrize("text", ["--user-settings='{}'", "'--user-settings={}'", "--user-settings '{}'"])
    def test_in_quotes_may_hold_brackets(self, text: str) -> None:
        value = '{"DefaultLandingUri": "[{"}'
        reading = read(f"{BEGIN} {text.format(value)} stray")
        assert reading.request["UserSettings"] == {"DefaultLandingUri": "[{"}
        assert told(reading, "error") == ["“stray” belongs to no option: put a value with spaces in quotes."]

    def test_of_a_variable_needs_none(self) -> None:
        text = f'S=\'{{"StudioWebPortal":"ENABLED"}}\'\n{BEGIN} --user-settings $S'
        assert read(text).request["UserSettings"] == ENABLED

    def test_of_a_list_is_told_too(self) -> None:
        reading = read(f'{BEGIN.replace("update", "create")} --tags [{{"Key": "a", "Value": "b"}}]')
        assert reading.operation == CREATE
        assert "--tags: the quotes around it are missing" in told(reading, "error")[0]
