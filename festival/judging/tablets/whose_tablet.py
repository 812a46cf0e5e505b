"""Which tablets are whose: the seat a tablet lives by, the ledgers it may know, and a second one for the same seat."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select

from festival.contests.models import Contest, ContestState, Judge, PanelSeat
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import table
from festival.core.transaction import once
from festival.devices import life
from festival.devices.handlers import DeviceRole, DeviceView
from festival.devices.models import Device
from festival.devices.open_tablets import OpenTablet, open_tablets
from festival.judging.contest_rules import judging_stream
from festival.judging.tally import MarkingJudge
from festival.roster.models import Entry
from festival.schedule.models import Act

_JUDGE, _CONTEST = table(Judge), table(Contest)


def has_a_seat(user_id: ColumnElement[Any], festival_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the account marks in a contest of the festival, or waits in reserve there, as a condition of a statement
    about its device.
    """
    return exists(
        select(_JUDGE.c.id)
        .join(_CONTEST, _CONTEST.c.id == _JUDGE.c.contest_id)
        .where(
            _JUDGE.c.user_id == user_id,
            _CONTEST.c.festival_id == festival_id,
            or_(_JUDGE.c.marks, _JUDGE.c.seat == PanelSeat.RESERVE),
        )
        .correlate_except(_JUDGE, _CONTEST)
    )


def own_streams(device: DeviceView, festival_code: str) -> set[str]:
    """The ledgers of the contests in which this judge marks: of no other one is the head or the size told."""
    return {judging_stream(contest) for contest, _judge_id in _marks_in(device)}


def tell_of_another(device: DeviceView, others: Sequence[int]) -> None:
    """A further tablet of the same judge was opened: the ledger of each contest that is still marked says so."""
    if not others:
        return
    for contest, judge_id in _marks_in(device):
        if contest.state is ContestState.OPEN:
            ledger.append(
                judging_stream(contest),
                "tablet.another",
                {"judge": judge_id, "device": device.number},
                {"others": list(others)},
            )


def _marks_in(device: DeviceView) -> list[tuple[Contest, int]]:
    rows = db.session.execute(
        select(Contest, Judge.id)
        .join(Judge, Judge.contest_id == Contest.id)
        .where(Judge.user_id == device.user_id, Judge.marks, Contest.festival_id == device.festival_id)
        .order_by(Contest.position, Judge.id)
    )
    return [(row[0], row[1]) for row in rows]


def others_of(device: DeviceView) -> list[dict[str, Any]]:
    """The other tablets on which the same judge can mark now, as this one is told of them."""
    if device.user_id is None:
        return []
    return [
        {"number": each.number, "name": each.name, "since": each.since.strftime("%Y-%m-%dT%H:%M:%SZ")}
        for each in open_tablets(device.festival_id, [device.user_id])
        if each.device_id != device.id
    ]


@dataclass(frozen=True, slots=True)
class SharedSeat:
    """A judge who can mark on more than one tablet."""

    letter: str
    name: str
    tablets: tuple[OpenTablet, ...]


def tablets_on(festival_id: int, seats: Sequence[MarkingJudge]) -> list[OpenTablet]:
    """The tablets in use on these seats; a page asks for them in several places and reads them once."""
    users = sorted({seat.user_id for seat in seats})
    return once(("tablets", festival_id, *users), lambda: open_tablets(festival_id, users))


def shared_seats(festival_id: int, seats: Sequence[MarkingJudge]) -> list[SharedSeat]:
    """The seats of a panel with more than one tablet in use: shown to the secretary beside who has marked what."""
    if not seats:
        return []
    tablets = tablets_on(festival_id, seats)
    found = [
        SharedSeat(seat.letter, seat.name, tuple(each for each in tablets if each.user_id == seat.user_id))
        for seat in seats
    ]
    return [each for each in found if len(each.tablets) > 1]


def tablets_in_doubt(contest_id: int, seats: Sequence[MarkingJudge]) -> tuple[list[Device], list[Device]]:
    """Tablets of these judges that may hold something that is not here, by one statement: those of which the server has
    message n+1 but not n, and those not heard since the last act of the contest ended.
    """
    if not seats:
        return [], []
    ended = (
        select(func.max(Act.ended_at))
        .join(Entry, Entry.id == Act.entry_id)
        .where(Entry.contest_id == contest_id)
        .scalar_subquery()
    )
    gap = and_(Device.seq_count < Device.seq_max, Device.revoked_at.is_(None))
    silent = or_(Device.last_seen_at.is_(None), Device.last_seen_at < ended)
    unheard = and_(~life.ended(), ~life.waiting(), Device.role == DeviceRole.JUDGE, ended.is_not(None), silent)
    rows = db.session.execute(
        select(Device, gap.label("gap"), unheard.label("unheard"))
        .where(Device.user_id.in_([seat.user_id for seat in seats]), or_(gap, unheard))
        .order_by(Device.number)
    ).all()
    return [row.Device for row in rows if row.gap], [row.Device for row in rows if row.unheard]
