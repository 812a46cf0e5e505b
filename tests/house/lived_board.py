"""The board by hand: an act off it and on it again, locked, a stage closed, the rest of a session moved, steps turned."""

from __future__ import annotations

from datetime import timedelta

from festival.core.transaction import transaction
from festival.schedule.editing.steps import close_stage
from festival.schedule.history.steps import next_steps
from festival.schedule.mending.taking import ActMove, take_moves
from festival.schedule.models import ActState
from festival.schedule.moving import acts, locking
from festival.schedule.moving.foreseen import places
from festival.schedule.moving.lying import lying
from festival.schedule.moving.shifting import Shift, shift
from festival.schedule.moving.undoing import turn
from festival.schedule.sessions import add_stage


def by_hand(festival_id: int, staff: int) -> None:
    with transaction():
        table = lying(festival_id)
        begun = {
            key
            for key, several in table.blocks.items()
            if any(row.state is ActState.DONE for block in several for row in block)
        }
        # of a session that has not begun where there is one: the other one moves as it is, below
        code = min(
            (rows[0].session_id in begun, code)
            for code, rows in table.by_code.items()
            if code in table.acts and table.held(code) is None and len(table.blocks[rows[0].session_id]) > 2
        )[1]
        session_id = table.block(code)[0].session_id
        acts.take_off(festival_id, code, staff)
        table = lying(festival_id)
        spot = places(table, code, [table.sessions[session_id]])[-1]
        acts.put(festival_id, code, session_id, spot.before, spot.stamp, staff)
        locking.lock_act(festival_id, code, True, staff)
        add_stage(festival_id, "nha-kho", "Nhà kho", staff)
    with transaction():
        table = lying(festival_id)
        last_act = table.block(table.turns(session_id)[-1].code)[0]
        later = ActMove(last_act.code, session_id, last_act.starts_at + timedelta(minutes=5))
        if table.held(last_act.code) is None:
            take_moves(festival_id, [later], staff, count=1)
    with transaction():
        last = next_steps(festival_id, staff).last
        turn(festival_id, last, staff, back=True)
        turn(festival_id, last, staff, back=False)
        close_stage(festival_id, "nha-kho", True, staff)
        close_stage(festival_id, "nha-kho", False, staff)
        half = next(
            row
            for row in lying(festival_id).sessions.values()
            if {act.state for act in row.acts} >= {ActState.DONE, ActState.WAITING}
            and not any(act.locked or act.state is ActState.ON_STAGE for act in row.acts)
        )
        shift(festival_id, Shift((half.id,), "nha-kho"), staff)
        locking.lock_session(festival_id, half.id, True, staff)
