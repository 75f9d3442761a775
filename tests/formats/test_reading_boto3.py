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


SETTINGS = f"{CALL}, UserSettings=s)"
GROUPS = "s = {'SecurityGroups': ['sg-1']}"
DOMAIN = "c.update_user_profile(DomainId=domain, UserProfileName='alice')"


DOMAIN_OF = "c.update_user_profile(DomainId=cfg"


class TestNames:
    """A name is what the text sets it to, once, above the call, in sight of it, and where nothing may change it."""

    @pytest.mark.parametrize(
        "text",
        [
            f"domain = 'd-abc123'\n{DOMAIN}",
            f"domain: str = 'd-abc123'\n{DOMAIN}",
            f"a = domain = 'd-abc123'\n{DOMAIN}",
            f"domain, name = 'd-abc123', 'bob'\n{DOMAIN}",
            f"domain = 'd-abc123'\ndef f():\n    {DOMAIN}\nf()",
            f"def f():\n    domain = 'd-abc123'\n\n    {DOMAIN}\n",
            f"if x:\n    domain = 'd-abc123'\n{DOMAIN}",
            f"if x: domain = 'd-abc123'\n{DOMAIN}",
            f"part = 'd-{{}}'.format('abc{{n}}'.format(n=123)); domain = part\n{DOMAIN}",
            f"cfg = {{'domains': ['d-abc123']}}\n{DOMAIN_OF}['domains'][0], UserProfileName='alice')",
            'cfg = json.loads(\'{"d": "d-abc123"}\')\n' + DOMAIN_OF + "['d'], UserProfileName='alice')",
            f"domain = 'd-abc123'\nprint(domain, x == domain, f(domain=domain))\n{DOMAIN}",
            f"domain = 'd-abc123'\nassert domain != 'x' and domain <= 'y'\n{DOMAIN}",
            "b = {'DomainId': 'x', 'UserProfileName': 'alice'}\nc.update_user_profile(**{**b, 'DomainId': 'd-abc123'})",
            f"s = {NAMES}\nprint(len(s), json.dumps(s))\nc.update_user_profile(**s)",
            f"s = {NAMES}\nt = copy.deepcopy(s)\nt['DomainId'] = 'x'\nc.update_user_profile(**s)",
            f"Use (as said) the domain:\n\ndomain = 'd-abc123'\n{DOMAIN}",
        ],
    )
    def test_a_name_is_known(self, text: str) -> None:
        reading = read(text)
        assert (reading.request, errors(reading)) == (NAMES, [])

    @pytest.mark.parametrize(
        "text",
        [
            f"{DOMAIN}\ndomain = 'd-2'",
            f"domain = 'd-1'\n{DOMAIN}\ndomain = 'd-2'",
            f"if prod:\n    domain = 'd-prod'\nelse:\n    domain = 'd-dev'\n{DOMAIN}",
            f"domain = 'd-1'\nif x: domain = 'd-2'\n{DOMAIN}",
            f"domain = 'd-abc'\ndomain += '123'\n{DOMAIN}",
            f"domain = 'd-1'\ndomain: str = 'd-2'\n{DOMAIN}",
            f"domain = 'd-1'\n(domain := 'd-2')\n{DOMAIN}",
            f"domain = 'd-1'\nfor domain in ['d-2', 'd-3']:\n    {DOMAIN}",
            f"domain = 'd-1'\nfor n, domain in x:\n    {DOMAIN}",
            f"domain = 'd-1'\nwith x as domain:\n    {DOMAIN}",
            f"domain = 'd-1'\ndef f(domain):\n    {DOMAIN}\nf('d-2')",
            f"domain = 'd-1'\ndef f(a, *, domain='d-2'):\n    {DOMAIN}",
            f"domain = 'd-1'\nf = lambda a, domain: {DOMAIN}",
            f"domain = 'd-1'\n[{DOMAIN} for domain in x]",
            f"domain = 'd-1'\nfrom config import domain\n{DOMAIN}",
            f"domain = 'd-1'\nfrom config import *\n{DOMAIN}",
            f"domain = 'd-1'\nimport x as domain\n{DOMAIN}",
            f"domain = 'd-1'\ndel domain\n{DOMAIN}",
            f"domain = 'd-1'\n(domain, x) = f()\n{DOMAIN}",
            f"domain = 'd-1'\n*domain, x = f()\n{DOMAIN}",
            f"domain = 'd-1'\nx = domain = 'd-2'\n{DOMAIN}",
            f"def a():\n    domain = 'd-1'\n\ndef b():\n    {DOMAIN}\n",
            f"domain = 'd-1', 'd-2'\n{DOMAIN}",
            f"domain = 'd-1',\n{DOMAIN}",
            f"(see\ndomain = 'd-1'\n(or\ndomain = 'd-2'\n{DOMAIN}",
            "a = domain\ndomain = 'd-1'\nc.update_user_profile(DomainId=a, UserProfileName='alice')",
            f"domain = lambda x='d-1': x\n{DOMAIN}",
        ],
    )
    def test_a_name_that_may_be_another_is_refused(self, text: str) -> None:
        reading = read(text)
        assert reading.request == {"UserProfileName": "alice"}
        ((path, message),) = errors(reading)
        assert path == "DomainId"
        assert message.startswith("The text does not tell what ")

    def test_it_is_told_why(self) -> None:
        assert errors(read(f"domain = 'a'\ndomain = 'b'\n{DOMAIN}"))[0][1] == (
            "The text does not tell what domain is, because it is set in more than one place: put its value there."
        )
        assert ", because it is set further down: " in errors(read(f"{DOMAIN}\ndomain = 'a'"))[0][1]

    @pytest.mark.parametrize(
        "change",
        [
            "s |= {'StudioWebPortal': 'ENABLED'}", "del s['SecurityGroups']", "u = s\nu['X'] = 1",
            "u = v = s\nu['X'] = 1", "if x: s['X'] = 1", "for k in x: s[k] = 1", "x = s.pop('SecurityGroups')",
            "s['SecurityGroups'].append('sg-2')", "s['SecurityGroups'] += ['sg-2']", "s['SecurityGroups'], x = [], 1",
            "u = s['SecurityGroups']\nu.append('sg-2')", "for u in [s]:\n    u['X'] = 1", "strip(s)", "fix(x, s)",
            "fix(settings=s)", "(u := s)['X'] = 1", "u = s\nu += x", "s.get('SecurityGroups').sort()", "s.x = 1",
            "u = [s]\nv = u\nv[0]['X'] = 1",
        ],
    )  # fmt: skip
    def test_a_dict_that_may_be_changed_is_refused(self, change: str) -> None:
        assert [path for path, _ in errors(read(f"{GROUPS}\n{change}\n{SETTINGS}"))] == ["UserSettings"]

    def test_a_list_in_a_dict_that_may_be_changed_is_refused(self) -> None:
        text = f"g = ['sg-1']\ns = {{'SecurityGroups': g}}\ng.append('sg-2')\n{SETTINGS}"
        assert [path for path, _ in errors(read(text))] == ["UserSettings.SecurityGroups"]

    @pytest.mark.parametrize("more", ["print(s)", "d['a'] = s", "n = len(s)", "c.update_domain(DefaultUserSettings=s)"])
    def test_what_changes_nothing_is_no_matter(self, more: str) -> None:
        reading = read(f"{GROUPS}\n{more}\n{SETTINGS}\nsave(s)")
        assert (reading.request["UserSettings"], errors(reading)) == ({"SecurityGroups": ["sg-1"]}, [])

    @pytest.mark.timeout(60)
    def test_names_that_stand_for_very_much_are_refused(self) -> None:
        lines = [f"a{n} = [a{n - 1}, a{n - 1}]" for n in range(1, 40)]
        with pytest.raises(FormatError, match="more than any request holds"):
            read("\n".join(["a0 = 1", *lines, f"{CALL}, Tags=a39)"]))
        chain = [f"a{n} = [[a{n - 1}]]" for n in range(1, 90)]
        with pytest.raises(FormatError, match="nested more than 100 deep"):
            read("\n".join(["a0 = 1", *chain, f"{CALL}, Tags=a89)"]))
        long = "x" * 90_000
        with pytest.raises(FormatError, match="more than any request holds"):
            read(f"b = '{long}'\n{CALL}, Tags=f'{'{b}' * 1000}')")


