"""What so many people a day need: the calculation, against a day that is played through."""

from __future__ import annotations

import heapq
import importlib.util
import itertools
import random
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from types import ModuleType
from typing import Any

import pytest

from tests.hub.running import ROOT

SCRIPT = ROOT / "scripts" / "capacity"


@pytest.fixture(scope="module")
def capacity() -> ModuleType:
    loader = SourceFileLoader("capacity", str(SCRIPT))
    spec = importlib.util.spec_from_loader("capacity", loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["capacity"] = module
    loader.exec_module(module)
    return module


def figures(capacity: ModuleType, **changes: Any) -> Any:
    given = {
        "kernel_mib": 100.0,
        "server_mib": 100.0,
        "start_cpu_seconds": 3.0,
        "use_cpu_share": 0.01,
        "start_seconds": 3.0,
        "minutes": 15.0,
        "busiest": 0.2,
        "node_cores": 4.0,
        "node_gib": 16.0,
        "per_person": False,
    }
    return capacity.Figures(**{**given, **changes})


def share_turned_away(places: int, mean: float, hours: int) -> float:
    """Play visitors through who come on their own and stay very differently long; return how many find it full."""
    chance, now, end = random.Random(7), 0.0, float(hours)
    leaving: list[float] = []
    come = away = 0
    while now < end:
        now += chance.expovariate(mean * 4)  # stays of a quarter of an hour, on average
        while leaving and leaving[0] <= now:
            heapq.heappop(leaving)
        come += 1
        if len(leaving) >= places:
            away += 1
        else:
            heapq.heappush(leaving, now + 0.25 * chance.lognormvariate(-0.5, 1.0))
    return away / come


@pytest.mark.parametrize("mean", [0.5, 8.0, 50.0])
def test_the_places_are_enough_when_days_are_played_through(capacity: ModuleType, mean: float) -> None:
    places = capacity.places_for(mean)
    hours = int(100_000 / (mean * 4))
    assert share_turned_away(places, mean, hours) < 0.002
    assert share_turned_away(max(1, places * 2 // 3), mean, hours) > 0.002


def test_the_chance_of_large_numbers_does_not_vanish(capacity: ModuleType) -> None:
    places = capacity.places_for(5_000.0)
    assert 5_000 + 3 * 5_000**0.5 < places < 5_000 + 4 * 5_000**0.5


def test_more_people_or_longer_stays_never_need_less(capacity: ModuleType) -> None:
    needs = [capacity.need(people, figures(capacity)) for people in (10, 100, 1_000, 10_000, 100_000)]
    for less, more in itertools.pairwise(needs):
        assert less.places <= more.places
        assert less.memory_gib <= more.memory_gib
        assert less.nodes <= more.nodes
    longer = capacity.need(1_000, figures(capacity, minutes=30.0))
    assert longer.places > needs[2].places


def test_a_server_for_each_person_takes_its_memory_as_often_as_there_are_places(capacity: ModuleType) -> None:
    shared, own = (capacity.need(1_000, figures(capacity, per_person=each)) for each in (False, True))
    assert shared.places == own.places
    assert own.memory_gib - shared.memory_gib == pytest.approx((own.places - 1) * 100 / 1024)


def test_the_table_has_the_numbers_that_are_asked_about_and_what_they_rest_on() -> None:
    said = subprocess.run([sys.executable, SCRIPT], capture_output=True, text=True, check=True).stdout
    for people in ("10", "1,000", "100,000"):
        assert f"| {people} |" in said
    assert "let the Hub start a server for each person (--per-person)" in said
    assert "for 15 minutes" in said


@pytest.mark.parametrize("options", [[], ["--per-person"]])
def test_the_documentation_holds_what_is_calculated(options: list[str]) -> None:
    said = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=True).stdout
    assert said.partition("\n\n")[0] in (ROOT / "docs" / "jupyterhub.md").read_text()


@pytest.mark.parametrize("options", [["--people", "0"], ["--minutes", "-1"], ["--busiest", "1.5"]])
def test_what_cannot_be_meant_is_refused(options: list[str]) -> None:
    found = subprocess.run([sys.executable, SCRIPT, *options], capture_output=True, text=True, check=False)
    assert found.returncode == 2
    assert "more than 0" in found.stderr
