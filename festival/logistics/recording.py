"""How is a change of logistics noted in the ledger? One line with all that the row then holds, no name and no phone."""

from __future__ import annotations

from collections.abc import Iterable

from festival.core import ledger
from festival.editions.models import Festival
from festival.logistics.models import DelegationStay, EditionStay, LodgingRoom, Meal, MealPortions
from festival.logistics.portions import COLUMNS

TOLD = ("place", "bring", "bus_home", "version")  # of a delegation's stay; plate and phone lead to a driver


def record(festival: Festival, kind: str, subject: dict[str, object], payload: dict[str, object]) -> None:
    ledger.append(f"decisions:{festival.code}", f"logistics.{kind}", subject, payload)


def record_meal(festival: Festival, meal: Meal, by: int | None, reason: str = "") -> None:
    payload: dict[str, object] = {
        "day": meal.day.isoformat(),
        "kind": meal.kind.value,
        "closes_at": meal.closes_at.isoformat(),
        "removed": meal.removed_at is not None,
    }
    record(festival, "meal", {"meal": meal.id, "by": by}, payload | ({"reason": reason} if reason else {}))


def record_portions(festival: Festival, row: MealPortions, delegation: str, by: int | None, reason: str = "") -> None:
    payload: dict[str, object] = {name: getattr(row, name) for name in COLUMNS}
    subject: dict[str, object] = {"meal": row.meal_id, "delegation": delegation, "by": by}
    record(festival, "portions", subject, payload | ({"reason": reason} if reason else {}))


def stay_values(row: DelegationStay) -> dict[str, object]:
    """What the ledger says of a delegation's stay."""
    return {
        **{name: getattr(row, name) for name in TOLD},
        "arrives_at": row.arrives_at.isoformat() if row.arrives_at else None,
        "vehicle": row.vehicle.value if row.vehicle else None,
        "nights_from": row.nights_from.isoformat() if row.nights_from else None,
        "nights_until": row.nights_until.isoformat() if row.nights_until else None,
    }


def record_stay(festival: Festival, row: DelegationStay, delegation: str, by: int | None) -> None:
    record(festival, "stay", {"delegation": delegation, "by": by}, stay_values(row))


def record_edition(festival: Festival, row: EditionStay, by: int | None) -> None:
    payload: dict[str, object] = {"bring": row.bring, "bus_home": row.bus_home, "version": row.version}
    record(festival, "edition_stay", {"by": by}, payload)


def record_room(festival: Festival, room: LodgingRoom, beds: int, by: int | None) -> None:
    """`beds` 0: the room is taken out; a kind of its own says so, since what a line holds may be erased."""
    record(
        festival,
        "room" if beds else "room_gone",
        {"room": room.id, "by": by},
        {"house": room.house, "name": room.name, "beds": beds},
    )


def record_beds(festival: Festival, places: Iterable[tuple[str, int | None]], by: int | None, why: str) -> None:
    """Who sleeps where from now on, by the code of the person; None = nowhere any more."""
    listed = [list(place) for place in places]
    if listed:
        record(festival, "beds", {"why": why, "by": by}, {"places": listed})
