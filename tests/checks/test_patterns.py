"""AWS's patterns: bounded in time whatever the text, and the same verdict as AWS's own expression."""

from __future__ import annotations

import pytest
import regex
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from profile_widgets.checks import check, patterns
from profile_widgets.model.shapes import OPERATIONS, input_member, walk
from tests.documents import TEMPLATES, values

REPOSITORY = r"https://([.\-_a-zA-Z0-9]+/?){3,1016}"
MEMBERS = {
    member.shape: member for operation in OPERATIONS for _, member in walk(input_member(operation)) if member.pattern
}
BEGINNINGS = (
    "", "https://", "s3://", "d-", "sg-", "fs-", "/", "arn:aws:iam::123456789012:role/", "arn:aws-",
    "arn:aws:sagemaker:eu-west-1:123456789012:image/", "arn:aws:sagemaker:eu-west-1:123456789012:image-version/",
    "arn:aws:sagemaker:eu-west-1:123456789012:studio-lifecycle-config/", "1.0.0-", "1.0.0+",
    "arn:aws:secretsmanager:eu-west-1:123456789012:secret:", "arn:aws:kms:eu-west-1:123456789012:key/",
)  # fmt: skip
LETTERS = ("a", "-", "A-", "a.", "0", "1.", "/", "a/", ":", " ", "\n", "é", "-a", ".a-")
ENDS = ("", "!", "\n", "/!", "-")


def hostile(size: int) -> list[str]:
    return [b + (letters * size)[:size] + e for b in BEGINNINGS for letters in LETTERS for e in ENDS]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("name", sorted(MEMBERS))
def test_a_hostile_text_of_any_length_gets_its_verdict(name: str) -> None:
    pattern = MEMBERS[name].pattern or ""
    for text in hostile(28):
        assert patterns.matches(pattern, text) is not None, text
    for size in (1_000, 100_000):
        for text in hostile(size)[:: 7 if size == 1_000 else 97]:
            assert patterns.matches(pattern, text) is not None, (text[:60], size)


@pytest.mark.timeout(60)
def test_a_whole_request_of_hostile_texts_is_judged() -> None:
    for size in (28, 1_000, 100_000):
        for text in ("a" * size + "!", "https://" + "a" * size + "!", "\n" * size, "é" * size):
            spec = dict.fromkeys(
                ("SageMakerImageArn", "SageMakerImageVersionArn", "SageMakerImageVersionAlias", "InstanceType"), text
            )
            app = {"DefaultResourceSpec": spec, "CodeRepositories": [{"RepositoryUrl": text}] * 10, text: 1}
            request = {"DomainId": text, "UserProfileName": text, "UserSettings": {"JupyterLabAppSettings": app}}
            found = check(request)
            assert len({problem.path for problem in found if problem.blocks}) == 17
            assert all(len(problem.message) < 400 for problem in found)


@pytest.mark.timeout(60)
def test_a_pattern_that_backtracks_for_ever_is_given_up_and_said() -> None:
    assert patterns.matches(r"(a+)+b", "a" * 5000) in (False, None)
    assert patterns.matches(r"([.a]+/?){3,1016}", "a" * 200 + "!") in (False, None)
    assert patterns.matches(r"(unclosed", "a") is None


@settings(max_examples=1500, deadline=None)
@given(st.text(st.sampled_from("aZ0._-/ !é\n"), max_size=12), st.sampled_from(["https://", "http://", "", "https:/"]))
def test_the_linear_equivalent_of_repository_url_gives_the_same_verdict(rest: str, beginning: str) -> None:
    text = beginning + rest
    try:
        theirs = regex.compile(REPOSITORY, regex.ASCII).fullmatch(text, timeout=2) is not None
    except TimeoutError:
        assume(False)
    assert patterns.matches(REPOSITORY, text) is theirs


def test_the_linear_equivalent_belongs_to_a_pattern_of_the_installed_model() -> None:
    installed = {(member.pattern or "").removeprefix("^").removesuffix("$") for member in MEMBERS.values()}
    assert set(patterns.LINEAR) <= installed


def test_anchors_that_older_models_write_change_nothing() -> None:
    assert patterns.matches(f"^{REPOSITORY}$", "https://example.org/a") is True
    assert patterns.matches(f"^{REPOSITORY}$", "https://" + "a" * 1000 + "!") is False


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) & set(MEMBERS)))
def test_texts_made_to_match_do_match_and_the_whole_text_counts(name: str) -> None:
    member = MEMBERS[name]

    @settings(max_examples=40, deadline=None, database=None)
    @given(values(member))
    def agrees(text: str) -> None:
        assert patterns.matches(member.pattern or "", text) is True
        assert patterns.matches(member.pattern or "", f"\n{text}") in (False, None)

    agrees()


def test_letters_of_every_script_are_letters_in_tags_but_digits_are_ascii_elsewhere() -> None:
    tag = MEMBERS["TagKey"].pattern or ""
    assert patterns.matches(tag, "équipe 名前 Ω") is True
    assert patterns.matches(tag, "a!") is False
    role = MEMBERS["RoleArn"].pattern or ""
    assert patterns.matches(role, "arn:aws:iam::123456789012:role/x") is True
    assert patterns.matches(role, "arn:aws:iam::١٢٣٤٥٦٧٨٩٠١٢:role/x") is False


def test_a_shape_without_words_shows_the_pattern() -> None:
    assert patterns.words("SomethingNew", "[a-z]+") == "Does not match AWS's pattern [a-z]+"
    assert "or None" in patterns.words("ImageVersionArn", "(arn|None)")
    assert "or None" not in patterns.words("ImageVersionArn", "arn")
    assert patterns.words("SecurityGroupId", "") == "Not a security group id, for example sg-0a1b2c3d4e5f60718"
