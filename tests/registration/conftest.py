"""A small festival: two delegations with an officer each, an organiser, three contests, and made-up households."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.accounts.actions import create_user, open_sign_in
from festival.accounts.queries import SESSION_COOKIE
from festival.accounts.roles import Role
from festival.consent.rules import Agreement
from festival.contests.models import Contest, EntrantKind, ResultKind, Secrecy
from festival.core.births import Birth
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.transaction import transaction
from festival.editions.choosing import choose_if_none
from festival.editions.models import Festival, Phase, PhaseKind, Unit, UnitLevel
from festival.roster import delegations
from festival.roster import rules as roster_rules
from festival.roster.household import Household, Member
from festival.roster.models import Delegation, DelegationOfficer
from festival.roster.people import Relation, Sex
from festival.roster.rules import Rules

FAMILY_NAMES = ("Danh", "Thạch", "Nguyễn", "Trần", "Lâm", "Kim")


@dataclass(frozen=True)
class World:
    """Ids and codes of what stands in the database."""

    app: Flask
    festival: str
    hon_dat: str
    kien_luong: str
    officer: int
    other_officer: int
    organiser: int

    def rules(self) -> Rules:
        return roster_rules.rules_of(roster_rules.asked_festival(self.festival))

    def delegation(self) -> Delegation:
        return delegations.delegation_by_code(self.hon_dat)

    def as_user(self, user_id: int) -> FlaskClient:
        """A browser signed in as this account."""
        with self.app.app_context(), transaction():
            token = open_sign_in(user_id, 8).token
        client = self.app.test_client()
        client.set_cookie(SESSION_COOKIE, token)
        return client


def household(number: int = 1, **changes: object) -> Household:
    """A complete family of three; the number makes name, phone and days of birth its own."""
    later = number - 1 if number else 200
    mother = f"{FAMILY_NAMES[number % 6]} Thị Sa Rươl"
    made = Household(
        phone=f"09{number:08d}",
        address="Ấp Hòn Me",
        members=(
            Member(mother, Relation.REPRESENTATIVE, Sex.FEMALE, Birth(1986, 2 + later // 26 % 10, 3 + later % 26), contests=("tai-nang",), agreement=Agreement(mother)),
            Member("Danh Chung", Relation.SPOUSE, Sex.MALE, Birth(1950 + later % 30), contests=("the-thao",), agreement=Agreement("Danh Chung")),
            Member("Danh Minh Khôi", Relation.CHILD, Sex.MALE, Birth(2014 - later // 112 % 3, 9 + later // 28 % 4, 1 + later % 28), needs="ăn chay", contests=("tai-nang",),
                   agreement=Agreement(mother, "mother"), own_agreement=True),
        ),
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def contest(festival_id: int, code: str, name: str, position: int, entries: int, entrant: EntrantKind) -> Contest:
    return Contest(
        festival_id=festival_id, code=code, name=name, position=position, result_kind=ResultKind.RUBRIC, entrant=entrant,
        secrecy=Secrecy.SECRET, entries_per_delegation=entries, performers_min=1, duration_min=15, tie_ladder=[],
        place_points=[], prizes=[], special_prizes=[],
    )  # fmt: skip


@pytest.fixture
def make_world(app: Flask) -> Callable[..., World]:
    """Build the small festival; `families` and `entries` are the quotas of a delegation."""

    def build(families: int = 6, entries: int = 4) -> World:
        at = now()
        with app.app_context(), transaction():
            festival = Festival(
                code="kg-2024", name="Ngày hội Gia đình tiêu biểu tỉnh Kiên Giang", organiser="Ban Tổ chức ngày hội",
                starts_on=date(2024, 6, 14), ends_on=date(2024, 6, 16), families_min=1, families_max=families,
                members_min=2, members_max=6, data_kept_until=date(2025, 6, 16), ruleset={}, created_at=at,
            )  # fmt: skip
            db.session.add(festival)
            db.session.flush()
            choose_if_none(festival)
            db.session.add(Phase(festival_id=festival.id, kind=PhaseKind.REGISTRATION, opens_at=at - timedelta(days=1)))
            db.session.add_all([
                contest(festival.id, "tai-nang", "Gia đình tài năng", 1, entries, EntrantKind.FAMILY),
                contest(festival.id, "nau-an", "Thi nấu ăn", 2, entries, EntrantKind.FAMILY),
                contest(festival.id, "the-thao", "Gia đình thể thao", 3, 1, EntrantKind.TEAM),
            ])  # fmt: skip
            codes = []
            officers = []
            for place, name in enumerate(("Hòn Đất", "Kiên Lương")):
                unit = Unit(
                    key=f"kg-{place}",
                    level=UnitLevel.DISTRICT,
                    kind="Huyện",
                    name=name,
                    folded=fold(name),
                    official_code=f"90{place}",
                )
                db.session.add(unit)
                db.session.flush()
                delegation = Delegation(
                    festival_id=festival.id, unit_id=unit.id, code=f"DOAN{place}", name=f"Đoàn huyện {name}", position=place,
                    families_min=1, families_max=families,
                )  # fmt: skip
                db.session.add(delegation)
                user = create_user(f"canbo{place}", f"Cán bộ {name}", "", [Role.OFFICER])
                db.session.flush()
                db.session.add(DelegationOfficer(delegation_id=delegation.id, user_id=user.id))
                codes.append(delegation.code)
                officers.append(user.id)
            organiser = create_user("btc", "Ban Tổ chức", "", [Role.ORGANISER]).id
        return World(app, "kg-2024", codes[0], codes[1], officers[0], officers[1], organiser)

    return build


@pytest.fixture
def world(make_world: Callable[..., World]) -> World:
    """The small festival with roomy quotas."""
    return make_world()
