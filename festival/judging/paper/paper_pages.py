"""All that is on paper in a contest, on one page: who marks on paper, which slips wait for whom, which photos lie there."""

from __future__ import annotations

from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from festival.contests.models import ContestState, ResultKind
from festival.core.transaction import reading, transaction
from festival.core.web.access import acting_user, signed_in
from festival.core.web.errors import Forbidden, NotFound
from festival.core.web.paging import asked_part
from festival.judging.paper.models import TypingState
from festival.judging.paper.of_seat import everybody, on_seats, waiting_on_seats
from festival.judging.paper.people import paper_access
from festival.judging.paper.photos import photos_of
from festival.judging.paper.seats import set_paper_seats
from festival.judging.paper.waiting import decided_slips, paper_now
from festival.judging.routes import bp
from festival.judging.tally import Appearance, MarkingJudge, read_tally

SLIPS_A_PAGE = 60


@dataclass(frozen=True, slots=True)
class DueSlip:
    """A slip about which somebody has to do something; `what`: first, second, differs, decided."""

    seat: MarkingJudge
    appearance: Appearance
    what: str


@bp.get("/panel/<code>/paper")
@signed_in
def paper(code: str) -> ResponseReturnValue:
    """Who marks on paper and what is still to type; a secretary of another contest sees what to type only."""
    access = paper_access(code)
    contest = access.contest
    if contest.result_kind is not ResultKind.RUBRIC:
        raise NotFound()
    tallied = read_tally(contest)
    now = paper_now(contest)
    seat_of, waiting = everybody(tallied), waiting_on_seats(tallied)
    decided = on_seats(tallied, dict.fromkeys(decided_slips(seat_of), True))
    due = []
    for appearance in tallied.appearances:
        for seat in [] if tallied.out(appearance.id) else tallied.seats:
            pair = (seat.id, appearance.id)
            state = waiting.get(pair)
            if pair in tallied.tied and state is None:
                continue
            if state is not None:
                due.append(DueSlip(seat, appearance, "differs" if state is TypingState.DIFFERS else "second"))
            elif seat.id in now.seats and pair not in tallied.sheets:
                due.append(DueSlip(seat, appearance, "first"))
            elif pair in decided and access.sees_slips:
                due.append(DueSlip(seat, appearance, "decided"))
    due.sort(key=lambda each: ("differs", "second", "first", "decided").index(each.what))
    part = asked_part(len(due), SLIPS_A_PAGE)
    return render_template(
        "judging/paper/paper.html",
        contest=contest,
        access=access,
        seats=tallied.seats,
        on_paper=now.seats,
        due=part.of(due),
        part=part,
        open=contest.state is ContestState.OPEN,
        photos=photos_of(contest.id) if access.sees_photos else [],
        letters={judge: seat.letter for judge, seat in seat_of.items()},
        names={each.id: each.name for each in tallied.appearances},
    )


@bp.post("/panel/<code>/paper")
@signed_in
def paper_post(code: str) -> ResponseReturnValue:
    """Who marks on paper from now on."""
    with reading():
        access = paper_access(code)
        if not access.arranges:
            raise Forbidden(_("Việc này do thư ký của phần thi hoặc Ban Tổ chức làm."))
    with transaction():
        changed = set_paper_seats(access.contest.id, set(request.form.getlist("paper")), acting_user())
    flash(_("Đã ghi ai chấm trên giấy.") if changed else _("Không có gì thay đổi."), "good" if changed else "note")
    return redirect(url_for("judging.paper", code=code), 303)
