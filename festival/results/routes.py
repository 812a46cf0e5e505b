"""The pages of a contest's jury: who has marked what, the lock by two people, decisions, minutes, release, publication.

Whoever has no seat in a contest's jury and does not look after results gets *not found*; the chair sees others' marks
only after the lock; nobody sees a step that is not the next one.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any, assert_never

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from festival.accounts.passwords import verify_password
from festival.accounts.queries import credentials
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.scoring import NotValid, PanelMean, written
from festival.core import ledger, qr
from festival.core.access import Actor, Permission, acting_user, current_actor, requires, signed_in
from festival.core.clock import local, now
from festival.core.errors import Forbidden, NotFound
from festival.core.i18n import chosen_language
from festival.core.limiter import limiter
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.judging.models import MeasureState
from festival.judging.queries import Sheet, Tally, Turn, contest_of, judging_stream, refused_sheets
from festival.judging.standpoint import Standpoint, contest_for, contests_for
from festival.judging.words import ABSTAIN_WORDS, MEASURE_WORDS, REFUSED_WORDS
from festival.results import actions, whole_pages
from festival.results.actions import (
    Locked,
    NotReady,
    PrizesGiven,
    Saying,
    Signed,
    StillOpen,
    TakenOut,
    WrongPeople,
)
from festival.results.blueprint import bp
from festival.results.deciding import (
    ReadLine,
    decision,
    draw_read_back,
    typed,
    typed_names,
    typed_order,
    typed_reason,
)
from festival.results.matrix import changed, chosen, marks_of, version
from festival.results.queries import (
    agenda_of,
    awards_of,
    contests_of,
    decisions_of,
    entries_decided,
    jury_of,
    lock_problems,
    order_of,
    prize_names,
    reached,
    released_awards,
    standings_hash,
    steps_of,
    table_after,
    table_of,
    tally_of,
    written_value,
)
from festival.results.tables import ContestTable
from festival.results.whole import read_whole, whole_delegation
from festival.results.words import (
    LADDER_WORDS,
    PROBLEM_WORDS,
    SEAT_WORDS,
    STATE_WORDS,
    STEPS_DONE,
    WHOLE_WORDS,
)

__all__ = ["bp"]

# Between two rows of jury/_matrix_rows.html.
BETWEEN_ROWS = "<!-- row -->"


@bp.app_context_processor
def _shown() -> dict[str, Any]:
    return {
        "ladder_words": LADDER_WORDS,
        "steps_done": STEPS_DONE,
        "state_words": STATE_WORDS,
        "written_value": written_value,
        "whole_words": WHOLE_WORDS,
    }


def _may_read_as_mc(actor: Actor) -> bool:
    return actor.may(Permission.MC) or actor.may(Permission.RELEASE)


@bp.get("/jury")
@signed_in
def index() -> ResponseReturnValue:
    """The contests one has business with; for the MC those that may be read."""
    actor = current_actor()
    mine = contests_for(actor)
    if not mine and not _may_read_as_mc(actor):
        raise Forbidden()
    return _index_page(actor, mine)


@bp.get("/office/results")
@requires(Permission.RELEASE)
def office_results() -> ResponseReturnValue:
    """The organiser's way to the same list."""
    return _index_page(current_actor(), contests_for(current_actor()))


def _index_page(actor: Actor, mine: list[Standpoint]) -> str:
    festival = the_festival()
    as_mc = _may_read_as_mc(actor)
    whole = whole_delegation(festival)
    return render_template(
        "jury/index.html",
        festival=festival,
        mine=mine,
        readable=[each for each in contests_of(festival.id) if as_mc and reached(each, ContestState.RELEASED)],
        whole=whole if whole_pages.has_business(actor, mine, whole) else None,
        whole_state=whole_pages.how_far(whole) if whole else "",
        whole_read=list(reversed(read_whole(festival.id, ContestState.RELEASED))) if as_mc else [],
    )


