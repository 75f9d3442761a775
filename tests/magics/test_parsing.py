"""Options as the AWS CLI reads them: joined values, abbreviations, several words; and what is wrong in words."""

from __future__ import annotations

import pytest

from profile_widgets.magics.asking import ask
from profile_widgets.magics.errors import MagicError
from profile_widgets.magics.options import BODY, FLAG, LIST, SECONDS, options
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE


def given(line: str, operation: str = CREATE) -> dict[str, tuple[str, ...]]:
    return dict(ask(operation, line, None, {}).given)


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_option_is_read_with_its_value(operation: str) -> None:
    for row in options(operation).values():
        value = row.choices[0] if row.choices else "7" if row.kind == SECONDS else "x"
        expected = () if row.kind == FLAG else (value,)
        assert given(f"{row.flag} {'' if row.kind == FLAG else value}", operation) == {row.name: expected}
        if row.kind != FLAG:
            assert given(f"{row.flag}={value}", operation) == {row.name: (value,)}


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("--dom d-1", {"domain-id": ("d-1",)}),
        ("--user-p=bob", {"user-profile-name": ("bob",)}),
        ("--domain-id=-odd", {"domain-id": ("-odd",)}),
        ("--domain-id -7", {"domain-id": ("-7",)}),
        ("--tags Key=a Key=b --debug", {"tags": ("Key=a", "Key=b"), "debug": ()}),
        ("--tags --debug", {"tags": (), "debug": ()}),
        ("--generate-cli-skeleton --debug", {"generate-cli-skeleton": ("input",), "debug": ()}),
        ("--generate-cli-skeleton", {"generate-cli-skeleton": ("input",)}),
        ("--generate-cli-skeleton output", {"generate-cli-skeleton": ("output",)}),
        ("--query '-x y'", {"query": ("-x y",)}),
        ("--user-profile-name help", {"user-profile-name": ("help",)}),
    ],
)
def test_values_are_found_where_the_cli_finds_them(line: str, found: dict[str, tuple[str, ...]]) -> None:
    assert given(line) == found


def test_an_option_that_comes_twice_counts_as_it_came_last_and_that_is_said() -> None:
    asked = ask(UPDATE, "--region a --region b --debug --debug", None, {})
    assert asked.value("region") == "b"
    assert asked.notes == ("--region was given twice; the last one counts.",)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("--domain-idd x", "update_user_profile has no option --domain-idd. Did you mean --domain-id?"),
        ("--zzz x", "update_user_profile has no option --zzz. `%update_user_profile help` lists them."),
        ("--user x", "--user may be --user-profile-name or --user-settings: write more of it."),
        ("--tags Key=a", "--tags is an option of create_user_profile alone"),
        ("--debug=yes", "--debug takes no value, so leave “=yes” out."),
        ("--domain-id", "--domain-id needs a value: --domain-id <value>."),
        ("--domain-id --debug", "--domain-id needs a value: --domain-id <value>."),
        ("--domain-id -x", "One that begins with - is joined to it: --domain-id=-x"),
        ("alice", "“alice” belongs to no option; options begin with --."),
        ("--query a b", "“b” belongs to no option; options begin with --. A value with blanks stands in quotes"),
        ("-v", "“-v” belongs to no option"),
        ("--", "update_user_profile has no option --. "),
        ("--output jsn", "--output takes json, yaml, yaml-stream, text or table, not “jsn”. Did you mean json?"),
        ("--color blue", "--color takes on, off or auto, not “blue”."),
        ("--cli-read-timeout soon", "--cli-read-timeout takes whole seconds, 0 to wait for ever, not “soon”."),
        ("--cli-connect-timeout=-1", "--cli-connect-timeout takes whole seconds"),
        ("--region ''", "--region is empty. Give it a value, or leave it out."),
        ("--cli-input-json=", "--cli-input-json is empty."),
        ("--cli-read-timeout 1.5", "--cli-read-timeout takes whole seconds"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(line: str, reason: str) -> None:
    with pytest.raises(MagicError) as caught:
        given(line, UPDATE)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("line", "topics"),
    [
        ("help", ()),
        ("help --region output", ("--region", "output")),
        ("--user-settings help", ("user-settings",)),
        ("--output help", ("output",)),
        ("--domain-id d-1 --tags help", ("tags",)),
        ("--help", ()),
        ("--domain-id d-1 --help --nothing", ()),
        ("--user-settings --help", ("user-settings",)),
        ("--debug --help", ()),
        ("--domain-id=d-1 --help", ()),
    ],
)
def test_help_is_asked_for_by_its_word(line: str, topics: tuple[str, ...]) -> None:
    assert ask(CREATE, line, None, {}).help == topics


@pytest.mark.parametrize("name", [row.name for row in options(CREATE).values() if row.takes_body])
def test_the_body_of_a_cell_is_the_value_of_a_dash(name: str) -> None:
    body = "first: line\nsecond: {line}\n"
    assert ask(CREATE, f"--{name} {BODY} --debug", body, {}).given == {name: (body,), "debug": ()}
    assert ask(CREATE, f"--{name}={BODY}", body, {}).given == {name: (body,)}


def test_only_some_options_take_the_body() -> None:
    kinds = {row.name for row in options(CREATE).values() if row.takes_body}
    assert kinds == {"cli-input-json", "cli-input-yaml", "user-settings", "tags"}
    assert options(CREATE)["tags"].kind == LIST
    assert ask(CREATE, "--domain-id -", "", {}).value("domain-id") == "-"


