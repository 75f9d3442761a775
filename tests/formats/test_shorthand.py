"""Shorthand is read as the AWS CLI reads it: its own parser is the judge."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from awscli.argprocess import ParamError
from awscli.shorthand import BackCompatVisitor, ShorthandParseError, ShorthandParser
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.errors import FormatError
from profile_widgets.formats.shorthand import looks_like_shorthand, shorthand
from profile_widgets.model.shapes import Member, shape

MANY = settings(max_examples=600, deadline=None, suppress_health_check=list(HealthCheck), database=None)
MODEL = botocore.session.get_session().get_service_model("sagemaker")
ROOMS = ("UserSettings", "Tag", "KernelGatewayAppSettings", "CustomFileSystemConfig", "SpaceStorageSettings")

_PIECES = st.sampled_from(
    [
    "a", "b", "Key", "SecurityGroups", "ImageVersionNumber", "CustomImages", "=", "=", ",", ",", "[", "]", "{", "}",
    " ", "\n", "\t", "'", '"', "\\", "\\,", "\\'", '\\"', "\\\\", ".", "-", "_", "#", "/", ":", "1", "é", "\u00a0",
    "true", "$", "~", "|", "^", "`", "@x", "%", "(", ";", "\x01", "\x7f", "\uffff",
]
)  # fmt: skip
_LISTS = st.lists(_PIECES, max_size=14)
_TEXTS = _LISTS.map("".join) | _LISTS.map(lambda each: "a=" + "".join(each))


def oracle(text: str, room: str | None = None) -> Any:
    """Return what the CLI makes of a text, an exception where it refuses it (or breaks)."""
    try:
        parsed = ShorthandParser().parse(text)
        if room is not None:
            BackCompatVisitor().visit(parsed, MODEL.shape_for(room))
    except (ShorthandParseError, ParamError, ValueError, TypeError, AttributeError) as error:
        return error
    return parsed


def ours(text: str, member: Member | None = None) -> Any:
    try:
        return shorthand(text, member)
    except FormatError as error:
        return error


@MANY
@given(_TEXTS)
def test_any_text_says_the_same_or_is_refused_by_both(text: str) -> None:
    theirs, mine = oracle(text), ours(text)
    if isinstance(theirs, Exception):
        assert isinstance(mine, FormatError), mine
        assert mine.line >= 1
        assert mine.column >= 1
    else:
        assert mine == theirs


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(member: Member) -> st.SearchStrategy[str]:
    """Draw a value of a member in shorthand, whatever brackets and quotes it takes."""
    if member.is_structure:
        return _pairs(member).map(lambda inner: "{" + inner + "}")
    if member.kind == "list":
        items = st.lists(_value(member.item), max_size=3).map(lambda each: f"[{','.join(each)}]")
        return items if member.item.is_structure else items | _value(member.item)
    if member.kind == "integer":
        return st.integers(0, 99).map(str)
    if member.kind == "enum":
        return st.sampled_from(member.enum)
    plain = st.from_regex(r"[A-Za-z0-9:/._-]{1,12}", fullmatch=True)
    return plain | st.text(
        st.characters(codec="utf-8", exclude_categories=["Cc"], exclude_characters="\\"), max_size=8
    ).map(_quoted)


def _pairs(member: Member) -> st.SearchStrategy[str]:
    pair = st.sampled_from(list(member.members.values())).flatmap(
        lambda each: _value(each).map(lambda value: (each.name, value))
    )
    pairs = st.lists(pair, min_size=1, max_size=3, unique_by=lambda each: each[0])
    return pairs.map(lambda each: ",".join(f"{name}={value}" for name, value in each))


@settings(MANY, max_examples=200)
@given(st.sampled_from(ROOMS).flatmap(lambda room: st.tuples(st.just(room), _pairs(shape(room)))))
def test_real_structures_get_the_types_that_the_cli_gives_them(drawn: tuple[str, str]) -> None:
    room, text = drawn
    theirs = oracle(text, room)
    assert not isinstance(theirs, Exception), theirs
    assert shorthand(text, shape(room)) == theirs


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("Key=a,Value=b", {"Key": "a", "Value": "b"}),
        ("a=1,2,3,b=4", {"a": ["1", "2", "3"], "b": "4"}),
        ("a=", {"a": ""}),
        ("a=,b=", {"a": "", "b": ""}),
        ("a = b , c = d", {"a": "b", "c": "d"}),
        ("a='x,y',b=\"it's\"", {"a": "x,y", "b": "it's"}),
        ("a=x\\,y", {"a": "x,y"}),
        ("a=arn:aws:s3:::x=y", {"a": "arn:aws:s3:::x=y"}),
        ("a={b=[c,{d=e}],f={}},g=[]", {"a": {"b": ["c", {"d": "e"}], "f": {}}, "g": []}),
    ],
)
def test_the_grammar_by_example(text: str, value: Any) -> None:
    assert shorthand(text) == value == oracle(text)


def test_a_single_value_is_a_list_where_the_model_has_one() -> None:
    room = shape("KernelGatewayAppSettings")
    assert shorthand("LifecycleConfigArns=a", room) == {"LifecycleConfigArns": ["a"]}
    text = "CustomImages={ImageName=a,ImageVersionNumber=3}"
    assert shorthand(text, room) == {"CustomImages": [{"ImageName": "a", "ImageVersionNumber": 3}]}


@pytest.mark.parametrize(
    ("text", "place", "sentence"),
    [
        ("", (1, 1), "Expected =, found the end"),
        ("a[=b", (1, 2), "Expected =, found ["),
        ("Key", (1, 4), "Expected =, found the end"),
        ("Key={a=b},Value", (1, 16), "found the end"),
        ("a=b,a=c", (1, 5), "a stands twice"),
        ("a=[b", (1, 5), "Expected ,, found the end"),
        ("a={b=c]", (1, 7), "Expected ,, found ]"),
        ("a='b", (1, 3), "The text that begins with ' has no end"),
        ("a=b,\nc=[d,\n{", (3, 2), "Expected =, found the end"),
        ("a=" + "[" * 200, (1, 103), "nested more than 100 deep"),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, place: tuple[int, int], sentence: str) -> None:
    with pytest.raises(FormatError) as caught:
        shorthand(text)
    assert (caught.value.line, caught.value.column) == place
    assert sentence in str(caught.value)
    assert caught.value.format == "shorthand"


def test_a_number_that_is_none_is_told_with_its_place() -> None:
    with pytest.raises(FormatError, match=r"ImageVersionNumber takes a number, not “x” \(column 37\)") as caught:
        shorthand("CustomImages=[{ImageVersionNumber  = x}]".replace("  = ", "=  "), shape("KernelGatewayAppSettings"))
    assert caught.value.column == 37


def test_a_file_is_read_where_it_is_asked_for_and_nowhere_else() -> None:
    files = {"x.json": "content"}
    assert shorthand("a@=file://x.json,b=file://x.json", files=files.__getitem__) == {
        "a": "content",
        "b": "file://x.json",
    }
    assert shorthand("a@=plain") == {"a": "plain"}
    with pytest.raises(FormatError, match="paste the file's content"):
        shorthand("a@=file://x.json")
    with pytest.raises(FormatError, match="fileb:// gives bytes"):
        shorthand("a@=fileb://x.json", files=files.__getitem__)


def test_characters_beyond_the_first_plane_are_taken_though_the_cli_stumbles_over_them() -> None:
    assert shorthand("Key=😀,Value='😀'") == {"Key": "😀", "Value": "😀"}


@pytest.mark.parametrize(("text", "is_one"), [("a=b", True), (" a.b-c @= d", True), ("a: b", False), ("{a=b}", False)])
def test_shorthand_is_told_by_its_beginning(text: str, is_one: bool) -> None:
    assert looks_like_shorthand(text) == is_one
