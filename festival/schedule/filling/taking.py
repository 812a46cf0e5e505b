"""How does a found plan become the draft? As one step that is taken back as one, and not before somebody has seen what it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict
from festival.schedule.conflicts import Placed
from festival.schedule.filling import words
from festival.schedule.filling.chosen import DraftLaid, FillState
from festival.schedule.filling.laid import LaidOut, laid_out
from festival.schedule.filling.running import bury, changed_since, own_run
from festival.schedule.history.steps import a_step, since
from festival.schedule.models import Act
from festival.schedule.sessions import locked


@dataclass(frozen=True, slots=True)
class TakenFill:
    """How many acts have another place now, and what whoever takes it has to know."""

    acts: int
    told: tuple[Sentence, ...]


def take_found(festival_id: int, run_id: int, by: int | None) -> TakenFill:
    """The plan a search has found is the draft from now on, as far as it can still be laid. Conflict when nothing would change."""
    festival = locked(festival_id)
    bury(festival_id)
    run = own_run(festival_id, run_id)
    if run.state not in (FillState.FOUND, FillState.TAKEN) or "plan" not in run.found:
        raise Conflict(_("Lần xếp này chưa có lịch để lấy, hoặc đã bỏ. Xem lại trang xếp lịch bằng máy."))
    laid = laid_out(festival_id)
    told = _meanwhile(festival_id, run.step, by) if changed_since(run, laid) else []
    wanted, lost = _wanted(laid.draft, run.found["plan"])
    moved = {code: place for code, place in wanted.items() if _moves(laid.draft, place)}
    if lost:
        told.append(words.LOST.filled(count=lost))
    if not moved:
        raise Conflict(_("Lịch đang xếp đã đúng như lịch tìm được. Không có gì để đổi."))
    with a_step(festival, "plan_found", by):
        ledger.append(
            f"decisions:{festival.code}",
            "acts_placed",
            {"festival": festival.code, "by": by},
            {"places": _lay(laid, moved), "out": [], "cost": run.found["cost"], "bound": run.found["bound"]},
        )
    run.state = FillState.TAKEN
    db.session.flush()
    return TakenFill(len(moved), tuple(told))


def _meanwhile(festival_id: int, step: int, by: int | None) -> list[Sentence]:
    """What was done to the draft since the search began."""
    steps = since(festival_id, step, by)
    if not steps:
        return [words.FACTS_CHANGED]
    return [words.DRAFT_CHANGED.filled(step=each.words, who=each.who or words.BY_COMMAND) for each in steps]


def _wanted(draft: DraftLaid, plan: list[list[Any]]) -> tuple[Mapping[str, Placed], int]:
    """Where its acts would stand, and of how many that cannot be any more."""
    acts, sessions = {act.code: act for act in draft.acts}, {each.code: each for each in draft.sessions}
    found: dict[str, Placed] = {}
    for code, session_code, written in plan:
        act, session, begins = acts.get(code), sessions.get(session_code), datetime.fromisoformat(written)
        if act is None or session is None or code in draft.held or session_code in draft.shut:
            continue
        inside = session.starts_at <= begins and begins + timedelta(minutes=act.duration_min) <= session.ends_at
        if inside and draft.parts[code] == draft.parts[session_code]:
            found[code] = Placed(act, session, begins)
    return found, len(plan) - len(found)


def _moves(draft: DraftLaid, place: Placed) -> bool:
    lies = draft.placed.get(place.act.code)
    return lies is None or (lies.session.code, lies.starts_at) != (place.session.code, place.starts_at)


def _lay(laid: LaidOut, moved: Mapping[str, Placed]) -> list[list[int]]:
    """The acts get their new places; the sessions they leave and come into count anew by the hours. Answers all places of these."""
    touched = {int(place.session.code) for place in moved.values()}
    touched |= {int(laid.draft.placed[code].session.code) for code in moved if code in laid.draft.placed}
    there = Act.session_id.in_(touched)
    # positions are unique at every moment: out of the way first
    db.session.execute(
        update(Act).where(there).values(position=-Act.id, turn=None), execution_options={"synchronize_session": False}
    )
    db.session.expire_all()
    rows = list(db.session.scalars(select(Act).where(there).order_by(Act.position.desc())))
    own = {act.entry_id: act for act in rows}
    for code, place in moved.items():
        empty = [entry for entry, of in laid.gone.items() if of == code and entry in own]
        for entry in (*laid.entries_of[code], *empty):
            values = {
                "session_id": int(place.session.code),
                "starts_at": from_local(place.starts_at),
                "duration_min": place.act.duration_min,
            }
            if entry in own:
                for name, value in values.items():
                    setattr(own[entry], name, value)
            else:
                rows.append(Act(entry_id=entry, **values))
    turn: dict[int, int] = {}
    lanes = {entry: at.lane for entry, at in laid.lanes.items()}
    # the rows of a match keep their order
    for act in sorted(rows, key=lambda each: (each.starts_at, lanes.get(each.entry_id, 0))):
        turn[act.session_id] = act.position = turn.get(act.session_id, 0) + 1
    db.session.add_all(rows)
    db.session.flush()
    places = [[act.entry_id, act.session_id, act.position] for act in rows]
    db.session.expire_all()
    return places
