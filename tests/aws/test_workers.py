"""A small pool of threads whose waiting jobs can be taken back."""

from __future__ import annotations

import threading
from concurrent.futures import CancelledError
from typing import Any

import pytest

from profile_widgets.aws import workers as module
from profile_widgets.aws.workers import Workers
from profile_widgets.errors import GatewayError


def test_results_and_errors_reach_the_one_who_asked() -> None:
    workers = Workers(2, "test")
    assert workers.submit(lambda: 42).result(10) == 42
    with pytest.raises(ZeroDivisionError):
        workers.submit(lambda: 1 // 0).result(10)
    workers.close()


def test_no_more_than_the_limit_run_at_once_and_all_get_done() -> None:
    workers = Workers(3, "test")
    lock, running, most = threading.Lock(), [0], [0]
    together = threading.Barrier(3, timeout=10)

    def job() -> None:
        with lock:
            running[0] += 1
            most[0] = max(most[0], running[0])
        together.wait()
        with lock:
            running[0] -= 1

    for future in [workers.submit(job) for _ in range(30)]:
        future.result(10)
    assert most[0] == 3
    workers.close()


def test_a_waiting_job_that_is_cancelled_never_begins() -> None:
    workers = Workers(1, "test")
    free, began = threading.Event(), []
    busy = workers.submit(lambda: free.wait(10))
    waiting = workers.submit(lambda: began.append(1))
    assert waiting.cancel()
    free.set()
    busy.result(10)
    workers.submit(lambda: None).result(10)
    assert began == []
    with pytest.raises(CancelledError):
        waiting.result(0)
    workers.close()


def test_closing_fails_what_waits_lets_run_what_runs_and_takes_nothing_more() -> None:
    workers = Workers(1, "test")
    began, free = threading.Event(), threading.Event()

    def job() -> bool:
        began.set()
        return free.wait(10)

    busy = workers.submit(job)
    assert began.wait(10)
    waiting = workers.submit(lambda: 1)
    workers.close()
    workers.close()
    free.set()
    assert busy.result(10)
    with pytest.raises(GatewayError, match="gateway is closed"):
        waiting.result(10)
    with pytest.raises(GatewayError, match="Make a new one"):
        workers.submit(lambda: 1)


def test_threads_without_work_go_away_and_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "IDLE_SECONDS", 0.01)
    workers = Workers(1, "test-idle")
    threads: list[Any] = []
    for _ in range(2):
        workers.submit(lambda: threads.append(threading.current_thread())).result(10)
        threads[-1].join(10)
        assert not threads[-1].is_alive()
    assert all(thread.daemon for thread in threads)
