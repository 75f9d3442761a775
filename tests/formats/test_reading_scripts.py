"""What a script does before the command is followed as far as it is certain; what it may change is not guessed."""

from __future__ import annotations

import shlex
import shutil
import subprocess

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from profile_widgets.formats.reading import Reading, read
from tests.formats.conftest import ShellArguments

NAMES = {"DomainId": "d-abc123", "UserProfileName": "alice"}
BEGIN = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name alice"
NAMED = "aws sagemaker update-user-profile --domain-id d-abc123 --user-profile-name "
ENABLED = '{"StudioWebPortal": "ENABLED"}'
WRITTEN = f"cat > s.json <<EOF\n{ENABLED}\nEOF\n"
FROM_FILE = f"{BEGIN} --user-settings file://s.json"
IN_MORE_WAYS = "--user-settings: file://s.json is written in more than one way: paste its content."


def told(reading: Reading, severity: str) -> list[str]:
    return [each.message for each in reading.problems if each.severity == severity]


LINES = [
    "N=a\n", "N=a; ", "N=b\n", "export N=a\n", "( N=b )\n", "(N=b; M=c)\n", "f() { local N=b; }\n", "f() { N=b; }\n",
    "f\n", "f(){\n  local N=c\n  M=d\n}\n", "M=x N=a$M\n", "M=a; N=$M\n", "N=${M:-q}\n", "declare -u N=a\n",
    "declare N=a\n", "declare -i N=1+1\n", "N=1\n((N++))\n", "let N=5\n", "read N <<< z\n", "echo 'N=b' > /dev/null\n",
    "X=\"it's (x\"\n", "# N=b (it's\n", "if true; then N=b; fi\n", "[ -z x ] && N=c\n", "for N in a b; do :; done\n",
    "X=$(N=b; echo q)\n", "cat > /dev/null <<E\nN=b\n(it's\nE\n", "N=a M=b true\n", "unset N\n", "N+=z\n",
    "printf -v N x\n", "case x in x) N=c;; esac\n", "{ N=d; }\n", "{ N=d; } | cat\n", "true | read N\n", "N=$((1+1))\n",
    "N='it'\\''s'\n", "typeset -l N=QQ\n", "N=b &\nwait\n", "eval N=q\n", "function h { N=h; }\n", "h\n",
    'export "N=q"\n', "f() (\n N=sub\n)\n",
]  # fmt: skip
"""What scripts do with a variable."""


@pytest.mark.skipif(shutil.which("bash") is None, reason="compares with bash")
@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    lines=st.lists(st.sampled_from(LINES), min_size=1, max_size=4),
    value=st.sampled_from(["$N", '"$N"', "${N:-zz}", "x$N", "${M:-$N}", "${N}${M:-w}"]),
)
def test_what_is_read_without_a_word_is_what_bash_sends(
    lines: list[str], value: str, shell_arguments: ShellArguments
) -> None:
    text = "".join(lines) + NAMED + value
    reading = read(text, "cli")
    assume(not reading.refused and not told(reading, "warning"))
    try:
        sent = shell_arguments(f"bash -c {shlex.quote(text)}")
    except subprocess.CalledProcessError:  # not the last command of a script that bash takes
        return
    assert [reading.request["UserProfileName"]] == sent[5:]


