"""Are meals, portions, stays, rooms and beds in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.logistics.models import DelegationStay, EditionStay, LodgingBed, LodgingRoom, Meal, MealPortions
from festival.logistics.recording import stay_values
from festival.logistics.seal.recorded import LogisticsRecord
from festival.roster.models import Delegation, Person

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class LogisticsReplay:
    """One festival's lines against what is arranged for its delegations."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = LogisticsRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from compare(record.meals, self._meals(), counts)
        yield from compare(record.portions, self._portions(), counts)
        yield from compare(record.stays, self._stays(), counts)
        yield from compare(record.edition, self._edition(), counts)
        yield from compare(record.rooms, self._rooms(), counts)
        if record.beds_unsure:
            counts.erased += sum(1 for _bed in self._beds())
            return
        # Who was taken off a registration left the bed with it; the line of that change tells it.
        present = set(db.session.scalars(select(Person.code).where(Person.festival_id == self._festival)))
        for key in [key for key in record.beds.rows if key[0] not in present]:
            record.beds.drop(key)
        yield from compare(record.beds, self._beds(), counts)

    def _meals(self) -> Found:
        for meal in db.session.scalars(select(Meal).where(Meal.festival_id == self._festival)):
            yield (
                (meal.id,),
                {
                    "day": meal.day.isoformat(),
                    "kind": meal.kind.value,
                    "closes_at": meal.closes_at.isoformat(),
                    "removed": meal.removed_at is not None,
                },
            )

    def _portions(self) -> Found:
        wanted = (
            select(MealPortions, Delegation.code)
            .join(Delegation, Delegation.id == MealPortions.delegation_id)
            .where(Delegation.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row, code in db.session.execute(wanted):
            said = {"portions": row.portions, "vegetarian": row.vegetarian, "no_pork": row.no_pork}
            yield (row.meal_id, code), said

    def _stays(self) -> Found:
        wanted = (
            select(DelegationStay, Delegation.code)
            .join(Delegation, Delegation.id == DelegationStay.delegation_id)
            .where(Delegation.festival_id == self._festival)
        )
        for row, code in db.session.execute(wanted):
            yield (code,), stay_values(row)

    def _edition(self) -> Found:
        for row in db.session.scalars(select(EditionStay).where(EditionStay.festival_id == self._festival)):
            yield ("all",), {"bring": row.bring, "bus_home": row.bus_home, "version": row.version}

    def _rooms(self) -> Found:
        wanted = (
            select(LodgingRoom.id, LodgingRoom.house, LodgingRoom.name, func.count(LodgingBed.number).label("beds"))
            .outerjoin(LodgingBed, LodgingBed.room_id == LodgingRoom.id)
            .where(LodgingRoom.festival_id == self._festival)
            .group_by(LodgingRoom.id, LodgingRoom.house, LodgingRoom.name)
        )
        for row in db.session.execute(wanted):
            yield (row.id,), row._asdict()

    def _beds(self) -> Found:
        wanted = (
            select(Person.code, LodgingBed.room_id.label("room"))
            .join(Person, Person.id == LodgingBed.person_id)
            .join(LodgingRoom, LodgingRoom.id == LodgingBed.room_id)
            .where(LodgingRoom.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), row._asdict()


OF_TABLE = {
    "meal": N_("Bữa ăn số %(number)s, %(what)s", "seal_meal"),
    "meal_portions": N_("Suất ăn của đoàn %(delegation)s ở bữa số %(number)s, %(what)s", "seal_portions"),
    "delegation_stay": N_("Đi lại, ăn ở của đoàn %(delegation)s, %(what)s", "seal_delegation_stay"),
    "edition_stay": N_("Lời dặn chung về đi lại, ăn ở, %(what)s", "seal_edition_stay"),
    "lodging_room": N_("Phòng ở số %(number)s, %(what)s", "seal_lodging_room"),
    "lodging_bed": N_("Giường của người mã %(person)s, %(what)s", "seal_lodging_bed"),
}
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "day": N_("ngày", "seal_day"),
    "kind": N_("loại bữa", "seal_meal_kind"),
    "closes_at": N_("hạn báo", "seal_closes"),
    "removed": N_("đã bỏ", "seal_removed"),
    "portions": N_("số suất", "seal_portion_count"),
    "vegetarian": N_("suất chay", "seal_vegetarian"),
    "no_pork": N_("suất không thịt heo", "seal_no_pork"),
    "arrives_at": N_("giờ đến", "seal_arrives"),
    "place": N_("nơi đến", "seal_arrival_place"),
    "vehicle": N_("phương tiện", "seal_vehicle"),
    "nights_from": N_("đêm đầu", "seal_nights_from"),
    "nights_until": N_("ngày rời đi", "seal_nights_until"),
    "bring": N_("cần mang theo", "seal_bring"),
    "bus_home": N_("xe về", "seal_bus_home"),
    "version": N_("số bản", "seal_version_number"),
    "house": N_("nhà", "seal_house"),
    "name": N_("tên", "seal_name"),
    "beds": N_("số giường", "seal_beds"),
    "room": N_("phòng", "seal_room"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which meal, delegation, room; a person by code."""
    return [_said(each) for each in differences]


def _said(each: SealDifference) -> Sentence:
    first, last = each.key[0], each.key[-1]
    return OF_TABLE[each.table].filled(number=first, delegation=str(last), person=str(first), what=COLUMNS[each.column])


SEAL = Seal("logistics", "decisions:", streams, LogisticsReplay, words)