def test_a_body_of_options_goes_on_where_the_line_ends() -> None:
    body = "\n  --domain-id {d} \\\n  --tags Key=a\n    Key=b\n--debug\n"
    asked = ask(CREATE, "--region x", body, {"d": "d-1"})
    assert asked.given == {"region": ("x",), "domain-id": ("d-1",), "tags": ("Key=a", "Key=b"), "debug": ()}


def test_a_backslash_at_the_end_of_the_first_line_goes_on_in_the_body() -> None:
    body = "  --user-profile-name {who} \\\n  --region x\n"
    asked = ask(CREATE, "--domain-id d-1 \\", body, {"who": "alice"})
    assert asked.given == {"domain-id": ("d-1",), "user-profile-name": ("alice",), "region": ("x",)}
    assert ask(CREATE, "--domain-id d-1 \\", "", {}).given == {"domain-id": ("d-1",)}
    assert ask(CREATE, "--domain-id d-1 \\", "--debug \\", {}).given == {"domain-id": ("d-1",), "debug": ()}
    assert ask(CREATE, "--domain-id \\", "  d-1", {}).given == {"domain-id": ("d-1",)}
    assert ask(CREATE, "--domain-id d\\ 1\\\\", "--debug", {}).given == {"domain-id": ("d 1\\",), "debug": ()}


def test_what_stands_below_the_lines_that_belong_together_is_the_body() -> None:
    asked = ask(CREATE, "--domain-id d-1 \\", "  --cli-input-yaml - \\\n  --debug\nA: 'it''s'\nB: \\\n", {})
    assert asked.given == {"domain-id": ("d-1",), "cli-input-yaml": ("A: 'it''s'\nB: \\\n",), "debug": ()}


@pytest.mark.parametrize("quote", ["'", '"'])
def test_a_quote_may_be_open_over_several_lines(quote: str) -> None:
    text = '{\n  "a": 1\n# b\n}'
    written = f"{quote}{text if quote == chr(39) else text.replace(chr(34), chr(92) + chr(34))}{quote}"
    first, _, rest = f"--user-settings {written} --debug".partition("\n")
    for line, body in (
        (first, rest),
        ("--region x \\", f"{first}\n{rest}"),
        ("--region x", f"{first}\n{rest}"),
    ):
        asked = ask(UPDATE, line, body, {})
        assert asked.value("user-settings") == text
        assert asked.has("debug")
    with pytest.raises(MagicError, match="A quote is not closed: --user-settings '"):
        ask(UPDATE, "--user-settings '{", "--debug\n", {})


def test_lines_of_comment_among_options_say_nothing() -> None:
    body = "# who\n--domain-id d-1\n  # it's the role: --x\n--user-profile-name alice \\\n  # and so on\n  --region x\n"
    found = {"domain-id": ("d-1",), "user-profile-name": ("alice",), "region": ("x",)}
    assert ask(UPDATE, "", body, {}).given == found
    assert ask(UPDATE, "--domain-id d-1 \\", body.partition("d-1\n")[2], {}).given == found
    assert ask(UPDATE, "--domain-id d-1", "# nothing\n  # else\n", {}).given == {"domain-id": ("d-1",)}
    assert ask(UPDATE, "# it's here", body, {}).given == found
    assert ask(UPDATE, "--user-settings -", "# kept\na: b\n", {}).value("user-settings") == "# kept\na: b\n"


def test_an_empty_body_is_no_body() -> None:
    assert ask(UPDATE, "--region x", " \n\n", {}).given == {"region": ("x",)}


@pytest.mark.parametrize(
    ("line", "body", "reason"),
    [
        ("--region x", "DomainId: d-1", "`%%update_user_profile --region x --cli-input-yaml -`"),
        ("", '{"DomainId": "d-1"}', "`%%update_user_profile --cli-input-yaml -`"),
        ("--cli-input-yaml -", None, "takes the body of the cell; this line has none. Begin the cell with %%."),
        ("--cli-input-yaml -", " \n", "takes the body of the cell, and it is empty."),
        ("--cli-input-json - --user-settings -", "{}", "the cell has one body only."),
        ("--region x", "--cli-input-yaml -", "Write it in the cell's first line."),
        ("--region x;", "--debug", "“;” ends the command, as in a shell, and behind it stands “--debug”."),
        ("--region x", "--debug;\n--no-paginate", "behind it stands “--no-paginate”."),
    ],
)
def test_a_body_that_belongs_nowhere_is_not_ignored(line: str, body: str | None, reason: str) -> None:
    with pytest.raises(MagicError) as caught:
        ask(UPDATE, line, body, {})
    assert reason in str(caught.value)


def test_a_semicolon_ends_a_cell_of_many_lines_too() -> None:
    assert ask(UPDATE, "--cli-input-yaml -;", "a: b;\n", {}).value("cli-input-yaml") == "a: b;\n"
    assert ask(UPDATE, "--region x \\", "  --debug;\n", {}).given == {"region": ("x",), "debug": ()}
    assert ask(UPDATE, "--region x", "--debug ;\n\n", {}).given == {"region": ("x",), "debug": ()}
    assert ask(UPDATE, "help;", None, {}).help == ()


def test_a_name_that_is_no_variable_is_told_once() -> None:
    asked = ask(UPDATE, "--user-settings DefaultLandingUri=$no,ExecutionRole=$no", "--domain-id $no\n", {})
    assert asked.notes == ("$no is no Python variable and is taken as it stands.",)
