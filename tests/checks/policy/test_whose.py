"""Whose profile is whose: no two visitors ever meet in one, and who has none is told why."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profile_widgets.checks.policy import Policy, WhoseRule
from profile_widgets.checks.policy.whose import PROFILE_NAME
from profile_widgets.checks.problems import shown
from profile_widgets.errors import PolicyError, WhoseError
from profile_widgets.served import Visitor
from tests.checks.policy.policies import document

LOCAL = {"template": "{local}", "email_domain": "example.com"}
DASHED = {**LOCAL, "replace": {".": "-"}, "collisions": "refuse", "case": "lower"}


def whose(profile: dict[str, Any], folder: Path | None = None) -> WhoseRule:
    source = str(folder / "ours.yaml") if folder is not None else ""
    found = Policy.from_document(document({"read": ["*"]}, profile=profile), source).whose
    assert found is not None
    return found


def refused(profile: dict[str, Any], folder: Path | None = None) -> str:
    with pytest.raises(PolicyError) as caught:
        whose(profile, folder)
    return str(caught.value)


@pytest.mark.parametrize(
    ("profile", "visitor", "name"),
    [
        ({"template": "{user}"}, "alice", "alice"),
        ({"template": "{user}"}, "a-b", "a-b"),
        ({"template": "{user}"}, "a" * 63, "a" * 63),
        ({"template": "ds-{user}-x"}, "alice", "ds-alice-x"),
        (LOCAL, "alice@example.com", "alice"),
        (LOCAL, "alice@EXAMPLE.com", "alice"),
        (DASHED, "Ada.Lovelace@example.com", "ada-lovelace"),
        ({"sso": "{user}"}, "Ada.Lovelace@example.com", "Ada.Lovelace@example.com"),
        ({"sso": "{user}@example.com"}, "ada", "ada@example.com"),
    ],
)
def test_a_name_that_fits_is_made(profile: dict[str, Any], visitor: str, name: str) -> None:
    assert whose(profile).name_for(Visitor(visitor)) == name


@pytest.mark.parametrize(
    ("profile", "visitor", "sentence"),
    [
        ({"template": "{user}"}, "alice@example.com", "makes no profile name"),
        ({"template": "{user}"}, "a.b", "letters, digits and hyphens alone"),
        ({"template": "{user}"}, "Alice", "capital letters"),
        ({"template": "{user}"}, "a" * 64, "64 characters long, and 63 is the most; cut names could meet"),
        ({"template": "ds-{user}"}, "a" * 61, "64 characters long"),
        ({"template": "{user}"}, "-alice", "begins or ends with a hyphen"),
        ({"template": "{user}"}, "alice-", "begins or ends with a hyphen"),
        ({"template": "{user}"}, "ålice", "letters that no profile name has"),
        ({"template": "{user}"}, "\uff41lice", "letters that no profile name has"),  # a wide a, which NFKC makes plain
        ({"template": "{user}"}, "\u0430lice", "letters that no profile name has"),  # a Cyrillic a
        (
            {"template": "{user}", "case": "lower"},
            "\u212aate",
            "letters that no profile name has",
        ),  # the sign for kelvin
        ({"template": "{user}"}, "alice ", "without a proper name"),
        ({"template": "{user}"}, "alice\n", "without a proper name"),
        ({"template": "{user}"}, "al\u200bice", "without a proper name"),
        ({"template": "{user}"}, "", "without a proper name"),
        ({"template": "{user}"}, "../bob", "makes no profile name"),
        ({"template": "{user}"}, "{user}", "makes no profile name"),
        (LOCAL, "alice", "no e-mail address"),
        (LOCAL, "@example.com", "no e-mail address"),
        (LOCAL, "alice@", "no address of example.com"),
        (LOCAL, "alice@example.org", "no address of example.com"),
        (LOCAL, "alice@mail.example.com", "no address of example.com"),
        (LOCAL, "alice@example.com.evil.org", "no address of example.com"),
        (LOCAL, "alice@evil.org@example.com", "no e-mail address"),
        (LOCAL, "alice@ex\u0430mple.com", "no address of example.com"),
        (LOCAL, "alice+x@example.com", "makes no profile name"),
        (LOCAL, "a.b@example.com", "makes no profile name"),
        (LOCAL, "Alice@example.com", "capital letters"),
        (DASHED, "a-b@example.com", "two people could meet in one profile"),
        (DASHED, ".a@example.com", "begins or ends with a hyphen"),
        (DASHED, "a_b@example.com", "makes no profile name"),
    ],
)
def test_a_name_that_does_not_fit_is_refused_and_never_made_to_fit(
    profile: dict[str, Any], visitor: str, sentence: str
) -> None:
    with pytest.raises(WhoseError) as caught:
        whose(profile).name_for(Visitor(visitor))
    assert sentence in str(caught.value)
    assert "mapping file" not in str(caught.value)  # that is the administrator's, and no visitor has one
    assert "mapping file" in whose(profile).advice(Visitor(visitor))
    assert str(caught.value).count(shown(visitor)) <= 1


@pytest.mark.parametrize(
    ("profile", "sentence"),
    [
        ({"template": "{local}"}, "needs email_domain"),
        ({**LOCAL, "replace": {".": "-"}}, "a.b and a-b would meet in one profile"),
        ({**LOCAL, "replace": {".": "-", "_": "-"}, "collisions": "refuse"}, "Two characters become the same one"),
        ({**LOCAL, "replace": {".": "-", "-": "x"}, "collisions": "refuse"}, "cannot be replaced"),
        ({**LOCAL, "replace": {"a": "b"}, "collisions": "refuse"}, "cannot be replaced"),
        ({"template": "{user}", "replace": {"@": "-"}, "collisions": "refuse"}, "cannot be replaced"),
        ({**LOCAL, "replace": {".": "X"}, "collisions": "refuse"}, "not written as it must be"),
        ({**LOCAL, "replace": {".": ""}, "collisions": "refuse"}, "not written as it must be"),
        ({**LOCAL, "replace": {".": "--"}, "collisions": "refuse"}, "not written as it must be"),
        ({"template": "{user}", "email_domain": "example.com"}, "with {local} only"),
        ({"template": "{user}", "collisions": "refuse"}, "with replace only"),
        ({"template": "-{user}"}, "No name made from this"),
        ({"template": "profile"}, "not written as it must be"),
        ({"template": "{user}{user}"}, "not written as it must be"),
        ({"template": "{user!r}"}, "not written as it must be"),
        ({"template": "{user}", "sso": "{user}"}, "means nothing here"),
        ({"template": "{user}", "domain_id": "d-a", "domains": {"g": "d-b"}}, "keep one"),
        ({"file": "people.csv"}, "give the whole path"),
    ],
)
def test_a_rule_by_which_two_could_meet_is_refused_when_it_is_loaded(profile: dict[str, Any], sentence: str) -> None:
    assert sentence in refused(profile)


MAILS = st.builds(
    "{}@{}".format,
    st.text(st.sampled_from("abAB.-_+1\u0430\u212a"), min_size=1, max_size=6),
    st.sampled_from(["example.com", "EXAMPLE.com", "other.example"]),
)


@given(st.lists(MAILS, min_size=2, max_size=40, unique=True))
@settings(max_examples=150, deadline=None)
@pytest.mark.parametrize("profile", [LOCAL, DASHED, {"template": "{user}"}], ids=["local", "dashed", "user"])
def test_no_two_people_ever_meet_in_one_profile(profile: dict[str, Any], mails: list[str]) -> None:
    """Addresses that differ in capital letters alone are one person's where the policy says so, and nowhere else."""
    rule = whose(profile)
    owners: dict[str, str] = {}
    for mail in mails:
        try:
            name = rule.name_for(Visitor(mail))
        except WhoseError:
            continue
        assert PROFILE_NAME.fullmatch(name)
        assert len(name) <= 63
        person = mail.lower() if rule.lower else mail.partition("@")[0] + mail.partition("@")[1] + "example.com"
        assert owners.setdefault(name.lower(), person) == person


