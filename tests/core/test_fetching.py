"""What is a page told that waits, and which of what was made does it get?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from festival.core.web.errors import NotFound
from festival.core.work.fetching import fetched, how_far
from festival.core.work.jobs import JobState, Progress

AT = datetime(2026, 6, 14, 1, 5, tzinfo=UTC)


def made(code: str, state: JobState = JobState.READY) -> Progress:
    return Progress(code, state, 2, 5, "", 0, AT, AT)


def test_the_page_that_waits_is_told_the_state_and_how_much_is_done() -> None:
    with Flask("here").test_request_context("/"):
        assert how_far(made("A", JobState.WORKING)).json == {"state": "working", "done": 2, "whole": 5}
        with pytest.raises(NotFound):
            how_far(None)


def test_the_one_of_the_address_is_fetched_or_the_newest_and_never_an_unfinished_one() -> None:
    every = [made("C", JobState.WORKING), made("B"), made("A")]
    for address, code in (("/", "B"), ("/?made=A", "A"), ("/?made=", "B")):
        with Flask("here").test_request_context(address):
            assert fetched(every, "hết hạn").code == code
    for address, those in (("/?made=C", every), ("/?made=khong-co", every), ("/", [None]), ("/", every[:1])):
        with Flask("here").test_request_context(address), pytest.raises(NotFound, match="hết hạn"):
            fetched(those, "hết hạn")
