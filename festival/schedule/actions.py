"""What can happen to the programme: stages and sessions set, an order drawn, a plan made, moved, published; the day.

Every decision that somebody could later dispute (a draw and its cancelling, a move, a publication) is written to the
ledger in the transaction of the change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import bindparam, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ResultKind
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.errors import BadInput, Conflict, NotFound
from festival.editions.actions import open_phase
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import phase_open
from festival.registration.models import Entry, EntryState
from festival.schedule import conflicts, queries
from festival.schedule.draw import Drawn, Undrawn, hand_order, seeded_order
from festival.schedule.models import Act, ActState, Draw, DrawMethod, Plan, Session, Stage
from festival.schedule.running_order import first_plan

# What nobody can live with on the day; a short gap or a broken draw is shown, and the organiser may publish it.
IMPOSSIBLE = frozenset({conflicts.Clash.FAMILY, conflicts.Clash.PERSON, conflicts.Clash.STAGE, conflicts.Clash.JUDGE})
SEED = re.compile(r"[\w.:/+-]{1,64}")


def add_stage(festival_id: int, code: str, name: str) -> Stage:
    """A new stage or ground; Conflict when the code is taken."""
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) or not name.strip():
        raise BadInput(_("Mã sân khấu chỉ gồm chữ thường không dấu, số và gạch nối; tên không để trống."))
    position = (db.session.scalar(select(func.max(Stage.position)).where(Stage.festival_id == festival_id)) or 0) + 1
    stage = Stage(festival_id=festival_id, code=code, name=" ".join(name.split()), position=position)
    try:
        with db.session.begin_nested():
            db.session.add(stage)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Đã có sân khấu mã «%(code)s».", code=code)) from error
    return stage


def add_session(stage_id: int, contest_id: int, starts_at: datetime, ends_at: datetime, label: str = "") -> Session:
    """A block of a contest on a stage, inside the days of the festival."""
    stage, contest = db.session.get(Stage, stage_id), db.session.get(Contest, contest_id)
    if stage is None or contest is None or stage.festival_id != contest.festival_id:
        raise NotFound()
    if ends_at <= starts_at:
        raise BadInput(_("Giờ kết thúc phải sau giờ bắt đầu."))
    festival = stage.festival
    if local(starts_at).date() < festival.starts_on or local(ends_at).date() > festival.ends_on:
        raise BadInput(
            _(
                "Buổi thi phải nằm trong ngày hội, từ %(first)s đến %(last)s.",
                first=festival.starts_on.strftime("%d/%m/%Y"),
                last=festival.ends_on.strftime("%d/%m/%Y"),
            )
        )
    session = Session(
        stage_id=stage_id, contest_id=contest_id, label=" ".join(label.split()), starts_at=starts_at, ends_at=ends_at
    )
    db.session.add(session)
    db.session.flush()
    return session


def remove_session(session_id: int) -> None:
    """Take out a session nobody is placed in; Conflict otherwise."""
    if db.session.get(Session, session_id) is None:
        raise NotFound()
    try:
        with db.session.begin_nested():
            db.session.execute(delete(Session).where(Session.id == session_id))
    except IntegrityError as error:
        raise Conflict(_("Buổi này đã có tiết mục. Xếp lại lịch trước khi bỏ buổi.")) from error


@dataclass(frozen=True, slots=True)
class DrawRecorded:
    """The order as it stands now: entry codes, number 1 first."""

    order: tuple[str, ...]
    method: DrawMethod
    seed: str


def draw_by_hand(contest_id: int, numbers: Mapping[str, str], user_id: int | None) -> DrawRecorded | Undrawn:
    """The numbers as drawn and typed at the meeting: entry code -> number, one for every enrolled entry.

    Conflict when the contest has been drawn already; cancel that draw first, with a reason.
    """
    contest = _to_draw(contest_id)
    entries = {entry.code: entry for entry in queries.enrolled(contest_id)}
    answer = hand_order({code: numbers.get(code, "") for code in entries})
    match answer:
        case Undrawn():
            return answer
        case Drawn(order):
            return _record_draw(contest, entries, order, DrawMethod.HAND, "", user_id)


def draw_by_seed(contest_id: int, seed: str, user_id: int | None) -> DrawRecorded:
    """The order that follows from the seed (see `draw.lot`); the seed is shown, so that anybody can repeat it."""
    contest = _to_draw(contest_id)
    if not SEED.fullmatch(seed):
        raise BadInput(_("Số gieo gồm 1 đến 64 ký tự, chỉ dùng chữ, số và các dấu . : / + -"))
    entries = {entry.code: entry for entry in queries.enrolled(contest_id)}
    if not entries:
        raise Conflict(_("Phần thi chưa có tiết mục nào để bốc thăm."))
    order = tuple(seeded_order(seed, contest.code, list(entries)))
    return _record_draw(contest, entries, order, DrawMethod.SEEDED, seed, user_id)


def _to_draw(contest_id: int) -> Contest:
    contest = db.session.scalars(select(Contest).where(Contest.id == contest_id).with_for_update()).one_or_none()
    if contest is None:
        raise NotFound()
    return contest


def _record_draw(
    contest: Contest,
    entries: Mapping[str, Entry],
    order: Sequence[str],
    method: DrawMethod,
    seed: str,
    user_id: int | None,
) -> DrawRecorded:
    drawn = Draw(
        contest_id=contest.id,
        method=method,
        seed=seed,
        order=[entries[code].id for code in order],
        drawn_at=now(),
        drawn_by=user_id,
    )
    try:
        with db.session.begin_nested():
            db.session.add(drawn)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(_("Phần thi «%(name)s» đã bốc thăm rồi.", name=contest.name)) from error
    _number(contest.id, drawn.order)
    ledger.append(
        f"decisions:{contest.festival.code}",
        "order_drawn",
        {"contest": contest.code, "by": user_id},
        {"method": method.value, "seed": seed, "order": list(order)},
    )
    return DrawRecorded(tuple(order), method, seed)


def _number(contest_id: int, entry_ids: Sequence[int]) -> None:
    # two steps, because each number is unique in its contest at every moment
    db.session.execute(update(Entry).where(Entry.contest_id == contest_id).values(number=None))
    by_id = update(Entry.__table__).where(Entry.__table__.c.id == bindparam("of_entry"))  # type: ignore[arg-type]
    db.session.connection().execute(
        by_id.values(number=bindparam("drawn")),
        [{"of_entry": entry_id, "drawn": number} for number, entry_id in enumerate(entry_ids, start=1)],
    )
    db.session.expire_all()


def cancel_draw(contest_id: int, reason: str, user_id: int | None) -> None:
    """The draw is void and can be done again; not after the first mark of the contest."""
    contest = _to_draw(contest_id)
    if not reason.strip():
        raise BadInput(_("Ghi rõ lý do hủy kết quả bốc thăm."))
    if contest.rules_fixed_at is not None:
        raise Conflict(_("Phần thi đã bắt đầu chấm, không bốc thăm lại được."))
    gone = db.session.execute(delete(Draw).where(Draw.contest_id == contest_id))
    if gone.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(_("Phần thi chưa bốc thăm."))
    db.session.execute(update(Entry).where(Entry.contest_id == contest_id).values(number=None))
    db.session.expire_all()
    ledger.append(
        f"decisions:{contest.festival.code}",
        "draw_cancelled",
        {"contest": contest.code, "by": user_id},
        {"reason": " ".join(reason.split())},
    )


@dataclass(frozen=True, slots=True)
class Planned:
    """How many acts have their time, and what has none or is impossible."""

    placed: int
    conflicts: tuple[conflicts.Conflict, ...]


def make_plan(festival_id: int, *, gap_min: int = queries.GAP_MIN, order_binds: bool = True) -> Planned:
    """A first running order for everything enrolled; replaces the present one.

    Conflict once an act has begun: from then on acts are moved one by one.
    """
    festival = _locked(festival_id)
    began = db.session.scalar(
        select(func.count(Act.id))
        .join(Session)
        .join(Stage)
        .where(Stage.festival_id == festival_id, Act.state.in_([ActState.ON_STAGE, ActState.DONE]))
    )
    if began:
        raise Conflict(_("Đã có tiết mục lên sân khấu, không xếp lại toàn bộ được nữa. Hãy đổi từng lượt."))
    given = queries.material(festival_id)
    if not given.sessions:
        raise Conflict(_("Chưa có buổi thi nào. Thêm sân khấu và buổi thi trước khi xếp lịch."))
    plan = first_plan(given.acts, given.sessions, gap_min=gap_min, order_binds=order_binds)
    of_festival = select(Session.id).join(Stage).where(Stage.festival_id == festival_id)
    db.session.execute(delete(Act).where(Act.session_id.in_(of_festival)))
    rows = []
    position: dict[str, int] = {}
    for item in plan.placed:
        for entry_id in given.entries_of[item.act.code]:
            position[item.session.code] = position.get(item.session.code, 0) + 1
            rows.append(
                Act(
                    session_id=int(item.session.code),
                    entry_id=entry_id,
                    position=position[item.session.code],
                    starts_at=item.starts_at,
                    duration_min=item.act.duration_min,
                )
            )
    db.session.add_all(rows)
    db.session.flush()
    db.session.expire_all()
    ledger.append(
        f"decisions:{festival.code}",
        "plan_made",
        {"festival": festival.code},
        {"acts": len(rows), "without_place": len(plan.unplaced)},
    )
    judged = conflicts.check(plan.placed, gap_min=gap_min, ordered=order_binds)
    return Planned(len(rows), (*plan.unplaced, *judged))


def _locked(festival_id: int) -> Festival:
    festival = db.session.scalars(select(Festival).where(Festival.id == festival_id).with_for_update()).one_or_none()
    if festival is None:
        raise NotFound()
    return festival


def move_act(act_id: int, earlier: bool, user_id: int | None) -> Act:
    """Swap an act with its neighbour in the session; the times of the session follow from its start.

    Conflict at the edge of a session, or when one of the two has begun.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    session = act.session
    _locked(session.stage.festival_id)
    db.session.refresh(session, ["acts"])
    blocks = _blocks(session)
    at = next(place for place, block in enumerate(blocks) if act in block)
    other = at - 1 if earlier else at + 1
    if not 0 <= other < len(blocks):
        raise Conflict(_("Tiết mục đã ở đầu hoặc cuối buổi thi."))
    if any(each.state in {ActState.ON_STAGE, ActState.DONE} for each in (*blocks[at], *blocks[other])):
        raise Conflict(_("Một trong hai tiết mục đã thi, không đổi lượt được."))
    neighbour = blocks[other][0]
    blocks[at], blocks[other] = blocks[other], blocks[at]
    _time(session, blocks)
    ledger.append(
        f"decisions:{session.contest.festival.code}",
        "acts_swapped",
        {"entry": act.entry.code, "with": neighbour.entry.code, "by": user_id},
        {},
    )
    return act


