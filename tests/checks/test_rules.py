"""The rules beyond the shape: each with good and bad examples, ways out that work, and never an exception."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from profile_widgets.checks import ERROR, INFORMATION, WARNING, Problem, check
from profile_widgets.checks.rules import RULES, SUBJECTS, Case, findings, rule
from profile_widgets.model import documents
from profile_widgets.model.shapes import CREATE, OPERATIONS, UPDATE, shape
from tests.checks import examples_of_apps, examples_of_the_rest
from tests.checks.rule_examples import DOMAIN_ID, Example, defaults, groups, lifecycle, role
from tests.documents import documents as drawn

EXAMPLES = (*examples_of_apps.EXAMPLES, *examples_of_the_rest.EXAMPLES)
BAD = [each for each in EXAMPLES if each.found]
NAMES = {"DomainId": DOMAIN_ID, "UserProfileName": "alice"}


def by_rules(example: Example, request: dict[str, Any] | None = None) -> list[Problem]:
    """Return what an example's own rule says, without the constraints."""
    return [problem for problem in findings(example.case(request)) if problem.rule == example.rule]


def by_check(example: Example, request: dict[str, Any]) -> tuple[Problem, ...]:
    """Return everything that is found."""
    lifecycles = example.lifecycle_types
    return check(
        request, example.operation, example.domain, loaded=example.loaded, apps=example.apps, lifecycles=lifecycles
    )


def placed(problems: Any) -> list[tuple[str, str]]:
    return sorted((problem.severity, problem.path) for problem in problems)


def update(settings: Any, **known: Any) -> tuple[Problem, ...]:
    return check({**NAMES, "UserSettings": settings}, UPDATE, **known)


# -- the registry ------------------------------------------------------------------------------------------------


def test_there_are_exactly_the_rules_of_the_service_contract() -> None:
    assert sorted(each.number for each in RULES.values()) == list(range(1, 23))
    assert all(name == each.name for name, each in RULES.items())
    assert {each.find.__module__ for each in RULES.values()} == {each.__name__ for each in SUBJECTS}


@pytest.mark.parametrize(("number", "name"), [(1, "something-new"), (99, "tags")])
def test_a_number_or_a_name_that_is_taken_is_an_error(number: int, name: str) -> None:
    before = dict(RULES)
    with pytest.raises(ValueError, match="already"):
        rule(number, name, paths=(), severities=())(lambda _case: iter(()))
    assert before == RULES


@pytest.mark.parametrize("name", RULES)
def test_each_rule_has_good_and_bad_examples_of_all_that_it_can_say(name: str) -> None:
    own = [each for each in EXAMPLES if each.rule == name]
    assert any(not each.found for each in own)
    said = {severity for each in own for severity, _ in each.found}
    assert said - {INFORMATION} == set(RULES[name].severities) - {INFORMATION}
    assert said >= set(RULES[name].severities)


# -- the examples ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_example_is_found_where_and_as_heavy_as_it_is_and_a_good_one_is_not(example: Example) -> None:
    before = copy.deepcopy(example)
    assert placed(by_rules(example)) == sorted(example.found)
    assert example == before


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_rule_finds_where_it_says_that_it_looks(example: Example) -> None:
    said = [re.escape(path) for path in RULES[example.rule].paths]
    patterns = [each.replace(r"\[\*\]", r"\[\d+\]").replace(r"\*", "[^.]*") for each in said]
    for _, path in example.found:
        assert any(re.fullmatch(pattern, path) for pattern in patterns), path


@pytest.mark.parametrize("example", BAD, ids=str)
def test_the_check_finds_each_once_be_it_by_the_rule_or_by_a_constraint_of_the_same_place(example: Example) -> None:
    found = by_check(example, example.request)
    for severity, path in example.found:
        here = [problem for problem in found if problem.path == path]
        own = [problem for problem in here if problem.rule == example.rule]
        stopped = [problem for problem in here if problem.blocks and problem.rule not in RULES]
        assert placed(own) == ([] if stopped else [(severity, path)])
        assert own or stopped


@pytest.mark.parametrize("example", BAD, ids=str)
def test_a_finding_is_said_in_a_sentence_or_two(example: Example) -> None:
    for problem in by_rules(example):
        assert re.fullmatch(r"[A-Z0-9“].{20,300}\.", problem.message), problem.message
        assert all(3 < len(fix.label) < 80 for fix in problem.fixes)


def ways_out() -> Iterator[Any]:
    for example in BAD:
        for problem in by_rules(example):
            for fix in problem.fixes:
                yield pytest.param(example, problem, fix, id=f"{problem.rule}: {fix.label}")


@pytest.mark.parametrize(("example", "problem", "fix"), list(ways_out()))
def test_after_a_way_out_the_finding_is_gone_and_no_error_is_new(example: Example, problem: Any, fix: Any) -> None:
    before = example.request
    for change in fix.changes:
        assert documents.same(documents.get(before, change.path), change.before)
    after = documents.patch(before, fix.changes)
    assert (problem.path, problem.severity) not in [(each.path, each.severity) for each in by_rules(example, after)]
    errors = {(each.path, each.rule) for each in by_check(example, before) if each.blocks}
    assert {(each.path, each.rule) for each in by_check(example, after) if each.blocks} <= errors
    assert before == example.request