class TestBareRequests:
    @pytest.mark.parametrize(
        "behind", [", 'UserSettings': {}", "{'DomainId': 'x'}", "\n{'DomainId': 'x'}", "is what I used", " | x", ","]
    )
    def test_nothing_may_stand_behind_a_dict(self, behind: str) -> None:
        with pytest.raises(FormatError, match=r"more behind the request: .* \(line "):
            read(f"{NAMES}{behind}", "boto3")

    def test_a_comment_and_line_ends_may(self) -> None:
        assert read(f"{NAMES};  # as before\n\n", "boto3").request == NAMES

    def test_two_requests_are_refused(self) -> None:
        assert "(a, b)" in errors(read(f"a = {NAMES}\nb = {NAMES}\n"))[0][1]
        reading = read(f"{GROUPS}\na = {{**{NAMES}, 'UserSettings': s}}")
        assert (reading.request, errors(reading)) == ({**NAMES, "UserSettings": {"SecurityGroups": ["sg-1"]}}, [])

    @pytest.mark.parametrize("more", ["a = {'DomainId': 'x'}", "a['DomainId'] = 'x'", "a.update(x)"])
    def test_a_request_that_is_changed_is_refused(self, more: str) -> None:
        with pytest.raises(FormatError, match="The text does not tell what a is, because it is"):
            read(f"a = {NAMES}\n{more}", "boto3")


