"""Do the lists, the people on them and the own classes say what the ledger says, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.badges.models import BadgeHolder, BadgeKind, BadgeList
from festival.badges.people import told
from festival.badges.queries import everybody
from festival.badges.seal.recorded import BadgesRecord
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.roster.models import Person
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class BadgesReplay:
    """One festival's lines against its people outside families."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = BadgesRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from compare(record.people, self._people(), counts)
        yield from compare(record.lists, self._lists(), counts)
        yield from compare(record.kinds, self._kinds(), counts)

    def _people(self) -> Found:
        for line in everybody(self._festival or 0):
            yield (line.code,), {**told(line.who), "list": line.list_code, "out": line.out}

    def _lists(self) -> Found:
        wanted = select(BadgeList.code, BadgeList.name, BadgeList.closed_at.is_not(None).label("closed")).where(
            BadgeList.festival_id == self._festival, BadgeList.delegation_id.is_(None)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), {"name": row.name, "closed": bool(row.closed)}

    def _kinds(self) -> Found:
        wanted = select(BadgeKind.code, BadgeKind.base, BadgeKind.word, BadgeKind.symbol, BadgeKind.colour)
        for row in db.session.execute(wanted.where(BadgeKind.festival_id == self._festival)):
            yield (row.code,), {**row._asdict(), "base": row.base.value}


PERSON = N_("Người ngoài gia đình «%(name)s», %(what)s", "seal_badge")
LIST = N_("Danh sách «%(name)s», %(what)s", "seal_badge_list")
KIND = N_("Lớp thẻ «%(name)s», %(what)s", "seal_badge_kind")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "name": N_("tên", "seal_name"),
    "badge": N_("lớp thẻ", "seal_badge_class"),
    "kind": N_("lớp thẻ riêng", "seal_own_class"),
    "honorific": N_("cách xưng hô", "seal_honorific"),
    "title": N_("chức danh", "seal_title"),
    "rank": N_("thứ tự", "seal_rank"),
    "seat": N_("chỗ ngồi", "seal_seat"),
    "phone": N_("điện thoại", "seal_phone"),
    "birth": N_("ngày sinh", "seal_birth"),
    "list": N_("danh sách", "seal_list"),
    "out": N_("đã rút", "seal_out"),
    "closed": N_("đã bỏ", "seal_closed"),
    "base": N_("lớp thẻ", "seal_badge_class"),
    "word": N_("tên", "seal_name"),
    "symbol": N_("biểu tượng", "seal_symbol"),
    "colour": N_("màu", "seal_colour"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Whose line, or which list or class."""
    codes = {str(each.key[0]) for each in differences}
    names = {
        code: name
        for query in (
            select(Person.code, Person.name)
            .join(BadgeHolder, BadgeHolder.person_id == Person.id)
            .where(Person.code.in_(codes)),
            select(BadgeList.code, BadgeList.name).where(BadgeList.code.in_(codes)),
            select(BadgeKind.code, BadgeKind.word).where(BadgeKind.code.in_(codes)),
        )
        for code, name in db.session.execute(query)
    }
    said = {"badge_holder": PERSON, "badge_list": LIST, "badge_kind": KIND}
    return [
        said[each.table].filled(name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column])
        for each in differences
    ]


SEAL = Seal("badges", "decisions:", streams, BadgesReplay, words)