def test_ways_out_are_offered_where_they_are_safe() -> None:
    offered = {problem.rule for example in BAD for problem in by_rules(example) if problem.fixes}
    assert offered >= {
        "default-lifecycle-listed", "file-systems", "hidden-in-studio", "home-as-domain", "idle-times",
        "image-version-wins", "instance-type-of-app", "landing-page", "lifecycle-needs-resources", "posix-identity",
        "rstudio-group", "sharing-output", "single-sign-on", "tags", "training-plan-of-app", "volume-sizes",
    }  # fmt: skip


def test_a_way_out_of_a_rule_is_offered_by_the_constraint_that_says_the_same() -> None:
    storage = {"SpaceStorageSettings": {"DefaultEbsStorageSettings": {"DefaultEbsVolumeSizeInGb": 20}}}
    (problem,) = [each for each in update(storage) if each.blocks]
    assert (problem.rule, [fix.label for fix in problem.fixes]) == ("required", ["Set MaximumEbsVolumeSizeInGb to 20"])


def test_what_is_stored_is_never_taken_out_for_aws_does_not_unset_it() -> None:
    plan = {"RSessionAppSettings": {"DefaultResourceSpec": {"TrainingPlanArn": "arn:aws:sagemaker:x"}}}
    request = {**NAMES, "UserSettings": plan}
    for loaded, offered in ((None, 1), ({}, 1), (plan, 0)):
        (problem,) = findings(Case(UPDATE, request, loaded=loaded))
        assert len(problem.fixes) == offered


# -- whose doing it is -------------------------------------------------------------------------------------------


def test_an_untouched_form_has_no_finding() -> None:
    odd = {name: value for example in BAD for name, value in example.settings.items()}
    assert check(NAMES, UPDATE, {"AppNetworkAccessType": "VpcOnly"}, loaded=odd) == ()
    assert check({**NAMES, "UserSettings": {}}, UPDATE, defaults(), loaded=odd) == ()
    assert check(NAMES, CREATE, defaults(**odd)) == ()


@pytest.mark.parametrize("example", [each for each in BAD if each.settings and each.loaded is None], ids=str)
def test_what_is_stored_so_already_stops_nothing_and_says_so(example: Example) -> None:
    harmless = {**NAMES, "UserSettings": {"SharingSettings": {}}}
    if "SharingSettings" in example.settings:
        harmless = {**NAMES, "UserSettings": {"StudioWebPortalSettings": {}}}
    for problem in findings(Case(UPDATE, harmless, example.domain, example.settings)):
        assert problem.severity == INFORMATION
        assert problem.message.startswith("Stored so already, and not touched by this request. ")
        assert problem.fixes == ()


def test_a_finding_between_two_members_stands_at_the_one_that_is_sent() -> None:
    stored = {"JupyterLabAppSettings": {"LifecycleConfigArns": [lifecycle("git")]}}
    sent = {"CodeEditorAppSettings": {"LifecycleConfigArns": [lifecycle("git")]}}
    (problem,) = [each for each in update(sent, loaded=stored) if each.rule == "lifecycle-app-type"]
    assert (problem.severity, problem.path) == (WARNING, "UserSettings.CodeEditorAppSettings.LifecycleConfigArns[0]")


def test_a_create_is_answerable_for_what_it_leaves_out() -> None:
    (problem,) = check(NAMES, CREATE, {"AppNetworkAccessType": "VpcOnly"})
    assert (problem.severity, problem.path) == (ERROR, "UserSettings.SecurityGroups")


# -- what is named -----------------------------------------------------------------------------------------------


def apps(count: int, status: str = "InService") -> list[dict[str, Any]]:
    return [{"AppType": "JupyterLab", "AppName": f"lab-{n}", "Status": status} for n in range(count)]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        (apps(1), "JupyterLab “lab-0”."),
        (apps(2), "JupyterLab “lab-0” and JupyterLab “lab-1”."),
        (apps(9), "JupyterLab “lab-4” and 4 more."),
        ([{**apps(1)[0], "SpaceName": "work", "Status": "Pending"}], "JupyterLab “lab-0” in space “work”."),
    ],
)
def test_running_apps_are_named_where_they_block_and_where_they_restart(rows: list[Any], words: str) -> None:
    for sent in ({"SecurityGroups": groups(1)}, {"ExecutionRole": role("alice")}):
        (problem,) = [each for each in update(sent, apps=rows) if each.severity == WARNING]
        assert problem.message.endswith(words)


def test_no_app_is_named_when_none_runs_and_what_is_not_known_is_said_as_a_rule() -> None:
    role_only = {"ExecutionRole": role("alice")}
    (problem,) = [each for each in update(role_only, apps=apps(3, "Deleted")) if each.severity == WARNING]
    assert "apps" not in problem.message.lower()
    (problem,) = [each for each in update(role_only) if each.severity == WARNING]
    assert "Apps that run keep the old role" in problem.message


