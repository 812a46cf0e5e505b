"""What goes into the proposal for all panels, and how is one applied as a whole and taken back before the first mark?

Only panels without a mark are filled; whoever sits in one that has marks is busy at its hours. Ties are hard: those noted,
the unit a seat is tied to, every relation that was declared, the delegation an account registers. What an account can judge
and on which days is as the organiser said (`judging.panel.scopes`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.contests import actions
from festival.contests.assigning.proposal import Assignable, PanelProposed, PanelWanted, blocks, faults
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind, Unavailability
from festival.contests.replacing.models import DeclaredRelation
from festival.core import ledger
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import Conflict
from festival.editions.models import Festival
from festival.judging.panel.scopes import ScopeSaid, scopes_of
from festival.roster.models import Delegation, DelegationOfficer, Entry
from festival.schedule.models import Session

Seats = list[tuple[int, str, str | None]]  # account, duty, letter


@dataclass(frozen=True, slots=True)
class PlanGround:
    """Who may judge, which panels are filled, and the names of both."""

    people: tuple[Assignable, ...]
    panels: tuple[PanelWanted, ...]
    names: Mapping[int, str]
    logins: Mapping[int, str]
    titles: Mapping[str, str]


def ground(festival: Festival) -> PlanGround:
    """Everything as it is now."""
    contests = list(
        db.session.scalars(select(Contest).where(Contest.festival_id == festival.id).order_by(Contest.position))
    )
    judged = [each for each in contests if each.result_kind is ResultKind.RUBRIC and each.panel_size]
    filled = [each for each in judged if each.state is ContestState.OPEN and each.rules_fixed_at is None]
    seats = list(
        db.session.scalars(select(Judge).where(Judge.contest_id.in_([each.id for each in judged]), Judge.marks))
    )
    enters, times = _enters(festival), _times(festival)
    panels = tuple(_panel(each, seats, enters, times) for each in judged)
    changing = {each.code for each in filled}
    tied = _tied(festival)
    roles = db.session.execute(
        select(User.id, User.name, User.login, UserRole.role)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role.in_((Role.JUDGE, Role.CHAIR)))
        .order_by(User.id)
    ).all()
    busy, codes, said = _busy(panels, changing), frozenset(changing), scopes_of(festival.id)
    people = tuple(
        Assignable(
            user,
            _can(codes, said.get(user)) - busy.get(user, frozenset()),
            chairs=any(row.id == user and row.role is Role.CHAIR for row in roles),
            days=said[user].days if user in said else None,
            tied=tied.get(user, frozenset()),
        )
        for user in sorted({row.id for row in roles})
    )
    return PlanGround(
        people,
        tuple(panel for panel in panels if panel.code in changing),
        {row.id: row.name for row in roles},
        {row.id: row.login for row in roles},
        {each.code: each.name for each in filled},
    )


def _can(codes: frozenset[str], said: ScopeSaid | None) -> frozenset[str]:
    return codes if said is None or said.contests is None else codes & said.contests


def without(found: PlanGround, left_out: frozenset[tuple[int, str]]) -> PlanGround:
    """The same when these people do not judge these contests."""
    people = tuple(
        replace(each, contests=frozenset(code for code in each.contests if (each.id, code) not in left_out))
        for each in found.people
    )
    return replace(found, people=people)


def _panel(
    contest: Contest, seats: Sequence[Judge], enters: Mapping[int, frozenset[str]], times: Mapping[int, Any]
) -> PanelWanted:
    own = [seat for seat in seats if seat.contest_id == contest.id]
    return PanelWanted(
        contest.code,
        contest.panel_size,
        enters.get(contest.id, frozenset()),
        tuple(times.get(contest.id, ())),
        frozenset(seat.user_id for seat in own),
        next((seat.user_id for seat in own if seat.seat is PanelSeat.CHAIR), None),
    )


def _busy(panels: Sequence[PanelWanted], changing: set[str]) -> dict[int, frozenset[str]]:
    """Of who sits in a panel that has marks: the panels at the same hours."""
    block = blocks(panels)
    found: dict[int, frozenset[str]] = {}
    for panel in panels:
        if panel.code not in changing:
            at_once = frozenset(other.code for other in panels if block[other.code] == block[panel.code])
            for user in panel.now:
                found[user] = found.get(user, frozenset()) | at_once
    return found


def _enters(festival: Festival) -> dict[int, frozenset[str]]:
    rows = db.session.execute(
        select(Entry.contest_id, Delegation.unit_id, Entry.family_id)
        .join(Delegation, Delegation.id == Entry.delegation_id)
        .where(Delegation.festival_id == festival.id)
    )
    found: dict[int, set[str]] = {}
    for contest_id, unit, family in rows:
        found.setdefault(contest_id, set()).update({f"unit-{unit}"} | ({f"family-{family}"} if family else set()))
    return {contest: frozenset(those) for contest, those in found.items()}


def _times(festival: Festival) -> dict[int, list[tuple[datetime, datetime]]]:
    wanted = select(Session).join(Contest).where(Contest.festival_id == festival.id).order_by(Session.starts_at)
    found: dict[int, list[tuple[datetime, datetime]]] = {}
    for session in db.session.scalars(wanted):
        found.setdefault(session.contest_id, []).append((local(session.starts_at), local(session.ends_at)))
    return found


def _tied(festival: Festival) -> dict[int, frozenset[str]]:
    """To what each account is tied, from all the house knows."""
    noted = (
        select(Judge.user_id, Unavailability.unit_id, Unavailability.family_id)
        .join(Judge, Judge.id == Unavailability.judge_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Contest.festival_id == festival.id)
    )
    stated = select(DeclaredRelation.user_id, DeclaredRelation.unit_id, DeclaredRelation.family_id).where(
        DeclaredRelation.festival_id == festival.id
    )
    own = select(Judge.user_id, Judge.unit_id).join(Contest).where(Contest.festival_id == festival.id)
    sent = select(DelegationOfficer.user_id, Delegation.unit_id).join(Delegation)
    found: dict[int, set[str]] = {}
    for wanted in (noted, stated, own, sent.where(Delegation.festival_id == festival.id)):
        for user, unit, *family in db.session.execute(wanted):
            found.setdefault(user, set()).update(
                {f"unit-{unit}"} if unit else {f"family-{each}" for each in family if each}
            )
    return {user: frozenset(those) for user, those in found.items()}


def apply(festival: Festival, found: PlanGround, chosen: Sequence[PanelProposed], by: int | None) -> int:
    """All panels as chosen, in the transaction of the caller; how many seats changed. Conflict when one breaks a rule."""
    if faults(found.people, found.panels, chosen):
        raise Conflict(_("Có ghế chưa xếp được. Xem từng chỗ bên dưới rồi sửa."))
    before = {panel.code: _seats(festival, panel.code) for panel in chosen}
    ties = _ties(festival, list(before))
    changed = sum(_set(festival, panel.code, _wanted(panel, before[panel.code])) for panel in chosen)
    _note_again(festival, ties)
    if changed:
        after = {panel.code: _seats(festival, panel.code) for panel in chosen}
        ledger.append(
            f"decisions:{festival.code}", "panels_assigned", {"festival": festival.code},
            {"before": before, "after": after, "ties": ties, "by": by},
        )  # fmt: skip
    return changed


def _ties(festival: Festival, codes: Sequence[str]) -> list[list[Any]]:
    """What was noted of who sits in these panels: a seat that is given anew would lose it."""
    rows = db.session.execute(
        select(Contest.code, Judge.user_id, Unavailability.unit_id, Unavailability.family_id, Unavailability.reason)
        .join(Judge, Judge.id == Unavailability.judge_id)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Contest.festival_id == festival.id, Contest.code.in_(codes), Judge.marks)
        .order_by(Unavailability.id)
    )
    return [list(row) for row in rows]


def _note_again(festival: Festival, ties: Sequence[Sequence[Any]]) -> None:
    """Ties are the person's: who sits in the panel is tied as before."""
    for code, user, unit, family, reason in ties:
        sits = (
            select(Judge.id)
            .join(Contest)
            .where(Contest.festival_id == festival.id, Contest.code == code, Judge.user_id == user, Judge.marks)
        )
        judge_id = db.session.scalars(sits).first()
        if judge_id is not None:
            actions.note_unavailable(judge_id, unit, reason, family_id=family)


