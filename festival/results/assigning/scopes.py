"""Whom can the proposal for all panels seat, in which contests and on which days is there a choice, and what was said?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from festival.accounts.models import User, UserRole
from festival.accounts.roles import Role
from festival.contests.models import Contest, ResultKind
from festival.core.clock import local
from festival.core.database import db
from festival.core.web.errors import NotFound
from festival.editions.models import Festival
from festival.judging.panel.scopes import ScopeSaid, scopes_of
from festival.schedule.models import Session

MOST_DAYS = 31


@dataclass(frozen=True, slots=True)
class ScopeLine:
    """An account that judges, and what was said of it."""

    user_id: int
    login: str
    name: str
    said: ScopeSaid


@dataclass(frozen=True, slots=True)
class ScopeChoices:
    """What there is to choose from: contests by code, days by ISO date."""

    contests: dict[str, str]
    days: dict[str, date]

    @property
    def known(self) -> ScopeSaid:
        return ScopeSaid(frozenset(self.contests), frozenset(self.days))

    def told(self, said: ScopeSaid) -> tuple[str, str]:
        """Contests and days in words."""
        return self._contests(said), self._days(said)

    def _contests(self, said: ScopeSaid) -> str:
        if said.contests is None:
            return str(_("mọi phần thi"))
        return ", ".join(name for code, name in self.contests.items() if code in said.contests) or str(_("không có"))

    def _days(self, said: ScopeSaid) -> str:
        if said.days is None:
            return str(_("mọi ngày"))
        return ", ".join(f"{day:%d/%m}" for key, day in self.days.items() if key in said.days) or str(_("không có"))


def choices_of(festival: Festival) -> ScopeChoices:
    """The contests that judges mark, the days of the festival and every day on which one of them is held."""
    judged = db.session.execute(
        select(Contest.code, Contest.name)
        .where(Contest.festival_id == festival.id, Contest.result_kind == ResultKind.RUBRIC)
        .order_by(Contest.position)
    )
    held = db.session.execute(
        select(Session.starts_at)
        .join(Contest, Contest.id == Session.contest_id)
        .where(Contest.festival_id == festival.id, Contest.result_kind == ResultKind.RUBRIC)
        .distinct()
    )
    days = {local(row.starts_at).date() for row in held} | set(_between(festival.starts_on, festival.ends_on))
    return ScopeChoices(
        {row.code: row.name for row in judged}, {day.isoformat(): day for day in sorted(days)[:MOST_DAYS]}
    )


def _between(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=at) for at in range(min(MOST_DAYS, (last - first).days + 1)))


def lines_of(festival: Festival) -> list[ScopeLine]:
    """Every account that the proposal could seat."""
    said = scopes_of(festival.id)
    rows = db.session.execute(
        select(User.id, User.login, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.active, UserRole.role.in_((Role.JUDGE, Role.CHAIR)))
        .distinct()
        .order_by(User.name, User.id)
    )
    return [ScopeLine(row.id, row.login, row.name, said.get(row.id, ScopeSaid())) for row in rows]


def line_of(festival: Festival, user_id: int) -> ScopeLine:
    """One of them. NotFound."""
    found = next((each for each in lines_of(festival) if each.user_id == user_id), None)
    if found is None:
        raise NotFound()
    return found