def test_the_list_that_is_offered_for_a_default_lifecycle_keeps_what_the_domain_gave() -> None:
    spec = {"JupyterLabAppSettings": {"DefaultResourceSpec": {"LifecycleConfigArn": lifecycle("git")}}}
    given_by_domain = defaults(JupyterLabAppSettings={"LifecycleConfigArns": [lifecycle("pip")]})
    (problem,) = [each for each in check({**NAMES, "UserSettings": spec}, CREATE, given_by_domain) if each.fixes]
    assert problem.fixes[0].changes[0].after == [lifecycle("pip"), lifecycle("git")]


def test_an_account_is_known_from_the_domain_too() -> None:
    section = {"CanvasAppSettings": {"ModelRegisterSettings": {"CrossAccountModelRegisterRoleArn": role("models")}}}
    domain = {"DomainArn": "arn:aws:sagemaker:eu-west-1:123456789012:domain/d-1"}
    assert [each.rule for each in update(section, domain=domain)] == ["canvas"]
    assert update(section) == ()


# -- whatever comes ----------------------------------------------------------------------------------------------

LEAVES = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
WORDS = sorted({word for each in EXAMPLES for word in re.findall(r"[A-Za-z0-9:./-]+", repr(each))})
TEXTS = st.sampled_from(WORDS)
MEMBERS = sorted({name for name in WORDS if name[:1].isupper()} | set(shape("UserSettings").members))
JUNK = st.recursive(
    LEAVES | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS) | LEAVES, inner, max_size=4),
    max_leaves=12,
)


@st.composite
def spoiled(draw: st.DrawFn) -> Any:
    """Draw a document of an example or of the service model, with junk at some places."""
    document = draw(st.sampled_from([each.settings for each in EXAMPLES]) | drawn())
    return _spoil(draw, document)


def _spoil(draw: st.DrawFn, node: Any) -> Any:
    if draw(st.integers(0, 9)) == 0:
        return draw(JUNK)
    if isinstance(node, dict):
        return {name: _spoil(draw, value) for name, value in node.items()}
    return [_spoil(draw, value) for value in node] if isinstance(node, list) else node


ANYTHING = JUNK | spoiled()


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    operation=st.sampled_from(OPERATIONS),
    sent=ANYTHING,
    more=JUNK,
    given_by_domain=ANYTHING,
    loaded=ANYTHING,
    rows=st.lists(st.dictionaries(st.sampled_from(["Status", "AppName", "AppType", "SpaceName"]), LEAVES), max_size=3),
)
def test_no_document_makes_a_rule_raise(
    operation: str, sent: Any, more: Any, given_by_domain: Any, loaded: Any, rows: list[Any]
) -> None:
    request = {**(more if isinstance(more, dict) else {}), **NAMES, "UserSettings": sent}
    domain = {"DefaultUserSettings": given_by_domain, "AuthMode": more, "AppNetworkAccessType": "VpcOnly"}
    known = (loaded if isinstance(loaded, dict) else None, rows)
    before = copy.deepcopy((request, domain, known))
    for problem in check(request, operation, domain, loaded=known[0], apps=rows):
        for fix in problem.fixes:
            patched = documents.patch(request, fix.changes)
            assert all(documents.same(documents.get(patched, each.path), each.after) for each in fix.changes)
    assert (request, domain, known) == before
    assert list(findings(Case(operation, more if isinstance(more, dict) else {}, domain, known[0]))) is not None


@st.composite
def mixtures(draw: st.DrawFn) -> dict[str, Any]:
    """Draw settings put together from examples and valid documents, so that rules meet each other."""
    result: dict[str, Any] = {}
    for piece in draw(st.lists(st.sampled_from([each.settings for each in EXAMPLES]) | drawn(), max_size=4)):
        result = documents.effective(piece, result) if draw(st.booleans()) else {**result, **piece}
    return result


@settings(max_examples=200, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    operation=st.sampled_from(OPERATIONS),
    sent=mixtures(),
    more=st.sampled_from([each.more for each in EXAMPLES]),
    given_by_domain=st.none() | mixtures(),
    loaded=st.none() | mixtures(),
    mode=st.sampled_from(["IAM", "SSO"]),
)
def test_ways_out_hold_wherever_rules_meet(
    operation: str, sent: Any, more: Any, given_by_domain: Any, loaded: Any, mode: str
) -> None:
    domain = None if given_by_domain is None else {"AuthMode": mode, "DefaultUserSettings": given_by_domain}
    request = {**NAMES, **(more if operation == CREATE else {}), "UserSettings": sent}
    found = check(request, operation, domain, loaded=loaded)
    errors = {(each.path, each.rule) for each in found if each.blocks}
    for problem, fix in [(each, way) for each in found for way in each.fixes]:
        after = check(documents.patch(request, fix.changes), operation, domain, loaded=loaded)
        places = {(each.path, each.rule, each.severity) for each in after}
        assert (problem.path, problem.rule, problem.severity) not in places
        assert {(each.path, each.rule) for each in after if each.blocks} <= errors
