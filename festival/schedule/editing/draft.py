"""How is a mistaken plan thrown away whole, brought back, set to what is published, or filled where acts are missing?

Whatever takes places away writes into the ledger what they were (`were`), so that the last such step has a way back;
going back writes it too. A published version is never touched: only another publication replaces it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import from_local
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState
from festival.schedule import queries
from festival.schedule.conflicts import Placed, PlannedSession
from festival.schedule.drawn.dividing import drawn_material
from festival.schedule.editing.joining import join_heats
from festival.schedule.history.keeping import locked_entries, shut
from festival.schedule.history.steps import a_step
from festival.schedule.later.naming import later_of_code
from festival.schedule.later.writing import give_places
from festival.schedule.models import Act, ActState, Plan, Session, Stage
from festival.schedule.overlaps import on_one_stage
from festival.schedule.planning import refuse_once_begun, renumbered, take_out
from festival.schedule.running_order import first_plan
from festival.schedule.sessions import block, blocks, locked, record

WAITING = ActState.WAITING.value
TAKES_PLACES = ("plan_made", "plan_discarded", "plan_restored")


def discard(festival_id: int, by: int | None) -> int:
    """No act has a place any more; sessions and stages stay. Answers how many lost theirs."""
    festival = locked(festival_id)
    refuse_once_begun(festival_id)
    with a_step(festival, "plan_discarded", by):
        were = take_out(festival_id)
        if not were:
            raise Conflict(
                _("Mọi tiết mục trong lịch đang xếp đã khóa, không có gì để bỏ.")
                if locked_entries(festival_id)
                else _("Lịch đang xếp chưa có tiết mục nào, không có gì để bỏ.")
            )
        _note(festival, "plan_discarded", by, {"were": were, "places": renumbered(festival_id, [])})
    return len(were)


def _refuse_while_locked(festival_id: int) -> None:
    if locked_entries(festival_id):
        raise Conflict(
            _("Có tiết mục hoặc buổi đã khóa, nên cả lịch không đổi được một lượt. Mở khóa ở bảng lịch trước.")
        )


def _note(festival: Festival, kind: str, by: int | None, payload: dict[str, object]) -> None:
    ledger.append(f"decisions:{festival.code}", kind, {"festival": festival.code, "by": by}, payload)


def before_last_step(festival_id: int) -> list[list[Any]]:
    """The places the newest step of TAKES_PLACES took away; [] when there is none, or what it said is erased."""
    festival = db.session.get_one(Festival, festival_id)
    found = ledger.last_payload(f"decisions:{festival.code}", TAKES_PLACES)
    return [] if found is None else list(json.loads(found).get("were", []))


def bring_back(festival_id: int, by: int | None) -> int:
    """The draft as it was before it was planned anew or thrown away, as far as sessions and entries are still there."""
    festival = locked(festival_id)
    refuse_once_begun(festival_id)
    _refuse_while_locked(festival_id)
    wanted = before_last_step(festival_id)
    if not wanted:
        raise Conflict(_("Không có bản lịch nào vừa bị bỏ để lấy lại."))
    places = [(row[0], row[1], row[2], datetime.fromisoformat(row[3]), row[4]) for row in wanted]
    with a_step(festival, "plan_restored", by):
        return _restore(festival, places, by, {"from": "draft"})


def back_to_published(festival_id: int, by: int | None, version: int | None = None) -> int:
    """The draft becomes a published version again, the latest or an older: its sessions at their stages and hours, its acts
    at theirs.
    """
    festival = locked(festival_id)
    refuse_once_begun(festival_id)
    _refuse_while_locked(festival_id)
    plan = queries.published_plan(festival_id) if version is None else queries.plan_and_before(festival_id, version)[0]
    if plan is None:
        raise Conflict(_("Chưa công bố phiên bản nào để trở về."))
    with a_step(festival, "plan_published", by):
        return _as_published(festival, plan, by)


def _as_published(festival: Festival, plan: Plan, by: int | None) -> int:
    session_of = _sessions_back(festival, plan.content["sessions"], by)
    ids = {code: id_ for id_, code in _entries(festival.id).items()}
    places = [
        (ids.get(act["entry"], act["entry"]), session_of[act["session"]], act["position"],
         datetime.fromisoformat(act["starts_at"]), act["duration_min"])
        for act in plan.content["acts"]
        if (act["entry"] in ids or later_of_code(act["entry"])) and act["session"] in session_of
    ]  # fmt: skip
    return _restore(festival, places, by, {"from": "published", "version": plan.version})


def _entries(festival_id: int) -> dict[int, str]:
    """Who still takes part."""
    enrolled = (
        select(Entry.id, Entry.code)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(Contest.festival_id == festival_id, Entry.state == EntryState.ENROLLED)
    )
    return {row.id: row.code for row in db.session.execute(enrolled)}


def _sessions_back(festival: Festival, published: Sequence[dict[str, Any]], by: int | None) -> dict[int, int]:
    """Published session -> the session that stands for it now: set back, or made again when it was taken out."""
    stages = {row.code: row for row in queries.stages(festival.id)}
    contests = {row.code: row for row in db.session.scalars(select(Contest).where(Contest.festival_id == festival.id))}
    have = {row.id: row for row in queries.sessions(festival.id)}
    back: dict[int, Session] = {}
    changed: list[tuple[Session, str]] = []
    for each in published:
        stage = stages.get(each["stage"]) or _stage_back(festival, stages, each, by)
        known = have.get(each["session"])
        session = Session() if known is None else known
        said = (
            stage,
            contests[each["contest"]],
            each["label"],
            from_local(datetime.fromisoformat(each["starts_at"])),
            from_local(datetime.fromisoformat(each["ends_at"])),
        )
        if known is None or said != (known.stage, known.contest, known.label, known.starts_at, known.ends_at):
            session.stage, session.contest, session.label, session.starts_at, session.ends_at = said
            db.session.add(session)
            changed.append((session, "session_added" if known is None else "session_changed"))
        back[each["session"]] = session
    db.session.flush()
    for session, kind in changed:
        found = on_one_stage(block(session), blocks(festival.id, besides=session.id))
        if found:
            raise Conflict(
                _("Chưa về được bản đã công bố: %(said)s Bỏ hoặc dời buổi ấy trước.", said=" ".join(map(say, found)))
            )
        record(session, kind, by)
    return {published_id: session.id for published_id, session in back.items()}


def _stage_back(festival: Festival, stages: dict[str, Stage], said: dict[str, Any], by: int | None) -> Stage:
    position = max((row.position for row in stages.values()), default=0) + 1
    stage = Stage(festival_id=festival.id, code=said["stage"], name=said["stage_name"], position=position)
    db.session.add(stage)
    db.session.flush()
    stages[stage.code] = stage
    ledger.append(
        f"decisions:{festival.code}",
        "stage_added",
        {"stage": stage.code, "by": by},
        {"name": stage.name, "position": position},
    )
    return stage


def _restore(
    festival: Festival,
    places: Iterable[tuple[int | str, int, int, datetime, int]],
    by: int | None,
    said: dict[str, object],
) -> int:
    were = take_out(festival.id)
    entries = {
        row.id: row.contest_id
        for row in db.session.execute(
            select(Entry.id, Entry.contest_id).where(Entry.id.in_(list(_entries(festival.id))))
        )
    }
    sessions = {row.id: row for row in queries.sessions(festival.id)}
    rows: list[Act] = []
    turn: dict[int, int] = {}
    later: list[tuple[str, int, datetime]] = []
    for key, session_id, _position, starts_at, minutes in sorted(places, key=lambda place: place[1:3]):
        session = sessions.get(session_id)
        match = later_of_code(key) if isinstance(key, str) else None
        if session is None or (session.contest_id != entries.get(key) and session.contest.code != (match or ("",))[0]):
            continue
        if not session.starts_at <= starts_at < session.ends_at:
            continue  # its session was moved meanwhile
        if isinstance(key, str):
            later.append((key, session_id, starts_at))
            continue
        turn[session_id] = turn.get(session_id, 0) + 1
        rows.append(
            Act(
                session_id=session_id,
                entry_id=key,
                position=turn[session_id],
                starts_at=from_local(starts_at),
                duration_min=minutes,
            )
        )
    _add(rows)
    give_places(festival.id, later)
    _note(festival, "plan_restored", by, {**said, "were": were, "places": _places(rows), "state": WAITING})
    return len(rows) + len(later)


def _add(rows: Sequence[Act]) -> None:
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire_all()


def _places(rows: Iterable[Act]) -> list[list[int]]:
    return [[row.entry_id, row.session_id, row.position] for row in rows]


def fill(festival_id: int, by: int | None, gap_min: int = queries.GAP_MIN) -> int:
    """Acts without a place get one behind the others, as far as there is room; nobody who has a place is moved.

    Also on the day, when a plan is no longer made anew. A drawn number may then come late: that is shown.
    """
    festival = locked(festival_id)
    with a_step(festival, "plan_filled", by):
        return join_heats(festival, by) + _filled(festival, by, gap_min)


def _filled(festival: Festival, by: int | None, gap_min: int) -> int:
    given = drawn_material(festival.id)
    placed = queries.placed(festival.id, given)
    have = {each.act.code for each in placed}
    missing = [act for act in given.acts if act.code not in have]
    closed = shut(festival.id)
    open_ended = [_rest(session, placed) for session in given.sessions if session.code not in closed]
    plan = first_plan(missing, open_ended, gap_min=gap_min, fixed=placed, wishes=given.wishes)
    if not plan.placed:
        return 0
    last = {row.id: max((act.position for act in row.acts), default=0) for row in queries.sessions(festival.id)}
    rows: list[Act] = []
    for item in plan.placed:
        session_id = int(item.session.code)
        for entry_id in given.entries_of[item.act.code]:
            last[session_id] += 1
            rows.append(
                Act(
                    session_id=session_id,
                    entry_id=entry_id,
                    position=last[session_id],
                    starts_at=from_local(item.starts_at),
                    duration_min=item.act.duration_min,
                )
            )
    _add(rows)
    later = give_places(festival.id, ((each.act.code, int(each.session.code), each.starts_at) for each in plan.placed))
    _note(festival, "plan_filled", by, {"places": _places(rows), "state": WAITING})
    return len(rows) + later


def _rest(session: PlannedSession, placed: Iterable[Placed]) -> PlannedSession:
    """What of a session lies behind its acts; who cooks together began with it, and the rest follows one by one."""
    own = [each for each in placed if each.session.code == session.code]
    if not own:
        return session
    free = max(each.ends_at + timedelta(minutes=each.act.changeover_min) for each in own)
    return replace(session, starts_at=min(max(free, session.starts_at), session.ends_at), together_min=0)
