"""How is a mended plan taken, as one step: in the draft, and on the day in a version of its own; and how is that taken back?"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import from_local, local
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.schedule import planning, queries
from festival.schedule.history.models import DraftStep
from festival.schedule.history.steps import a_step
from festival.schedule.later.naming import later_of_code
from festival.schedule.later.writing import give_places
from festival.schedule.models import Act, ActState
from festival.schedule.moving.acts import known
from festival.schedule.moving.lying import Lying, LyingAct, lying
from festival.schedule.moving.undoing import turn
from festival.schedule.sessions import locked
from festival.schedule.stage_day.taking import take_step

MENDED = "plan_mended"
WRITTEN = re.compile(r"([^\s@]{1,60})@([0-9]{1,16})@([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2})")
LONGEST_OVER = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class ActMove:
    """Where an act comes to stand; the hour as people say it."""

    code: str
    session_id: int
    starts_at: datetime

    @property
    def written(self) -> str:
        """As a form brings it back."""
        return f"{self.code}@{self.session_id}@{self.starts_at:%Y-%m-%dT%H:%M}"


def moves_typed(text: str) -> tuple[ActMove, ...]:
    """What a form brings back; BadInput for anything else."""
    found = [WRITTEN.fullmatch(each) for each in text.split()]
    try:
        moves = [
            ActMove(each[1], int(each[2]), local(from_local(datetime.fromisoformat(each[3])))) for each in found if each
        ]
    except ValueError as error:
        raise BadInput(_("Xem thay đổi trước, rồi mới chọn.")) from error
    if not moves or None in found:
        raise BadInput(_("Xem thay đổi trước, rồi mới chọn."))
    return tuple(moves)


def take_moves(festival_id: int, moves: Sequence[ActMove], by: int | None, **said: Any) -> int:
    """All of them as one step of the draft; answers how many acts went. Conflict when one has begun or is locked since."""
    festival = locked(festival_id)
    table = lying(festival_id)
    for move in moves:
        known(table, move.code)
        why = table.held(move.code)
        if why is not None:
            raise Overtaken(say(why))
        row = table.sessions.get(move.session_id)
        inside = row is not None and row.starts_at <= move.starts_at < row.ends_at + LONGEST_OVER
        if not inside or (row not in table.open_to(move.code) and not _stands_in(table, move)):
            raise Overtaken(_("Buổi thi vừa đổi trong lúc xem. Chưa ghi gì: xem lại rồi chọn lần nữa."))
    with a_step(festival, MENDED, by, **said):
        for move in moves:
            for lying_act in table.block(move.code):
                if lying_act.state is ActState.ABSENT and not later_of_code(move.code):
                    take_step(lying_act.id, ActState.ABSENT, ActState.WAITING, by={"by": by})
        _write(festival, table, {move.code: move for move in moves}, by)
    return len(moves)


def _stands_in(table: Lying, move: ActMove) -> bool:
    return any(row.session_id == move.session_id for row in table.block(move.code))


def _write(festival: Festival, table: Lying, moves: Mapping[str, ActMove], by: int | None) -> None:
    """The sessions that are touched, in the order of their hours."""
    touched = {row.session_id for code in moves for row in table.block(code)} | {m.session_id for m in moves.values()}
    touched = table.with_apart(touched)
    of: dict[int, list[tuple[datetime, int, str]]] = defaultdict(list)
    for session_id in touched:
        for block in table.blocks.get(session_id, ()):
            if block[0].code not in moves:
                of[session_id].append((block[0].starts_at, block[0].position, block[0].code))
    for move in moves.values():
        rows = table.block(move.code)
        of[move.session_id].append((move.starts_at, rows[0].position if rows else 10**6, move.code))
    # positions are unique at every moment: out of the way first
    db.session.execute(
        update(Act).where(Act.session_id.in_(touched)).values(position=-Act.id),
        execution_options={"synchronize_session": False},
    )
    places = []
    for session_id, several in of.items():
        position = 0
        for starts_at, _position, code in sorted(several):
            if later_of_code(code):
                continue  # it stands by its hour alone
            for entry_id, row in _entries(table, code):
                position += 1
                values = {
                    "session_id": session_id,
                    "position": position,
                    "starts_at": from_naive(starts_at),
                    "turn": None,
                }
                if row is None:
                    db.session.add(Act(entry_id=entry_id, duration_min=table.acts[code].duration_min, **values))
                else:
                    db.session.execute(update(Act).where(Act.id == row.id).values(**values))
                places.append([entry_id, session_id, position])
    db.session.flush()
    give_places(festival.id, [(each.code, each.session_id, each.starts_at) for each in moves.values()])
    db.session.expire_all()
    ledger.append(
        f"decisions:{festival.code}", "acts_placed", {"acts": len(moves), "by": by}, {"places": places, "out": []}
    )


def _entries(table: Lying, code: str) -> Iterable[tuple[int, LyingAct | None]]:
    rows = table.block(code)
    return [(row.entry_id, row) for row in rows] or [(entry, None) for entry in table.given.entries_of.get(code, ())]


def from_naive(moment: datetime) -> datetime:
    """For the database."""
    return from_local(moment.replace(tzinfo=None))


# ------------------------------------------------------------------------------------------------ on the day


def mend_the_day(festival_id: int, moves: Sequence[ActMove], by: int | None, note: str, **said: Any) -> int | None:
    """The draft, and what is published: both in one step. Answers the number of the version; None while nothing is published."""
    held = queries.published_version(festival_id)
    take_moves(festival_id, moves, by, version=held + 1 if held else 0, **said)
    return publish_again(festival_id, by, note) if held else None


def publish_again(festival_id: int, by: int | None, note: str) -> int:
    """What stands becomes the version that holds; who has no time in it had none before. Conflict where somebody would be in two places."""
    match planning.publish(festival_id, by, note, without=planning.left_out(festival_id).stamp):
        case planning.Published(version):
            return version
        case planning.NotPublished(conflicts):
            raise Conflict(_("Chưa ghi gì: %(why)s Sửa chỗ này ở bảng lịch rồi thử lại.", why=say(conflicts[0].reason)))
        case _:
            raise Overtaken(_("Danh sách dự thi vừa đổi. Chưa ghi gì: mở lại trang rồi thử lần nữa."))


def last_mend(festival_id: int) -> DraftStep | None:
    """The newest step of the draft, when it is a mending of the day and no version came after it."""
    own = select(DraftStep).where(DraftStep.festival_id == festival_id, ~DraftStep.undone)
    step = db.session.scalars(own.order_by(DraftStep.id.desc()).limit(1)).first()
    if step is None or step.kind != MENDED or "version" not in step.said:
        return None
    return step if step.said["version"] == (queries.published_version(festival_id) or 0) else None


def mend_taken_back(festival_id: int, step_id: int, by: int | None) -> int | None:
    """Draft and version as they were before; answers the version that says so."""
    locked(festival_id)
    step = last_mend(festival_id)
    if step is None or step.id != step_id:
        raise Overtaken(
            _("Sau lần này lịch đã đổi hoặc đã công bố tiếp. Chưa hoàn tác gì: xem lại rồi làm tiếp ở bảng lịch.")
        )
    turn(festival_id, step_id, by, back=True)
    return publish_again(festival_id, by, _("Trở lại giờ trước khi dời")) if step.said["version"] else None
