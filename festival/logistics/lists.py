"""Which values stand on a list to sign: meals handed out, who got which room, who arrived? Papers are in the first language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.web.i18n import day, moment, say
from festival.editions.models import Festival
from festival.logistics.portions import Portions, total
from festival.logistics.queries import DelegationNumbers, MealTotal
from festival.logistics.sleeping.room_queries import RoomLine, RoomPerson
from festival.logistics.words import MEAL_WORDS, VEHICLE_WORDS

LIST = "components/list_to_sign.typ"


def _paper(festival: Festival, title: str, under: str, head: Sequence[str], widths: Sequence[float]) -> dict[str, Any]:
    today = local(now()).date()
    place = festival.host or festival.venue
    on = _(
        "ngày %(day)s tháng %(month)s năm %(year)s", day=f"{today.day:02d}", month=f"{today.month:02d}", year=today.year
    )
    return {
        "title": title,
        "under": under,
        "organ": festival.organiser or festival.name,
        "place_and_day": f"{place}, {on}" if place else on[:1].upper() + on[1:],
        "head": list(head),
        "widths": list(widths),
        "rows": [],
        "notes": [],
        "signers": [
            {"role": _("NGƯỜI LẬP"), "note": _("(Ký, ghi rõ họ tên)")},
            {"role": _("BAN TỔ CHỨC"), "note": _("(Ký, ghi rõ họ tên)")},
        ],
    }


def meal_list(festival: Festival, meal: MealTotal, lines: Sequence[DelegationNumbers]) -> dict[str, Any]:
    """Portions of one meal by delegation, signed by who takes them."""
    called = f"{say(MEAL_WORDS[meal.kind])} {day(meal.day)}"
    head = [
        _("TT"),
        _("Đoàn"),
        _("Tổng"),
        _("Thường"),
        _("Chay"),
        _("Không thịt heo"),
        _("Giờ nhận"),
        _("Người nhận ký"),
    ]
    paper = _paper(festival, _("Danh sách nhận suất ăn"), called, head, (0, 3, 0.9, 1, 0.9, 1.2, 1.1, 1.9))
    said = [line.portions[meal.id] for line in lines if meal.id in line.portions]
    for at, line in enumerate(lines, start=1):
        paper["rows"].append([str(at), line.name, *_numbers(line.portions.get(meal.id)), "", ""])
    paper["rows"].append(["", _("Cộng"), *_numbers(total(said)), "", ""])
    return paper


def _numbers(portions: Portions | None) -> list[str]:
    if portions is None:
        return ["–"] * 4
    return [str(each) for each in (portions.portions, portions.plain, portions.vegetarian, portions.no_pork)]


def arrival_list(festival: Festival, lines: Sequence[DelegationNumbers]) -> dict[str, Any]:
    """Who is awaited when and in what, with room for the hour they came."""
    head = [
        _("TT"),
        _("Đoàn"),
        _("Số người"),
        _("Giờ đến"),
        _("Nơi đón"),
        _("Phương tiện"),
        _("Điện thoại tài xế"),
        _("Giờ đến thật"),
        _("Trưởng đoàn ký"),
    ]
    paper = _paper(festival, _("Danh sách đón đoàn"), festival.name, head, (0, 2.2, 0, 1.2, 1.6, 1.4, 1.3, 1, 1.6)) | {
        "wide": True
    }
    # Who said when comes first, in the order of coming.
    ordered = sorted(
        lines,
        key=lambda each: (
            each.stay is None or each.stay.arrives_at is None,
            each.stay.arrives_at if each.stay and each.stay.arrives_at else now(),
        ),
    )
    for at, line in enumerate(ordered, start=1):
        stay = line.stay
        arrives = moment(stay.arrives_at) if stay and stay.arrives_at else "–"
        vehicle = (
            f"{say(VEHICLE_WORDS[stay.vehicle])} {stay.plate}".strip()
            if stay and stay.vehicle
            else (stay.plate if stay else "")
        )
        place, phone = (stay.place, stay.driver_phone) if stay else ("", "")
        paper["rows"].append([str(at), line.name, str(line.people), arrives, place, vehicle, phone, "", ""])
    return paper


def room_list(festival: Festival, rooms: Sequence[RoomLine], people: Sequence[RoomPerson]) -> dict[str, Any]:
    """Who sleeps in which room, signed when the key is handed over."""
    head = [_("TT"), _("Phòng"), _("Họ và tên"), _("Đoàn"), _("Nhận chìa khóa ký")]
    under = _("%(people)s người, %(rooms)s phòng", people=len(people), rooms=sum(room.taken > 0 for room in rooms))
    paper = _paper(festival, _("Danh sách phòng ở"), under, head, (0, 2, 2.4, 2, 1.8))
    before = ""
    for at, each in enumerate(people, start=1):
        room = f"{each.house}, {each.room}"
        paper["rows"].append([str(at), "" if room == before else room, each.name, each.delegation, ""])
        before = room
    return paper
