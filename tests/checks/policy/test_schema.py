"""The published JSON Schema is sound, and it and the loader refuse the same documents."""

from __future__ import annotations

import copy
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profile_widgets.checks.policy.loading import READY, ready_text
from profile_widgets.checks.policy.located import read
from profile_widgets.checks.policy.schema import complaints, schema
from tests.checks.policy.policies import document

VALIDATOR = jsonschema.Draft202012Validator(schema())
FULL = document(
    {
        "for": {"users": ["alice"], "groups": ["ml"]},
        "operations": ["UpdateUserProfile", "iam:List*"],
        "profiles": "domain",
        "domains": ["d-abc"],
        "edit": ["A.*", "B[].C?"],
        "read": ["*"],
        "hide": ["D"],
        "deny": ["E"],
        "allow": {
            "A": {"values": ["x", 1, True], "families": ["ml.t3"]}, "B": {"pattern": "x+"}, "C": {"min": "domain"},
        },
        "defaults": {"A": [1], "B": None},
        "help": {"A": "text"},
    },
    {"read": ["*"]},
    profile={
        "template": "x-{local}", "email_domain": "a.example", "replace": {".": "-"}, "collisions": "refuse",
        "case": "lower",
    },
    assume_role={"role_arn": "arn:aws:iam::123456789012:role/Page", "duration": 900},
)  # fmt: skip
PROFILES: list[Any] = [
    FULL["profile"], {"file": "people.csv"}, {"sso": "{user}@x", "domains": {"g": "d-a"}},
    {"file": "a", "sso": "{user}"},
]  # fmt: skip
NAMES = ["version", "for", "users", "edit", "min", "max", "values", "pattern", "file", "sso", "zzz", "", "a b", "x\n"]
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(-2, 50000), st.floats(allow_nan=False, width=16),
    st.sampled_from(["", "everyone", "domain", "own", "any", "refuse", "lower", "d-a", "d-a\n", "{user}", "ml.t3",
                     "A.*", "A..B", " a", "a ", "a\nb", "é", "x" * 301, "iam:*", "1"]),
    st.just([]), st.just({}), st.just(["a", "a"]), st.sampled_from(PROFILES), st.text(max_size=5),
)  # fmt: skip


def places(value: Any, place: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place, *(each for name, inner in inside for each in places(inner, (*place, name)))]


@st.composite
def disturbed(draw: st.DrawFn) -> Any:
    """Draw a policy in which a few values were replaced, taken out or added."""
    said: Any = copy.deepcopy(FULL)
    said["profile"] = copy.deepcopy(draw(st.sampled_from(PROFILES)))
    for _ in range(draw(st.integers(0, 3))):
        place = draw(st.sampled_from(places(said)))
        if not place:
            continue
        holder: Any = said
        for step in place[:-1]:
            holder = holder[step]
        kind = draw(st.sampled_from(["replace", "remove", "add"]))
        if kind == "remove":
            del holder[place[-1]]
        elif kind == "add" and isinstance(holder, dict):
            holder[draw(st.sampled_from(NAMES))] = copy.deepcopy(draw(ODD))
        elif kind == "add":
            holder.append(copy.deepcopy(draw(ODD)))
        else:
            holder[place[-1]] = copy.deepcopy(draw(ODD))
    return said


def test_the_schema_is_sound_json_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert schema()["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_the_whole_of_it_is_accepted_by_both() -> None:
    assert list(complaints(FULL)) == []
    assert list(VALIDATOR.iter_errors(FULL)) == []


@given(disturbed())
@settings(max_examples=150, deadline=None)
def test_the_schema_and_the_loader_refuse_the_same_documents(said: Any) -> None:
    ours = list(complaints(said))
    theirs = [(error.json_path, error.message) for error in VALIDATOR.iter_errors(said)]
    assert bool(ours) == bool(theirs), (ours, theirs)


@given(disturbed())
@settings(max_examples=60, deadline=None)
def test_where_one_value_is_wrong_both_point_into_the_same_part(said: Any) -> None:
    ours = {place[:1] for place, _, _ in complaints(said) if place}
    theirs = {tuple(error.absolute_path)[:1] for error in VALIDATOR.iter_errors(said) if error.absolute_path}
    assert theirs <= ours | {("profile",)} if ours else not theirs


@pytest.mark.parametrize("name", READY)
def test_the_ready_policies_name_the_schema_for_editors_and_fit_it(name: str) -> None:
    text = ready_text(name)
    assert text.startswith("# yaml-language-server: $schema=../schema.json\n")
    assert list(VALIDATOR.iter_errors(read(text).document)) == []


def test_every_keyword_of_the_schema_is_one_that_the_loader_obeys() -> None:
    obeyed = {
        "$ref", "anyOf", "const", "enum", "type", "minLength", "maxLength", "pattern", "minimum", "maximum", "minItems",
        "maxItems", "items", "properties", "additionalProperties", "required", "minProperties", "propertyNames",
    }  # fmt: skip
    told = {"$schema", "$id", "$defs", "title", "description"}

    def keywords(rule: Any) -> set[str]:
        if not isinstance(rule, dict):
            return set()
        inner = [*rule.get("properties", {}).values(), *rule.get("$defs", {}).values(), *rule.get("anyOf", ())]
        inner += [rule.get(name) for name in ("items", "additionalProperties", "propertyNames")]
        return set(rule).union(*map(keywords, inner))

    assert keywords(schema()) <= obeyed | told
