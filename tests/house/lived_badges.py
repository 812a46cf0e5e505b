"""People outside families through a day: added, corrected, moved, taken off a list, back; lists and own classes likewise."""

from __future__ import annotations

from dataclasses import replace

from festival.badges import actions, imports, kinds, lists, queries
from festival.badges.excel.fates import BadgeRow
from festival.badges.kinds import KindWish
from festival.badges.lists import BadgeDesk
from festival.badges.people import Outsider
from festival.badges.queries import BadgeLine
from festival.core.births import Birth
from festival.core.database import db
from festival.core.transaction import transaction
from festival.core.web.access import Actor, Permission
from festival.editions.models import Festival
from festival.roster.delegations import delegations

GUEST = Outsider("Nguyễn Văn An", "guest", honorific="đồng chí", title="Phó Chủ tịch", rank=1, seat="A1")
DRIVER = Outsider("Châu Văn Tài", "crew", title="Lái xe", phone="0912345678", birth=Birth(1980, 3, 2))


def outsiders(festival_id: int, staff: int) -> None:
    """Every step of a list and its way back."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        organiser = Actor("user", staff, permissions=frozenset({Permission.OFFICE}))

        def desk(code: str) -> BadgeDesk:
            db.session.expire_all()
            return lists.desk_of(organiser, code)

        def line(code: str, person: str) -> BadgeLine:
            found = queries.one_of(desk(code).list_id, person)
            assert found is not None
            return found

        guests = lists.make_list(festival, "Khách mời", staff).code
        spare = lists.make_list(festival, "Ghi nhầm", staff)
        lists.rename_list(festival, spare, 1, "Danh sách thừa", staff)
        lists.close_list(festival, spare, 2, staff)
        lists.open_list(festival, spare, 3, staff)
        lists.close_list(festival, spare, 4, staff)
        kind = kinds.make_kind(festival, KindWish("Y tế", "service", "shield", "good"), staff)
        code, bus = kind.code, delegations(festival.id)[0].code

        an = actions.add(desk(guests), GUEST, staff)
        tai = actions.add(desk(bus), DRIVER, staff)
        mai = actions.add(desk(guests), Outsider("Lâm Thị Mai", "service", code), staff)
        kinds.change_kind(festival, kind, 1, KindWish("Quân y", "service", "home", "bad"), staff)
        kinds.hand_over(festival, kind, 2, staff)
        kinds.remove_kind(festival, kind, staff)
        kinds.make_kind(festival, KindWish("Nghệ nhân", "guest", "star", "warn"), staff)
        held = line(guests, an)
        actions.change(desk(guests), held, 1, replace(held.who, name="Nguyễn Văn Ân", rank=2), desk(guests), staff)
        actions.change(
            desk(guests), line(guests, mai), 2, replace(held.who, name="Lâm Mai", badge="officer"), desk(bus), staff
        )
        actions.remove(festival, line(guests, an), 2, "không đến được", staff)
        actions.restore(desk(guests), line(guests, an), 3, staff)
        actions.remove(festival, line(bus, tai), 1, "đổi lái xe", staff)

        rows = [BadgeRow(number, replace(GUEST, name=name)) for number, name in enumerate(("Kim Sơn", "Thạch Sang"), 5)]
        batch = imports.keep(desk(guests), "khach.xlsx", rows, [], staff)
        assert imports.apply(desk(guests), batch, alike=False, by=staff) == 2
        assert imports.undo(desk(guests), batch, staff) == 2
        assert imports.redo(desk(guests), batch, staff) == 2
        assert imports.undo(desk(guests), batch, staff) == 2