@bp.get("/jury/<code>")
@signed_in
def contest(code: str) -> ResponseReturnValue:
    """One contest: its ladder, its matrix, and the next step for this account."""
    return _contest_page(contest_for(current_actor(), code), {}, {})


def _contest_page(standpoint: Standpoint, problem: Mapping[str, str], typed: Mapping[str, str]) -> str:
    """`typed`: what a form of this page held, to be shown again beside its problem."""
    row = standpoint.contest
    tallied = tally_of(row)
    locked, decided = row.state is not ContestState.OPEN, decisions_of(row.id)
    table = table_of(tallied, decided)
    pick = chosen(tallied)
    rows = _matrix_rows(tallied, pick.turns, table, standpoint)
    return render_template(
        "jury/contest.html",
        contest=row,
        standpoint=standpoint,
        rubric=row.result_kind is ResultKind.RUBRIC,
        rows=rows,
        pick=pick,
        since=marks_of(rows),
        entries=len(tallied.turns),
        seats=tallied.seats,
        steps=steps_of(row.id),
        problems=lock_problems(tallied) if row.state is ContestState.OPEN else [],
        problem_words=PROBLEM_WORDS,
        refused=refused_sheets(row.id) if standpoint.secretary or standpoint.chair else [],
        refused_words=REFUSED_WORDS,
        table=table if locked or standpoint.sees_marks else None,
        decided=decided,
        agenda=agenda_of(tallied, decided) if row.state is ContestState.LOCKED else None,
        typed=typed,
        measure_words=MEASURE_WORDS,
        out_words=[(state.value, words) for state, words in MEASURE_WORDS.items()],
        prizes=prize_names(row),
        awards=awards_of(order_of(tallied), row.id) if locked else [],
        numbers={turn.code: turn for turn in tallied.turns},
        labels={turn.code: _numbered(turn) for turn in tallied.turns},
        entry_choices=[(turn.code, turn.name) for turn in tallied.turns],
        prize_of={award.entry: award.prize for award in table.prizes.awards},
        problem=problem,
    )


def _numbered(turn: Turn) -> str:
    return str(_("Số %(number)s. %(name)s", number=turn.number or "–", name=turn.name))


@bp.get("/jury/<code>/matrix")
@signed_in
def matrix(code: str) -> ResponseReturnValue:
    """What of the matrix is new since `?since=`, for the page that polls; nothing at all while nothing has changed."""
    standpoint = contest_for(current_actor(), code)
    seen = (standpoint.sees_marks, standpoint.secretary, chosen_language(), request.query_string)
    answer = Response(mimetype="application/json")
    tag = sha256(repr((version(standpoint.contest), seen)).encode()).hexdigest()[:32]
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    if tag in request.if_none_match:
        return answer.make_conditional(request)
    tallied = tally_of(standpoint.contest)
    rows = _matrix_rows(tallied, chosen(tallied).turns, table_of(tallied), standpoint)
    answer.data = json.dumps(
        {
            "since": marks_of(rows),
            "count": len(rows),
            "rows": changed(request.args.get("since", ""), rows),
            "missing": len(tallied.missing()) + len(tallied.unmeasured()),
        },
        ensure_ascii=False,
    )
    return answer


def _matrix_rows(tallied: Tally, turns: Sequence[Turn], table: ContestTable, standpoint: Standpoint) -> list[Markup]:
    """The rows of these entries, each drawn by the template."""
    if not turns:
        return []
    drawn = render_template(
        "jury/_matrix_rows.html",
        contest=tallied.contest,
        standpoint=standpoint,
        rubric=tallied.contest.result_kind is ResultKind.RUBRIC,
        matrix=_matrix(tallied, table, standpoint, turns),
    )
    return [Markup(row.strip()) for row in drawn.split(BETWEEN_ROWS)]  # noqa: S704 (the template has escaped it)


