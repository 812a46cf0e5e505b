"""Until when does a judge correct a sheet, as the contest says, and how does the secretary afterwards?"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from festival.accounts.actions import open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.contests.models import Contest, ContestState, Criterion
from festival.core.clock import now
from festival.core.database import db
from festival.core.ledger import LedgerEntry
from festival.core.transaction import reading, transaction
from festival.judging.correcting import closing
from festival.judging.correcting.acts import closed_at
from festival.judging.correcting.closing import ActTimes, closings, refusal, written_at
from festival.judging.models import RefusedSheet, ScoreSheet
from festival.judging.sheet_messages import SheetRefused, SheetTaken
from festival.judging.tablets.tablet import judge_state
from festival.schedule.models import Act, ActState, Session, Stage
from festival.schedule.planning import Published, left_out, publish
from tests.devices.kit import Phone, verdicts
from tests.judging.panel_cast import Panel, cast, marks, send
from tests.judging.test_tablet_sync import tablet

pytestmark = pytest.mark.either_database

NOON = datetime(2024, 6, 14, 5, 0, tzinfo=UTC)


def at(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


# ------------------------------------------------------------------------------------------------ the rule


def test_the_next_act_is_the_next_of_the_contest_on_that_stage() -> None:
    acts = [
        ActTimes(1, 1, 1, 1, at(0)),
        ActTimes(2, 1, 1, 2, None),  # never came
        ActTimes(3, 1, 1, 3, at(20)),
        ActTimes(4, 1, 1, 4, at(10)),  # drawn forward
        ActTimes(5, 1, 1, 5, None),
        ActTimes(6, 2, 2, 1, at(5)),  # another stage goes its own way
    ]
    assert closings(acts) == {1: at(10), 2: at(10), 4: at(20)}
    assert closings(acts, {2, 3, 6}) == {2: at(10)}


def test_what_counts_is_when_the_judge_wrote_and_a_tablet_cannot_go_back_in_time() -> None:
    assert refusal(closing.UNTIL_LOCK, at(99), at(10)) is None
    assert refusal(closing.SECRETARY, at(0), None) == "only_secretary"
    assert refusal(closing.NEXT_ACT, at(9), at(10)) is None
    assert refusal(closing.NEXT_ACT, at(10), at(10)) == "next_act"
    assert refusal(closing.NEXT_ACT, None, at(10)) == "next_act"
    assert refusal(closing.NEXT_ACT, None, None) is None
    # the second message says a time before the first: it was not written before it
    assert written_at({7: at(3)}, [(7, 5, at(4)), (7, 6, at(1)), (8, 1, at(1))]) == {
        (7, 5): at(4),
        (7, 6): at(4),
        (8, 1): at(1),
    }
    assert written_at({7: at(30)}, [(7, 9, at(4))]) == {(7, 9): at(30)}


# ------------------------------------------------------------------------------------------------ the tablet


def on_the_stage(panel: Panel, began: dict[int, datetime]) -> None:
    """The entries in order on one stage, begun at these moments."""
    with transaction():
        stage = db.session.scalar(select(Stage))
        if stage is None:
            stage = Stage(festival_id=panel.festival_id, code="san-khau", name="Sân khấu chính")
            db.session.add(stage)
            db.session.flush()
            session = Session(
                stage_id=stage.id, contest_id=panel.contest_id, starts_at=now(), ends_at=now() + timedelta(hours=2)
            )
            db.session.add(session)
            db.session.flush()
            for place, entry_id in enumerate(panel.entry_ids, start=1):
                starts_at = now() + timedelta(minutes=30 * (place - 1))
                db.session.add(
                    Act(session_id=session.id, entry_id=entry_id, position=place, starts_at=starts_at, duration_min=15)
                )
            db.session.flush()
        db.session.execute(update(Act).where(Act.state == ActState.ON_STAGE).values(state=ActState.DONE))
        for place, moment in began.items():
            db.session.execute(
                update(Act)
                .where(Act.entry_id == panel.entry_ids[place])
                .values(began_at=moment, state=ActState.ON_STAGE)
            )


def ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def corrected(phone: Phone, base: int, content: int, made: datetime) -> dict[str, object]:
    return phone.write("sheet.send", "E000/1", {"marks": marks(content, 1_000)}, base_version=base, wall_ms=ms(made))


def test_a_correction_made_in_time_and_sent_late_holds_and_one_made_late_does_not(
    app: Flask, client: FlaskClient
) -> None:
    with app.app_context():
        panel = cast(corrections="next_act")
    lan = tablet(app, client, panel, "lan")
    begun = now() - timedelta(minutes=30)
    first = lan.write("sheet.send", "E000/1", {"marks": marks(1_000, 1_000)}, base_version=0, wall_ms=ms(begun))
    assert verdicts(lan.send(first)) == ["applied"]
    with app.app_context():
        on_the_stage(panel, {0: begun})
    assert lan.state()["state"]["contests"][0]["corrections"] == "next_act"
    assert [each["closed"] for each in lan.state()["state"]["contests"][0]["entries"]] == [False, False, False]
    next_began = now() - timedelta(minutes=10)
    # offline: one correction before the next act, one after it, and one that says it was before
    in_time = corrected(lan, 1, 2_000, next_began - timedelta(minutes=5))
    late = corrected(lan, 2, 3_000, next_began + timedelta(minutes=1))
    turned_back = corrected(lan, 2, 4_000, next_began - timedelta(minutes=4))
    with app.app_context():
        on_the_stage(panel, {1: next_began})
    told = lan.send(in_time, late, turned_back)
    assert [(each["verdict"], each["reason"]) for each in told["verdicts"]] == [
        ("applied", None),
        ("rejected", "next_act"),
        ("rejected", "next_act"),
    ]
    # what it said in an earlier delivery counts too
    assert lan.send(corrected(lan, 2, 5_000, next_began - timedelta(minutes=3)))["verdicts"][0]["reason"] == "next_act"
    # a repetition is none, a first sheet of an act that is over is taken, what was refused is kept for the secretary
    again = lan.write("sheet.send", "E000/1", {"marks": marks(2_000, 1_000)}, base_version=2)
    assert verdicts(lan.send(again)) == ["duplicate"]
    hung = tablet(app, client, panel, "hung")
    assert verdicts(hung.send(corrected(hung, 0, 9_000, now()))) == ["applied"]
    (contest,) = lan.state()["state"]["contests"]
    assert [each["closed"] for each in contest["entries"]] == [True, False, False]
    assert [(each["total"], each["version"]) for each in contest["sheets"]] == [(3_000, 2)]
    with app.app_context():
        assert db.session.scalars(select(RefusedSheet.reason)).all() == ["next_act"] * 3
    page = desk(app, panel, "secretary").get("/panel/tai-nang")
    assert page.status_code == 200 and page.text.count("sửa phiếu sau khi tiết mục sau đã bắt đầu") == 3


def test_what_follows_is_said_by_the_order_of_the_day_not_by_the_draft(app: Flask) -> None:
    """An act that never came on is passed when one behind it begins: behind it in what is published, or in the changed turns."""
    with app.app_context():
        panel = cast(corrections="next_act")
        on_the_stage(panel, {})
        first, second = panel.entry_ids[:2]
        with transaction():
            assert isinstance(publish(panel.festival_id, None, without=left_out(panel.festival_id).stamp), Published)
            # nobody has published that: in the draft the second comes before the first
            for entry_id, position in ((first, -1), (second, 1), (first, 2)):
                db.session.execute(update(Act).where(Act.entry_id == entry_id).values(position=position))
        began = now()
        on_the_stage(panel, {0: began})
        with reading():
            assert closed_at([panel.contest_id]) == {}
        with transaction():
            for entry_id, turn in ((second, 1), (first, 2)):
                db.session.execute(update(Act).where(Act.entry_id == entry_id).values(turn=turn))
        with reading():
            assert closed_at([panel.contest_id]) == {second: began}


def test_until_the_lock_is_as_before_and_only_through_the_secretary_refuses_at_once(app: Flask) -> None:
    with app.app_context():
        panel = cast(corrections="secretary")
        assert isinstance(send(panel.message("lan", 0, marks(1_000, 1_000)))[0], SheetTaken)
        assert send(panel.message("lan", 0, marks(2_000, 1_000), base=1)) == [SheetRefused("only_secretary")]
        assert send(panel.message("lan", 0, verb="abstain", body={"state": "late"}, base=1)) == [
            SheetRefused("only_secretary")
        ]
        with transaction():
            db.session.get_one(Contest, panel.contest_id).corrections = "until_lock"
        assert isinstance(send(panel.message("lan", 0, marks(2_000, 1_000), base=1))[0], SheetTaken)


# ------------------------------------------------------------------------------------------------ the secretary

CORRECT = "/panel/tai-nang/correct"


def desk(app: Flask, panel: Panel, who: str) -> FlaskClient:
    app.config["WTF_CSRF_METHODS"] = set()
    with app.app_context(), transaction():
        token = open_sign_in(panel.users[who], 1).token
    client = app.test_client()
    client.set_cookie(SESSION_COOKIE, token)
    return client


def test_the_secretary_reads_back_old_and_new_and_the_judge_sees_it(app: Flask) -> None:
    with app.app_context():
        panel = cast(corrections="secretary")
        send(panel.message("lan", 0, marks(31_000, 30_000)))
    office = desk(app, panel, "secretary")
    form = {"judge": "B", "entry": "E000", "version": "1", "mark-noi-dung": "13", "mark-dien-xuat": "30", "reason": ""}
    shown = office.get(f"{CORRECT}?judge=B&entry=E000").text
    assert 'value="31"' in shown and "Danh Thị Lan" in shown
    # no reason, no mark: kept as typed, named in words
    wrong = office.post(CORRECT, data=form | {"mark-dien-xuat": "30,1"})
    assert wrong.status_code == 422
    assert "Ghi rõ vì sao sửa phiếu này." in wrong.text and 'value="30,1"' in wrong.text
    form["reason"] = "bấm nhầm 31 thay cho 13"
    back = office.post(CORRECT, data=form)
    read = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", back.text))
    assert back.status_code == 200 and "Tổng điểm 61 (sáu mươi mốt) 43 (bốn mươi ba)" in read
    assert 'value="13"' in office.post(CORRECT, data=form | {"step": "back"}).text
    with app.app_context():
        assert db.session.scalars(select(ScoreSheet.version)).all() == [1], "nothing was written yet"
    assert office.post(CORRECT, data=form | {"step": "confirm"}).status_code == 303
    # read back of what stands no more: what was typed stays, beside what stands now, and is read back anew
    overtaken = office.post(CORRECT, data=form | {"step": "confirm", "mark-noi-dung": "14"})
    assert overtaken.status_code == 409 and "Phiếu này vừa có bản mới" in overtaken.text
    assert 'value="14"' in overtaken.text and "Đang ghi: 13" in overtaken.text and form["reason"] in overtaken.text
    assert 'name="version" value="2"' in overtaken.text
    with app.app_context():
        (contest,) = judge_state(panel.users["lan"], panel.festival_id)["contests"]
        (sheet,) = contest["sheets"]
        assert (sheet["total"], sheet["version"], sheet["on_paper"]) == (43_000, 2, False)
        assert sheet["corrected"] == {
            "before": {"state": "marked", "marks": marks(31_000, 30_000), "total": 61_000},
            "reason": "bấm nhầm 31 thay cho 13",
            "by": "Lê Thư Ký",
        }
        kinds = db.session.scalars(select(LedgerEntry.kind).where(LedgerEntry.stream == "judging:tai-nang")).all()
        assert sorted(kinds) == ["sheet.corrected", "sheet.sent"]
        other = judge_state(panel.users["hung"], panel.festival_id)
        assert "13000" not in str(other) and "bấm nhầm" not in str(other)


def test_the_total_of_a_correction_is_read_back_by_the_weights(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            heavier = update(Criterion).where(Criterion.code == "noi-dung").values(weight_milli=2_000)
            db.session.execute(heavier)
        send(panel.message("lan", 0, marks(31_000, 20_000)))
    office = desk(app, panel, "secretary")
    typed = {
        "judge": "B",
        "entry": "E000",
        "version": "1",
        "mark-noi-dung": "13",
        "mark-dien-xuat": "20",
        "reason": "nhầm",
    }
    read = re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", office.post(CORRECT, data=typed).text))
    assert "Tổng điểm 82 (tám mươi hai) 46 (bốn mươi sáu)" in read
    assert office.post(CORRECT, data=typed | {"step": "confirm"}).status_code == 303
    with app.app_context():
        assert db.session.scalar(select(ScoreSheet.total_milli)) == 46_000


@pytest.mark.parametrize("who", ["chair", "lan", "organiser"])
def test_nobody_but_the_secretary_corrects(app: Flask, who: str) -> None:
    with app.app_context():
        panel = cast()
        send(panel.message("lan", 0, marks(31_000, 30_000)))
    office = desk(app, panel, who)
    form = {"judge": "B", "entry": "E000", "version": "1", "mark-noi-dung": "13", "mark-dien-xuat": "30", "reason": "x"}
    assert office.get(f"{CORRECT}?judge=B&entry=E000").status_code in (403, 404)
    assert office.post(CORRECT, data=form | {"step": "confirm"}).status_code in (403, 404)
    with app.app_context():
        assert db.session.scalars(select(ScoreSheet.version)).all() == [1]


def test_a_correction_by_command_and_none_after_the_lock(app: Flask) -> None:
    with app.app_context():
        panel = cast(corrections="next_act")
        send(panel.message("lan", 0, marks(31_000, 30_000)))
    run = app.test_cli_runner().invoke
    command = ["judging", "correct", "tai-nang", "E000", "B", "noi-dung=13", "--reason", "bấm nhầm", "--by"]
    assert "không phải thư ký" in run(args=[*command, "lan", "--yes"]).output
    assert run(args=[*command, "thuky"], input="n\n").exit_code == 1
    done = run(args=[*command, "thuky", "--yes"])
    assert (done.exit_code, "Nội dung: 31 → 13" in done.output) == (0, True), done.output
    with app.app_context(), transaction():
        assert db.session.scalars(select(ScoreSheet.total_milli)).all() == [43_000]
        db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
    assert run(args=[*command, "thuky", "--yes"]).exit_code == 1