def _wanted(panel: PanelProposed, held: Seats) -> Seats:
    """Who stays keeps the letter; who comes gets the next that is free."""
    letters = {user: letter for user, _duty, letter in held}
    seats = [(panel.chair, PanelSeat.CHAIR.value), *((each, PanelSeat.MEMBER.value) for each in panel.members)]
    return [(user, duty, letters.get(user)) for user, duty in seats]


def _seats(festival: Festival, code: str) -> Seats:
    rows = db.session.execute(
        select(Judge.user_id, Judge.seat, Judge.letter)
        .join(Contest, Contest.id == Judge.contest_id)
        .where(Contest.festival_id == festival.id, Contest.code == code, Judge.marks)
        .order_by(Judge.letter, Judge.id)
    )
    return [(user, seat.value, letter) for user, seat, letter in rows]


def _set(festival: Festival, code: str, wanted: Seats) -> int:
    """The panel as wanted: who goes first leaves, then who comes is seated."""
    contest_id = db.session.scalars(
        select(Contest.id).where(Contest.festival_id == festival.id, Contest.code == code)
    ).one()
    contest = actions.open_to_change(contest_id)
    if contest.rules_fixed_at is not None:
        raise Conflict(
            _("Phần thi %(name)s đã có điểm: chỉ thay từng giám khảo ở trang người ngồi ghế.", name=contest.name)
        )
    there = list(db.session.scalars(select(Judge).where(Judge.contest_id == contest_id, Judge.marks)))
    keeps = {(user, duty) for user, duty, _letter in wanted}
    gone = [judge for judge in there if (judge.user_id, judge.seat.value) not in keeps]
    stays = {judge.user_id for judge in there if judge not in gone}
    for judge in gone:
        actions.unseat(judge.id)
    db.session.expire_all()
    come = [(user, duty, letter) for user, duty, letter in wanted if user not in stays]
    # who brings a letter takes it before the next that is free is given
    for user, duty, letter in sorted(come, key=lambda each: (each[2] is None, each[1] != PanelSeat.CHAIR.value)):
        actions.seat(contest_id, user, PanelSeat(duty), letter=letter)
    return len(gone) + len(come)


