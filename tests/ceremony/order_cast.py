"""The evening of the reveal with guests who are greeted, and the organiser who writes its order."""

from __future__ import annotations

from flask import Flask

from festival.badges import actions, lists
from festival.badges.people import Outsider
from festival.ceremony.order.models import CeremonyPart
from festival.ceremony.order.reading import AwardsTonight, tonight
from festival.ceremony.order.writing import written
from festival.core.seal import checks
from festival.core.transaction import reading, transaction
from festival.core.web.access import Actor, Permission
from festival.editions.queries import the_festival
from tests.judging.panel_cast import Panel

AN = Outsider(
    "Nguyễn Văn An", "guest", honorific="đồng chí", title="Phó Chủ tịch Ủy ban nhân dân tỉnh", rank=1, seat="A1"
)
BINH = Outsider("Lâm Thị Bình", "guest", honorific="bà", title="Giám đốc Sở Văn hóa", rank=2)
CHI = Outsider("Danh Thị Chi", "guest", honorific="bà")


def with_guests(panel: Panel, *people: Outsider) -> list[str]:
    """Their codes."""
    by = panel.users["organiser"]
    with transaction():
        festival = the_festival()
        code = lists.make_list(festival, "Khách mời", by).code
        desk = lists.desk_of(Actor("user", by, permissions=frozenset({Permission.OFFICE})), code)
        return [actions.add(desk, each, by) for each in people or (AN, BINH, CHI)]


def version(app: Flask, part: CeremonyPart) -> str:
    """Of what stands, as a form carries it."""
    with app.app_context(), reading():
        return str(written(the_festival().id)[part][1])


def awards(app: Flask) -> AwardsTonight:
    with app.app_context(), reading():
        return tonight(the_festival())


def award_code(app: Flask, key: str) -> str:
    return next(call.code for call, _plan in awards(app).calls if call.key == key)


def order_sealed(app: Flask) -> list[str]:
    """Every difference between the rows and their ledger."""
    with app.app_context(), checks.snapshot():
        found = [difference for _room, difference in checks.inspect(("decisions:thu",)).named()]
        return [str(each) for each in found if each.table.startswith("ceremony_")]
