"""What does the MC read tonight? The names of the award that is on, largest; the next one; every contest, released or named alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from festival.ceremony.order.models import CeremonyOrder, CeremonyPrint, CeremonySheet
from festival.ceremony.order.reading import AwardsTonight, key_of, wide_specials
from festival.ceremony.order.reading import tonight as awards_tonight
from festival.ceremony.order.sheets import ceremony, prints_of_sheet, sheet_in_hand
from festival.ceremony.order.stage import AwardCall, AwardPlan
from festival.ceremony.order.telling import givers_words, receiver_notes
from festival.ceremony.reveal.blueprint import bp, leading
from festival.ceremony.reveal.control_pages import run_told
from festival.ceremony.reveal.models import ScriptPrint
from festival.ceremony.reveal.reading import EveningPart, details_of, evening, steps_for
from festival.ceremony.reveal.running import last_run
from festival.ceremony.reveal.script import script_in_hand, script_of
from festival.ceremony.reveal.slides import called, worded
from festival.ceremony.reveal.steps import RevealKind, RevealStep, contest_of, digest_of
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.web.access import signed_in
from festival.editions.models import Festival
from festival.editions.queries import the_festival


@bp.get("/mc")
@signed_in
def tonight() -> ResponseReturnValue:
    """It follows the screens while a run goes on; by hand (`?step=`) it stays where it was turned to."""
    leading()
    festival = the_festival()
    run = last_run(festival.id)
    follows = run is not None and run.ended_at is None
    parts = evening(festival)
    steps = steps_for(festival, run is not None and follows and run.practice, parts)
    asked = typed_number(request.args.get("step", ""))
    at = asked if asked is not None else run.step if run and follows else 0
    at = min(max(at, 0), len(steps) - 1)
    shown = steps[at : at + 2]
    prints, script = prints_of_sheet(festival.id, CeremonySheet.MC), script_of(festival, parts)
    told = ceremony(festival, parts) if prints else None
    handing = _handing(festival, parts, shown, told.awards if told else None)
    return render_template(
        "ceremony/reveal/tonight.html",
        festival=festival,
        run=run if follows else None,
        by_hand=asked is not None,
        step=steps[at],
        at=at,
        slide=worded(steps[at], festival.name),
        details=details_of(festival.id, parts, steps[at]),
        handing=handing[0],
        handing_next=handing[1] if len(handing) > 1 else None,
        following=worded(steps[at + 1], festival.name) if at + 1 < len(steps) else None,
        steps=len(steps),
        basis=digest_of(steps),
        parts=parts,
        called=called,
        printed=script_in_hand(festival.id, script),
        sheet=sheet_in_hand(told, prints, CeremonySheet.MC) if told else None,
        papers=_papers(festival.id),
        empty_script=script.empty,
    )


@bp.get("/mc/state")
@signed_in
def tonight_state() -> ResponseReturnValue:
    """What the open page asks again and again: where the screens stand, and whether anything was written or printed since."""
    leading()
    festival = the_festival()
    run = last_run(festival.id)
    # Of a run that has ended the page shows nothing; a rehearsal's steps would never be those of the page.
    going = run if run is not None and run.ended_at is None else None
    answer = jsonify(run_told(festival, going) | {"papers": _papers(festival.id)})
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _papers(festival_id: int) -> str:
    """Another one when a part of the ceremony was written or a paper printed."""
    newest = [
        select(func.max(each.id)).where(each.festival_id == festival_id).scalar_subquery()
        for each in (CeremonyOrder, CeremonyPrint, ScriptPrint)
    ]
    return "-".join(str(each or 0) for each in db.session.execute(select(*newest)).one())


@dataclass(frozen=True, slots=True)
class HandingOver:
    """Who gives the award of a step, and by name who receives it in another way than by coming up."""

    givers: str
    notes: dict[str, str]


def _handing(
    festival: Festival, parts: Sequence[EveningPart], steps: Sequence[RevealStep], told: AwardsTonight | None
) -> list[HandingOver | None]:
    """Of these steps; None where no award is announced. `told`: all awards, where they were read already."""
    wide = wide_specials(festival)
    keys = [
        key_of(contest_of(each.key), each.prize, each.special, wide) if each.kind is RevealKind.PRIZE else ""
        for each in steps
    ]
    if not any(keys):
        return [None] * len(steps)
    told = told or awards_tonight(festival, parts, only=[each for each in keys if each])
    return [None if found is None else _told(*found, told) for found in map(told.of_key, keys)]


def _told(call: AwardCall, plan: AwardPlan, told: AwardsTonight) -> HandingOver:
    notes = {each.name: " · ".join(receiver_notes(plan, replace(each, said=""))) for each in call.receivers}
    return HandingOver(givers_words(plan, told), notes)
