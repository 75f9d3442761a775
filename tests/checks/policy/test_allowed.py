"""Which values a member may take: told in a sentence, offered as choices, and bounded in time."""

from __future__ import annotations

import pytest

from profile_widgets.checks.policy.allowed import Allowed, Limit, family
from profile_widgets.model.shapes import shape


@pytest.mark.parametrize(
    ("limit", "says"),
    [
        (Limit(values=("a", "b")), "one of a, b"),
        (Limit(families=("ml.t3", "ml.m5")), "any of ml.t3, ml.m5"),
        (Limit(values=("a",), families=("ml.t3",)), "one of a or any of ml.t3"),
        (Limit(values=tuple(range(20))), "one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 and 8 more"),
        (Limit(pattern="x+"), "a text that matches x+"),
        (Limit(minimum=60, maximum=1440), "60 to 1,440"),
        (Limit(minimum=60), "at least 60"),
        (Limit(maximum=60), "at most 60"),
        (Limit(minimum="domain"), "what the domain's bounds leave (where it sets none, at least its own value)"),
        (
            Limit(minimum="domain or 60", maximum="domain or 1480"),
            "what the domain's bounds leave (where it sets none, at least 60 and at most 1,480)",
        ),
        (Limit(minimum="domain or 60", maximum="domain or 480").within(None, None), "60 to 480"),
        (Limit(minimum="domain or 60", maximum="domain or 480").within(90, 240, 120), "90 to 240"),
        (Limit(maximum="domain").within(None, None, 120), "at most 120"),
        (
            Limit(maximum="domain").within(60, None),
            "no number, because the domain sets no bound for it, and no value of its own",
        ),
        (Limit(maximum=480).narrowed(60, 525600), "60 to 480"),
        (Limit(pattern="x+", say="some x."), "some x"),
    ],
)
def test_what_is_allowed_is_told(limit: Limit, says: str) -> None:
    assert limit.says == says


@pytest.mark.parametrize("bound", ["domain", "domain or 480"])
def test_a_bound_that_the_domain_does_not_set_is_never_no_limit(bound: str) -> None:
    for limit in (Limit(maximum=bound), Limit(minimum=bound, maximum=bound)):
        for own in (None, 120):
            assert not limit.within(None, None, own).accepts(525_600)
            assert not limit.accepts(120)


def test_people_read_the_policys_words_and_its_author_what_they_stand_for_too() -> None:
    allowed = Allowed((Limit(pattern="x+", say="some x"), Limit(values=("y",))))
    assert allowed.refusal("z") == "“z” is not allowed. Allowed here: some x, or one of y."
    assert allowed.exactly == "some x (a text that matches x+), or one of y."


def test_several_limits_are_summed_up_for_a_chooser() -> None:
    both = Allowed((Limit(values=("a", "b")), Limit(values=("b", "c"), families=("ml.t3",))))
    assert (both.values, both.families) == (("a", "b", "c"), ("ml.t3",))
    assert both.says == "Allowed here: one of a, b, or one of b, c or any of ml.t3."
    ranges = Allowed((Limit(minimum=1, maximum=5), Limit(minimum=3, maximum=9)))
    assert (ranges.minimum, ranges.maximum, ranges.values) == (1, 9, None)
    assert not Allowed((Limit(minimum=1, maximum=2), Limit(minimum=8, maximum=9))).accepts(5)
    mixed = Allowed((Limit(values=("a",)), Limit(pattern="x.*")))
    assert (mixed.values, mixed.pattern) == (None, None)
    assert mixed.accepts("xyz")
    open_above = Allowed((Limit(minimum=1), Limit(minimum=3, maximum=9)))
    assert (open_above.minimum, open_above.maximum) == (1, None)


def test_choices_are_the_allowed_ones_of_a_list_in_its_order() -> None:
    types = shape("ResourceSpec").members["InstanceType"].enum
    allowed = Allowed((Limit(values=("ml.t3.large", "ml.new.type"), families=("ml.c5",)),))
    chosen = allowed.choices(types)
    assert chosen[-1] == "ml.new.type"
    assert set(chosen[:-1]) == {"ml.t3.large", *(each for each in types if each.startswith("ml.c5."))}
    assert list(chosen[:-1]) == [each for each in types if each in chosen]
    assert all(allowed.accepts(each) for each in chosen)


def test_a_family_is_the_whole_of_what_stands_before_the_last_dot() -> None:
    allowed = Allowed((Limit(families=("ml.c5",)),))
    assert family("ml.c5.large") == "ml.c5"
    assert [allowed.accepts(each) for each in ("ml.c5d.large", "ml.c5", "xml.c5.large", "ml.c5.a.b", "system", 5)] == [
        False, False, False, False, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", ["https://git.example/a\n", "xhttps://git.example/a", "https://git.example/", "", None, 3]
)
def test_a_pattern_is_for_the_whole_text(text: object) -> None:
    assert not Allowed((Limit(pattern=r"https://git\.example/[a-z]+"),)).accepts(text)


def test_a_pattern_that_takes_too_long_allows_nothing() -> None:
    assert not Allowed((Limit(pattern=r"(a|aa)+(b|bb)+$"),)).accepts("a" * 5000 + "!")
    assert not Allowed((Limit(pattern=r"(x+x+)+y"),)).accepts("x" * 200)


def test_one_is_not_true_and_no_number_is_a_text() -> None:
    assert not Allowed((Limit(values=(1,)),)).accepts(True)
    assert not Allowed((Limit(minimum=0, maximum=2),)).accepts(True)
    assert not Allowed((Limit(minimum=0, maximum=2),)).accepts("1")
    assert not Allowed((Limit(minimum=0),)).accepts(float("nan"))
    assert not Allowed((Limit(values=("a",)),)).accepts({"a": 1})