def _matrix(tallied: Tally, table: ContestTable, standpoint: Standpoint, turns: Sequence[Turn]) -> list[dict[str, Any]]:
    """Rows in order of appearance. Numbers are in it only for who may see them."""
    shown = {each.entry: each for each in table.standings}
    rows = []
    for turn in turns:
        place, detail = shown[turn.code], table.details[turn.code]
        dropped = {d.judge for d in detail.panel.dropped} if isinstance(detail.panel, PanelMean) else set()
        out = tallied.out(turn.id)
        tries = [measured.value for measured in tallied.measures.get(turn.id, ()) if measured.value is not None]
        rows.append(
            {
                "turn": turn,
                "out": None if out is None else MEASURE_WORDS[out],
                "cells": [
                    _cell(
                        tallied.sheets.get((seat.id, turn.id)),
                        letter=seat.letter,
                        tied=(seat.id, turn.id) in tallied.tied,
                        out=out is not None,
                        dropped=str(seat.id) in dropped,
                        numbers=standpoint.sees_marks,
                    )
                    for seat in tallied.seats
                ],
                "tries": ", ".join(written_value(tallied.contest, value) for value in tries),
                "points": written_value(tallied.contest, place.value) if standpoint.sees_marks else "",
                "penalty": written(detail.penalty_milli) if standpoint.sees_marks and detail.penalty_milli else "",
                "place": place.rank if standpoint.sees_marks else None,
                "shared": place.shared and standpoint.sees_marks,
                "reasons": place.reasons if standpoint.sees_marks else (),
            }
        )
    return rows


def _cell(sheet: Sheet | None, *, letter: str, tied: bool, out: bool, dropped: bool, numbers: bool) -> dict[str, Any]:
    """One judge and one entry: what is there in a word, the total only for who may see it."""
    cell: dict[str, Any] = {"letter": letter, "total": "", "dropped": dropped and numbers, "paper": False}
    if tied:
        return cell | {"kind": "aside", "words": ABSTAIN_WORDS[next(iter(ABSTAIN_WORDS))]}
    if sheet is None:
        return cell | ({"kind": "aside", "words": ""} if out else {"kind": "missing", "words": _("chưa chấm")})
    if sheet.conflict:
        return cell | {"kind": "clash", "words": _("hai bản")}
    cell["paper"] = sheet.on_paper
    if sheet.total_milli is None:
        return cell | {"kind": "aside", "words": ABSTAIN_WORDS[sheet.state]}
    return cell | {"kind": "sent", "words": _("đã chấm"), "total": written(sheet.total_milli) if numbers else ""}


# ------------------------------------------------------------------------------------------------------------ the lock


@bp.post("/jury/<code>/lock")
@signed_in
@limiter.limit("10 per minute")
def lock(code: str) -> ResponseReturnValue:
    """Chair and secretary lock together: both type their password, checked outside of any transaction."""
    form = request.form
    with reading():
        standpoint = contest_for(current_actor(), code)
        contest_id = standpoint.contest.id
        chair, secretary = credentials(form.get("chair", "")), credentials(form.get("secretary", ""))
    passed = [
        verify_password(found.password_hash if found else "", form.get(field, "")) and found is not None
        for found, field in ((chair, "chair_password"), (secretary, "secretary_password"))
    ]
    said = ""
    if chair is None or secretary is None or not all(passed):
        said = (
            _("Tên hoặc mật khẩu của trưởng ban giám khảo chưa đúng.")
            if not passed[0]
            else _("Tên hoặc mật khẩu của thư ký chưa đúng.")
        )
    else:
        with transaction():
            outcome = actions.lock(contest_id, chair.user_id, secretary.user_id, form.get("override", ""))
        match outcome:
            case Locked():
                flash(_("Đã khóa điểm. Từ giờ không phiếu nào thay đổi được kết quả."), "good")
                return redirect(url_for("results.contest", code=code), 303)
            case WrongPeople(why):
                said = why
            case NotReady():
                said = _("Còn phiếu thiếu. Chờ đủ phiếu, hoặc cả hai người ghi lý do khóa khi còn thiếu.")
            case _:
                assert_never(outcome)
    return _contest_page(contest_for(current_actor(), code), {"lock": said}, {}), 422