class TestFiles:
    @pytest.mark.parametrize(
        "between",
        [
            'sed -i "s/ENABLED/DISABLED/" s.json\n',
            "jq '.A = 1' s.json > t && mv t s.json\n",
            "perl -pi -e s/a/b/ ./s.json\n",
            "rm s.json\n",
            "rm *.json\n",
            "cd x\n",
            "if new; then cd x; fi\n",
            'F=s.json\nsed -i s/a/b/ "$F"\n',
            "python fix.py s.json && ",
            "cat <<EOF >> s.json\nx\nEOF\n",
        ],
    )
    def test_that_may_be_changed_before_the_command_are_refused(self, between: str) -> None:
        reading = read(WRITTEN + between + FROM_FILE)
        assert told(reading, "error") == [IN_MORE_WAYS]
        assert reading.request == NAMES

    @pytest.mark.parametrize(
        "between",
        ["cat s.json\n", "echo wrote s.json\n", "# s.json holds it\n", "sed -i s/a/b/ users.json\n", "* Then:\n",
         "echo 'it:'; cat s.json\n", "cat s.json && ",
         "\nThen, use s.json here:\n\n", "jq . s.json\n", "rm *.txt\n", "jq '.[*]' t.json\n", 'S="$(cat s.json)"\n'],
    )  # fmt: skip
    def test_that_are_only_read_are_known(self, between: str) -> None:
        assert read(WRITTEN + between + FROM_FILE).request["UserSettings"] == {"StudioWebPortal": "ENABLED"}

    @pytest.mark.parametrize("before", ["sed -i s/a/b/ s.json\n", "rm -f s.json\n", "cd x\n", "mkdir x && "])
    def test_that_are_written_anew_are_known(self, before: str) -> None:
        assert read(before + WRITTEN + FROM_FILE).request["UserSettings"] == {"StudioWebPortal": "ENABLED"}

    @pytest.mark.parametrize(
        "written",
        [
            f"cat <<EOF | sed s/EN/DIS/ > s.json\n{ENABLED}\nEOF\n",
            f"cat > s.json <<EOF && sed -i s/EN/DIS/ s.json\n{ENABLED}\nEOF\n",
            'printf \'{"StudioWebPortal": "%s"}\' x > s.json\n',
            'printf \'{"A": "%d%%"}\' > s.json\n',
            'printf \'{"A": "\\052"}\' > s.json\n',
        ],
    )
    def test_that_are_not_written_as_they_stand_are_refused(self, written: str) -> None:
        assert told(read(written + FROM_FILE), "error") == [IN_MORE_WAYS]

    def test_that_are_written_below_the_command_are_not_known_yet(self) -> None:
        reading = read(f"{FROM_FILE}\n{WRITTEN}")
        assert "file://s.json is not read here" in told(reading, "error")[0]
        assert read(f"{FROM_FILE}\n{WRITTEN}", files=lambda _: "{}").request["UserSettings"] == {}

    @pytest.mark.parametrize(
        ("written", "value"),
        [
            ('printf \'{"ExecutionRole": "50%%"}\' > s.json', "50%"),
            ('printf \'{"ExecutionRole":\\n"x"}\\n\' > s.json', "x"),
            ('echo -e \'{"ExecutionRole":\\n"x"}\' > s.json', "x"),
            ('echo -ne \'{\\t"ExecutionRole": "x"}\' > s.json', "x"),
            ('echo \'{"ExecutionRole": "a\\\\b"}\' > s.json', "a\\b"),
            ('echo -e -E \'{"ExecutionRole": "a\\\\b"}\' > s.json', "a\\b"),
        ],
    )
    def test_hold_what_echo_and_printf_print(self, written: str, value: str) -> None:
        assert read(f"{written}\n{FROM_FILE}").request["UserSettings"] == {"ExecutionRole": value}


class TestScopes:
    @pytest.mark.parametrize(
        "before",
        ["f() { local N=bob; }\n", "( N=bob )\n", "function f {\n  local N=bob\n}\n", "X=x; (cd x && N=bob)\n",
         "function f { $N = 'bob' }\n", "( read N )\n", "( unset N # it\n)\n"],
    )  # fmt: skip
    def test_what_has_ended_is_not_known(self, before: str) -> None:
        reading = read(f"{before}{NAMED}$N")
        assert told(reading, "error") == [
            "--user-profile-name holds $N, and the text does not tell what that is: put its value there."
        ]
        assert read(f"{before}{NAMED}${{N:-alice}}").request == NAMES
        assert read(f"N=alice\n{before}{NAMED}$N").request == NAMES

    @pytest.mark.parametrize(
        "text",
        [f"f() {{\n  local N=alice\n  {NAMED}$N\n}}", f"( N=alice; {NAMED}$N )", f"(ls)\n{{ N=alice; }}\n{NAMED}$N",
         f"# it's (one\nN=alice\n{NAMED}$N", f"cat <<E\n(it's\nE\nN=alice\n{NAMED}$N", f"A=$(ls)\nN=alice\n{NAMED}$N"],
    )  # fmt: skip
    def test_what_goes_on_is_known(self, text: str) -> None:
        reading = read(text)
        assert (reading.request, reading.problems) == (NAMES, ())

    def test_what_a_function_sets_for_others_is_told(self) -> None:
        reading = read(f"f() {{ N=alice; }}\n{NAMED}$N")
        assert reading.request == NAMES
        assert told(reading, "warning") == ["N is read as the text sets it, though that stands within a function."]

    def test_a_function_may_be_called_by_another_one(self) -> None:
        reading = read(f"f() {{\n  local N=bob\n  g\n}}\ng() {{\n  {NAMED}$N\n}}")
        assert "which the text sets in more than one way" in told(reading, "error")[0]

    @pytest.mark.parametrize("before", ["AWS_PROFILE=ml\n", "AWS_PROFILE=ml; ", "$AWS_PROFILE = 'ml'\n"])
    def test_a_setting_that_is_not_exported_is_told(self, before: str) -> None:
        reading = read(before + BEGIN)
        assert reading.connection == {"profile": "ml"}
        assert told(reading, "warning") == [
            "AWS_PROFILE is read as the text sets it, though the text does not export it."
        ]

    @pytest.mark.parametrize(
        "before",
        ["AWS_PROFILE=ml ", "AWS_PROFILE=ml \\\n", "env AWS_PROFILE=ml ", "export A=1 AWS_PROFILE=ml\n",
         "declare -x AWS_PROFILE=ml\n", "AWS_PROFILE=ml\nexport AWS_PROFILE\n", "set -a\nAWS_PROFILE=ml\n",
         "set AWS_PROFILE=ml\n", "$env:AWS_PROFILE = 'ml'\n"],
    )  # fmt: skip
    def test_one_that_is_sent_on_is_taken(self, before: str) -> None:
        reading = read(before + BEGIN)
        assert (reading.connection, reading.problems) == ({"profile": "ml"}, ())

    def test_one_under_a_condition_is_told_and_one_of_a_subshell_is_none(self) -> None:
        reading = read(f"if new; then export AWS_PROFILE=ml; fi\n{BEGIN}")
        assert "stands under a condition" in told(reading, "warning")[0]
        assert read(f"(export AWS_PROFILE=ml; ls)\n{BEGIN}").connection == {}


