"""The table on which the secretary types the measures of a whole page of entries and saves once.

All or nothing: a cell that cannot be, a lock or somebody else's change leaves everything as it was, the table shows all that
was typed, and the cells to mend are named. What would be public at once is read back first, as one list.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.marks import Blank
from festival.contests.measures import BadTyped, Typed, written_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.questions.answers import Answered, written_answers
from festival.core.numbers import typed_number
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.core.web.paging import ListPart, asked_number, part
from festival.judging.confirming import asks_back, line_of_public
from festival.judging.contest_access import marks_shown
from festival.judging.measuring import MeasureRefused, answers_in, drop_measure, note_measure, read_result
from festival.judging.models import MeasureState
from festival.judging.routes import ENTRIES_A_PAGE, as_secretary, bp
from festival.judging.tally import Appearance, Attempt, Tally, read_tally
from festival.judging.words import MEASURE_WORDS
from festival.schedule.heats.reading import lanes_in

CELLS = ("v-", "s-", "b-")


@dataclass(frozen=True, slots=True)
class Change:
    """One try of one entry as it was typed; value and state None: taken back."""

    key: str
    appearance: Appearance
    round: int
    base: int
    state: MeasureState | None
    value: int | None
    answers: str | None = None  # question by question


class _NotTakenError(Exception):
    """Nothing of the table is stored."""


def _measured(code: str) -> Tally:
    """The tally of a contest in which numbers are typed, for its secretary."""
    contest = as_secretary(code).contest
    if contest.result_kind in (ResultKind.RUBRIC, ResultKind.MATCH, ResultKind.SUM):
        raise NotFound()
    return read_tally(contest)


@bp.get("/panel/<code>/measures/table")
@signed_in
def measures_table(code: str) -> ResponseReturnValue:
    """A page of entries with all their tries."""
    return _page(_measured(code), {}, {}, "")


@bp.post("/panel/<code>/measures/table")
@signed_in
def measures_table_post(code: str) -> ResponseReturnValue:
    """Save what was changed, all of it or nothing."""
    with reading():
        tallied = _measured(code)
    shown, typed = _part(tallied), _typed()
    changes, errors = read_changes(tallied, shown.of(tallied.appearances), typed)
    if errors:
        return _page(
            tallied, typed, errors, _("Chưa ghi gì. Sửa các ô được báo rồi ghi lại; những gì đã gõ vẫn còn.")
        ), 422
    told = [each for each in changes if each.state is not None and asks_back(tallied.contest, each.state)]
    if told and request.form.get("step") != "confirm":
        if request.form.get("step") == "back":
            return _page(tallied, typed, {}, "")
        return _asked(tallied, told, typed)
    try:
        with transaction():
            errors = _store(tallied.contest, changes)
            if errors:
                raise _NotTakenError
    except _NotTakenError:
        with reading():
            fresh = _measured(code)
        return _page(
            fresh, typed, errors, _("Chưa ghi gì. Sửa các ô được báo rồi ghi lại; những gì đã gõ vẫn còn.")
        ), 409
    except Conflict as refused:
        with reading():
            fresh = _measured(code)
        return _page(fresh, typed, {}, str(refused.message)), 409
    flash(
        _("Đã ghi %(n)s ô.", n=len(changes)) if changes else _("Không có ô nào thay đổi."),
        "good" if changes else "note",
    )
    number = shown.number
    return redirect(url_for("judging.measures_table", code=code, page=number if number > 1 else None), 303)


def _part(tallied: Tally) -> ListPart:
    return part(len(tallied.appearances), ENTRIES_A_PAGE, asked_number("page", 1))


def _typed() -> dict[str, str]:
    return {name: value for name, value in request.form.items() if name.startswith(CELLS)}


def read_changes(
    tallied: Tally, appearances: Sequence[Appearance], typed: Mapping[str, str]
) -> tuple[list[Change], dict[str, str]]:
    """What of the table is another than what stands, in the order of the entries' rows; and the cells that cannot be."""
    contest, changes, errors = tallied.contest, [], {}
    for appearance in sorted(appearances, key=lambda each: each.id):
        held = {each.round: each for each in tallied.measures.get(appearance.id, ())}
        for round_ in range(1, contest.attempts + 1):
            key = f"{appearance.code}-{round_}"
            if f"v-{key}" not in typed:
                continue
            base, said = (
                typed_number(typed.get(f"b-{key}", "")) or 0,
                typed.get(f"s-{key}", "") or MeasureState.VALID.value,
            )
            if said not in set(MeasureState):
                errors[key] = _("Chưa chọn trạng thái.")
                continue
            state: MeasureState | None = MeasureState(said)
            value: int | None = None
            answers: str | None = None
            if state is MeasureState.VALID:
                match read_result(contest, typed[f"v-{key}"]):
                    case Typed() | Answered() as result:
                        value, answers = result.value, answers_in(result)
                    case Blank():
                        state = None
                    case BadTyped(why):
                        errors[key] = say(why)
                        continue
            now = held.get(round_)
            if (state, value, answers) == _stood(now):
                continue
            if state is None and base == 0:
                continue  # blank, and nothing was there when the page was opened
            changes.append(Change(key, appearance, round_, base, state, value, answers))
    return changes, errors