# -- domains -------------------------------------------------------------------------------------------------------


def test_the_domain_is_fixed_or_that_of_the_persons_group() -> None:
    fixed = whose({"template": "{user}", "domain_id": "d-one"})
    assert fixed.domain_for(Visitor("alice")) == "d-one"
    by_group = whose({"template": "{user}", "domains": {"ml": "d-ml", "bi": "d-bi", "lab": "d-ml"}})
    assert by_group.domain_for(Visitor("alice", ("ml", "lab", "other"))) == "d-ml"
    with pytest.raises(WhoseError, match="several domains: d-bi, d-ml"):
        by_group.domain_for(Visitor("alice", ("ml", "bi")))
    with pytest.raises(WhoseError, match="none of the groups"):
        by_group.domain_for(Visitor("alice", ("other",)))
    assert whose({"template": "{user}"}).domain_for(Visitor("alice")) == ""


# -- mapping files -------------------------------------------------------------------------------------------------

CSV = "visitor,profile,domain_id\nalice@example.com,Alice,d-one\nbob@example.com,bob,\n"
YAML = "alice@example.com: {profile: Alice, domain_id: d-one}\nbob@example.com: bob\n"


@pytest.mark.parametrize(("file", "text"), [("people.csv", CSV), ("people.yaml", YAML)])
def test_a_mapping_file_beside_the_policy_names_people(file: str, text: str, tmp_path: Path) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    rule = whose({"file": file, "domain_id": "d-two"}, tmp_path)
    alice, bob = Visitor("alice@example.com"), Visitor("bob@example.com")
    assert (rule.name_for(alice), rule.domain_for(alice)) == ("Alice", "d-one")
    assert (rule.name_for(bob), rule.domain_for(bob)) == ("bob", "d-two")
    for nobody in ("Alice@example.com", "carol@example.com", "alice"):
        with pytest.raises(WhoseError, match="not in the policy's mapping file"):
            rule.name_for(Visitor(nobody))


