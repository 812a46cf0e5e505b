"""Is whoever waits for the writer's place served in the order of coming?"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from festival.core.database import FairLock
from tests.harness.waiting import wait_until

THREADS = 6
Turn = Callable[[], AbstractContextManager[None]]


def order_of(lock: Turn, waits: Callable[[], int]) -> list[int]:
    """Threads 0, 1, … come one after the other while the place is held; its holder leaves and comes at once again, last."""
    came: list[int] = []

    def one(number: int) -> None:
        with lock():
            came.append(number)
            time.sleep(0.005)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(THREADS)]
    with lock():
        for number, thread in enumerate(threads):
            thread.start()
            wait_until(lambda number=number: waits() == number + 1)  # type: ignore[misc]
    with lock():
        came.append(THREADS)
    for thread in threads:
        thread.join()
    return came


def test_threads_are_served_in_the_order_they_came() -> None:
    fair = FairLock()
    assert order_of(fair.held, lambda: len(fair._waiting)) == list(range(THREADS + 1))


def test_a_plain_lock_lets_who_has_just_left_pass_them_all() -> None:
    """The control: otherwise the test above could not fail."""
    assert any(_of_a_plain_lock() != list(range(THREADS + 1)) for _again in range(50))


def _of_a_plain_lock() -> list[int]:
    plain, waiting = threading.Lock(), []

    @contextmanager
    def held() -> Iterator[None]:
        waiting.append(1)
        with plain:
            yield

    return order_of(held, lambda: len(waiting) - 1)
