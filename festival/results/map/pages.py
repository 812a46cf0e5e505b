"""Who has marked whom in a contest: the map of the secretary, row by row and cell by cell, and what of it is new."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from markupsafe import Markup

from festival.contests.marks import written
from festival.contests.models import ContestState, ResultKind
from festival.contests.panel import PanelMean
from festival.core.transaction import once, reading, transaction
from festival.core.web.access import acting_user, current_actor, signed_in
from festival.core.web.errors import Forbidden
from festival.core.web.i18n import chosen_language
from festival.judging.calls.calling import call_seat
from festival.judging.contest_access import ContestAccess, contest_for, marks_shown
from festival.judging.paper.of_seat import paper_cells
from festival.judging.tablets.whose_tablet import SharedSeat, shared_seats
from festival.judging.tally import JudgeSheet, Tally, read_tally
from festival.judging.words import ABSTAIN_WORDS, MEASURE_WORDS
from festival.results.blueprint import bp
from festival.results.current import (
    current_table,
    tally_for_result,
    written_value,
)
from festival.results.map.parts import Chosen, changed, chosen, marks_of, seen_of, version
from festival.results.map.seats import NOTHING, Watch, seats_of, spreads, watch_contest
from festival.results.table import ContestTable

# Between two rows of panel/_matrix_rows.html.
BETWEEN_ROWS = "<!-- row -->"


@bp.get("/panel/<code>/matrix")
@signed_in
def matrix(code: str) -> ResponseReturnValue:
    """What of the matrix is new since `?since=`, for the page that polls; nothing at all while nothing has changed."""
    access = contest_for(current_actor(), code)
    seen = (access.sees_marks, access.secretary, chosen_language(), request.query_string)
    answer = Response(mimetype="application/json")
    shared, watched = _shared(access), _watched(access)
    state = (version(access.contest), seen, shared, watched.digest())
    tag = sha256(repr(state).encode()).hexdigest()[:32]
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "private, no-cache"
    if tag in request.if_none_match:
        return answer.make_conditional(request)
    tallied = tally_for_result(access.contest, seen_of(access.contest))
    pick = chosen(tallied)
    rows = matrix_rows(tallied, pick, current_table(tallied), access)
    due = [*(appearance for appearance, _seat in tallied.missing()), *tallied.unmeasured()]
    answer.data = json.dumps(
        {
            "since": marks_of(rows),
            "count": len(rows),
            "rows": changed(request.args.get("since", ""), rows),
            "missing": sum(each.id not in pick.coming for each in due),
            "shared": render_template("results/_shared.html", shared=shared).strip(),
            "seats": render_template("results/_seats.html", lines=watched.seats).strip(),
        },
        ensure_ascii=False,
    )
    return answer


def _shared(access: ContestAccess) -> list[SharedSeat]:
    """The seats with more than one tablet, while the contest is marked."""
    contest = access.contest
    if contest.state is not ContestState.OPEN:
        return []
    return shared_seats(contest.festival_id, seats_of(contest))


def _watched(access: ContestAccess) -> Watch:
    """What follows the clock and the tablets: for the secretary of a judged contest that is marked."""
    contest = access.contest
    if contest.state is not ContestState.OPEN or contest.result_kind is not ResultKind.RUBRIC or not access.secretary:
        return NOTHING
    return once(("watch", contest.id), lambda: watch_contest(contest))


@bp.app_context_processor
def _seats() -> dict[str, Any]:
    return {"seat_lines_of": lambda access: _watched(access).seats}


@bp.post("/panel/<code>/call")
@signed_in
def call(code: str) -> ResponseReturnValue:
    """The secretary asks a judge for a sheet: it shows on the judge's own tablet."""
    with reading():
        access = contest_for(current_actor(), code)
        if not access.secretary:
            raise Forbidden(_("Việc này do thư ký của phần thi làm."))
        tally = read_tally(access.contest)
    letter, _slash, entry = request.form.get("seat", "").partition("/")
    with transaction():
        name = call_seat(tally, letter, entry, acting_user())
    flash(_("Đã mời %(name)s gửi phiếu. Máy của giám khảo hiện lời mời trong vài giây.", name=name), "good")
    return redirect(url_for("results.contest", code=code, _anchor="matrix"), 303)


