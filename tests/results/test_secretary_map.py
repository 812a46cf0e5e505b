"""The secretary's map: red when a sheet is late by the stage's clock, a call that the judge sees, seats with their tablets.

And what it must not say: nothing of a spread before every sheet is in, nothing of it to the chair or a judge.
"""

from __future__ import annotations

import gzip
import re
import time
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.models import Contest, Judge, PanelSeat
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.devices.app_release import release
from festival.devices.models import Device
from festival.judging.models import SeatCall
from festival.judging.tally import Tally, read_tally
from festival.results.current import tally_for_result
from festival.results.ladder.states import lock_problems
from festival.results.map.watch import far_from_mean, spread_of
from festival.schedule.models import Act, ActState, Session, Stage
from tests.judging.panel_cast import PASSWORD_HASH, Panel, cast, full_panel, marks, send
from tests.judging.test_tablet_sync import tablet
from tests.results.test_matrix import said_of_seats, whole
from tests.results.test_pages_of_the_panel import TAI_NANG, people

pytestmark = pytest.mark.either_database


def on_stage(panel: Panel, *ended: datetime | None) -> None:
    """A session in which the entries appear in order; `ended`: when the act of each was over, None: not yet."""
    with transaction():
        stage = Stage(festival_id=panel.festival_id, code="a", name="Sân khấu A")
        db.session.add(stage)
        db.session.flush()
        begin = now() - timedelta(hours=3)
        session = Session(
            stage_id=stage.id, contest_id=panel.contest_id, starts_at=begin, ends_at=begin + timedelta(hours=9)
        )
        db.session.add(session)
        db.session.flush()
        for at, moment in enumerate(ended):
            db.session.add(
                Act(
                    session_id=session.id,
                    entry_id=panel.entry_ids[at],
                    position=at + 1,
                    starts_at=begin,
                    duration_min=10,
                    state=ActState.DONE if moment else ActState.WAITING,
                    began_at=moment and moment - timedelta(minutes=9),
                    ended_at=moment,
                )
            )


def tally_of(panel: Panel) -> Tally:
    with reading():
        return read_tally(db.session.get_one(Contest, panel.contest_id))


def test_a_spread_is_asked_only_when_every_sheet_is_in(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("chair", 0, marks(45_000, 45_000)), panel.message("lan", 0, marks(10_000, 10_000)))
        tally = tally_of(panel)
        first = tally.appearances[0]
        assert spread_of(tally, first, 1) is None, "one sheet is missing: nothing is said of those that are there"
        send(panel.message("hung", 0, marks(44_000, 45_000)))
        tally = tally_of(panel)
        found = spread_of(tally, tally.appearances[0], 25_000)
        assert found is not None and (found.least, found.most, found.letters) == (20_000, 90_000, ("A", "B", "C"))
        assert spread_of(tally, tally.appearances[0], 70_000) is not None, "one judge alone lies too far from the mean"
        assert spread_of(tally, tally.appearances[0], 95_000) is None
        assert far_from_mean({"A": 3, "B": 3, "C": 3}, 0) == ()
        clash = {pair: replace(sheet, conflict=True) for pair, sheet in tally.sheets.items()}
        assert spread_of(replace(tally, sheets=clash), tally.appearances[0], 1) is None


def cell(row: str, letter: str) -> str:
    found = re.search(rf'<td class="(\w+)">(?:(?!</td>).)*judge={letter}&amp;(?:(?!</td>).)*</td>', row, re.S)
    assert found is not None, row
    return found[0]