def last_applied(festival: Festival) -> Mapping[str, Any] | None:
    """The seats before and after the proposal that was applied last, while it can be taken back: none of its panels has a
    mark and all sit as it left them.
    """
    content = ledger.last_payload(f"decisions:{festival.code}", ("panels_assigned", "panels_assigned_back"))
    last: Mapping[str, Any] = json.loads(content) if content else {}
    if "after" not in last:
        return None
    marked = select(Contest.code).where(
        Contest.festival_id == festival.id, Contest.code.in_(last["after"]), Contest.rules_fixed_at.is_not(None)
    )
    if db.session.scalars(marked).first() is not None:
        return None
    same = all([list(each) for each in _seats(festival, code)] == after for code, after in last["after"].items())
    return last if same else None


def take_back(festival: Festival, by: int | None) -> int:
    """All panels as they were before the last proposal was applied."""
    last = last_applied(festival)
    if last is None:
        raise Conflict(_("Không còn lần xếp nào trả lại được: đã có điểm, hoặc ghế đã đổi sau đó."))
    changed = sum(_set(festival, code, [tuple(seat) for seat in seats]) for code, seats in last["before"].items())
    _note_again(festival, last["ties"])
    ledger.append(f"decisions:{festival.code}", "panels_assigned_back", {"festival": festival.code}, {"by": by})
    return changed