def _blocks(session: Session) -> list[list[Act]]:
    """Acts that stand on the stage together (a match) move together."""
    blocks: list[list[Act]] = []
    for act in session.acts:
        if blocks and session.contest.result_kind is ResultKind.MATCH and blocks[-1][0].starts_at == act.starts_at:
            blocks[-1].append(act)
        else:
            blocks.append([act])
    return blocks


def _time(session: Session, blocks: Sequence[Sequence[Act]]) -> None:
    """Position and start of every act, one block after the other; waits the plan had between blocks are kept."""
    starts = sorted(block[0].starts_at for block in blocks)
    earliest = session.starts_at + timedelta(minutes=session.contest.together_min)
    # positions are unique at every moment: move them out of the way first
    for at, act in enumerate(session.acts):
        act.position = -1 - at
    db.session.flush()
    position = 0
    for start, block in zip(starts, blocks, strict=True):
        begins = max(start, earliest)
        for act in block:
            position += 1
            act.position = position
            act.starts_at = begins
        earliest = begins + timedelta(minutes=block[0].duration_min + session.contest.changeover_min)
    db.session.flush()
    db.session.refresh(session, ["acts"])


@dataclass(frozen=True, slots=True)
class Published:
    """A new version of the programme."""

    version: int


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Somebody would have to be in two places: nothing was published."""

    conflicts: tuple[conflicts.Conflict, ...]


def publish(festival_id: int, user_id: int | None, note: str = "") -> Published | NotPublished:
    """Freeze the present plan as the next version and open the programme to the public."""
    festival = _locked(festival_id)
    found = [each for each in queries.plan_conflicts(festival_id) if each.kind in IMPOSSIBLE]
    if found:
        return NotPublished(tuple(found))
    content = queries.snapshot(festival)
    if not content["acts"]:
        raise Conflict(_("Lịch thi chưa có tiết mục nào để công bố."))
    version = (db.session.scalar(select(func.max(Plan.version)).where(Plan.festival_id == festival_id)) or 0) + 1
    at = now()
    db.session.add(
        Plan(
            festival_id=festival_id,
            version=version,
            content=content,
            note=" ".join(note.split()),
            published_at=at,
            published_by=user_id,
        )
    )
    db.session.flush()
    if not phase_open(festival, PhaseKind.PROGRAMME, at):
        open_phase(festival_id, PhaseKind.PROGRAMME, at)
    ledger.append(
        f"decisions:{festival.code}",
        "programme_published",
        {"festival": festival.code, "version": version, "by": user_id},
        {"note": note, "acts": len(content["acts"])},
    )
    return Published(version)


# Where an act may go from where; `absent` can be taken back when the family runs in after all.
STEPS: Mapping[ActState, frozenset[ActState]] = {
    ActState.WAITING: frozenset({ActState.READY, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.READY: frozenset({ActState.WAITING, ActState.ON_STAGE, ActState.ABSENT}),
    ActState.ON_STAGE: frozenset({ActState.READY, ActState.DONE}),
    ActState.DONE: frozenset({ActState.ON_STAGE}),
    ActState.ABSENT: frozenset({ActState.WAITING, ActState.READY}),
}


def set_state(act_id: int, was: ActState, to: ActState) -> Act:
    """The stage manager's tap. `was` is what the screen showed: of two taps at once one wins.

    Conflict when the state has changed meanwhile, the step makes no sense, or the stage is occupied.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    if to not in STEPS[was]:
        raise BadInput(_("Không chuyển trạng thái như vậy được."))
    if act.entry.state is not EntryState.ENROLLED and to in (ActState.READY, ActState.ON_STAGE):
        raise Conflict(_("«%(name)s» đã rút, không gọi lên sân khấu được.", name=act.entry.name))
    if to is ActState.ON_STAGE:
        # one stage manager at a time per stage: two acts cannot both find it empty
        db.session.execute(select(Stage.id).where(Stage.id == act.session.stage_id).with_for_update())
        match = act.session.contest.result_kind is ResultKind.MATCH
        other = db.session.scalars(
            select(Act)
            .join(Session)
            .where(Session.stage_id == act.session.stage_id, Act.state == ActState.ON_STAGE, Act.id != act_id)
        ).first()
        if other is not None and not (match and other.session_id == act.session_id):
            raise Conflict(_("«%(name)s» còn đang thi trên sân khấu này.", name=other.entry.name))
    at = now()
    times: dict[str, Any] = {}
    if to is ActState.ON_STAGE:
        times = {"began_at": act.began_at if was is ActState.DONE else at, "ended_at": None}
    elif to is ActState.DONE:
        times = {"ended_at": at}
    elif was is ActState.ON_STAGE:
        times = {"began_at": None}
    changed = db.session.execute(update(Act).where(Act.id == act_id, Act.state == was).values(state=to, **times))
    if changed.rowcount == 0:  # type: ignore[attr-defined]
        raise Conflict(_("Trạng thái vừa được máy khác đổi. Xem lại danh sách."))
    db.session.refresh(act)
    return act
