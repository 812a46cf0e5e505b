"""Does the secretary's page get exactly what changed, and does each entry stand on one page of it?"""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect
from sqlalchemy import update

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.core.database import db
from festival.core.transaction import transaction
from festival.judging.measuring import note_measure
from festival.judging.models import MeasureState
from festival.roster.models import Entry, EntryState
from tests.harness.served import Served
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.results.test_pages_of_the_panel import TAI_NANG, Desk, people

# Pages and words: they are the same on both databases.
pytestmark = pytest.mark.either_database

ENTRIES = 60
BAD = ("abc", "-1", "0", "1e3", "9" * 30, "%00", "١")


@pytest.fixture
def panel(app: Flask) -> Panel:
    with app.app_context():
        made = cast(entries=ENTRIES)
        send(
            *(made.message(who, at, marks(40_000, 30_000 + 250 * at)) for who in ("chair", "hung") for at in range(30))
        )
        return made


def matrix(desk: Desk, since: str = "", **query: Any) -> dict[str, Any]:
    answer = desk.client.get(TAI_NANG + "/matrix", query_string={"since": since, **query})
    assert answer.status_code == 200
    said: dict[str, Any] = answer.get_json()
    return said


def applied(rows: list[str], said: dict[str, Any]) -> list[str]:
    """As static/js/panel-matrix.js does it."""
    now = list(rows)
    for at, row in said["rows"]:
        now[at : at + 1] = [row]
    return now[: said["count"]]


def said_of_seats(desk: Desk) -> str:
    """Who sits where: the same words as on the page, for the secretary alone."""
    found = re.search(r'<section class="card flow" id="seats">(.*?)</section>', desk.get(TAI_NANG), re.S)
    return found[1].strip() if found else ""


def whole(desk: Desk, **query: Any) -> tuple[list[str], str]:
    said = matrix(desk, **query)
    return applied([], said), said["since"]


def test_only_rows_that_differ_are_sent(app: Flask, panel: Panel) -> None:
    secretary, chair = people(app, panel, "secretary", "chair")
    before = {desk: whole(desk) for desk in (secretary, chair)}
    for desk, (rows, since) in before.items():
        assert len(rows) == 50
        assert matrix(desk, since) == {
            "since": since,
            "count": 50,
            "rows": [],
            "missing": ENTRIES * 3 - 61,
            "shared": "",
            "seats": said_of_seats(desk),
        }
    with app.app_context():
        send(panel.message("lan", 7, marks(50_000, 50_000)))
    for desk, (rows, since) in before.items():
        said, (after, _) = matrix(desk, since), whole(desk)
        assert applied(rows, said) == after
        assert [at for at, _row in said["rows"]] == [at for at in range(50) if rows[at] != after[at]]
    # the chair sees no places before the lock: one cell, one row; for the secretary places shifted too
    assert [at for at, _row in matrix(chair, before[chair][1])["rows"]] == [7]
    assert 7 in {at for at, _row in matrix(secretary, before[secretary][1])["rows"]}
    assert "50" not in matrix(chair, before[chair][1])["rows"][0][1]


def test_the_contest_page_says_what_it_shows(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    page = secretary.get(TAI_NANG + "?page=2")
    address, since = re.findall(r'data-matrix="([^"]+)"\s+data-since="([^"]*)"', page)[0]
    assert address == TAI_NANG + "/matrix?page=2"
    assert secretary.client.get(f"{address}&since={since}").get_json()["rows"] == []
    rows, _since = whole(secretary, page=2)
    assert len(rows) == 10 and all(row in page for row in rows)


def test_nothing_is_drawn_while_nothing_changes(app: Flask, panel: Panel) -> None:
    secretary, chair = people(app, panel, "secretary", "chair")
    address = f"{TAI_NANG}/matrix?since={whole(secretary)[1]}"
    tag = secretary.client.get(address).headers["ETag"]
    again = secretary.client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.data) == (304, b"")
    assert chair.client.get(address, headers={"If-None-Match": tag}).status_code == 200
    tags = [tag]
    for change in (
        lambda: _rename(panel),
        lambda: send(panel.message("lan", 4, marks(10_000, 10_000))),
        lambda: send(panel.message("lan", 4, marks(10_000, 12_000), base=1)),
        lambda: send(panel.message("lan", 4, marks(11_000, 11_000), base=1)),
        lambda: _absent(panel, 5),
    ):
        with app.app_context():
            change()
        answer = secretary.client.get(address, headers={"If-None-Match": tags[-1]})
        assert answer.status_code == 200
        tags.append(answer.headers["ETag"])
    assert len(set(tags)) == len(tags)


def _rename(panel: Panel) -> None:
    with transaction():
        db.session.execute(update(Entry).where(Entry.id == panel.entry_ids[3]).values(name="Gia đình bà Thị Mận"))


