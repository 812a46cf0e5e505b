"""How far is a contest on the ladder of states, who may take the next step, and what keeps it from being locked?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from festival.accounts.models import User, UserRole
from festival.accounts.roles import permissions_of
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.core.database import db
from festival.core.web.access import Permission
from festival.editions.models import Festival
from festival.judging.contest_access import panels_of, sits_as_chair
from festival.judging.ground.unsettled import unsettled
from festival.judging.paper.of_seat import waiting_on_seats
from festival.judging.plates.putting import without_plate
from festival.judging.sheets.coming import to_come
from festival.judging.tablets.whose_tablet import tablets_in_doubt
from festival.judging.tally import Tally
from festival.results.models import ResultTakenBack, StateChange
from festival.results.petitions.reading import unsettled_of
from festival.schedule.models import ActState

LADDER = (
    ContestState.OPEN,
    ContestState.LOCKED,
    ContestState.SIGNED,
    ContestState.DECIDED,
    ContestState.RELEASED,
    ContestState.PUBLISHED,
)
# Who signs the minutes, in this order: never a reserve; who was replaced stands in the annex.
SIGNING = (PanelSeat.CHAIR, PanelSeat.MEMBER, PanelSeat.SECRETARY)


def results_stream(contest: Contest) -> str:
    """The ledger stream of a contest's locks, decisions and publication."""
    return f"results:{contest.ledger_name}"


def whole_stream(festival: Festival) -> str:
    """The ledger stream of the whole delegation's decisions and minutes (no code of a contest holds a slash)."""
    return f"results:{festival.code}/delegations"


def reached(contest: Contest, state: ContestState) -> bool:
    """Whether a contest has come at least as far as `state`."""
    return LADDER.index(contest.state) >= LADDER.index(state)


def may_lock_as(user_id: int, contest: Contest, seat: PanelSeat) -> bool:
    """Whether this account can stand for the chair (or the secretary) at the lock of a contest.

    For a chair that nobody is (of balls, of seconds): an organiser, or who sits as chair in a panel of the same edition;
    the right alone, given for another festival, is not enough.
    """
    seated = list(db.session.scalars(select(Judge.user_id).where(Judge.contest_id == contest.id, Judge.seat == seat)))
    if seated:
        return user_id in seated
    roles = frozenset(db.session.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))
    held = permissions_of(roles)
    if seat is not PanelSeat.CHAIR:
        return Permission.TALLY in held
    return Permission.RELEASE in held or (Permission.CHAIR in held and sits_as_chair(user_id, contest.festival_id))


def unsignable(contest: Contest, *, shown: bool = False) -> tuple[str, ...]:
    """Who is missing to sign the minutes: a contest that judges mark needs its chair, its secretary and a judge.

    Of the others (balls, seconds) the two who lock are the two who sign. `shown`: for a page, which has read the panel; a step
    of the ladder asks anew, under its lock.
    """
    if contest.result_kind is not ResultKind.RUBRIC:
        return ()
    own = select(Judge.seat, Judge.marks).where(Judge.contest_id == contest.id)
    panel = [(row.seat, row.marks) for row in (panels_of([contest.id]) if shown else db.session.execute(own))]
    seats = {seat for seat, _marks in panel}
    return tuple(
        code
        for code, there in (
            ("no_judge", any(marks for _seat, marks in panel)),
            ("no_chair", PanelSeat.CHAIR in seats),
            ("no_secretary", PanelSeat.SECRETARY in seats),
        )
        if not there
    )


@dataclass(frozen=True, slots=True)
class LockProblem:
    """Why a contest cannot be locked without an override."""

    what: str  # missing | conflict | held | differs | unmeasured | no_plate | gap | unheard | ground_apart | ground_counts | ground_dispute | petition
    who: str
    entry: str
    to_come: bool = False  # its act was not on stage yet


def lock_problems(tallied: Tally) -> list[LockProblem]:
    """Sheets that are missing or in two versions, slips typed once or unlike, entries without a result, tablets with messages
    on the way or not heard.
    """
    typed = waiting_on_seats(tallied)
    # before an act is over there is nothing a tablet could still hold
    over = any(appearance.act_state is ActState.DONE for appearance in tallied.appearances)
    gaps, unheard = tablets_in_doubt(tallied.contest.id, tallied.seats)
    coming = to_come(tallied, (entry_id for _judge, entry_id in typed))
    return [
        *(
            LockProblem("missing", seat.name, appearance.name, appearance.id in coming)
            for appearance, seat in tallied.missing()
        ),
        *(LockProblem("conflict", seat.name, appearance.name) for appearance, seat in tallied.conflicts()),
        *(
            LockProblem(typed[seat.id, each.id].value, seat.name, each.name)
            for each in tallied.appearances
            for seat in tallied.seats  # a slip of who sat there before also where the present judge is tied
            if (seat.id, each.id) in typed and not tallied.out(each.id)
        ),
        *(
            LockProblem("unmeasured", "", appearance.name, appearance.id in coming)
            for appearance in tallied.unmeasured()
        ),
        *(LockProblem("no_plate", "", name) for name in without_plate(tallied.contest)),
        *(LockProblem("gap", device.name or str(device.number), "") for device in gaps),
        *(LockProblem(*each) for each in unsettled(tallied)),
        *(LockProblem("unheard", device.name or str(device.number), "") for device in unheard if over),
        *(LockProblem("petition", str(number), "") for number in unsettled_of(tallied.contest)),
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the ladder that was taken."""

    state: ContestState
    at: datetime
    by: str
    with_: str
    number: str
    note: str
    ledger_size: int | None
    ledger_hash: str
    papers_reason: str = ""  # why the MC read before the signed papers were here
    day: date | None = None  # of the award decision
    times_back: int = 0  # how often the result of this contest was taken back so far


def steps_of(contest_id: int) -> dict[ContestState, Step]:
    """The steps a contest has taken."""
    second = aliased(User)
    back = select(func.count()).select_from(ResultTakenBack).where(ResultTakenBack.contest_id == contest_id)
    rows = db.session.execute(
        select(StateChange, User.name, second.name, back.scalar_subquery())
        .outerjoin(User, User.id == StateChange.by_user)
        .outerjoin(second, second.id == StateChange.with_user)
        .where(StateChange.contest_id == contest_id)
    )
    return {
        change.state: Step(
            change.state,
            change.at,
            by or "",
            other or "",
            change.number,
            change.note,
            change.ledger_size,
            change.ledger_hash,
            change.papers_reason,
            change.paper_day,
            times_back,
        )
        for change, by, other, times_back in rows
    }


@dataclass(frozen=True, slots=True)
class MinutesSigner:
    """A name on the minutes."""

    name: str
    seat: PanelSeat
    letter: str
    judge_id: int


def signers_of(contest_id: int) -> list[MinutesSigner]:
    """Chair, members, secretary with their names."""
    rows = db.session.execute(
        select(User.name, Judge.seat, Judge.letter, Judge.id)
        .join(User, User.id == Judge.user_id)
        .where(Judge.contest_id == contest_id, Judge.seat.in_(SIGNING))
    ).all()
    return sorted(
        (MinutesSigner(name, seat, letter or "", judge_id) for name, seat, letter, judge_id in rows),
        key=lambda member: (SIGNING.index(member.seat), member.letter, member.name),
    )