# ------------------------------------------------------------------------------------------------- what the jury decides


def _seated(code: str) -> Standpoint:
    """The contest, for its chair or its secretary."""
    standpoint = contest_for(current_actor(), code)
    if not (standpoint.chair or standpoint.secretary):
        raise Forbidden(_("Việc này do trưởng ban giám khảo hoặc thư ký của phần thi làm."))
    return standpoint


@bp.post("/jury/<code>/tie")
@signed_in
def tie(code: str) -> ResponseReturnValue:
    """Places typed for a group that is equal: the same number means the jury lets them share."""
    return _decision(code, typed_order)


@bp.post("/jury/<code>/prize")
@signed_in
def prize(code: str) -> ResponseReturnValue:
    """A prize (or none) for each entry on a place between two prizes."""
    return _decision(code, lambda: PrizesGiven({entry: name or None for entry, name in typed("prize-").items()}))


@bp.post("/jury/<code>/out")
@signed_in
def out(code: str) -> ResponseReturnValue:
    """An entry without a valid result takes no place, by decision of the jury."""
    return _decision(code, lambda: TakenOut(request.form.get("entry", ""), request.form.get("state", "")))


def _decision(code: str, saying: Callable[[], Saying]) -> ResponseReturnValue:
    with reading():
        contest_id = _seated(code).contest.id

    def store(seen: int) -> None:
        actions.decide(contest_id, saying(), typed_reason(), typed_names(), acting_user(), seen=seen)

    return decision(
        store,
        lambda: _read_back(_seated(code).contest, saying()),
        lambda problem, form: _contest_page(_seated(code), problem, form),
        url_for("results.contest", code=code),
    )


def _read_back(row: Contest, saying: Saying) -> str:
    """The places and prizes as they would be, of the entries the decision is about."""
    said = actions.proposed(row, saying, typed_reason(), typed_names(), acting_user())
    table = table_after(row, said)
    asked = entries_decided(said)
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    waiting = {entry for question in table.prizes.questions for entry in question.entries}
    lines = []
    for each in table.standings:
        if each.entry not in asked:
            continue
        turn = table.turns[each.entry]
        prize = _("chờ xét giải") if each.entry in waiting else prizes.get(each.entry) or _("không giải")
        if each.rank is None:
            prize = _("không xếp hạng") + ": " + str(MEASURE_WORDS[MeasureState(each.state.value)])
        place = f"{each.rank or '–'}{'=' if each.shared else ''}"
        lines.append(ReadLine(place, turn.number, turn.name, turn.delegation, prize))
    seen = decisions_of(row.id).last_id
    return draw_read_back(said, lines, seen, row.name, url_for("results.contest", code=row.code))


@bp.post("/jury/<code>/special")
@signed_in
def special(code: str) -> ResponseReturnValue:
    """A special prize for one entry."""
    with reading():
        contest_id = _seated(code).contest.id
    with transaction():
        actions.give_special(contest_id, request.form.get("entry", ""), request.form.get("prize", ""), acting_user())
    flash(_("Đã ghi giải chuyên đề."), "good")
    return redirect(url_for("results.contest", code=code), 303)


# ---------------------------------------------------------------------------------------------------- the further steps


@bp.post("/jury/<code>/sign")
@signed_in
def sign(code: str) -> ResponseReturnValue:
    """The chair or the secretary notes that the minutes are signed."""
    with reading():
        contest_id = _seated(code).contest.id
    with transaction():
        outcome = actions.sign(contest_id, request.form.get("number", ""), acting_user())
    match outcome:
        case Signed(count):
            flash(_("Biên bản đã ký, %(n)s giải được ghi nhận.", n=count), "good")
        case StillOpen():
            flash(_("Ban giám khảo còn phải quyết định trước khi ký: xem mục chờ quyết định."), "bad")
        case _:
            assert_never(outcome)
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/jury/<code>/decide")
@requires(Permission.RELEASE)
def decide(code: str) -> ResponseReturnValue:
    """The number of the award decision."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    with transaction():
        actions.record_award_decision(contest_id, request.form.get("number", ""), acting_user())
    flash(_("Đã ghi số quyết định trao giải."), "good")
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/jury/<code>/release")
@requires(Permission.RELEASE)
def release(code: str) -> ResponseReturnValue:
    """The MC may read."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    with transaction():
        actions.release(contest_id, acting_user())
    flash(_("MC được đọc kết quả phần thi này."), "good")
    return redirect(url_for("results.contest", code=code), 303)


