"""A delegation with families that were approved, a mixed team and an act's title, and somebody at reception."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.proofing import queries, sheets
from festival.proofing.names import NameKind, SheetName
from festival.proofing.queries import DelegationProof
from festival.roster import families, views
from festival.roster.household import Household
from festival.roster.models import Delegation, Entry, Person
from tests.registration.conftest import World, household, make_world, world
from tests.registration.pages_kit import post
from tests.registration.registered import approve, register

__all__ = ["make_world", "world"]

LONG = "Nguyễn" + " Thị Ngọc Ánh Tuyết" * 4  # 80 letters
UNBROKEN = "Đ" + "ặ" * 79


@dataclass(frozen=True)
class Reception:
    """The small festival with three approved families of one delegation; the other has none."""

    world: World

    @property
    def app(self) -> Flask:
        return self.world.app

    @property
    def address(self) -> str:
        return f"/office/names/{self.world.hon_dat}"

    def desk(self) -> FlaskClient:
        return self.world.as_user(self.world.organiser)

    def proof(self, code: str = "") -> DelegationProof:
        """How far the delegation is, as its page asks."""
        with self.app.app_context(), reading():
            of = db.session.scalars(select(Delegation).where(Delegation.code == (code or self.world.hon_dat))).one()
            return queries.proofs([of])[0]

    def printed(self) -> int:
        """The sheet as reception prints it."""
        with self.app.app_context():
            with reading():
                of = self.world.delegation()
                delegation_id, sheet = of.id, sheets.draw_sheet(of)
            with transaction():
                return sheets.print_sheet(delegation_id, sheet, self.world.organiser).id

    def signed(self, signer: str = "Danh Trưởng") -> int:
        """Printed and signed."""
        paper_id = self.printed()
        with self.app.app_context(), transaction():
            sheets.sign_sheet(self.world.delegation().id, paper_id, signer, self.world.organiser)
        return paper_id

    def send(self, step: str, status: int = 303, **fields: object) -> TestResponse:
        answer = post(self.desk(), f"{self.address}/{step}", fields, page=self.address)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer

    def name(self, kind: NameKind, text: str) -> SheetName:
        return next(each for each in self.proof().names if (each.kind, each.text) == (kind, text))

    def behind_the_back(self, old: str, new: str) -> None:
        """Somebody's name changes by another road."""
        with self.app.app_context(), transaction():
            db.session.execute(update(Person).where(Person.name == old).values(name=new))


def publishing(home: Household) -> Household:
    """Everybody of it agreed to being published by name."""
    return replace(home, members=tuple(replace(each, publish=True) for each in home.members))


@pytest.fixture
def reception(world: World) -> Reception:
    homes = [publishing(household(number)) for number in (1, 2)]
    first = replace(homes[0], members=tuple(replace(each, contests=()) for each in homes[0].members))
    long = household(3)
    names = (LONG, UNBROKEN, "Danh Minh Khôi")
    third = replace(
        long,
        members=tuple(replace(each, name=name, contests=()) for each, name in zip(long.members, names, strict=True)),
    )
    for home in (first, homes[1], third):
        approve(world, register(world, home).family_id)
    with world.app.app_context(), transaction():
        db.session.execute(update(Delegation).where(Delegation.code == world.hon_dat).values(head_name="Danh Trưởng"))
        own = Entry.family_id.is_not(None)
        db.session.execute(update(Entry).where(own).values(title="Điệu múa Rom Vong"))
    return Reception(world)


def lacks(place: Reception) -> set[tuple[object, ...]]:
    """What approved families lack: a correction takes nothing away."""
    with place.app.app_context(), reading():
        rules = place.world.rules()
        listed = families.families_of(place.world.delegation().id)
        return {item.lacks for item in views.views(listed, rules)}