class TestChanges:
    @pytest.mark.parametrize(
        "before",
        ["N=1\n((N++))\n", "N=1\n(( N += 1 ))\n", "N=1\nM=$((N++))\n", "N=1\n((++N))\n", "declare -u N=alice\n",
         "typeset -l N=Alice\n", "declare -i N=5+5\n", "declare -n N=alice\n", "declare -u N\nN=alice\n",
         "declare -r -u N=alice\n"],
    )  # fmt: skip
    def test_by_counting_and_by_declaring_are_not_guessed(self, before: str) -> None:
        reading = read(f"{before}{NAMED}$N")
        assert told(reading, "error") == [
            "--user-profile-name holds $N, which the text works out: put its value there."
        ]

    @pytest.mark.parametrize("before", ["N=alice\nif ((N == 3)); then ls; fi\n", "declare -rx N=alice\n"])
    def test_what_changes_nothing_is_no_change(self, before: str) -> None:
        assert read(f"{before}{NAMED}$N").request == NAMES

    @pytest.mark.parametrize("before", ['A="ali" N="${A}ce"\n', "export A=ali N=${A}ce\n", "A=x N=alice M=$N\n"])
    def test_an_assignment_knows_the_one_before_it_on_its_line(self, before: str) -> None:
        assert read(f"{before}{NAMED}$N").request == NAMES


class TestPowerShell:
    @pytest.mark.parametrize(
        "value",
        ['"x".Trim()', "'x'.Replace('\"','\\\"')", '"x".Length', '"x"+"y"', '"x" | Out-String', '"a`nb"',
         "'a','b'", "@'\nx\n'@.Trim()", '"say ""x"""', '"\\\\host"', "“x”.Trim()", "5 * 2"],
    )  # fmt: skip
    @pytest.mark.parametrize("equals", [" = ", "="])
    def test_what_it_works_out_is_refused(self, value: str, equals: str) -> None:
        reading = read(f'$N{equals}{value}\n{NAMED}"$N"')
        assert told(reading, "error") == [
            "--user-profile-name holds $N, which PowerShell works out, and that is not done here: put its value there."
        ]

    @pytest.mark.parametrize(
        "before",
        ["$N = 'alice' # the first\n", "$N='alice'; ", "PS C:\\> $N = 'alice'\n", '$N = "alice"\r\n', "$N = “alice”\n",
         "function f { $N = 'alice'; "],
    )  # fmt: skip
    def test_a_text_is_known(self, before: str) -> None:
        assert read(f"{before}{NAMED}$N").request == NAMES

    def test_a_doubled_quote_is_one(self) -> None:
        assert read(f"$N = 'it''s'\n{NAMED}$N").request["UserProfileName"] == "it's"

    @pytest.mark.parametrize(
        "before",
        ['Param([string]$N = "alice")\n', "param(\n  [string]$A = 'x',\n  [string]$N = 'alice',\n  $B = 1\n)\n",
         "param ($A = 'a(b', $N = 'alice')\n"],
    )  # fmt: skip
    def test_the_default_of_a_parameter_is_told(self, before: str) -> None:
        reading = read(f"{before}{NAMED}$N")
        assert reading.request == NAMES
        assert told(reading, "warning") == ["$N is read as its default, “alice”."]

    @pytest.mark.parametrize(
        "before", ["param([string]$N)\n", "param($N = $env:USERNAME)\n", "param($N = 'a' + 'b')\n"]
    )
    def test_a_parameter_without_one_is_refused(self, before: str) -> None:
        assert read(f"{before}{NAMED}$N").refused


class TestBatch:
    @pytest.mark.parametrize("written", ["%1", '"%1"', "%~1", "%~dp0x", "%*"])
    def test_arguments_are_refused(self, written: str) -> None:
        assert "which is an argument of a script" in told(read(NAMED + written), "error")[0]

    @pytest.mark.parametrize("written", ["a%20b", "s3://a%2Fb", "100%", "a%1b", "!N!", "a!"])
    def test_other_signs_stay(self, written: str) -> None:
        assert read(NAMED + written).request["UserProfileName"] == written

    @pytest.mark.parametrize("written", ["!N!", '"!n!"', "al!E!"])
    def test_delayed_variables_are_known(self, written: str) -> None:
        assert read(f"setlocal EnableDelayedExpansion\nset N=alice\nset E=ice\n{NAMED}{written}").request == NAMES

    @pytest.mark.parametrize("before", ["", "set N=!A!\n"])
    @pytest.mark.parametrize("written", ["!N!", "!N:a=b!"])
    def test_delayed_ones_that_nobody_knows_are_refused(self, before: str, written: str) -> None:
        assert read(f"setlocal enabledelayedexpansion\n{before}{NAMED}{written}").refused