@bp.post("/jury/<code>/publish")
@requires(Permission.RELEASE)
def publish(code: str) -> ResponseReturnValue:
    """The public may know."""
    with reading():
        contest_id = contest_for(current_actor(), code).contest.id
    with transaction():
        actions.publish(contest_id, acting_user())
    flash(_("Đã công bố kết quả."), "good")
    return redirect(url_for("results.contest", code=code), 303)


# -------------------------------------------------------------------------------------------------- papers and the MC


@bp.get("/jury/<code>/minutes")
@signed_in
def minutes(code: str) -> ResponseReturnValue:
    """The minutes in the state's form, to print and sign: only of a locked contest."""
    row = _seated(code).contest
    if row.state is ContestState.OPEN:
        raise NotFound()
    tallied, decided = tally_of(row), decisions_of(row.id)
    table = table_of(tallied, decided)
    steps = steps_of(row.id)
    locked = steps[ContestState.LOCKED]
    details = table.details
    return render_template(
        "results/minutes.html",
        contest=row,
        festival=row.festival,
        jury=jury_of(row.id),
        seat_words=SEAT_WORDS,
        measure_words=MEASURE_WORDS,
        rows=_minute_rows(tallied, table),
        not_valid={code: each.panel.said for code, each in details.items() if isinstance(each.panel, NotValid)},
        seats=tallied.seats,
        rubric=row.result_kind is ResultKind.RUBRIC,
        decided=decided,
        awards=awards_of(order_of(tallied), row.id),
        entries={turn.code: turn for turn in tallied.turns},
        steps=steps,
        locked=locked,
        digest=standings_hash(table),
        proof=qr.svg(
            f"{judging_stream(row)} {locked.ledger_size} {locked.ledger_hash}", label=_("Mã đầu sổ chấm điểm")
        ),
        # a copy printed later bears the day on which the minutes were signed
        dated=local(steps[ContestState.SIGNED].at if ContestState.SIGNED in steps else now()),
        head=ledger.head(judging_stream(row)),
    )


def _minute_rows(tallied: Tally, table: ContestTable) -> list[dict[str, Any]]:
    prizes = {each.entry: each.prize for each in table.prizes.awards}
    return [
        {
            "turn": table.turns[each.entry],
            "totals": [
                written(sheet.total_milli)
                if (sheet := tallied.sheets.get((seat.id, table.turns[each.entry].id))) is not None
                and sheet.total_milli is not None
                else "–"
                for seat in tallied.seats
            ],
            "value": written_value(tallied.contest, each.value),
            "place": each.rank,
            "shared": each.shared,
            "prize": prizes.get(each.entry, ""),
            "reasons": each.reasons,
        }
        # entries without a place by their number: any other order would look like a place
        for each in sorted(
            table.standings, key=lambda e: (e.rank is None, e.rank or 0, table.turns[e.entry].number or 0)
        )
    ]


@bp.get("/jury/<code>/mc")
@signed_in
def mc(code: str) -> ResponseReturnValue:
    """What the MC reads aloud: only a released result, lowest prize first."""
    actor = current_actor()
    row = contest_of(the_festival().id, code)
    if row is None:
        raise NotFound()
    if not _may_read_as_mc(actor):
        contest_for(actor, code)
    lists = released_awards(row)
    ordinary = [each for each in lists if not each.special]
    return render_template(
        "results/mc.html",
        contest=row,
        lists=[*reversed(ordinary), *(each for each in lists if each.special)],
        steps=steps_of(row.id),
    )