class TestPasted:
    @pytest.mark.parametrize(
        "text",
        [
            "In [3]: c.update_user_profile(\n   ...: DomainId='d-abc123',\n   ...: UserProfileName='alice',\n   ...: )",
            f"Out[4]: {NAMES}",
            f">>> {NAMES}",
        ],
    )
    def test_prompts_are_no_part_of_it(self, text: str) -> None:
        assert (read(text).request, read(text).problems) == (NAMES, ())

    def test_typographic_quotes_are_repaired_and_it_is_said(self) -> None:
        text = "c.update_user_profile(DomainId=\u2018d-abc123\u2019, UserProfileName=\u201calice\u201d)"
        reading = read(text)
        assert reading.request == NAMES
        assert [each.message for each in reading.problems] == ["Typographic quotes are read as plain ones."]
        assert read(f"Don\u2019t \u201cforget\u201d:\n{CALL})").problems == ()
        assert read(f"{CALL}, SingleSignOnUserValue='\u201cx\u201d')").request["SingleSignOnUserValue"] == "“x”"

    def test_a_printed_answer_is_read_without_its_times(self) -> None:
        text = (
            f"{str(NAMES)[:-1]}, 'Status': 'InService', 'LastModifiedTime': datetime.datetime(2023, 1, 1, 0, 0, "
            "tzinfo=tzlocal()), 'CreationTime': datetime.datetime(2023, 1, 1)}"
        )
        reading = read(text)
        assert (reading.request, errors(reading)) == (NAMES, [])

    def test_a_command_that_is_run_by_subprocess_is_read_as_one(self) -> None:
        text = "d = 'd-abc123'\nsubprocess.run(['aws', 'sagemaker', 'update-user-profile', '--domain-id', d, {}])"
        reading = read(text.format("'--user-profile-name', 'alice'"))
        assert (reading.operation, reading.request, errors(reading)) == (UPDATE, NAMES, [])
        with pytest.raises(FormatError, match="The text does not tell what name is: put its value there"):
            read(text.format("'--user-profile-name', name"))

    @pytest.mark.parametrize(
        "text",
        [
            "f = partial(client.update_user_profile, {})",
            "f = functools.partial(\n  s.client('x').update_user_profile,\n  {})",
        ],
    )
    def test_a_partial_is_read_as_a_call_and_it_is_said(self, text: str) -> None:
        reading = read(text.format("DomainId='d-abc123', UserProfileName='alice'"))
        assert (reading.format, reading.operation, reading.request) == ("boto3", UPDATE, NAMES)
        assert [each.message for each in reading.problems] == [
            "partial(...) is read as the call; what is given where it is called is not in it."
        ]


def test_an_apostrophe_in_prose_is_no_text() -> None:
    assert [each.text for each in tokens("don't 'x' \"y") if each.kind == "string"] == ["'t '"]
    assert [each.text for each in tokens("it's\n'x'") if each.kind == "string"] == ["'x'"]


def test_an_unknown_value_is_as_it_is_written() -> None:
    python = Python("f( a . b [ 0 ] ,\n 1)")
    python.at = 2
    python.depth = 1
    assert python.value() == Unknown("a . b [ 0 ]")
