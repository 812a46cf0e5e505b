"""A day of a festival through the doors of the rooms, with every correction, undoing and choice a real day has."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.actions import drop_unavailable, note_unavailable, seat, unseat
from festival.contests.models import Contest, Judge, PanelSeat, ResultKind, Unavailability
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.models import Festival, Unit
from festival.editions.queries import the_festival
from festival.judging.measuring import drop_measure, note_measure, note_overtime
from festival.judging.models import Measure, MeasureState
from festival.registration.changing import change_family, submit_family
from festival.registration.decisions import (
    approve,
    reject_family,
    return_family,
    undo_approval,
    undo_rejection,
    withdraw_family,
)
from festival.registration.reserves import reserving
from festival.results.agenda import agenda_of
from festival.results.current import special_names, tally_for_result
from festival.results.decide import OfFewSheets, TakenOut, TieOrder, decide, give_special
from festival.results.decisions import decisions_of
from festival.results.delegations.deciding import decide_whole, sign_whole
from festival.results.delegations.giving import give_points, take_points_back
from festival.results.delegations.table import whole_delegation
from festival.results.ladder import names, people, sign
from festival.results.ladder.lock import Locked, lock
from festival.results.ladder.sign import Signed
from festival.results.ladder.taking_back import TakenBackResult
from festival.results.ladder.unlock import Unlocked, WrongPair
from festival.results.models import UnlockReason
from festival.results.settling.awarding import PrizesGiven
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from festival.roster.outcomes import Done
from festival.roster.rules import rules_of
from festival.roster.views import view
from festival.schedule.models import Act
from tests.house import (
    lived_acts,
    lived_again,
    lived_agreed,
    lived_amended,
    lived_awards,
    lived_badges,
    lived_brackets,
    lived_ceremony,
    lived_desk,
    lived_draw,
    lived_drawn,
    lived_final,
    lived_gate,
    lived_gates,
    lived_ground,
    lived_kitchen,
    lived_line,
    lived_lists,
    lived_meetings,
    lived_names,
    lived_panel,
    lived_paper,
    lived_petitions,
    lived_places,
    lived_posts,
    lived_proof,
    lived_questions,
    lived_relations,
    lived_report,
    lived_reveal,
    lived_rounds,
    lived_rules,
    lived_scans,
    lived_sheets,
    lived_signing,
    lived_stage,
    lived_stay,
    lived_substitutions,
    lived_teams,
    lived_timetable,
    lived_wishes,
)

PANEL = ["Danh Thị Chủ", "Trần Văn Hùng"]


def live(staff: int) -> None:
    """The whole day; `staff`: the account that types."""
    festival_id = the_festival().id
    db.session.rollback()
    lived_draw.by_lots(festival_id, "bong-da")
    _registrations(festival_id, staff)
    lived_again.asked_about_data(festival_id, staff)
    lived_again.held_and_restored(festival_id, staff)
    lived_again.withdrawn_and_back(festival_id, staff)
    lived_again.changed_after_approval(festival_id, staff)
    lived_again.left_and_back(festival_id, staff)
    lived_agreed.by_own_links(festival_id, staff)
    lived_teams.by_name(festival_id, staff)
    lived_line.in_turn(festival_id, staff)
    lived_places.allotted_and_invited(festival_id, staff)
    lived_again.announced(festival_id, staff)
    lived_again.turns_told(festival_id, staff)
    lived_posts.written(festival_id, staff)
    lived_badges.outsiders(festival_id, staff)
    lived_stay.arranged(festival_id, staff)
    lived_names.proofed(festival_id, staff)
    lived_signing.listed(festival_id, staff)
    lived_acts.told(festival_id, staff)
    lived_substitutions.came_in(festival_id, staff)
    _panels(festival_id)
    lived_timetable.drawn_up(festival_id, staff)
    lived_drawn.changed(festival_id, staff)
    lived_stage.led(festival_id, staff)
    lived_gates.read_again(festival_id)
    lived_gate.worst_day(festival_id)
    lived_wishes.wished(festival_id, staff)
    lived_gates.decided(festival_id)
    lived_desk.received(festival_id)
    lived_sheets.in_versions(staff)
    lived_sheets.corrected_and_commented(festival_id, staff)
    lived_paper.typed(staff)
    lived_panel.replaced(festival_id, staff)
    lived_relations.declared(festival_id, staff)
    _measures(staff)
    lived_rules.taken_off(staff)
    lived_kitchen.counted(staff)
    lived_again.second_tablet(festival_id)
    lived_again.final_order(staff)
    lived_rounds.planned(festival_id, staff)
    lived_brackets.knocked_out(festival_id, staff)
    lived_again.imported_again(festival_id)
    _opened_again(staff)
    _results(festival_id, staff)
    lived_report.told(festival_id, staff)
    lived_lists.paid(festival_id, staff)
    lived_reveal.revealed(staff)
    lived_ceremony.ordered(staff)


def _registrations(festival_id: int, staff: int) -> None:
    """One waiting family through every decision and back; an approved one is withdrawn."""
    busy = select(Entry.family_id).join(Act, Act.entry_id == Entry.id).where(Entry.family_id.is_not(None))
    with transaction():
        rules = rules_of(db.session.get_one(Festival, festival_id))
        family = db.session.scalars(
            select(Family).where(Family.state == FamilyState.SUBMITTED).order_by(Family.id).limit(1)
        ).one()
        code = family.code

        def fresh() -> Family:
            db.session.expire_all()
            return db.session.scalars(select(Family).where(Family.code == code)).one()

        def done(outcome: object) -> None:
            assert isinstance(outcome, Done), outcome

        done(return_family(rules, fresh(), fresh().version, "thiếu giấy đồng ý", staff))
        household = view(fresh(), rules).household
        done(change_family(rules, fresh(), household, fresh().version))
        done(submit_family(rules, view(fresh(), rules), fresh().version))
        done(reject_family(rules, fresh(), fresh().version, "nhầm đoàn", staff))
        done(undo_rejection(rules, fresh(), fresh().version, "bấm nhầm", staff))
        done(reserving.accept(rules, view(fresh(), rules), fresh().version, staff))
        done(reserving.release(rules, fresh(), fresh().version, staff, reserve=False))
        approve(rules, view(fresh(), rules), fresh().version, staff)
        if fresh().state is FamilyState.APPROVED:
            done(undo_approval(rules, fresh(), fresh().version, "duyệt nhầm", staff))
        leaving = (
            db.session.scalars(
                select(Family).where(Family.state == FamilyState.APPROVED, Family.id.not_in(busy)).limit(1)
            ).one_or_none()
            or db.session.scalars(select(Family).where(Family.state == FamilyState.SUBMITTED)).first()
        )
        assert leaving is not None
        done(withdraw_family(rules, leaving, None, "gia đình"))


def _panels(festival_id: int) -> None:
    """Somebody gets a seat and leaves it, a tie is noted, another taken back."""
    with transaction():
        contest = _contest("cau-long", festival_id)
        held = set(db.session.scalars(select(Judge.user_id).where(Judge.contest_id == contest.id)))
        taken = set(db.session.scalars(select(Judge.seat).where(Judge.contest_id == contest.id)))
        other = db.session.scalars(select(Judge.user_id).where(Judge.user_id.not_in(held)).limit(1)).one()
        if PanelSeat.SECRETARY not in taken:
            unseat(seat(contest.id, other, PanelSeat.SECRETARY).judge_id)
        lived_panel.swap_letters(festival_id)
        judge = db.session.scalars(select(Judge).where(Judge.marks).order_by(Judge.id)).first()
        assert judge is not None
        tied = set(db.session.scalars(select(Unavailability.unit_id).where(Unavailability.judge_id == judge.id)))
        unit = db.session.scalars(select(Unit.id).where(Unit.id.not_in(tied)).order_by(Unit.id).limit(1)).one()
        note_unavailable(judge.id, unit, "nhầm người")
        row = db.session.scalars(
            select(Unavailability.id).where(Unavailability.judge_id == judge.id, Unavailability.unit_id == unit)
        ).one()
        drop_unavailable(row)


def _measures(staff: int) -> None:
    """A count corrected and one dropped, an overtime noted, changed and taken back; then a day on the ground."""
    with transaction():
        contest = _contest("bong-ro")
        rows = db.session.scalars(
            select(Measure).join(Entry).where(Entry.contest_id == contest.id).order_by(Measure.id).limit(2)
        ).all()
        note_measure(contest.id, rows[0].entry_id, 1, MeasureState.VALID, 3, rows[0].version, staff)
        drop_measure(contest.id, rows[1].entry_id, 1, rows[1].version, staff)
        note_measure(contest.id, rows[1].entry_id, 1, MeasureState.DID_NOT_START, None, 0, staff)
        judged = _contest("tai-nang")
        first, second = _entries(judged)[:2]
        for entry, seconds in ((first, 70), (second, 130), (first, 0), (second, 125)):
            note_overtime(judged.id, entry, seconds, staff)
    lived_ground.live(staff)
    lived_questions.answered(staff)


def _results(festival_id: int, staff: int) -> None:
    """One contest to the public, one signed, one locked; then the whole delegations."""
    codes = list(db.session.scalars(select(Contest.code).where(Contest.festival_id == festival_id)))
    db.session.rollback()
    for code in codes:
        with transaction():
            assert isinstance(lock(_contest(code).id, None, None, "diễn tập"), Locked)
        if code == "bong-da":
            lived_draw.drawn(code, staff)
        _settle(code, staff)
    with transaction():
        talent = _contest("tai-nang")
        of_all, another = special_names(talent)[:2]
        for place in (0, 1):
            give_special(talent.id, _code(_entries(talent)[place]), of_all, staff)
        give_special(talent.id, _code(_entries(talent)[0]), another, staff)
        give_special(talent.id, "", another, staff)
        other = _contest(codes[1]).id
    lived_proof.published(festival_id, staff)
    lived_meetings.founded(festival_id, staff)
    lived_meetings.met("tai-nang", staff)
    lived_meetings.hours(festival_id, "tai-nang", staff)
    lived_awards.decided(other, PANEL, staff)
    for code in codes:
        _settle(code, staff)
        lived_paper.checked(code, staff)
        with transaction():
            assert isinstance(sign.sign(_contest(code).id, f"{code}/BB", staff), Signed)
    with transaction():
        published = _contest("tai-nang").id
        sign.record_award_decision(published, "105/QĐ", staff)
        second = db.session.scalars(select(User.id).where(User.id != staff).order_by(User.id).limit(1)).one()
        assert names.confirm(_contest("tai-nang"), "trưởng đoàn đã về", staff) > 0
    lived_scans.sent(published, staff)
    with transaction():
        sign.release(published, staff, with_user=second, papers_reason="máy chụp hỏng", without=["minutes"])
        sign.publish(published, None, note="máy của Ban Tổ chức hỏng")
    with transaction():
        assert isinstance(people.take_back(published, staff, second, "wrong", "đọc nhầm phiếu"), WrongPair)
        assert isinstance(people.take_back(published, None, None, "wrong", "đọc nhầm phiếu"), TakenBackResult)
        sign.release(published, staff, with_user=second, papers_reason="máy chụp hỏng", without=["minutes"])
        sign.publish(published, None, note="máy của Ban Tổ chức hỏng")
        sign.record_award_decision(_contest("bong-ro").id, "106/QĐ", staff)
    _whole(festival_id, staff)
    lived_scans.sent_of_whole(festival_id, staff)
    lived_amended.amended(festival_id, "tai-nang")
    lived_petitions.petitioned(festival_id, "tai-nang", staff, _organiser())
    lived_final.taken(festival_id, staff)
    lived_final.moved(festival_id, staff)


def _organiser() -> int:
    with reading():
        return db.session.scalars(select(User.id).where(User.login == "bantochuc")).one()


def _opened_again(staff: int) -> None:
    """Locked too early, with what the panel had decided and given already; and once more."""
    for reason in ("gõ nhầm điểm", "còn phiếu chưa đến"):
        _lock_and_settle("trang-phuc", staff)
        with transaction():
            contest = _contest("trang-phuc")
            own = contest.special_prizes[0]
            give_special(contest.id, _code(_entries(contest)[0]), own, staff)
            give_special(contest.id, "", own, staff)
            give_special(contest.id, _code(_entries(contest)[1]), own, staff)
            assert isinstance(people.unlock(contest.id, None, None, UnlockReason.WRONG_MARK, reason), Unlocked)


def _lock_and_settle(code: str, staff: int) -> None:
    with transaction():
        assert isinstance(lock(_contest(code).id, None, None, "diễn tập"), Locked)
    _settle(code, staff)


def _settle(code: str, staff: int) -> None:
    """Answer what the panel is asked until nothing is asked."""
    for _round in range(60):
        with transaction():
            contest = _contest(code)
            agenda = agenda_of(tally_for_result(contest), decisions_of(contest.id))
            open_questions = [each for each in agenda.questions if not agenda.answered("prize", list(each.entries))]
            ties = [each for each in agenda.ties if not agenda.answered("tie", [one.entry for one in each])]
            waits = [each for each in agenda.unsettled if not agenda.answered("out", [each.entry])]
            few = [code for code in agenda.few if not agenda.answered("out", [code])]
            if few:
                decide(contest.id, OfFewSheets(few[0], "accept"), "giám khảo vắng có lý do", PANEL, staff)
            elif waits:
                decide(contest.id, TakenOut(waits[0].entry, "dns"), "không đến", PANEL, staff)
            elif ties:
                order = [[one.entry] for one in ties[0]]
                decide(contest.id, TieOrder(order), "đồng đều hơn", PANEL, staff)
            elif open_questions:
                given = dict.fromkeys(open_questions[0].entries)
                decide(contest.id, PrizesGiven(given), "không xét", PANEL, staff)
            else:
                return
    raise AssertionError(code)


def _whole(festival_id: int, staff: int) -> None:
    with transaction():
        codes = db.session.scalars(select(Delegation.code).where(Delegation.festival_id == festival_id)).all()
        first, last = min(codes), max(codes)
        day = date(2024, 6, 14)
        give_points(festival_id, first, 500, "nộp hồ sơ sớm", "15/QĐ-BTC", day, staff, seen=0)
        give_points(festival_id, last, -1_500, "vào sân muộn", "16/BB", day, staff, seen=1)
        take_points_back(festival_id, 2, "đoàn bị kẹt phà", staff)
    for _round in range(60):
        with transaction():
            festival = db.session.get_one(Festival, festival_id)
            table = whole_delegation(festival)
            assert table is not None
            ties = [each for each in table.agenda.ties if not table.agenda.answered("tie", [one.entry for one in each])]
            if ties:
                decide_whole(festival_id, TieOrder([[one.entry] for one in ties[0]]), "đều hơn", PANEL, staff)
            elif table.open_questions:
                given = dict.fromkeys(table.open_questions[0].entries)
                decide_whole(festival_id, PrizesGiven(given), "không xét", PANEL, staff)
            else:
                lived_meetings.met_about_the_whole(festival_id, table.contests, staff)
                assert isinstance(sign_whole(festival_id, "09/BB", staff), Signed)
                return
    raise AssertionError("whole")


def _contest(code: str, festival_id: int | None = None) -> Contest:
    wanted = select(Contest).where(Contest.code == code)
    if festival_id is not None:
        wanted = wanted.where(Contest.festival_id == festival_id)
    return db.session.scalars(wanted).one()


def _entries(contest: Contest) -> list[int]:
    wanted = select(Entry.id).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
    return list(db.session.scalars(wanted.order_by(Entry.number)))


def _code(entry_id: int) -> str:
    return db.session.get_one(Entry, entry_id).code


def rubric(festival_id: int) -> list[str]:
    """Codes of the contests that judges mark."""
    found = select(Contest.code).where(Contest.festival_id == festival_id, Contest.result_kind == ResultKind.RUBRIC)
    return list(db.session.scalars(found))
