"""How does a plan come about, change, and reach the public?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from festival.contests.models import Contest, ResultKind
from festival.core import ledger
from festival.core.clock import from_local, local, now
from festival.core.database import db
from festival.core.seal.compare import digest
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict
from festival.editions.actions import open_phase
from festival.editions.models import Festival, PhaseKind
from festival.editions.queries import phase_open
from festival.roster.models import Entry, EntryState
from festival.schedule import conflicts, queries
from festival.schedule.drawn.dividing import drawn_material
from festival.schedule.grouping import brackets_of, together
from festival.schedule.history.keeping import set_apart, staying_entries
from festival.schedule.history.steps import a_step
from festival.schedule.later.writing import give_places, loosened
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
        conflicts.Clash.TORN,
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
    held = set_apart(festival_id, given)
    plan = first_plan(
        held.acts, held.sessions, gap_min=gap_min, order_binds=order_binds, fixed=held.placed, wishes=given.wishes
    )
    with a_step(festival, "plan_made", by):
        were = take_out(festival_id)
        rows = [
            Act(session_id=int(item.session.code), entry_id=entry_id, starts_at=from_local(item.starts_at),
                duration_min=item.act.duration_min)
            for item in plan.placed
            for entry_id in given.entries_of[item.act.code]
        ]  # fmt: skip
        places = renumbered(festival_id, rows)
        give_places(festival_id, ((each.act.code, int(each.session.code), each.starts_at) for each in plan.placed))
        new = {row.entry_id for row in rows}
        ledger.append(
            f"decisions:{festival.code}",
            "plan_made",
            {"festival": festival.code, "by": by},
            {
                "acts": len(rows),
                "without_place": len(plan.unplaced),
                "places": places,
                "state": ActState.WAITING.value,
                "kept": [entry_id for entry_id, _session, _position in places if entry_id not in new],
                "were": were,
            },
        )
    judged = conflicts.check(
        queries.placed(festival_id, given), gap_min=gap_min, ordered=order_binds, wishes=given.wishes
    )
    return Planned(len(rows), (*plan.unplaced, *judged))


def renumbered(festival_id: int, rows: Sequence[Act]) -> list[list[int]]:
    """Add these acts to those that stand; the acts of each session count from 1 by their start. Answers all places."""
    stand = db.session.scalars(
        select(Act)
        .join(Session)
        .join(Stage)
        .where(Stage.festival_id == festival_id)
        .order_by(Act.session_id, Act.position)
    ).all()
    for act in stand:
        act.position = -act.id
        act.turn = None  # the plan says again who comes when
    db.session.flush()
    turn: dict[int, int] = {}
    # the rows of a match keep the order in which they were given
    for act in sorted([*stand, *rows], key=lambda each: each.starts_at):
        turn[act.session_id] = act.position = turn.get(act.session_id, 0) + 1
    db.session.add_all(rows)
    places = [[act.entry_id, act.session_id, act.position] for act in (*stand, *rows)]
    db.session.flush()
    db.session.expire_all()
    return places


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
    """Every act that is not locked loses its place; answers what they were: entry, session, position, start, minutes."""
    of_festival = select(Session.id).join(Stage).where(Stage.festival_id == festival_id)
    loose = Act.session_id.in_(of_festival) & Act.entry_id.not_in(staying_entries(festival_id))
    acts = db.session.scalars(select(Act).where(loose).order_by(Act.session_id, Act.position))
    were: list[list[object]] = [
        [act.entry_id, act.session_id, act.position, local(act.starts_at).isoformat(), act.duration_min] for act in acts
    ]
    db.session.execute(delete(Act).where(loose))
    db.session.expire_all()
    return were + loosened(festival_id)


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
    """Acts would be missing from the programme, or stand in it on a stage that is closed: nothing was published.

    `stamp` agrees to just these.
    """

    acts: tuple[Absent, ...]
    closed: tuple[Sentence, ...] = ()

    @property
    def asks(self) -> bool:
        """Whether somebody has to agree."""
        return bool(self.acts or self.closed)

    @property
    def stamp(self) -> str:
        return sha256("\n".join([*(act.entry for act in self.acts), *map(str, self.closed)]).encode()).hexdigest()


def left_out(festival_id: int, found: Iterable[conflicts.PlanConflict] = ()) -> LeftOut:
    """Who takes part and has no time in the present plan; in a knock-out the last of an odd number has none at first.

    `found`: what the checker says of the plan.
    """
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
    brackets = brackets_of(entries)
    return LeftOut(
        tuple(
            Absent(entry.code, entry.name, contest.name, contest.id in has)
            for contest, several in entries.items()
            for group in together(contest, several, brackets.get(contest.id))
            for entry in group
            if entry.id not in placed
        ),
        tuple(each.reason for each in found if each.kind is conflicts.Clash.CLOSED),
    )


@dataclass(frozen=True, slots=True)
class LookedAt:
    """The plan as it stood when the decisions of the festival were `decided` many: what the checker says, what would be published, who not."""

    decided: int
    found: tuple[conflicts.PlanConflict, ...]
    content: dict[str, Any]
    missing: LeftOut


def look(festival: Festival) -> LookedAt:
    """All that is read and checked before a version; most of the work of publishing, and it needs no writer's place."""
    decided = ledger.head(f"decisions:{festival.code}").size  # first: what comes later makes it look again
    found = tuple(queries.plan_conflicts(festival.id))
    return LookedAt(decided, found, queries.snapshot(festival), left_out(festival.id, found))


def publish(
    festival_id: int, user_id: int | None, note: str = "", *, without: str = "", looked: LookedAt | None = None
) -> Published | NotPublished | LeftOut:
    """Freeze the present plan as the next version and open the programme to the public.

    `without`: the stamp of what somebody has seen named and agreed to: acts without a time, acts on a closed stage.
    `looked`: what was looked at before the transaction, so that phones at the gates do not wait meanwhile; when something
    was decided since, it is looked at again here.
    """
    festival = locked(festival_id)
    if looked is None or looked.decided != ledger.head(f"decisions:{festival.code}").size:
        looked = look(festival)
    impossible = tuple(each for each in looked.found if each.kind in IMPOSSIBLE)
    if impossible:
        return NotPublished(impossible)
    content, missing = looked.content, looked.missing
    if not content["acts"]:
        raise Conflict(_("Lịch thi chưa có tiết mục nào để công bố."))
    if missing.asks and missing.stamp != without:
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
