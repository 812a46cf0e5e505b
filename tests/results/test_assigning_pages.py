"""Relations that were declared become ties by one tap; the proposal for all panels is changed, checked, applied, taken back."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, select

from festival.accounts.actions import create_user
from festival.accounts.roles import Role
from festival.contests.actions import seat
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, Unavailability
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.judging.sheet_messages import SheetRefused, SheetTaken
from festival.judging.tally import read_tally
from festival.roster.models import Delegation, DelegationOfficer, Entry, EntryPerson, Family, Person
from tests.judging.panel_cast import PASSWORD_HASH, Panel, cast, marks, send
from tests.results.test_seat_pages import come, post

pytestmark = pytest.mark.either_database

RELATIONS, PLAN = "/office/relations", "/office/panels"


def of_entry(panel: Panel, at: int) -> tuple[int, int]:
    """The unit and the family of an entry."""
    with reading():
        wanted = select(Delegation.unit_id, Entry.family_id).join(Entry, Entry.delegation_id == Delegation.id)
        unit, family = db.session.execute(wanted.where(Entry.id == panel.entry_ids[at])).one()
        return unit, family


def test_a_tie_is_proposed_accepted_dismissed_and_both_are_undone(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        unit, family = of_entry(panel, 0)
        with transaction():
            db.session.add(
                DelegationOfficer(
                    delegation_id=db.session.scalars(select(Delegation.id).where(Delegation.unit_id == unit)).one(),
                    user_id=panel.users["lan"],
                )
            )
    organiser = come(app, "btc")
    hung, lan = panel.judges["hung"], panel.judges["lan"]
    stated = {"do": "declare", "user": panel.users["hung"], "words": "con gái dự thi"}
    assert post(organiser, RELATIONS, RELATIONS, **stated, family="Gia đình không có")[0] == 400
    assert post(organiser, RELATIONS, RELATIONS, **stated)[0] == 400
    assert post(organiser, RELATIONS, RELATIONS, **stated, family="Gia đình ông Danh Chung 0")[0] == 303
    page = organiser.get(RELATIONS).get_data(as_text=True)
    assert "con gái dự thi" in page and "phụ trách đoàn" in page
    # Nothing is tied by itself.
    with app.app_context():
        assert isinstance(send(panel.message("hung", 1, marks(1_000, 1_000)))[0], SheetTaken)
    own = {"judge": hung, "family": family}
    assert post(organiser, RELATIONS, RELATIONS, do="accept", **own)[0] == 303
    with app.app_context():
        # One family alone: the other entries are marked as before.
        assert send(panel.message("hung", 0, marks(1_000, 1_000))) == [SheetRefused("tied")]
        assert isinstance(send(panel.message("hung", 2, marks(1_000, 1_000)))[0], SheetTaken)
        with reading():
            contest = db.session.get_one(Contest, panel.contest_id)
            assert (hung, panel.entry_ids[0]) in read_tally(contest).tied
    assert post(organiser, RELATIONS, RELATIONS, do="untie", **own)[0] == 303
    with app.app_context():
        assert isinstance(send(panel.message("hung", 0, marks(1_000, 1_000)))[0], SheetTaken)
    of_officer = {"judge": lan, "unit": unit}
    assert post(organiser, RELATIONS, RELATIONS, do="dismiss", **of_officer, reason=" ")[0] == 400
    assert post(organiser, RELATIONS, RELATIONS, do="dismiss", **of_officer, reason="đã thôi phụ trách")[0] == 303
    assert "đã thôi phụ trách" in organiser.get(RELATIONS).get_data(as_text=True)
    assert post(organiser, RELATIONS, RELATIONS, do="again", **of_officer)[0] == 303
    assert "đã thôi phụ trách" not in organiser.get(RELATIONS).get_data(as_text=True)
    assert post(organiser, RELATIONS, RELATIONS, do="accept", **of_officer)[0] == 303
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Unavailability)) == 2
    # A family that leaves takes its ties along; after the lock none is accepted.
    with app.app_context(), transaction():
        db.session.get_one(Contest, panel.contest_id).state = ContestState.LOCKED
    assert post(organiser, RELATIONS, RELATIONS, do="accept", **own)[0] == 400
    assert come(app, "thuky").get(RELATIONS).status_code == 403


def test_somebody_of_a_family_in_a_mixed_team_ties_the_team(app: Flask) -> None:
    with app.app_context():
        panel = cast()
        with transaction():
            family = db.session.scalars(select(Family).order_by(Family.id)).first()
            assert family is not None
            person = Person(
                festival_id=panel.festival_id,
                family_id=family.id,
                code="p1",
                position=1,
                name="Danh An",
                folded="danh an",
            )
            db.session.add(person)
            db.session.flush()
            team = db.session.get_one(Entry, panel.entry_ids[1])
            team.family_id = None
            db.session.add(EntryPerson(entry_id=team.id, person_id=person.id))
            db.session.add(
                Unavailability(judge_id=panel.judges["hung"], family_id=family.id, reason="cháu", noted_at=now())
            )
        assert send(panel.message("hung", 0, marks(1_000, 1_000)), panel.message("hung", 1, marks(1_000, 1_000))) == [
            SheetRefused("tied"), SheetRefused("tied"),
        ]  # fmt: skip
        assert isinstance(send(panel.message("hung", 2, marks(1_000, 1_000)))[0], SheetTaken)


def panels_now(app: Flask, panel: Panel) -> list[tuple[str, str, int]]:
    with app.app_context(), reading():
        rows = db.session.execute(
            select(Judge.letter, Judge.seat, Judge.user_id)
            .where(Judge.contest_id == panel.contest_id, Judge.marks)
            .order_by(Judge.letter)
        )
        return [(letter, duty.value, user) for letter, duty, user in rows]


def test_the_proposal_is_shown_changed_checked_applied_and_taken_back(app: Flask) -> None:
    with app.app_context():
        panel = cast(panel_size=3)
        with transaction():
            create_user("moi", "Giám Khảo Mới", PASSWORD_HASH, [Role.JUDGE])
    organiser = come(app, "btc")
    page = organiser.get(PLAN).get_data(as_text=True)
    # Lan is tied to the unit of an entry, so somebody else is proposed; who may stay stays.
    assert 'value="chair"' in page and 'value="hung"' in page
    assert page.count('id="seat-tai-nang-') == 6  # three boxes and their hints
    assert 'value="lan" list' not in page
    before = panels_now(app, panel)
    seats = {"seat-tai-nang-0": "chair", "seat-tai-nang-1": "hung", "seat-tai-nang-2": "lan"}
    status, said = post(organiser, PLAN, PLAN, do="check", **seats)
    assert status == 200 and "có quan hệ" in said
    assert post(organiser, PLAN, PLAN, do="apply", **seats)[0] == 409
    assert panels_now(app, panel) == before
    assert post(organiser, PLAN, PLAN, do="apply", **(seats | {"seat-tai-nang-2": "khongco"}))[0] == 409
    good = seats | {"seat-tai-nang-2": "moi"}
    assert "Có thể xếp" in post(organiser, PLAN, PLAN, do="check", **good)[1]
    status, said = post(organiser, PLAN, PLAN, do="apply", **good)
    assert status == 303, said[said.find("<h1") :][:1500]
    assert [(letter, duty) for letter, duty, _user in panels_now(app, panel)] == [
        ("A", "chair"), ("B", "member"), ("C", "member"),
    ]  # fmt: skip
    assert panels_now(app, panel)[2] == before[2]  # who stays keeps the letter
    assert panels_now(app, panel) != before
    assert post(organiser, PLAN, PLAN, do="back")[0] == 303
    assert panels_now(app, panel) == before
    with app.app_context(), reading():
        assert db.session.scalar(select(func.count()).select_from(Unavailability)) == 1  # Lan's tie is noted again
    assert post(organiser, PLAN, PLAN, do="back")[0] == 409
    status, said = post(organiser, PLAN, PLAN, do="apply", **good)
    assert status == 303, said[said.find("<h1") :][:1500]
    with app.app_context():
        assert isinstance(send(panel.message("hung", 0, marks(1_000, 1_000)))[0], SheetTaken)
    assert post(organiser, PLAN, PLAN, do="back")[0] == 409  # the first mark
    assert "Không có ban nào để xếp" in organiser.get(PLAN).get_data(as_text=True)


def test_a_reserve_is_no_member_and_a_panel_nobody_can_chair_is_named(app: Flask) -> None:
    with app.app_context():
        panel = cast(panel_size=7)
        with transaction():
            seat(panel.contest_id, panel.users["other"], PanelSeat.RESERVE)
    page = come(app, "btc").get(PLAN).get_data(as_text=True)
    assert "Không xếp đủ được: Gia đình tài năng cần 7 ghế" in page


def test_every_step_of_a_panel_has_its_command(app: Flask) -> None:
    with app.app_context():
        panel = cast(panel_size=3)
        with transaction():
            create_user("moi", "Giám Khảo Mới", PASSWORD_HASH, [Role.JUDGE])

    def ran(*words: str, ok: bool = True) -> str:
        done = app.test_cli_runner().invoke(args=["judging", *words])
        assert (done.exit_code == 0) is ok, done.output
        return done.output

    assert "tai-nang\tchair" in ran("assign") and "lan" not in ran("assign")
    ran("assign", "--apply")
    after = panels_now(app, panel)
    assert panel.users["lan"] not in {user for _letter, _duty, user in after}
    ran("assign", "--back")
    assert panels_now(app, panel) != after
    ran("assign", "--back", ok=False)
    ran("relate", "hung", "--family", "Gia đình ông Danh Chung 1", "--words", "em họ")
    assert "em họ\tchờ" in ran("ties")
    assert "em họ\tkhông chấm" in ran("ties", "--accept", "1")
    assert "em họ\tchờ" in ran("ties", "--undo", "1")
    assert "vẫn chấm: họ xa" in ran("ties", "--dismiss", "1", "--reason", "họ xa")
    ran("ties", "--accept", "9", ok=False)
    assert ran("seat", "tai-nang", "moi") == "moi\treserve\t-\n"
    ran("seat", "tai-nang", "moi", "--stand-down")
    ran("seat", "tai-nang", "moi")
    ran("recuse", "tai-nang", "B", "E000", "--state", "late", "--reason", "kẹt xe", "--by", "thuky")
    ran("recuse", "tai-nang", "B", "E000", "--undo", "--by", "thuky")
    ran("recuse", "tai-nang", "B", "E000", "--undo", "--by", "thuky", ok=False)
    ran("replace", "tai-nang", "C", "moi", "--reason", "ốm", ok=False)
    ran("replace", "tai-nang", "C", "moi", "--reason", "ốm", "--override")
    assert "C\tGiám Khảo Mới\t0 phiếu" in ran("seats", "tai-nang")
    ran("replace-back", "tai-nang", "C", "--reason", "nhầm", "--override")
    assert "(trả lại: nhầm)" in ran("seats", "tai-nang")
