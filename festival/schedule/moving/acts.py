"""How is one act of the draft put somewhere else, swapped with its neighbour, taken off the board and put on it?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from festival.core import ledger
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.history.steps import a_step
from festival.schedule.later.models import BEGUN
from festival.schedule.later.reading import matches_in
from festival.schedule.later.writing import give_places, take_places
from festival.schedule.models import Act
from festival.schedule.moving.foreseen import Spot, place
from festival.schedule.moving.lying import Lying, lying
from festival.schedule.moving.placing import InTheWay, StageTurn, placed_before
from festival.schedule.sessions import locked


class PlaceChanged(Overtaken):
    """What would follow is not what was said when the place was chosen."""

    def __init__(self, foreseen: Spot) -> None:
        super().__init__(_("Lịch vừa được đổi trong lúc chọn chỗ. Chưa ghi gì: xem lại các chỗ rồi chọn lần nữa."))
        self.foreseen = foreseen


def about(table: Lying, code: str) -> dict[str, Any]:
    """Of what a step speaks: an entry, or a match of a later round."""
    entries = table.given.entries_of.get(code, ())
    return {"entry": entries[0]} if entries else {"match": code}


def known(table: Lying, code: str) -> None:
    """NotFound for what does not take part, or is no contest's with a session."""
    if code not in table.acts:
        raise NotFound(_("Tiết mục này không còn dự thi. Về bảng lịch để xem các tiết mục đang có."))


def put(festival_id: int, code: str, session_id: int, before: str, stamp: str, by: int | None) -> Spot:
    """Put it there, as far as what follows is what `stamp` says; whoever is pushed comes later."""
    festival = locked(festival_id)
    table = lying(festival_id)
    known(table, code)
    _refuse_held(table, code)
    session = next((row for row in table.open_to(code) if row.id == session_id), None)
    if session is None or (before and all(turn.code != before for turn in table.turns(session_id))):
        raise Overtaken(_("Chỗ vừa chọn không còn: buổi đã khóa, đã đóng hoặc đã đổi. Chọn chỗ khác."))
    foreseen = place(table, code, session, before)
    if foreseen.in_the_way is not None:
        raise Conflict(say(foreseen.in_the_way))
    if foreseen.stamp != stamp:
        raise PlaceChanged(foreseen)
    kind = "act_moved" if table.block(code) else "act_added"
    with a_step(festival, kind, by, **about(table, code)):
        _note(festival, code, by, written(table, session_id, foreseen.turns), [])
    return foreseen


def take_off(festival_id: int, code: str, by: int | None) -> str:
    """It has no place any more; the others of its session keep theirs. Answers what it is called."""
    festival = locked(festival_id)
    table = lying(festival_id)
    known(table, code)
    _refuse_held(table, code)
    rows = table.block(code)
    if not rows:
        raise Overtaken(_("Tiết mục này chưa có chỗ trong lịch."))
    # of a heat that is torn apart those who stand elsewhere go as well
    out = {row.entry_id for row in rows} | table.row_of.keys() & set(table.given.entries_of.get(code, ()))
    with a_step(festival, "act_out", by, **about(table, code)):
        db.session.execute(delete(Act).where(Act.entry_id.in_(out)))
        take_places([each for each in matches_in([rows[0].session_id]) if each.code == code])
        turns = table.turns(rows[0].session_id)
        rest = [turn for turn in turns if any(row.entry_id not in out for row in table.block(turn.code))]
        places = written(table, rows[0].session_id, rest)
        _note(festival, code, by, places, [entry_id for entry_id in out if entry_id > 0])
    return table.acts[code].title


def move_act(act_id: int, earlier: bool, user_id: int | None) -> Act:
    """Swap an act with its neighbour in the session; the times of the session follow.

    Conflict at the edge of a session, or when one of the two has begun or is locked.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    festival = locked(act.session.stage.festival_id)
    table = lying(festival.id)
    code = next(code for code, rows in table.by_code.items() if any(row.id == act_id for row in rows))
    session = table.sessions[table.block(code)[0].session_id]
    turns = table.turns(session.id)
    at = next(place for place, turn in enumerate(turns) if turn.code == code)
    other = at - 1 if earlier else at + 1
    if not 0 <= other < len(turns):
        raise Conflict(_("Tiết mục đã ở đầu hoặc cuối buổi thi."))
    pair = [row for each in (at, other) for row in table.blocks[session.id][each]]
    if any(row.state in BEGUN for row in pair):
        raise Conflict(_("Một trong hai tiết mục đã thi, không đổi lượt được."))
    if turns[at].fixed or turns[other].fixed:
        raise Conflict(_("Một trong hai tiết mục đã khóa, không đổi lượt được."))
    before = turns[other if earlier else other + 1].code if earlier or other + 1 < len(turns) else None
    result = placed_before(turns, turns[at], before, table.hours(session.id))
    if isinstance(result, InTheWay):
        raise Conflict(_("«%(name)s» đã thi hoặc đã khóa, không lùi được.", name=result.turn.title))
    entries = table.block(code)[0].entry_id, table.block(turns[other].code)[0].entry_id
    with a_step(festival, "act_swapped", user_id, entry=entries[0]):
        codes = {
            row.id: row.code for row in db.session.execute(select(Entry.id, Entry.code).where(Entry.id.in_(entries)))
        }
        ledger.append(
            f"decisions:{festival.code}",
            "acts_swapped",
            {"entry": codes[entries[0]], "with": codes.get(entries[1], turns[other].code), "by": user_id},
            {"places": written(table, session.id, result)},
        )
    return db.session.get_one(Act, act_id)


def written(table: Lying, session_id: int, turns: Sequence[StageTurn]) -> list[list[int]]:
    """The session becomes these turns; what comes from another leaves it, the others there keep their starts.

    Answers the places of all sessions it touched, as the ledger writes them.
    """
    coming = {turn.code for turn in turns}
    left = table.with_apart([session_id, *(row.session_id for code in coming for row in table.block(code))]) - {
        session_id
    }
    turned = [(session_id, turns), *((each, [s for s in table.turns(each) if s.code not in coming]) for each in left)]
    # positions are unique at every moment: out of the way first
    touched = Act.session_id.in_([session_id, *left])
    db.session.execute(
        update(Act).where(touched).values(position=-Act.id), execution_options={"synchronize_session": False}
    )
    rows, new, places = [], [], []
    later = [(turn.code, each, turn.starts_at) for each, several in turned for turn in several]
    for of_session, several in turned:
        position = 0
        for turn in several:
            known_rows = {row.entry_id: row.id for row in table.block(turn.code) if row.entry_id > 0}
            for entry_id in table.entries(turn.code):
                position += 1
                values = {
                    "session_id": of_session,
                    "position": position,
                    "starts_at": from_local(turn.starts_at),
                    "turn": None,
                }
                if entry_id in known_rows:
                    rows.append({"id": known_rows[entry_id], **values})
                else:
                    new.append(Act(entry_id=entry_id, duration_min=turn.minutes, **values))
                places.append([entry_id, of_session, position])
    if rows:
        db.session.execute(update(Act), rows)
    db.session.add_all(new)
    db.session.flush()
    give_places(table.festival_id, later)
    db.session.expire_all()
    return places


def _refuse_held(table: Lying, code: str) -> None:
    why = table.held(code)
    if why is not None:
        raise Conflict(say(why))


def _note(festival: Festival, code: str, by: int | None, places: list[list[int]], out: Sequence[int]) -> None:
    ledger.append(
        f"decisions:{festival.code}", "acts_placed", {"act": code, "by": by}, {"places": places, "out": list(out)}
    )