def _absent(panel: Panel, at: int) -> None:
    with transaction():
        note_measure(panel.contest_id, panel.entry_ids[at], 1, MeasureState.DID_NOT_START, None, 0, None)


def test_a_withdrawn_entry_leaves_and_the_rest_moves_up(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    rows, since = whole(secretary, page=2)
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.code == "E055").values(state=EntryState.WITHDRAWN))
    said = matrix(secretary, since, page=2)
    assert applied(rows, said) == whole(secretary, page=2)[0] and said["count"] == 9
    # the rows before it were not sent again
    assert min(at for at, _row in said["rows"]) == 5


@pytest.mark.parametrize("since", ["AAAA", "!" * 6, "A" * 6 * 51, "A" * 5000, "\x00", "é" * 6])
def test_marks_that_are_none_get_every_row(app: Flask, panel: Panel, since: str) -> None:
    (secretary,) = people(app, panel, "secretary")
    assert len(matrix(secretary, since)["rows"]) == 50


def names(page: str) -> list[str]:
    return re.findall(r'<th scope="row">(Gia đình ông Danh Chung \d+)<br>', page)


def test_every_entry_stands_on_one_page(app: Flask, panel: Panel) -> None:
    secretary, chair = people(app, panel, "secretary", "chair")
    every = [f"Gia đình ông Danh Chung {at}" for at in range(ENTRIES)]
    for desk in (secretary, chair):
        pages = [desk.get(f"{TAI_NANG}?page={number}") for number in (1, 2)]
        assert names(pages[0]) + names(pages[1]) == every
        assert "Đang xem 1–50 trên 60." in pages[0] and "Đang xem 51–60 trên 60." in pages[1]
        for bad in BAD:
            for name in ("page", "session", "due"):
                assert names(desk.get(f"{TAI_NANG}?{name}={bad}")) == every[:50]


def test_results_are_typed_on_the_page_of_their_entry(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    address = "/panel/bong-ro/measures"
    pages = [
        re.findall(r'<section class="card flow" id="(S\d+)">', secretary.get(f"{address}?page={n}")) for n in (1, 2)
    ]
    assert pages[0] + pages[1] == [f"S{at:03d}" for at in range(ENTRIES)]
    token = re.search(r'name="csrf_token" value="([^"]+)"', secretary.get(address))
    assert token is not None
    form = {"csrf_token": token[1], "entry": "S057", "round": "1", "version": "0", "state": "valid"}
    refused = secretary.client.post(address, data=form | {"value": "31"})
    assert (refused.status_code, "Nhiều nhất là 30" in refused.text, 'value="31"' in refused.text) == (422, True, True)
    taken = secretary.client.post(address, data=form | {"value": "12"})
    assert (taken.status_code, taken.headers["Location"]) == (303, f"{address}?page=2#S057")
    assert 'value="12"' in secretary.get(f"{address}?page=2")


def test_what_is_not_done_stands_alone(app: Flask, panel: Panel) -> None:
    (secretary,) = people(app, panel, "secretary")
    with app.app_context():
        send(*(panel.message("lan", at, marks(40_000, 40_000)) for at in range(30) if at != 2))
    page = secretary.get(TAI_NANG + "?due=1")
    assert names(page) == [f"Gia đình ông Danh Chung {at}" for at in range(30, ENTRIES)]
    assert "Chưa xong (30)" in page


def test_the_page_takes_in_what_changed_and_leaves_the_rest(
    app: Flask, panel: Panel, live_server: Served, browser: Browser
) -> None:
    with app.app_context(), transaction():
        token = open_sign_in(panel.users["secretary"], 1).token
    context = browser.new_context(base_url=live_server.url, locale="vi-VN")
    context.add_cookies([{"name": SESSION_COOKIE, "value": token, "url": live_server.url}])
    page = context.new_page()
    page.goto(TAI_NANG)
    rows = page.locator(".matrix tbody tr")
    expect(rows).to_have_count(50)
    last = rows.nth(49).element_handle()
    link = rows.nth(7).get_by_role("link", name=re.compile("giám khảo C"))
    link.focus()
    with app.app_context():
        send(panel.message("lan", 7, marks(10_000, 10_000)))
    expect(rows.nth(7)).to_contain_text("20", timeout=30_000)
    expect(link).to_be_focused()
    # a row without news is the very element it was
    assert last is not None and last.evaluate("(row) => row.isConnected")
    with app.app_context(), transaction():
        db.session.execute(update(Entry).where(Entry.code == "E000").values(state=EntryState.WITHDRAWN))
        db.session.execute(update(Entry).where(Entry.id.in_(panel.entry_ids[50:])).values(state=EntryState.WITHDRAWN))
    expect(rows).to_have_count(49, timeout=30_000)
    expect(rows.first).to_contain_text("Danh Chung 1")
    context.close()
