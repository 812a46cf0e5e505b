"""Who still lacks what, of the people an edition needs?

An account nobody has come in with, an officer without a delegation, a delegation without an officer, a contest whose
panel is short, a judge without a PIN. Five statements however many people (three where the contests were read before).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from festival.accounts.models import AccountPin, User, UserRole
from festival.accounts.roles import Role
from festival.contests.models import Contest, ContestState, Judge, PanelSeat, ResultKind
from festival.contests.queries import contests
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.roster.delegations import delegations, officers
from festival.roster.models import Delegation


@dataclass(frozen=True, slots=True)
class LackLine:
    """Somebody or something that lacks it, and the page where that is mended."""

    name: str
    href: str
    said: Sentence | None = None  # only where the heading does not say it all


@dataclass(frozen=True, slots=True)
class Lack:
    """One kind of what is missing; there is always somebody in it."""

    kind: str
    said: Sentence
    todo: Sentence
    lines: tuple[LackLine, ...]


NEVER_IN = N_("%(n)s tài khoản chưa ai đăng nhập", "never_in")
NEVER_IN_TODO = N_("In thẻ đăng nhập rồi trao tận tay.", "never_in_todo")
IDLE_OFFICER = N_("%(n)s cán bộ chưa được giao đoàn", "officer_idle")
IDLE_OFFICER_TODO = N_("Giao đoàn cho từng người, hoặc bỏ vai trò này.", "officer_idle_todo")
NO_OFFICER = N_("%(n)s đoàn chưa có cán bộ", "no_officer")
NO_OFFICER_TODO = N_("Chưa ai đăng ký được gia đình cho các đoàn này.", "no_officer_todo")
PANEL = N_("%(n)s phần thi chưa đủ người chấm", "panel_short")
PANEL_TODO = N_("Xếp ghế trước khi phần thi bắt đầu.", "panel_short_todo")
NO_PIN = N_("%(n)s giám khảo chưa có mã PIN", "no_pin")
NO_PIN_TODO = N_("In thẻ niêm phong để giám khảo tự đặt mã PIN trên máy chấm.", "no_pin_todo")
# What a panel lacks, by chair, secretary and how many more judges: each said whole, so that it can be translated.
SHORT: dict[tuple[bool, bool, bool], Sentence] = {
    (True, True, True): N_("thiếu trưởng ban, thư ký và %(n)s giám khảo (đã có %(there)s/%(size)s)", "lacks_all"),
    (True, True, False): N_("thiếu trưởng ban và thư ký", "lacks_both"),
    (True, False, True): N_("thiếu trưởng ban và %(n)s giám khảo (đã có %(there)s/%(size)s)", "lacks_chair_judges"),
    (True, False, False): N_("thiếu trưởng ban", "lacks_chair"),
    (False, True, True): N_("thiếu thư ký và %(n)s giám khảo (đã có %(there)s/%(size)s)", "lacks_secretary_judges"),
    (False, True, False): N_("thiếu thư ký", "lacks_secretary"),
    (False, False, True): N_("thiếu %(n)s giám khảo (đã có %(there)s/%(size)s)", "lacks_judges"),
}


@dataclass(frozen=True, slots=True)
class _Account:
    user_id: int
    name: str
    came_in: bool
    has_pin: bool
    roles: frozenset[Role]


def lacking(festival: Festival) -> tuple[Lack, ...]:
    """Everything that is missing, in the order in which it is mended; nothing when all is there."""
    accounts = _accounts()
    rows = [row for row in contests(festival.id) if row.state is ContestState.OPEN]
    seats = _seats([row.id for row in rows])
    assigned = officers(festival.id)
    kinds = (
        ("no_officer", NO_OFFICER, NO_OFFICER_TODO, _no_officer(delegations(festival.id), assigned)),
        ("officer_idle", IDLE_OFFICER, IDLE_OFFICER_TODO, _idle(accounts, assigned)),
        ("panel_short", PANEL, PANEL_TODO, _panels(rows, seats)),
        ("never_in", NEVER_IN, NEVER_IN_TODO, _never_in(accounts)),
        ("no_pin", NO_PIN, NO_PIN_TODO, _no_pin(accounts, seats)),
    )
    found = ((kind, said, todo, tuple(lines)) for kind, said, todo, lines in kinds)
    return tuple(Lack(kind, said.filled(n=len(lines)), todo, lines) for kind, said, todo, lines in found if lines)


def _accounts() -> list[_Account]:
    """Every account in use, by name. Who has never set a password has never come in."""
    rows = db.session.execute(
        select(User.id, User.name, User.password_hash, AccountPin.user_id.label("pin"), UserRole.role)
        .outerjoin(AccountPin, AccountPin.user_id == User.id)
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(User.active)
        .order_by(User.name, User.id)
    ).all()
    roles: dict[int, set[Role]] = defaultdict(set)
    for row in rows:
        roles[row.id] |= {row.role} - {None}
    once = {row.id: row for row in rows}
    return [
        _Account(row.id, row.name, row.password_hash != "", row.pin is not None, frozenset(roles[row.id]))
        for row in once.values()
    ]


def _seats(contest_ids: Sequence[int]) -> dict[int, list[Judge]]:
    found: dict[int, list[Judge]] = defaultdict(list)
    for judge in db.session.scalars(select(Judge).where(Judge.contest_id.in_(contest_ids)).order_by(Judge.id)):
        found[judge.contest_id].append(judge)
    return found


def _no_officer(those: Sequence[Delegation], assigned: Mapping[int, Sequence[User]]) -> Iterator[LackLine]:
    for each in those:
        if not any(user.active for user in assigned.get(each.id, ())):
            yield LackLine(each.name, f"/office/delegations?delegation={each.code}#d-{each.code}")


def _idle(accounts: Sequence[_Account], assigned: Mapping[int, Sequence[User]]) -> Iterator[LackLine]:
    busy = {user.id for users in assigned.values() for user in users}
    for each in accounts:
        if Role.OFFICER in each.roles and each.user_id not in busy:
            yield LackLine(each.name, "/office/delegations")


def _panels(rows: Sequence[Contest], seats: Mapping[int, Sequence[Judge]]) -> Iterator[LackLine]:
    for row in rows:
        held = seats.get(row.id, ())
        marked = row.result_kind is ResultKind.RUBRIC
        size = max(row.panel_size, 1) if marked else 0
        there = sum(judge.marks for judge in held)
        kinds = {judge.seat for judge in held}
        short = (marked and PanelSeat.CHAIR not in kinds, PanelSeat.SECRETARY not in kinds, there < size)
        if said := SHORT.get(short):
            counts = {"n": size - there, "there": there, "size": size} if short[2] else {}
            yield LackLine(row.name, f"/office/contests/{row.code}#jury", said.filled(**counts))


def _never_in(accounts: Sequence[_Account]) -> Iterator[LackLine]:
    for each in accounts:
        if not each.came_in:
            yield LackLine(each.name, f"/office/people/{each.user_id}")


def _no_pin(accounts: Sequence[_Account], seats: Mapping[int, Sequence[Judge]]) -> Iterator[LackLine]:
    marking = {judge.user_id for held in seats.values() for judge in held if judge.marks}
    for each in accounts:
        if each.user_id in marking and not each.has_pin:
            yield LackLine(each.name, "/office/devices/cards")