def test_a_late_sheet_is_red_the_seat_is_called_and_the_judge_has_seen_it(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
        on_stage(panel, now() - timedelta(minutes=6), now() - timedelta(minutes=2), None)
        send(panel.message("chair", 0, marks(45_000, 45_000)))
    secretary, chair, other = people(app, panel, "secretary", "chair", "other")
    lan, hung = tablet(app, client, panel, "lan"), tablet(app, client, panel, "hung")
    rows, since = whole(secretary)
    assert [cell(rows[at], "B")[:16] for at in (0, 1)] == ['<td class="late"', '<td class="missi'], (
        "two minutes are not late"
    )
    assert 'value="B/E000"' in rows[0] and "late" not in rows[2]
    assert "late" not in "".join(whole(chair)[0]) and 'value="B/E000"' not in chair.get(TAI_NANG)
    page = secretary.get(TAI_NANG)
    assert "B. Danh Thị Lan" in page and "máy 1" in page and "thấy lần cuối" in page
    assert "A. Nguyễn Thị Chủ" in page and "chưa mở máy nào, hoặc chấm trên giấy" in page

    chair.post(TAI_NANG + "/call", 403, seat="B/E000")
    other.post(TAI_NANG + "/call", 404, seat="B/E000")
    for wrong, status in (("B/khong", 400), ("X/E000", 400), ("", 400), ("A/E000", 409), ("B/E002", 409)):
        secretary.post(TAI_NANG + "/call", status, seat=wrong)
    address = f"{TAI_NANG}/matrix?since={since}"
    tag = secretary.client.get(address).headers["ETag"]
    for _twice in range(2):
        secretary.post(TAI_NANG + "/call", seat="B/E000")
    assert [each["number"] for each in lan.state()["state"]["calls"]] == [1], "pressed twice, asked once"
    assert hung.state()["state"]["calls"] == [] and set(lan.state()["state"]["calls"][0]) == {"id", "entry", "number"}
    fresh = secretary.client.get(address, headers={"If-None-Match": tag})
    assert [at for at, _row in fresh.get_json()["rows"]] == [0] and "đã mời" in fresh.get_json()["rows"][0][1]

    (call,) = lan.state()["state"]["calls"]
    taken = hung.send(hung.write("call.seen", f"call/{call['id']}", {}))["verdicts"][0]
    assert (taken["verdict"], taken["reason"]) == ("rejected", "unknown_call"), (
        "only the judge who was called has seen it"
    )
    for verdict in ("applied", "duplicate"):
        assert lan.send(lan.write("call.seen", f"call/{call['id']}", {}))["verdicts"][0]["verdict"] == verdict
    assert lan.send(lan.write("call.seen", "call/x", {}))["verdicts"][0]["reason"] == "malformed"
    assert lan.state()["state"]["calls"] == [] and "đã thấy" in whole(secretary)[0][0]
    secretary.post(TAI_NANG + "/call", seat="B/E000")
    lan.send(lan.write("sheet.send", "E000/1", {"marks": marks(45_000, 44_750)}, base_version=0))
    assert lan.state()["state"]["calls"] == [], "the sheet is there: nothing is asked any more"
    with app.app_context(), reading():
        assert len(db.session.scalars(select(SeatCall)).all()) == 2


def test_the_spread_is_for_the_secretary_alone(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        send(panel.message("lan", 1, marks(5_000, 5_000), base=1))
    secretary, chair = people(app, panel, "secretary", "chair")
    lan = tablet(app, client, panel, "lan")
    assert "lệch 10 đến 85" in "".join(whole(secretary)[0])
    assert "lệch" not in "".join(whole(chair)[0]) + chair.get(TAI_NANG) + str(lan.state())


def test_a_tablet_not_heard_since_the_last_act_holds_up_the_lock(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
    lan = tablet(app, client, panel, "lan")
    with app.app_context():
        on_stage(panel, now() - timedelta(minutes=9), now() - timedelta(minutes=1), None)

    def problems() -> list[str]:
        with app.app_context(), reading():
            return [
                each.what for each in lock_problems(tally_for_result(db.session.get_one(Contest, panel.contest_id)))
            ]

    assert problems() == []
    with app.app_context(), transaction():
        db.session.execute(update(Device).values(last_seen_at=now() - timedelta(minutes=3)))
    (secretary,) = people(app, panel, "secretary")
    assert problems() == ["unheard"] and "chưa nghe máy này" in secretary.get(TAI_NANG)
    lan.state()
    assert problems() == [], "asking what is new is being heard"


def test_an_act_that_is_still_to_come_is_grey_and_not_counted(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        on_stage(panel, now() - timedelta(minutes=9), None, None)
        send(panel.message("chair", 0, marks(45_000, 45_000)), panel.message("hung", 2, marks(45_000, 45_000)))
    secretary, chair = people(app, panel, "secretary", "chair")
    for desk in (secretary, chair):
        rows, _since = whole(desk)
        assert rows[1].count('<td class="coming">') == 3 and "chưa diễn" in rows[1], "nobody has begun it"
        assert rows[2].count('<td class="missing">') == 1, "the stage forgot to say so, and a judge has marked it"
        page = desk.get(TAI_NANG)
        assert "Còn 3 chỗ chưa xong" in page and "Còn 1 tiết mục chưa diễn" in page and "Chưa xong (2)" in page
    due = secretary.get(TAI_NANG + "?due=1")
    assert '<td class="coming">' not in due and (due.count('<td class="missing">'), due.count('<td class="late">')) == (
        1,
        2,
    )
    with app.app_context():
        send(*(panel.message(who, at, marks(45_000, 45_000)) for at, who in ((0, "lan"), (0, "hung"), (2, "chair"))))
    page = secretary.get(TAI_NANG)
    assert "Đến giờ không thiếu gì" in page and "Đủ phiếu" not in page and "Lý do khóa khi còn thiếu" in page
    said = app.test_cli_runner().invoke(args=["judging", "status", "tai-nang"]).output
    assert "thiếu 0" in said and "còn 1 tiết mục chưa diễn" in said, said
    with app.app_context(), transaction():
        db.session.execute(update(Act).where(Act.entry_id == panel.entry_ids[1]).values(state=ActState.ON_STAGE))
    rows, _since = whole(secretary)
    assert rows[1].count('<td class="missing">') == 3 and "Còn 3 chỗ chưa xong" in secretary.get(TAI_NANG)


def test_the_desk_alone_knows_of_which_release_a_tablet_is(app: Flask, client: FlaskClient) -> None:
    with app.app_context():
        panel = cast()
    secretary, chair = people(app, panel, "secretary", "chair")
    lan, hung = tablet(app, client, panel, "lan"), tablet(app, client, panel, "hung")
    lan.state()
    with app.app_context():
        own = release()
    page = client.get("/judge").get_data(as_text=True)
    assert f'<meta name="app" content="{own}">' in page, "what the page says of itself is what the server calls itself"
    assert "bản " not in said_of_seats(secretary), "a script says nothing of itself"
    lan.state(app=own)
    assert "bản 0." in said_of_seats(secretary) and "cũ" not in said_of_seats(secretary)
    tag = secretary.client.get(TAI_NANG + "/matrix").headers["ETag"]
    before = hung.state()
    lan.state(app="0.6.9+0123abcd.77e0")
    lan.state(app="<b>'; x")
    assert "bản 0.6.9" in said_of_seats(secretary) and "cũ" in said_of_seats(secretary)
    fresh = secretary.client.get(TAI_NANG + "/matrix", headers={"If-None-Match": tag})
    assert fresh.status_code == 200 and "bản 0.6.9" in fresh.get_json()["seats"]
    assert "0.6.9" not in chair.get(TAI_NANG) + str(hung.state()) + str(lan.state())
    assert hung.state()["state"] == before["state"]


def large(panel: Panel, judges: int) -> None:
    """So many marking judges in all, and a sheet of each for every entry."""
    with transaction():
        for at in range(judges - 3):
            user = create_user(f"gk{at}", f"Giám Khảo Thứ {at}", PASSWORD_HASH, [Role.JUDGE])
            db.session.add(
                Judge(
                    contest_id=panel.contest_id, user_id=user.id, seat=PanelSeat.MEMBER, letter="DEFGHI"[at], marks=True
                )
            )
            db.session.flush()
            panel.users[f"gk{at}"] = user.id
    send(
        *(
            panel.message(who, at, marks(40_000 - 250 * at, 30_000))
            for who in ("chair", "hung", *(f"gk{at}" for at in range(judges - 3)))
            for at in range(70)
        )
    )


def test_a_map_of_75_entries_and_9_judges_is_light(app: Flask) -> None:
    with app.app_context():
        panel = cast(entries=75)
        large(panel, 9)
        on_stage(panel, *([now() - timedelta(minutes=60)] * 75))
    (secretary,) = people(app, panel, "secretary")

    def asked(**headers: str) -> tuple[Any, float]:
        begun = time.process_time()
        answer = secretary.client.get(TAI_NANG + "/matrix?page=1", headers=headers)
        return answer, time.process_time() - begun

    answers = [asked() for _warm in range(5)]
    answer = answers[0][0]
    print(
        f"map 75 x 9: {min(cost for _a, cost in answers) * 1000:.1f} ms CPU, {len(gzip.compress(answer.data))} bytes gzipped"
    )
    assert len(gzip.compress(answer.data)) < 10 * 1024
    same, cost = asked(**{"If-None-Match": answer.headers["ETag"]})
    print(f"nothing changed: {cost * 1000:.1f} ms CPU")
    assert (same.status_code, same.data) == (304, b"")