@pytest.mark.parametrize(
    ("file", "text", "sentence"),
    [
        ("p.csv", "visitor,profile\na,x\na,y\n", "p.csv:3: “a” stands twice"),
        ("p.csv", "visitor,profile\na,x\nb,X\n", "p.csv:3: “b” and “a” would meet in the profile X"),
        ("p.csv", "visitor,profile\na,x y\n", "p.csv:2: “x y” is no profile's name"),
        ("p.csv", f"visitor,profile\na,{'a-' * 31}bc\n", "64 characters long"),
        ("p.csv", "visitor,profile\na\n", "p.csv:2: There are 1 values"),
        ("p.csv", "name,profile\na,x\n", "The first line has to say"),
        ("p.csv", 'visitor,profile\n"a,x\n', "is no CSV"),
        ("p.csv", "visitor,profile,domain_id\na,x,one\n", "p.csv:2: “one” is no domain's id"),
        ("p.csv", "", "The first line has to say"),
        ("p.yaml", "a: x\na: y\n", "p.yaml:2: a stands twice"),
        ("p.yaml", "a: x\nb: X\n", "p.yaml:2: “b” and “a” would meet"),
        ("p.yaml", "a: [x]\n", "p.yaml:1: “a” needs a profile's name"),
        ("p.yaml", "a: {profile: x, domain: d-a}\n", "needs a profile's name"),
        ("p.yaml", "- a\n", "name visitors"),
        ("p.yaml", "' a': x\n", "is no visitor's name"),
        ("p.yaml", "a: true\n", "needs a profile's name"),
    ],
)
def test_what_is_wrong_in_a_mapping_file_is_told_by_its_line(
    file: str, text: str, sentence: str, tmp_path: Path
) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    assert sentence in refused({"file": file}, tmp_path)


def test_a_mapping_file_that_is_not_there_or_too_long_is_refused(tmp_path: Path) -> None:
    assert "none.csv: This cannot be read" in refused({"file": "none.csv"}, tmp_path)
    (tmp_path / "p.csv").write_bytes(b"x" * (8 * 1024 * 1024 + 1))
    assert "longer than 8,192 KiB" in refused({"file": "p.csv"}, tmp_path)


def test_a_mapping_of_a_hundred_thousand_people_is_read(tmp_path: Path) -> None:
    lines = [f"person{n}@example.com,person-{n}" for n in range(100_000)]
    (tmp_path / "p.csv").write_text("\n".join(["visitor,profile", *lines]), encoding="utf-8")
    assert whose({"file": "p.csv"}, tmp_path).name_for(Visitor("person99999@example.com")) == "person-99999"
