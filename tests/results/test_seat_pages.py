"""The page of seats, the tap that says a judge is away, and the minutes: through HTTP, by the people whose business it is."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from festival.contests.actions import seat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.contests.replacing.models import SeatReplacement
from festival.core.database import db
from festival.core.seal import checks as seals
from festival.core.seal.compare import How
from festival.core.transaction import reading, transaction
from festival.judging.models import ScoreSheet, SheetRevision
from festival.judging.tally import read_tally
from festival.results.ladder.lock import Locked, lock
from festival.results.replacing.seat_lists import replaced_seats_of
from tests.judging.panel_cast import PASSWORD, Panel, cast, marks, send

pytestmark = pytest.mark.either_database

SEATS = "/panel/tai-nang/seats"
TWO = {"chair": "chair", "chair_password": PASSWORD, "secretary": "thuky", "secretary_password": PASSWORD}


def come(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    answer = client.post(
        "/sign-in", data={"login": login, "password": PASSWORD, "csrf_token": token(client, "/sign-in")}
    )
    assert answer.status_code in (302, 303)
    return client


def token(client: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(page).get_data(as_text=True))
    return found[1] if found else ""


def post(client: FlaskClient, path: str, page: str = SEATS, **data: object) -> tuple[int, str]:
    answer = client.post(path, data={**data, "csrf_token": token(client, page)})
    return answer.status_code, answer.get_data(as_text=True)


def test_the_whole_way_of_a_substitute_on_pages(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            seat(panel.contest_id, panel.users["other"], PanelSeat.RESERVE)
        send(panel.message("hung", 0, marks(20_000, 20_000)), panel.message("other", 1, marks(30_000, 30_000)))
    secretary = come(app, "thuky")
    page = secretary.get(SEATS).get_data(as_text=True)
    assert "Giám Khảo Khác, dự bị" in page
    asked = {"judge": panel.judges["hung"], "user": panel.users["other"], "reason": "ốm sau tiết mục 1"}
    # Whoever is not the chair cannot stand for it; what was chosen is still chosen, and nobody was replaced.
    wrong = TWO | {"chair": "lan"}
    status, said = post(secretary, SEATS, **asked, **wrong)
    assert status == 422 and "không phải trưởng ban" in said and "ốm sau tiết mục 1" in said
    assert post(secretary, SEATS, **asked, **(TWO | {"chair_password": "sai"}))[0] == 422
    assert post(secretary, SEATS, **(asked | {"reason": " "}), **TWO)[0] == 400
    assert replacements(app) == 0
    assert post(secretary, SEATS, **asked, **TWO)[0] == 303
    page = secretary.get(SEATS).get_data(as_text=True)
    assert "Trần Văn Hùng → Giám Khảo Khác" in page and "ốm sau tiết mục 1" in page
    assert post(secretary, SEATS, **asked, **TWO)[0] == 409  # somebody else sits there now
    back = {"back": panel.judges["hung"], "back_reason": "bấm nhầm"}
    assert post(secretary, f"{SEATS}/back", **back, **TWO)[0] == 303
    assert post(secretary, f"{SEATS}/back", **back, **TWO)[0] == 409
    assert post(secretary, SEATS, **asked, **TWO)[0] == 303
    # The chair falls ill: an organiser stands in for the chair, for nobody else's seat.
    chair = {"judge": panel.judges["chair"], "user": panel.users["deputy"], "reason": "ốm"}
    organised = TWO | {"chair": "btc"}
    assert post(secretary, SEATS, **(chair | {"judge": panel.judges["lan"]}), **organised)[0] == 422
    assert post(secretary, SEATS, **chair, **organised)[0] == 303
    with app.app_context(), reading():
        contest = db.session.get_one(Contest, panel.contest_id)
        tallied = read_tally(contest)
        assert [(each.letter, each.name, each.seat.value) for each in tallied.seats] == [
            ("A", "Ngô Phó Ban", "chair"), ("B", "Danh Thị Lan", "member"), ("C", "Giám Khảo Khác", "member"),
        ]  # fmt: skip
        assert [(each.letter, each.people) for each in replaced_seats_of(tallied)] == [
            ("A", (("Nguyễn Thị Chủ", ""), ("Ngô Phó Ban", ""))),
            ("C", (("Trần Văn Hùng", "1"), ("Giám Khảo Khác", "2"))),
        ]
    with app.app_context(), transaction():
        locked = lock(panel.contest_id, panel.users["deputy"], panel.users["secretary"], "đủ rồi")
        assert isinstance(locked, Locked)
    minutes = secretary.get("/panel/tai-nang/minutes").get_data(as_text=True)
    assert "Trần Văn Hùng thôi chấm, Giám Khảo Khác chấm tiếp. Lý do: ốm sau tiết mục 1" in minutes
    # Locked, and the more so signed, a seat is refused in words.
    gone = {"judge": panel.judges["lan"], "user": panel.users["hung"], "reason": "x"}
    two = TWO | {"chair": "phobtc"}
    assert post(secretary, SEATS, page="/account", **gone, **two)[1].count("Mở lại phần thi rồi thay") == 1
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.contest_id).state = ContestState.SIGNED
    assert "đã ký tên" in post(secretary, SEATS, page="/account", **gone, **two)[1]


def replacements(app: Flask) -> int:
    with app.app_context(), reading():
        return db.session.scalar(select(func.count()).select_from(SeatReplacement)) or 0


def test_nobody_but_secretary_and_organiser_opens_the_page(app: Flask) -> None:
    with app.app_context():
        cast()
    for login, status in (("thuky", 200), ("btc", 200), ("chair", 403), ("lan", 404), ("mc", 404), ("canbo", 404)):
        assert come(app, login).get(SEATS).status_code == status, login


def test_no_byte_of_a_page_depends_on_a_sheet_in_reserve(app: Flask) -> None:
    """Every page of the panel, the organiser and another judge's tablet, with the tags of their answers."""
    with app.app_context():
        panel = cast()
        with transaction():
            seat(panel.contest_id, panel.users["other"], PanelSeat.RESERVE)
        send(panel.message("hung", 0, marks(20_000, 20_000)))
    paths = {
        "thuky": (
            "/panel",
            "/panel/tai-nang",
            "/panel/tai-nang/matrix",
            SEATS,
            "/panel/tai-nang/slip?judge=C&entry=E000",
        ),
        "btc": (
            "/office/contests",
            "/office/devices",
            "/office/ledger",
            "/panel/tai-nang/matrix",
            SEATS,
        ),
        "chair": ("/panel/tai-nang", "/panel/tai-nang/matrix"),
    }
    clients = {login: come(app, login) for login in paths}

    def seen() -> dict[tuple[str, str], tuple[bytes, str | None]]:
        found = {}
        for login, own in paths.items():
            for path in own:
                answer = clients[login].get(path)
                assert answer.status_code == 200, path
                data = re.sub(rb'(csrf_token" value=|nonce-)"?[^"\s]+', b"", answer.data)
                found[login, path] = (re.sub(rb'name="csrf_token"[^>]*>', b"", data), answer.headers.get("ETag"))
        return found

    steady = seen()
    assert seen() == steady, "pages that differ by themselves cannot be compared"
    with app.app_context():
        send(*(panel.message("other", at, marks(50_000, 1_000 * at)) for at in range(3)))
        send(panel.message("other", 0, marks(1_000, 1_000)))  # two versions
    assert seen() == steady
    with app.app_context():
        send(panel.message("lan", 0, marks(9_000, 9_000)))  # the control: a judge's sheet is seen
    assert {key for key, value in seen().items() if value != steady[key]} >= {("thuky", "/panel/tai-nang/matrix")}


