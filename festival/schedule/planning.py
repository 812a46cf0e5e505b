"""How does a plan come about, change, and reach the public?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from festival.contests.models import Contest, ResultKind
from festival.core import ledger
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.web.errors import Conflict, NotFound
from festival.editions.actions import open_phase
from festival.editions.models import PhaseKind
from festival.editions.queries import phase_open
from festival.roster.models import Entry, EntryState
from festival.schedule import conflicts, queries
from festival.schedule.drawn.dividing import drawn_material
from festival.schedule.models import Act, ActState, Plan, Session, Stage
from festival.schedule.running_order import first_plan
from festival.schedule.sessions import locked

# What nobody can live with on the day; a short gap or a broken draw is shown, and the organiser may publish it.
IMPOSSIBLE = frozenset(
    {
        conflicts.Clash.FAMILY,
        conflicts.Clash.PERSON,
        conflicts.Clash.STAGE,
        conflicts.Clash.JUDGE,
        conflicts.Clash.AWAY,
    }
)


@dataclass(frozen=True, slots=True)
class Planned:
    """How many acts have their time, and what has none or is impossible."""

    placed: int
    conflicts: tuple[conflicts.PlanConflict, ...]


def make_plan(
    festival_id: int, *, gap_min: int = queries.GAP_MIN, order_binds: bool = True, by: int | None = None
) -> Planned:
    """A first running order for everything enrolled; replaces the present one, which can be brought back.

    Conflict once an act has begun: from then on acts are moved one by one.
    """
    festival = locked(festival_id)
    refuse_once_begun(festival_id)
    given = drawn_material(festival_id)
    if not given.sessions:
        raise Conflict(_("Chưa có buổi thi nào. Thêm sân khấu và buổi thi trước khi xếp lịch."))
    plan = first_plan(given.acts, given.sessions, gap_min=gap_min, order_binds=order_binds, wishes=given.wishes)
    were = take_out(festival_id)
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
        {"festival": festival.code, "by": by},
        {
            "acts": len(rows),
            "without_place": len(plan.unplaced),
            "places": [[row.entry_id, row.session_id, row.position] for row in rows],
            "state": ActState.WAITING.value,
            "were": were,
        },
    )
    judged = conflicts.check(plan.placed, gap_min=gap_min, ordered=order_binds, wishes=given.wishes)
    return Planned(len(rows), (*plan.unplaced, *judged))


def refuse_once_begun(festival_id: int) -> None:
    """Conflict when an act is on a stage or was."""
    began = db.session.scalar(
        select(func.count(Act.id))
        .join(Session)
        .join(Stage)
        .where(Stage.festival_id == festival_id, Act.state.in_([ActState.ON_STAGE, ActState.DONE]))
    )
    if began:
        raise Conflict(_("Đã có tiết mục lên sân khấu, không xếp lại toàn bộ được nữa. Hãy đổi từng lượt."))


def take_out(festival_id: int) -> list[list[object]]:
    """Every act loses its place; answers what they were: entry, session, position, start, minutes."""
    of_festival = select(Session.id).join(Stage).where(Stage.festival_id == festival_id)
    acts = db.session.scalars(select(Act).where(Act.session_id.in_(of_festival)).order_by(Act.session_id, Act.position))
    were: list[list[object]] = [
        [act.entry_id, act.session_id, act.position, local(act.starts_at).isoformat(), act.duration_min] for act in acts
    ]
    db.session.execute(delete(Act).where(Act.session_id.in_(of_festival)))
    db.session.expire_all()
    return were


def move_act(act_id: int, earlier: bool, user_id: int | None) -> Act:
    """Swap an act with its neighbour in the session; the times of the session follow from its start.

    Conflict at the edge of a session, or when one of the two has begun.
    """
    act = db.session.get(Act, act_id)
    if act is None:
        raise NotFound()
    session = act.session
    locked(session.stage.festival_id)
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
        {"places": [[each.entry_id, each.session_id, each.position] for each in session.acts]},
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
            act.turn = None  # the plan says again who comes when
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

    conflicts: tuple[conflicts.PlanConflict, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """An enrolled entry without a time: `why` says of its contest whether it has a session at all."""

    entry: str
    name: str
    contest: str
    has_session: bool


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Acts would be missing from the programme: nothing was published. `stamp` agrees to leaving out just these."""

    acts: tuple[Absent, ...]

    @property
    def stamp(self) -> str:
        return sha256("\n".join(act.entry for act in self.acts).encode()).hexdigest()


def left_out(festival_id: int) -> LeftOut:
    """Who takes part and has no time in the present plan; in a knock-out the last of an odd number has none at first."""
    placed = set(
        db.session.scalars(select(Act.entry_id).join(Session).join(Stage).where(Stage.festival_id == festival_id))
    )
    has = set(db.session.scalars(select(Session.contest_id).join(Stage).where(Stage.festival_id == festival_id)))
    entries: dict[Contest, list[Entry]] = {}
    for entry, contest in db.session.execute(
        select(Entry, Contest)
        .join(Contest, Contest.id == Entry.contest_id)
        .where(
            Contest.festival_id == festival_id,
            Entry.state == EntryState.ENROLLED,
            Contest.result_kind != ResultKind.SUM,
            Contest.plates_of == "",
        )
        .order_by(Contest.position, Contest.id, Entry.number.is_(None), Entry.number, Entry.id)
    ):
        entries.setdefault(contest, []).append(entry)
    return LeftOut(
        tuple(
            Absent(entry.code, entry.name, contest.name, contest.id in has)
            for contest, several in entries.items()
            for group in queries.together(contest, several)
            for entry in group
            if entry.id not in placed
        )
    )


def publish(
    festival_id: int, user_id: int | None, note: str = "", *, without: str = ""
) -> Published | NotPublished | LeftOut:
    """Freeze the present plan as the next version and open the programme to the public.

    `without`: the stamp of the acts that somebody has seen named and agreed to leave out.
    """
    festival = locked(festival_id)
    found = [each for each in queries.plan_conflicts(festival_id) if each.kind in IMPOSSIBLE]
    if found:
        return NotPublished(tuple(found))
    content = queries.snapshot(festival)
    if not content["acts"]:
        raise Conflict(_("Lịch thi chưa có tiết mục nào để công bố."))
    missing = left_out(festival_id)
    if missing.acts and missing.stamp != without:
        return missing
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
        {
            "note": note,
            "acts": len(content["acts"]),
            "digest": digest(content),
            "left_out": [act.entry for act in missing.acts],
        },
    )
    return Published(version)