def _stood(now: Attempt | None) -> tuple[MeasureState | None, int | None, str | None]:
    return (now.state, now.value, now.answers) if now is not None else (None, None, None)


def _store(contest: Contest, changes: Sequence[Change]) -> dict[str, str]:
    """Why cells were not taken, by cell; a lock refuses the whole table."""
    user, errors = acting_user(), {}
    for each in changes:
        try:
            if each.state is None:
                drop_measure(contest.id, each.appearance.id, each.round, each.base, user)
                continue
            outcome = note_measure(
                contest.id, each.appearance.id, each.round, each.state, each.value, each.base, user, None, each.answers
            )
            if isinstance(outcome, MeasureRefused):
                errors[each.key] = outcome.said
        except Overtaken:
            errors[each.key] = _("Người khác vừa sửa ô này. Số của họ ghi bên cạnh; sửa hoặc để như của họ.")
    return errors


def _asked(tallied: Tally, told: Sequence[Change], typed: Mapping[str, str]) -> str:
    """What the public is about to see, as one list."""
    lines = [
        line_of_public(each.appearance.name, each.appearance.delegation, each.state)
        for each in told
        if each.state is not None
    ]
    return render_template("judging/read_back.html", contest=tallied.contest, line="; ".join(lines), hidden=dict(typed))


def _written(each: Attempt, *, timed: bool) -> str:
    """As it is typed."""
    if each.answers is not None:
        return written_answers(each.answers)
    return "" if each.value is None else written_time(each.value) if timed else str(each.value)


def _page(tallied: Tally, typed: Mapping[str, str], errors: Mapping[str, str], problem: str) -> str:
    contest, shown = tallied.contest, _part(tallied)
    marks_shown(contest)
    held = {
        f"{appearance.code}-{each.round}": each
        for appearance in tallied.appearances
        for each in tallied.measures.get(appearance.id, ())
    }
    timed = contest.result_kind is ResultKind.TIME
    return render_template(
        "judging/measures_table.html",
        contest=contest,
        appearances=shown.of(tallied.appearances),
        lanes=lanes_in([contest]),
        part=shown,
        tries=range(1, contest.attempts + 1),
        held=held,
        written={key: _written(each, timed=timed) for key, each in held.items()},
        measure_words=MEASURE_WORDS,
        states=[(state.value, words) for state, words in MEASURE_WORDS.items()],
        timed=timed,
        open=contest.state is ContestState.OPEN,
        typed=typed,
        errors=errors,
        problem=problem,
    )