def matrix_rows(tallied: Tally, pick: Chosen, table: ContestTable, access: ContestAccess) -> list[Markup]:
    """The rows of the chosen entries, each drawn by the template."""
    if not pick.appearances:
        return []
    once(("seats", tallied.contest.id), lambda: tallied.seats)  # the tally has read them
    if access.sees_marks:
        marks_shown(tallied.contest)
    drawn = render_template(
        "results/_matrix_rows.html",
        contest=tallied.contest,
        access=access,
        rubric=tallied.contest.result_kind is ResultKind.RUBRIC,
        matrix=_matrix(tallied, table, access, pick),
        spreads=spreads(tallied) if access.secretary and tallied.contest.state is ContestState.OPEN else {},
    )
    return [Markup(row.strip()) for row in drawn.split(BETWEEN_ROWS)]  # noqa: S704 (the template has escaped it)


def _matrix(tallied: Tally, table: ContestTable, access: ContestAccess, pick: Chosen) -> list[dict[str, Any]]:
    """Rows in order of appearance. Numbers are in it only for who may see them."""
    shown = {each.entry: each for each in table.standings}
    watched = _watched(access)
    rows = []
    paper = paper_cells(tallied) if tallied.contest.state is ContestState.OPEN else {}
    words = _cell_words()
    for appearance in pick.appearances:
        place, detail = shown[appearance.code], table.details[appearance.code]
        dropped = {d.judge for d in detail.panel.dropped} if isinstance(detail.panel, PanelMean) else set()
        out = tallied.out(appearance.id)
        tries = [measured.value for measured in tallied.measures.get(appearance.id, ()) if measured.value is not None]
        rows.append(
            {
                "appearance": appearance,
                "out": None if out is None else MEASURE_WORDS[out],
                "cells": [
                    _called(watched, (seat.id, appearance.id))
                    | _cell(
                        tallied.sheets.get((seat.id, appearance.id)),
                        letter=seat.letter,
                        tied=(seat.id, appearance.id) in tallied.tied,
                        out=out is not None,
                        coming=appearance.id in pick.coming,
                        dropped=str(seat.id) in dropped,
                        numbers=access.sees_marks,
                        words=words,
                    )
                    | ({} if appearance.id in pick.coming else paper.get((seat.id, appearance.id), {}))
                    for seat in tallied.seats
                ],
                "tries": ", ".join(written_value(tallied.contest, value) for value in tries),
                "points": written_value(tallied.contest, place.value) if access.sees_marks else "",
                "penalty": written(detail.penalty_milli) if access.sees_marks and detail.penalty_milli else "",
                "place": place.rank if access.sees_marks else None,
                "shared": place.shared and access.sees_marks,
                "reasons": place.reasons if access.sees_marks else (),
            }
        )
    return rows


def _called(watched: Watch, pair: tuple[int, int]) -> dict[str, Any]:
    """Whether this sheet is late, and whether the seat was called for it."""
    return {"late": pair[1] in watched.over, "call": watched.calls.get(pair)}


def _cell_words() -> dict[str, str]:
    """What a cell says, worded once for a map: a catalogue is asked 75 times 9 times otherwise."""
    said = {state.value: str(words) for state, words in ABSTAIN_WORDS.items()}
    return said | {"clash": _("hai bản"), "missing": _("chưa chấm"), "coming": _("chưa diễn"), "sent": _("đã chấm")}


def _cell(
    sheet: JudgeSheet | None,
    *,
    letter: str,
    tied: bool,
    out: bool,
    coming: bool,
    dropped: bool,
    numbers: bool,
    words: dict[str, str],
) -> dict[str, Any]:
    """One judge and one entry: what is there in a word, the total only for who may see it."""
    cell: dict[str, Any] = {"letter": letter, "total": "", "dropped": dropped and numbers, "paper": False}
    if tied:
        return cell | {"kind": "aside", "words": words[next(iter(ABSTAIN_WORDS)).value]}
    if sheet is None:
        kind = "aside" if out else "coming" if coming else "missing"
        return cell | {"kind": kind, "words": "" if out else words[kind]}
    if sheet.conflict:
        return cell | {"kind": "clash", "words": words["clash"]}
    cell["paper"] = sheet.on_paper
    if sheet.total_milli is None:
        return cell | {"kind": "aside", "words": words[sheet.state.value]}
    return cell | {"kind": "sent", "words": words["sent"], "total": written(sheet.total_milli) if numbers else ""}
