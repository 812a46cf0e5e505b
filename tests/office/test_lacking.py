"""Is everybody who still lacks something named, and nobody else?"""

from __future__ import annotations

import pytest
from sqlalchemy import select

from festival.accounts.actions import change_password, create_user, set_active
from festival.accounts.pins import keep_pin
from festival.accounts.roles import Role
from festival.contests.actions import seat
from festival.contests.models import Contest, PanelSeat
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.editions.queries import the_festival
from festival.office.lacking import lacking
from festival.office.queries import day_view
from festival.registration.officer.assigning import assign_officer, dismiss_officer
from tests.house.test_statements import statements
from tests.registration.conftest import World

pytestmark = pytest.mark.either_database


def _found(world: World) -> dict[str, list[tuple[str, str]]]:
    """Whom the page names; the number on the first page is the same at every step of the way."""
    with world.app.app_context(), reading():
        found = {
            each.kind: [(line.name, str(line.said or "")) for line in each.lines] for each in lacking(the_festival())
        }
        counted = day_view(the_festival()).lacks
    named = (len(found.get("no_officer", ())), len(found.get("panel_short", ())))
    assert (counted.without_officer, counted.panels_short) == named
    return found


def test_everything_missing_is_named_until_it_is_there(world: World) -> None:
    rubric = ("Gia đình tài năng", "Thi nấu ăn", "Gia đình thể thao")
    everything = "thiếu trưởng ban, thư ký và 1 giám khảo (đã có 0/1)"
    before = _found(world)
    assert before == {
        "panel_short": [(name, everything) for name in rubric],
        "never_in": [("Ban Tổ chức", ""), ("Cán bộ Hòn Đất", ""), ("Cán bộ Kiên Lương", "")],
    }
    with world.app.app_context(), transaction():
        chair = create_user("tran.mai", "Trần Mai", "x", [Role.CHAIR]).id
        secretary = create_user("le.hoa", "Lê Hoa", "x", [Role.SECRETARY]).id
        idle = create_user("can.bo", "An Nhàn", "x", [Role.OFFICER]).id
        first = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        first.panel_size = 2
        seat(first.id, chair, PanelSeat.CHAIR)
        dismiss_officer(world.rules(), world.delegation(), world.officer)
    assert {**_found(world), "never_in": []} == {
        "no_officer": [("Đoàn huyện Hòn Đất", "")],
        "officer_idle": [("An Nhàn", ""), ("Cán bộ Hòn Đất", "")],
        "panel_short": [
            (rubric[0], "thiếu thư ký và 1 giám khảo (đã có 1/2)"),
            (rubric[1], everything),
            (rubric[2], everything),
        ],
        "never_in": [],
        "no_pin": [("Trần Mai", "")],
    }
    with world.app.app_context(), transaction():
        first = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        for row in db.session.scalars(select(Contest)):
            row.panel_size = 1
            if row.id != first.id:
                seat(row.id, chair, PanelSeat.CHAIR)
            seat(row.id, secretary, PanelSeat.SECRETARY)
        keep_pin(chair, "hash")
        assign_officer(world.rules(), world.delegation(), world.officer)
        assign_officer(world.rules(), world.delegation(), idle)
        for user in (world.officer, world.other_officer, world.organiser):
            change_password(user, "hash")
    assert _found(world) == {}


def test_an_account_out_of_use_does_not_stand_for_a_delegation(world: World) -> None:
    with world.app.app_context(), transaction():
        set_active(world.officer, False)
    assert _found(world)["no_officer"] == [("Đoàn huyện Hòn Đất", "")]
    assert ("Cán bộ Hòn Đất", "") not in _found(world)["never_in"]


@pytest.mark.both_databases
def test_few_statements_however_many_people(world: World) -> None:
    def asked() -> int:
        with statements(world.app) as sent, world.app.app_context(), reading():
            lacking(the_festival())
        return len(sent)

    before = asked()
    with world.app.app_context(), transaction():
        for number in range(20):
            create_user(f"moi{number}", f"Người {number}", "", [Role.OFFICER])
    assert (asked(), before <= 8) == (before, True)
