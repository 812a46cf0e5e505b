"""The pages on which chair and secretary amend the standings of signed minutes, old and new side by side, both proving who they are.

What is typed goes from the form to the reading back and to the storing in the page itself: nothing is kept anywhere before
both people have proved it, so nothing can be seen of it either.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import Contest, ContestState, ResultKind
from festival.core.numbers import typed_number
from festival.core.transaction import reading
from festival.core.web.access import Permission, current_actor, signed_in
from festival.core.web.errors import BadInput, Conflict, Forbidden, NotFound
from festival.judging.contest_access import marks_shown
from festival.judging.contest_rules import questions_of
from festival.judging.models import MeasureState
from festival.judging.tally import Tally
from festival.judging.words import MEASURE_WORDS
from festival.papers.ahead import with_papers
from festival.papers.keeping import PaperSubject
from festival.results.amended.corrections import AmendedTally, Corrections
from festival.results.amended.history import AmendmentLine, amendments_of
from festival.results.amending import Amended
from festival.results.amendments.storing import (
    Proposed,
    amend_standings,
    as_components_say,
    corrections_before,
    last_ordinal,
    proposed,
)
from festival.results.amendments.typed import (
    KINDS,
    NONE_GIVEN,
    TypedRows,
    rows_in_force,
    rows_of_form,
    typed_corrections,
)
from festival.results.amendments.whole import ProposedWhole, amend_whole_standings, proposed_whole
from festival.results.blueprint import bp
from festival.results.current import prize_names, special_names, tally_for_result
from festival.results.delegations.access import whole_of_actor
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.table import WholeTable
from festival.results.ladder import proving
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.states import reached
from festival.results.petitions.grounds import offered_grounds, read_ground
from festival.results.seats import seated

EMPTY_ROWS = 3
MORE_ROWS = 8
KEPT = ("takes_back", *(f"{kind}-{name}-" for kind, names in KINDS.items() for name in names))


@bp.app_context_processor
def _amendments() -> dict[str, Any]:
    return {"amendments_of_contest": _of_contest}


def _of_contest(contest: Contest) -> list[AmendmentLine]:
    return amendments_of([contest]).get(contest.id, [])


def _signed(code: str) -> Contest:
    row = seated(code).contest
    if not reached(row, ContestState.SIGNED):
        raise Conflict(_("Biên bản chưa ký: mở lại phần thi rồi sửa, không cần đính chính."))
    return row


@bp.get("/panel/<code>/amend-standings")
@signed_in
def standings_form(code: str) -> ResponseReturnValue:
    """The corrections in force, and empty rows for more."""
    row = _signed(code)
    tally = tally_for_result(row)
    held = tally.corrections if isinstance(tally, AmendedTally) else Corrections()
    return _form(row, tally, rows_in_force(tally, held), EMPTY_ROWS, "")


@bp.post("/panel/<code>/amend-standings")
@signed_in
def standings_post(code: str) -> ResponseReturnValue:
    """Read back what was typed, or store what was read back."""
    form, step = request.form, request.form.get("step", "read")
    rows = rows_of_form(form)
    with reading():
        row = _signed(code)
        tally = tally_for_result(row)
        if step in ("more", "back"):
            return _form(row, tally, rows, MORE_ROWS if step == "more" else EMPTY_ROWS, "")
        try:
            corrections, takes_back = _typed(row, rows, tally)
            said = proposed(row, corrections)
        except BadInput as refused:
            return _form(row, tally, rows, EMPTY_ROWS, str(refused.message)), 422
        if step != "store":
            return _read_back(row, tally, said, "")
        contest_id = row.id
    two = proving.chair_and_secretary(form, "amend")
    why = two if isinstance(two, str) else ""
    if not isinstance(two, str):
        seen = typed_number(form.get("seen", "")) or 0
        number, reason = form.get("number", ""), form.get("reason", "")
        try:
            outcome = with_papers(
                lambda: amend_standings(
                    contest_id,
                    corrections,
                    number,
                    reason,
                    *two,
                    seen=seen,
                    takes_back=takes_back,
                    ground=read_ground(form.get("ground", "other")),
                )
            )
            if isinstance(outcome, Amended):
                return _amended(url_for("results.contest", code=code))
            why = outcome.said
        except BadInput as refused:
            why = str(refused.message)
    with reading():
        row = _signed(code)
        return _read_back(row, tally_for_result(row), proposed(row, corrections), why), 422


def _typed(row: Contest, rows: TypedRows, tally: Tally) -> tuple[Corrections, int | None]:
    """The corrections of the form; to take back the amendment in force: those before it."""
    takes_back = typed_number(request.form.get("takes_back", ""))
    if takes_back is None:
        return as_components_say(row, typed_corrections(rows, tally)), None
    if takes_back != last_ordinal(PaperSubject(row.festival_id, row.id)) or not takes_back:
        raise BadInput(_("Chỉ rút lại được lần đính chính đang có hiệu lực."))
    return corrections_before(row.id, takes_back), takes_back


def _amended(back: str) -> ResponseReturnValue:
    flash(_("Đã đính chính. In biên bản đính chính, hai người ký rồi lưu cùng biên bản cũ."), "good")
    return redirect(f"{back}#papers", 303)


def _form(row: Contest, tally: Tally, rows: TypedRows, more: int, problem: str) -> str:
    marks_shown(row)
    lines = _of_contest(row)
    return render_template(
        "results/amend_standings.html",
        **_common(row, tally, problem),
        said=None,
        rows=rows,
        more=more,
        kinds=_kinds(row, tally),
        entries=tally.appearances,
        in_force=lines[-1].ordinal if lines else 0,
        amendments=lines,
    )


def _read_back(row: Contest, tally: Tally, said: Proposed, problem: str) -> str:
    marks_shown(row)
    return render_template(
        "results/amend_standings.html",
        **_common(row, tally, problem),
        said=said,
        typed=_kept(),
        form=request.form,
        amendments=[],
    )


def _kept() -> list[tuple[str, str]]:
    """What was typed, to come along; never a password."""
    return [(name, value) for name, value in request.form.items() if value and name.startswith(KEPT)]


def _common(row: Contest, tally: Tally, problem: str) -> dict[str, Any]:
    return {
        "title": row.name,
        "back": url_for("results.contest", code=row.code),
        "rubric": row.result_kind is ResultKind.RUBRIC,
        "summed": row.result_kind is ResultKind.SUM,
        "questions": bool(questions_of(row)),
        "problem": problem,
        "grounds": offered_grounds(PaperSubject(row.festival_id, row.id)),
        "names": {each.code: each.name for each in tally.appearances},
    }


def _kinds(row: Contest, tally: Tally) -> list[tuple[str, str, Sequence[tuple[str, str, Any]]]]:
    """Which rows this kind of contest has: (kind, heading, columns beside the entry); choices of None: a box to type in."""
    states = [(MeasureState.VALID.value, _("có dự thi"))]
    states += [(state.value, str(words)) for state, words in MEASURE_WORDS.items()]
    prizes = [(name, name) for name in prize_names(row)] + [(NONE_GIVEN, _("không có giải"))]
    rubric = row.result_kind is ResultKind.RUBRIC
    found: list[tuple[str, str, Sequence[tuple[str, str, Any]]]] = []
    if rubric:
        judges = [(seat.letter, f"{seat.letter} · {seat.name}") for seat in tally.seats if seat.letter]
        criteria = [(each.code, each.name) for each in tally.criteria]
        columns = [
            ("judge", _("Giám khảo"), judges),
            ("criterion", _("Tiêu chí"), criteria),
            ("value", _("Điểm đúng"), None),
        ]
        found.append(("mark", _("Điểm"), columns))
    tries = [("round", _("Lượt"), None)] if row.attempts > 1 else []
    values = [] if rubric or row.result_kind is ResultKind.MATCH else [("value", _("Kết quả đúng"), None)]
    heading = _("Không dự thi, bị loại") if not values else _("Kết quả")
    if row.result_kind is not ResultKind.SUM:
        found.append(("measure", heading, [*tries, ("state", _("Dự thi"), states), *values]))
    if rubric:
        found.append(("overtime", _("Quá giờ"), [("value", _("Số giây đúng"), None)]))
    found.append(("place", _("Hạng ghi thẳng"), [("value", _("Hạng đúng"), None)]))
    found.append(("prize", _("Giải ghi thẳng"), [("value", _("Giải đúng"), prizes)]))
    if specials := special_names(row):
        choices = [(name, name) for name in specials]
        found.append(("special", _("Giải chuyên đề"), [("value", _("Giải chuyên đề nào"), choices)]))
    return found


# ------------------------------------------------------------------------------------------ the whole delegation


def _whole() -> tuple[Any, WholeTable]:
    festival, table = whole_of_actor()
    if table is None:
        raise NotFound()
    if table.minutes is None:
        raise Conflict(_("Biên bản toàn đoàn chưa ký: bảng tự tính lại, không cần đính chính."))
    if not current_actor().may(Permission.RELEASE) and not current_actor().may(Permission.CHAIR):
        raise Forbidden()
    return festival, table


@bp.get("/whole-delegation/amend-standings")
@signed_in
def whole_standings() -> ResponseReturnValue:
    """The table in force beside the one computed from the amended contests."""
    return _whole_page("")


@bp.post("/whole-delegation/amend-standings")
@signed_in
def whole_standings_post() -> ResponseReturnValue:
    """Both people prove who they are; the new table is in force."""
    form = request.form
    with reading():
        festival_id = _whole()[0].id
    two = proving.chair_and_secretary(form, "amend")
    if isinstance(two, str):
        return _whole_page(two), 422
    try:
        outcome = with_papers(
            lambda: amend_whole_standings(
                festival_id,
                _prizes(),
                form.get("number", ""),
                form.get("reason", ""),
                *two,
                seen=typed_number(form.get("seen", "")) or 0,
                ground=read_ground(form.get("ground", "other")),
            )
        )
    except BadInput as refused:
        return _whole_page(str(refused.message)), 422
    if isinstance(outcome, WrongPeople):
        return _whole_page(outcome.said), 422
    return _amended(url_for("results.whole"))


def _prizes() -> dict[str, str | None]:
    """The prizes that were chosen for delegations at a border of prizes."""
    chosen = {name.removeprefix("give-"): value for name, value in request.form.items() if name.startswith("give-")}
    return {code: None if value == NONE_GIVEN else value for code, value in chosen.items() if value}


def _whole_page(problem: str) -> str:
    festival, table = _whole()
    for contest in table.contests:
        marks_shown(contest)
    said: ProposedWhole | None = None
    try:
        said = proposed_whole(festival, _prizes(), table)
    except BadInput as refused:
        problem = problem or str(refused.message)
    rule = whole_rule(festival)
    return render_template(
        "results/whole_standings.html",
        whole=table,
        said=said,
        after={each.code: each for each in (said.after if said else table.fresh)},
        waiting=[code for code in table.names if code in table.waiting],
        prizes=[(each.name, each.name) for each in (rule.prizes if rule else ())] + [(NONE_GIVEN, _("không có giải"))],
        problem=problem,
        typed=request.form,
        grounds=offered_grounds(PaperSubject(festival.id)),
    )
