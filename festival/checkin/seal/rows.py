"""Are scans and admissions in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select

from festival.checkin.lead import lead_sealed
from festival.checkin.models import Admission, Scan
from festival.checkin.purposes.models import GatePurpose, GateSetting, GateWindow
from festival.checkin.purposes.purposes_recorded import PurposesRecord
from festival.checkin.seal.recorded import CheckinRecord
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.passes.models import Pass
from festival.roster.models import Person

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"checkin:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class CheckinReplay:
    """One festival's scans against its rows."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = CheckinRecord()
        self._named = PurposesRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)
        self._named.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        yield from compare(self._record.scans, self._scans(), counts)
        yield from compare(self._record.admissions(), self._admissions(), counts)
        yield from compare(self._record.lead.decisions, lead_sealed.decisions(self._festival), counts)
        yield from compare(self._record.lead.incidents, lead_sealed.incidents(self._festival), counts)
        yield from compare(self._named.purposes, self._purposes(), counts)
        yield from compare(self._named.hours, self._hours(), counts)
        yield from compare(self._named.settings, self._settings(), counts)

    def _purposes(self) -> Found:
        for row in db.session.scalars(select(GatePurpose).where(GatePurpose.festival_id == self._festival)):
            values = {name: getattr(row, name) for name in ("name", "again", "classes")}
            kinds = {"kind": row.kind.value, "every": row.every.value}
            yield (row.code,), {**values, **kinds, "removed": row.removed_ms is not None}

    def _hours(self) -> Found:
        rows = db.session.execute(
            select(GatePurpose.code.label("purpose"), GateWindow)
            .join(GateWindow, GateWindow.purpose_id == GatePurpose.id)
            .where(GatePurpose.festival_id == self._festival)
        )
        for purpose, row in rows:
            values = {name: getattr(row, name) for name in ("name", "opens_ms", "closes_ms")}
            yield (purpose, row.code), {**values, "removed": row.removed_ms is not None}

    def _settings(self) -> Found:
        for row in db.session.scalars(select(GateSetting).where(GateSetting.festival_id == self._festival)):
            yield ("gates",), {"countdown_s": row.countdown_s, "exits": row.exits}

    def _scans(self) -> Found:
        wanted = (
            select(
                Scan.device_number,
                Scan.seq,
                Scan.at_ms,
                Scan.gate,
                func.coalesce(Pass.list_id, Scan.unknown_list).label("list_id"),
                Scan.purpose,
                Scan.day_window,
                Scan.persons,
                Scan.how,
                Scan.way,
                Scan.forced,
                Scan.not_allowed,
                Scan.unnamed,
                Scan.undone,
            )
            .outerjoin(Pass, Pass.id == Scan.pass_id)
            .where(Scan.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.device_number, row.seq), row._asdict()

    def _admissions(self) -> Found:
        wanted = (
            select(
                Person.code,
                Admission.purpose,
                Admission.day_window,
                Admission.at_ms,
                Admission.device_number,
                Admission.seq,
                Scan.device_number.label("scan_device"),
                Scan.seq.label("scan_seq"),
                Admission.outside,
            )
            .join(Person, Person.id == Admission.person_id)
            .join(Scan, Scan.id == Admission.scan_id)
            .where(Admission.festival_id == self._festival, ~Admission.annulled)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code, row.purpose, row.day_window), {**row._asdict(), "scan": [row.scan_device, row.scan_seq]}


SCAN = N_("Lượt quét số %(seq)s của thiết bị %(device)s, %(what)s", "seal_scan")
LEAD = N_("Quyết định của trưởng cổng «%(name)s», %(what)s", "seal_lead")
ADMISSION = N_("Lượt vào của «%(name)s» ngày %(day)s, %(what)s", "seal_admission")
GATES = N_("Mục đích của cổng «%(name)s», %(what)s", "seal_gates")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "at_ms": N_("giờ", "seal_moment"),
    "gate": N_("cổng", "seal_gate"),
    "list_id": N_("thẻ", "seal_pass"),
    "purpose": N_("mục đích", "seal_purpose"),
    "day_window": N_("ngày", "seal_day"),
    "persons": N_("những ai vào", "seal_persons"),
    "how": N_("cách đọc thẻ", "seal_how"),
    "device_number": N_("thiết bị", "seal_device"),
    "seq": N_("số thứ tự", "seal_seq"),
    "scan": N_("lượt quét được tính", "seal_counting_scan"),
    "choice": N_("cho vào hay không", "seal_choice"),
    "reason": N_("lý do", "seal_reason"),
    "word": N_("lời kết", "seal_word"),
    "closed": N_("đã kết hay chưa", "seal_closed"),
    "version": N_("lần thứ mấy", "seal_version"),
    "decided_by": N_("ai quyết định", "seal_decided_by"),
    "way": N_("vào hay ra", "seal_way"),
    "forced": N_("cho vào có lý do", "seal_forced"),
    "not_allowed": N_("trái quy định", "seal_not_allowed"),
    "unnamed": N_("số người", "seal_people_counted"),
    "undone": N_("đã hoàn tác", "seal_undone"),
    "outside": N_("đang ở ngoài", "seal_outside"),
    "name": N_("tên", "seal_purpose_name"),
    "kind": N_("loại", "seal_purpose_kind"),
    "every": N_("mấy lần", "seal_purpose_every"),
    "again": N_("vào lại được", "seal_purpose_again"),
    "classes": N_("lớp thẻ", "seal_purpose_classes"),
    "removed": N_("đã cất", "seal_purpose_removed"),
    "countdown_s": N_("giây đếm", "seal_countdown"),
    "exits": N_("quét khi ra", "seal_exits"),
    "opens_ms": N_("giờ mở", "seal_opens"),
    "closes_ms": N_("giờ đóng", "seal_closes"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which scan of which device, or whose admission of which day."""
    codes = {each.key[0] for each in differences if each.table == "admission"}
    people = select(Person.code, Person.name).where(Person.code.in_(codes))
    names = {row.code: row.name for row in db.session.execute(people)}
    return [_said(each, names) for each in differences]


def _said(each: SealDifference, names: Mapping[Any, str]) -> Sentence:
    what = COLUMNS[each.column]
    if each.table in ("gate_decision", "incident_word"):
        return LEAD.filled(name=str(each.key[0]), what=what)
    if each.table.startswith("gate_"):
        return GATES.filled(name=" ".join(map(str, each.key)), what=what)
    if each.table == "scan":
        return SCAN.filled(seq=each.key[1], device=each.key[0], what=what)
    return ADMISSION.filled(name=names.get(each.key[0], str(each.key[0])), day=str(each.key[2]), what=what)


SEAL = Seal("checkin", "checkin:", streams, CheckinReplay, words)