@pytest.mark.parametrize("state", ["late", "absent", "recused"])
def test_a_tap_says_a_judge_is_away_and_another_takes_it_back(app: Flask, state: str) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("hung", 0, marks(20_000, 20_000)))
    secretary = come(app, "thuky")
    slip = "/panel/tai-nang/slip?judge=B&entry=E000"
    away = "/panel/tai-nang/away"
    at = {"judge": "B", "entry": "E000"}
    assert post(secretary, away, slip, **at, state=state, why=" ")[0] == 400
    assert post(secretary, away, slip, **at, state="asleep", why="x")[0] == 400
    assert post(secretary, away, slip, **at, state=state, why="kẹt xe")[0] == 303
    assert held(app, panel, "lan") == (state, "kẹt xe", 1)
    assert "kẹt xe" in secretary.get(slip).get_data(as_text=True)
    # Over a sheet with marks it is refused, for a tied judge too, and not the secretary's only.
    assert post(secretary, away, slip, judge="C", entry="E000", state=state, why="x")[0] == 409
    assert post(secretary, away, slip, judge="B", entry="E002", state=state, why="x")[0] == 409
    assert post(come(app, "chair"), away, "/account", **at, state=state, why="x")[0] == 403
    assert post(secretary, away, slip, **at, undo="y")[0] == 303
    assert held(app, panel, "lan") is None
    assert post(secretary, away, slip, **at, undo="y")[0] == 409
    with app.app_context():
        # The judge comes after all and marks; undone later, what the judge said stands again.
        send(panel.message("lan", 0, verb="abstain", body={"state": "recused", "note": "họ hàng"}))
    assert post(secretary, away, slip, **at, state=state, why="thư ký ghi")[0] == 303
    assert held(app, panel, "lan") == (state, "thư ký ghi", 2)
    assert post(secretary, away, slip, **at, undo="y")[0] == 303
    assert held(app, panel, "lan") == ("recused", "họ hàng", 3)
    with app.app_context(), seals.snapshot():
        found = seals.inspect(["judging:tai-nang"]).named()
        assert [each for _name, each in found if each.how is not How.UNRECORDED] == []
        assert db.session.scalar(select(func.count()).select_from(SheetRevision)) == 4


def held(app: Flask, panel: Panel, who: str) -> tuple[str, str, int] | None:
    with app.app_context(), reading():
        wanted = select(ScoreSheet.state, ScoreSheet.note, ScoreSheet.version).join(Judge)
        row = db.session.execute(wanted.where(Judge.id == panel.judges[who])).one_or_none()
        return None if row is None else (row.state.value, row.note, row.version)


def test_a_slip_of_who_was_replaced_is_still_put_right_by_the_secretary(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("hung", 0, marks(31_000, 20_000)))
    secretary = come(app, "thuky")
    asked = {"judge": panel.judges["hung"], "user": panel.users["other"], "reason": "ốm"}
    assert post(secretary, SEATS, **asked, **TWO)[0] == 303
    slip = "/panel/tai-nang/slip?judge=C&entry=E000"
    assert "ngồi ghế này trước đó" in secretary.get(slip).get_data(as_text=True)
    right = {
        "mark-noi-dung": "13",
        "mark-dien-xuat": "20",
        "total": "33",
        "version": "1",
        "reason": "gõ 31 thay cho 13",
        "state": "marked",
    }
    assert post(secretary, "/panel/tai-nang/slip", slip, judge="C", entry="E000", **right)[0] == 303
    with app.app_context(), reading():
        rows = db.session.execute(select(ScoreSheet.judge_id, ScoreSheet.total_milli)).all()
        assert [tuple(row) for row in rows] == [(panel.judges["hung"], 33_000)]
