"""What cannot be signed is not locked, few sheets are a question before any place, and a lock can be taken back."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Unavailability
from festival.core import ledger
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict
from festival.judging.sheet_messages import SheetTaken
from festival.results import decide
from festival.results.current import current_table, tally_for_result
from festival.results.decide import OfFewSheets, TakenOut
from festival.results.ladder import lock as ladder_lock
from festival.results.ladder import sign
from festival.results.ladder import unlock as ladder_unlock
from festival.results.ladder.lock import Locked, Unsignable
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.ladder.unlock import Unlocked, WrongPair
from festival.results.models import StateChange, Unlocking
from tests.judging.panel_cast import PASSWORD, Panel, cast, full_panel, marks, send
from tests.results.test_commands import PASSWORDS, PEOPLE, run
from tests.results.test_pages_of_the_panel import TAI_NANG, people

pytestmark = pytest.mark.either_database

NAMES = ["Nguyễn Thị Chủ", "Trần Văn Hùng"]


def lock(panel: Panel, override: str = "mất điện") -> object:
    with transaction():
        return ladder_lock.lock(panel.contest_id, panel.users["chair"], panel.users["secretary"], override)


def unlock(panel: Panel, chair: str = "chair", secretary: str = "secretary", code: str = "sheets") -> object:
    with transaction():
        return ladder_unlock.unlock(
            panel.contest_id, panel.users[chair], panel.users[secretary], code, "còn phiếu giấy"
        )


def say(panel: Panel, what: str, entry: str = "E000") -> None:
    with transaction():
        decide.decide(panel.contest_id, OfFewSheets(entry, what), "giám khảo ốm", NAMES, None)


def table(panel: Panel) -> list[tuple[str, int | None, int | None]]:
    found = current_table(tally_for_result(db.session.get_one(Contest, panel.contest_id)))
    db.session.rollback()
    return sorted((each.entry, each.rank, each.value) for each in found.standings)


def one_sheet() -> Panel:
    """The first entry has one sheet of three and the highest points; the others are marked by all who may."""
    panel = cast()
    send(panel.message("chair", 0, marks(50_000, 50_000)))
    send(*(panel.message(who, at, marks(40_000 - at * 1_000, 40_000)) for who in ("chair", "hung") for at in (1, 2)))
    return panel


NOBODY = [("E000", None, None), ("E001", None, None), ("E002", None, None)]
ACCEPTED = [("E000", 1, 100_000), ("E001", 2, 79_000), ("E002", 3, 78_000)]
NONE = [("E000", None, None), ("E001", 1, 79_000), ("E002", 2, 78_000)]


@pytest.mark.parametrize(
    ("seats", "expected"),
    [
        ([PanelSeat.CHAIR, PanelSeat.MEMBER, PanelSeat.SECRETARY], ("no_judge", "no_chair", "no_secretary")),
        ([PanelSeat.SECRETARY], ("no_secretary",)),
        ([PanelSeat.CHAIR], ("no_chair",)),
    ],
)
def test_what_nobody_can_sign_is_not_locked_whatever_reason_is_given(
    app: Flask, seats: list[PanelSeat], expected: tuple[str, ...]
) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            db.session.execute(delete(Unavailability))
            db.session.execute(delete(Judge).where(Judge.contest_id == panel.contest_id, Judge.seat.in_(seats)))
        with transaction():
            people_of_it = (panel.users["organiser"], panel.users["secretary"])
            assert ladder_lock.lock(panel.contest_id, *people_of_it, "lý do") == Unsignable(expected)
        with transaction():
            assert ladder_lock.lock(panel.contest_id, None, None, "lý do") == Unsignable(expected)
            assert db.session.get_one(Contest, panel.contest_id).state is ContestState.OPEN
        said = run(app, "judging", "lock", "tai-nang", "--override", "lý do", ok=False)
        assert "xếp" in said and "ở trang phần thi" in said


def test_an_entry_marked_by_one_of_three_is_a_question_before_any_place(app: Flask) -> None:
    with app.app_context():
        panel = one_sheet()
        assert isinstance(lock(panel), Locked)
        assert table(panel) == NOBODY
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == StillOpen(questions=0, unsettled=1)
        for wrong in (OfFewSheets("E001", "accept"), OfFewSheets("E000", "maybe"), TakenOut("E000", "dsq")):
            with pytest.raises(BadInput), transaction():
                decide.decide(panel.contest_id, wrong, "x", NAMES, None)
        for what, expected in (("accept", ACCEPTED), ("wait", NOBODY), ("none", NONE), ("accept", ACCEPTED)):
            say(panel, what)
            assert table(panel) == expected
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == Signed(3)
        with pytest.raises(Conflict):
            say(panel, "none")
        assert table(panel) == ACCEPTED
        assert ledger.verify("results:tai-nang") == []


def test_the_page_asks_reads_back_and_prints_it(app: Flask) -> None:
    with app.app_context():
        panel = one_sheet()
        lock(panel)
    (secretary,) = people(app, panel, "secretary")
    page = secretary.get(TAI_NANG)
    assert "Chỉ 1 trên 3 giám khảo chấm, ít hơn mức 2" in page and "79" not in page.split("Xếp hạng và lý do")[1]
    form: dict[str, Any] = {"entry": "E000", "say": "none", "reason": "giám khảo ốm", "names": "Trần Văn Hùng"}
    assert "không xếp hạng: Có 1 phiếu" in secretary.post(TAI_NANG + "/few", 200, **form)
    secretary.post(TAI_NANG + "/few", 303, **form | {"step": "confirm", "seen": "0"})
    minutes = secretary.get(TAI_NANG + "/minutes")
    assert "không có kết quả" in minutes and "ban giám khảo không nhận kết quả: giám khảo ốm (Trần Văn Hùng)" in minutes
    run(app, "results", "sheets", "tai-nang", "E000", "--say", "accept", "--reason", "đủ tin", "--name", "Chủ")
    with app.app_context():
        assert table(panel) == ACCEPTED


def test_a_contest_is_opened_again_by_two_people_and_the_lock_stays_readable(app: Flask) -> None:
    with app.app_context():
        panel = one_sheet()
        lock(panel)
        say(panel, "none")
        for chair, secretary in (("lan", "secretary"), ("chair", "hung"), ("secretary", "secretary")):
            assert isinstance(unlock(panel, chair, secretary), WrongPair)
        with pytest.raises(BadInput):
            unlock(panel, code="vì thích")
        assert unlock(panel) == Unlocked()
        with transaction():
            kept = db.session.scalars(select(Unlocking)).one()
            assert (kept.code, kept.reason, kept.locked_note) == ("sheets", "còn phiếu giấy", "mất điện")
            assert kept.locked_by == panel.users["chair"] and kept.locked_with == panel.users["secretary"]
            assert db.session.scalars(select(StateChange)).all() == []
        (taken,) = send(panel.message("hung", 0, marks(50_000, 50_000)))
        assert isinstance(taken, SheetTaken)
        # two of three are enough now; what the panel said about one sheet holds no more
        assert isinstance(lock(panel), Locked)
        assert table(panel) == ACCEPTED
        with transaction():
            assert sign.sign(panel.contest_id, "1", None) == Signed(3)
        with pytest.raises(Conflict, match="chưa ký biên bản"):
            unlock(panel)
        assert ledger.verify("results:tai-nang") == []


def test_a_contest_that_an_early_release_locked_without_a_judge_is_opened_by_the_organiser(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        full_panel(panel)
        lock(panel)
    (organiser, secretary) = people(app, panel, "organiser", "secretary")
    page = organiser.get(TAI_NANG + "/unlock")
    assert "Mở lại phần thi" in page
    form = {
        "chair": "chair",
        "chair_password": PASSWORD,
        "secretary": "thuky",
        "secretary_password": PASSWORD,
        "code": "panel",
        "reason": "chưa đủ ban giám khảo",
    }
    assert "mật khẩu của thư ký chưa đúng" in secretary.post(
        TAI_NANG + "/unlock", 422, **form | {"secretary_password": "x"}
    )
    assert "Ghi rõ lý do" in secretary.post(TAI_NANG + "/unlock", 422, **form | {"reason": " "})
    secretary.post(TAI_NANG + "/unlock", 303, **form)
    assert "chưa đủ ban giám khảo" in secretary.get(TAI_NANG)
    run(app, "judging", "lock", "tai-nang", *PEOPLE, env=PASSWORDS)
    run(app, "judging", "unlock", "tai-nang", "--why", "other", "--reason", "x", ok=False)
    run(app, "judging", "unlock", "tai-nang", "--why", "other", "--reason", "x", *PEOPLE, env=PASSWORDS)
    with app.app_context():
        assert db.session.get_one(Contest, panel.contest_id).state is ContestState.OPEN
        db.session.rollback()
