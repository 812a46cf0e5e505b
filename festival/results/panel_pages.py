"""The page of a contest's panel: who has marked what, the lock by two people, the further steps.

Whoever has no seat in a contest's panel and does not look after results gets *not found*; the chair sees others' marks
only after the lock; nobody sees a step that is not the next one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, assert_never

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState, ResultKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import Permission, acting_user, current_actor, requires, signed_in
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.panel.refused import refused_sheets
from festival.judging.tablets.whose_tablet import shared_seats
from festival.judging.tally import Appearance
from festival.judging.words import MEASURE_WORDS, REFUSED_WORDS
from festival.papers.keeping import papers_of
from festival.results.agenda import agenda_of
from festival.results.awards import awards_of, order_of_appearance
from festival.results.blueprint import bp
from festival.results.current import (
    current_table,
    prize_names,
    special_names,
    tally_for_result,
    written_value,
)
from festival.results.decisions import decisions_of
from festival.results.ladder import checks, names, people, proving
from festival.results.ladder import sign as ladder_sign
from festival.results.ladder.lock import Locked, NotReady, Unsignable, WrongPeople
from festival.results.ladder.paper_days import listed, paper_day
from festival.results.ladder.papers_there import lacks_at_release
from festival.results.ladder.sign import Signed, StillOpen
from festival.results.ladder.states import lock_problems, reached, steps_of, unsignable
from festival.results.ladder.taking_back import taken_back_of
from festival.results.ladder.unlock import unlockings_of
from festival.results.map.pages import matrix_rows
from festival.results.map.parts import chosen, marks_of
from festival.results.meeting.reading import not_said
from festival.results.seats import seated
from festival.results.sums.shown import shown_sum
from festival.results.words import (
    EMPTY_WORDS,
    FEW_WORDS,
    LADDER_WORDS,
    PROBLEM_WORDS,
    STATE_WORDS,
    STEPS_DONE,
    TAKE_BACK_WORDS,
    UNLOCK_WORDS,
    UNSIGNABLE_WORDS,
    WHOLE_WORDS,
)

ASKING_NAMES = (ContestState.SIGNED, ContestState.DECIDED)
REASONS = ("names_reason", "petitions_reason", "papers_reason")  # what a release goes on without
NOBODY = "-"  # chosen on purpose; an empty choice is one not made


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    return {
        "ladder_words": LADDER_WORDS,
        "steps_done": STEPS_DONE,
        "state_words": STATE_WORDS,
        "written_value": written_value,
        "whole_words": WHOLE_WORDS,
        "few_words": FEW_WORDS,
        "empty_words": EMPTY_WORDS,
        "unlock_words": UNLOCK_WORDS,
        "take_back_words": TAKE_BACK_WORDS,
    }


@bp.get("/panel/<code>")
@signed_in
def contest(code: str) -> ResponseReturnValue:
    """One contest: its ladder, its matrix, and the next step for this account."""
    return contest_page(contest_for(current_actor(), code), {}, {})


def contest_page(access: ContestAccess, problem: Mapping[str, str], typed: Mapping[str, str]) -> str:
    """`typed`: what a form of this page held, to be shown again beside its problem."""
    row = access.contest
    tallied = tally_for_result(row)
    locked, decided = row.state is not ContestState.OPEN, decisions_of(row.id)
    table = current_table(tallied, decided)
    pick, taken = chosen(tallied), steps_of(row.id)
    rows = matrix_rows(tallied, pick, table, access)
    problems = lock_problems(tallied) if row.state is ContestState.OPEN else []
    if locked or access.sees_marks:
        marks_shown(row)
    return render_template(
        "results/contest.html",
        contest=row,
        access=access,
        rubric=row.result_kind is ResultKind.RUBRIC,
        rows=rows,
        pick=pick,
        since=marks_of(rows),
        entries=len(tallied.appearances),
        seats=tallied.seats,
        shared=shared_seats(row.festival_id, tallied.seats) if row.state is ContestState.OPEN else [],
        steps=taken,
        problems=problems,
        due=[each for each in problems if not each.to_come],
        coming=len(pick.coming),
        problem_words=PROBLEM_WORDS,
        refused=refused_sheets(row.id) if access.secretary or access.chair else [],
        refused_words=REFUSED_WORDS,
        table=table if locked or access.sees_marks else None,
        shown=shown_sum(tallied) if row.result_kind is ResultKind.SUM else None,
        decided=decided,
        agenda=agenda_of(tallied, decided) if row.state is ContestState.LOCKED else None,
        slips_say=checks.why_not_yet(tallied, table) if row.state is ContestState.LOCKED else None,
        unsaid=not_said(row) if row.state is ContestState.LOCKED and (access.chair or access.secretary) else (),
        typed=typed,
        measure_words=MEASURE_WORDS,
        out_words=[(state.value, words) for state, words in MEASURE_WORDS.items()],
        prizes=prize_names(row),
        lacks=[UNSIGNABLE_WORDS[each] for each in unsignable(row, shown=True)]
        if not reached(row, ContestState.SIGNED)
        else [],
        unlockings=unlockings_of(row.id),
        taken_back=taken_back_of(row.id) if any(each.times_back for each in taken.values()) else [],
        lacks_papers=lacks_at_release(row) if row.state in ASKING_NAMES else (),
        unproofed=names.names_to_confirm(row.id) if access.organiser and row.state in ASKING_NAMES else [],
        papers=papers_of(ladder_sign.subject_of(row)) if reached(row, ContestState.SIGNED) else [],
        special_prizes=special_names(row) if row.state is ContestState.LOCKED else [],
        awards=awards_of(order_of_appearance(tallied), row.id) if locked else [],
        numbers={appearance.code: appearance for appearance in tallied.appearances},
        labels={appearance.code: _numbered(appearance) for appearance in tallied.appearances},
        entry_choices=[(appearance.code, appearance.name) for appearance in tallied.appearances],
        nobody=NOBODY,
        prize_of={award.entry: award.prize for award in table.prizes.awards},
        problem=problem,
    )


def _numbered(appearance: Appearance) -> str:
    return str(_("Số %(number)s. %(name)s", number=appearance.number or "–", name=appearance.name))


@bp.post("/panel/<code>/lock")
@signed_in
def lock(code: str) -> ResponseReturnValue:
    """Chair and secretary lock together: both prove who they are, checked outside of any transaction."""
    form = request.form
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    two = proving.chair_and_secretary(form, "lock")
    said = two if isinstance(two, str) else ""
    if not isinstance(two, str):
        with transaction():
            outcome = people.lock(contest_id, *two, form.get("override", ""))
        match outcome:
            case Locked():
                flash(_("Đã khóa điểm. Từ giờ không phiếu nào thay đổi được kết quả."), "good")
                return redirect(url_for("results.contest", code=code), 303)
            case WrongPeople(why):
                said = why
            case Unsignable(lacks):
                said = " ".join(str(UNSIGNABLE_WORDS[each]) for each in lacks)
            case NotReady():
                said = _(
                    "Còn chỗ chưa xong, ghi ngay dưới đây. Chờ xong, hoặc cả hai người ghi lý do khóa khi còn thiếu."
                )
            case _:
                assert_never(outcome)
    kept = {name: form.get(name, "") for name in ("chair", "secretary", "override")}
    return contest_page(contest_for(current_actor(), code), {"lock": said}, kept), 422


@bp.post("/panel/<code>/sign")
@signed_in
def sign(code: str) -> ResponseReturnValue:
    """The chair or the secretary notes that the minutes are signed."""
    with reading():
        contest_id = seated(code).contest.id
    number, note = request.form.get("number", ""), request.form.get("note", "")
    with transaction():
        outcome = ladder_sign.sign(
            contest_id,
            number,
            acting_user(),
            printed_first=True,
            note=note,
            petitions_reason=request.form.get("petitions_reason", ""),
        )
    match outcome:
        case Signed(count):
            flash(_("Biên bản đã ký, %(n)s giải được ghi nhận.", n=count), "good")
        case StillOpen():
            flash(_("Ban giám khảo còn phải quyết định trước khi ký: xem mục chờ quyết định."), "bad")
        case _:
            assert_never(outcome)
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/panel/<code>/decide")
@requires(Permission.RELEASE)
def decide(code: str) -> ResponseReturnValue:
    """The number of the award decision."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    with transaction():
        day = paper_day(request.form.get("day", ""))
        sheet = ladder_sign.record_award_decision(contest_id, request.form.get("number", ""), acting_user(), day)
        print_no = sheet.number if sheet is not None else None
        if reason := request.form.get("names_reason", "").strip():
            names.confirm(contest_for(current_actor(), code).contest, reason, acting_user())
    later = _("Đã ghi quyết định trao giải; số và ngày sẽ ghi sau.")
    flash(_("Đã ghi số quyết định trao giải.") if request.form.get("number", "").strip() else later, "good")
    if print_no is not None:
        flash(_("Ghi theo tờ quyết định in lần %(n)s.", n=print_no), "note")
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/panel/<code>/release")
@requires(Permission.RELEASE)
def release(code: str) -> ResponseReturnValue:
    """The MC may read: whoever is signed in and a second person, both prove who they are."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    me = proving.myself(request.form.get("password", ""), "release")
    other = proving.second(request.form.get("second", ""), request.form.get("second_password", ""), "release")
    if isinstance(me, str) or isinstance(other, str):
        return _not_taken(code, me if isinstance(me, str) else str(other))
    with transaction():
        reasons = {name: request.form.get(name, "") for name in REASONS}
        outcome = people.release(contest_id, me, other, **reasons)
    if isinstance(outcome, WrongPeople):
        return _not_taken(code, outcome.said)
    if isinstance(outcome, people.PapersAsked):
        words = _("Chưa cho MC đọc: %(what)s. Gửi bản đã ký, hoặc ghi lý do vẫn cho đọc.", what=listed(outcome.lacks))
        return _not_taken(code, words)
    if isinstance(outcome, people.NamesAsked):
        return _not_taken(code, _("Có tên chưa dò. Xem danh sách, ghi lý do vẫn dùng rồi bấm lại."))
    flash(_("MC được đọc kết quả phần thi này."), "good")
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/panel/<code>/publish")
@requires(Permission.RELEASE)
def publish(code: str) -> ResponseReturnValue:
    """The public may know: whoever is signed in proves who it is."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    me = proving.myself(request.form.get("password", ""), "publish")
    if isinstance(me, str):
        return _not_taken(code, me)
    with transaction():
        outcome = people.publish(contest_id, me)
    if isinstance(outcome, WrongPeople):
        return _not_taken(code, outcome.said)
    flash(_("Đã công bố kết quả."), "good")
    return redirect(url_for("results.contest", code=code), 303)


def _not_taken(code: str, said: str) -> ResponseReturnValue:
    """The page with what was typed, passwords aside, and why the step was not taken."""
    kept = {name: request.form.get(name, "") for name in ("second", *REASONS)}
    return contest_page(contest_for(current_actor(), code), {"step": said}, kept), 422
