"""Are registrations, departures, agreements and held ones in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.consent.models import Consent
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.registration.asked_changes.models import FamilyChange
from festival.registration.models import HeldRegistration
from festival.registration.seal.agreed_rows import agreed_differences
from festival.registration.seal.queued_rows import queued_differences
from festival.registration.seal.recorded import RegistrationRecord
from festival.registration.seal.signed_rows import signed_differences
from festival.registration.seal.teams_rows import team_differences
from festival.roster.models import Delegation, Departure, Entry, Family, Person, PrizeReceiver
from festival.roster.steps import stream

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {stream(festival): festival.id for festival in db.session.scalars(select(Festival))}


class RegistrationReplay:
    """One festival's lines against its families."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = RegistrationRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from compare(record.families, self._families(), counts)
        yield from compare(record.held, self._held(), counts)
        # Who was taken off a registration is gone with all that was said of that person; the line of the change tells it.
        present = set(db.session.scalars(select(Person.code).where(Person.festival_id == self._festival)))
        yield from agreed_differences(record.agreed, self._festival, present, counts)
        yield from team_differences(record.teams, self._festival, present, counts)
        yield from queued_differences(record.queued, self._festival, counts)
        for rows in (record.departures, record.agreements):
            for key in [key for key in rows.rows if key[0] not in present]:
                rows.drop(key)
        for key in [key for key, columns in record.receivers.rows.items() if columns["person"] not in present]:
            record.receivers.drop(key)
        yield from compare(record.receivers, self._receivers(), counts)
        yield from compare(record.departures, self._departures(), counts)
        yield from compare(record.agreements, self._agreements(set(record.agreements.rows)), counts)
        yield from compare(record.changes, self._changes(), counts)
        yield from signed_differences(record.signing, self._festival, counts)
        yield from compare(record.entries, self._entries([key[0] for key in record.entries.rows]), counts)

    def _entries(self, told: Sequence[int | str]) -> Found:
        """The entries whose name or title a line has corrected."""
        wanted = select(Entry.code, Entry.name, Entry.title).where(Entry.code.in_(told))
        for row in db.session.execute(wanted):
            yield (row.code,), row._asdict()

    def _held(self) -> Found:
        beside = aliased(Family)
        wanted = (
            select(
                Family.code,
                HeldRegistration.why,
                beside.code.label("beside"),
                HeldRegistration.decision,
                HeldRegistration.decided_by,
            )
            .join(Family, Family.id == HeldRegistration.family_id)
            .outerjoin(beside, beside.id == HeldRegistration.beside_id)
            .where(Family.festival_id == self._festival)
            .order_by(HeldRegistration.id)
            .execution_options(yield_per=PART)
        )
        places: dict[str, int] = defaultdict(int)
        for row in db.session.execute(wanted):
            places[row.code] += 1
            yield (row.code, places[row.code]), {**row._asdict(), "beside": row.beside or ""}

    def _receivers(self) -> Found:
        wanted = (
            select(Family.code, Person.code.label("person"))
            .join(PrizeReceiver, PrizeReceiver.family_id == Family.id)
            .join(Person, Person.id == PrizeReceiver.person_id)
            .where(Family.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), {"person": row.person}

    def _changes(self) -> Found:
        columns = (FamilyChange.number, FamilyChange.state, FamilyChange.road)
        wanted = (
            select(Family.code, *columns, FamilyChange.asked_by, FamilyChange.decided_by)
            .join(FamilyChange, FamilyChange.family_id == Family.id)
            .where(Family.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code, row.number), row._asdict()

    def _departures(self) -> Found:
        wanted = (
            select(Person.code, Departure.entries, Departure.back_at.is_not(None).label("back"))
            .join(Person, Person.id == Departure.person_id)
            # Who was taken off a list outside families is told by the lines of that list (badges/seal).
            .where(Person.festival_id == self._festival, Person.family_id.is_not(None))
            .order_by(Departure.id)
            .execution_options(yield_per=PART)
        )
        places: dict[str, int] = defaultdict(int)
        for row in db.session.execute(wanted):
            places[row.code] += 1
            yield (row.code, places[row.code]), {**row._asdict(), "back": bool(row.back)}

    def _agreements(self, told: set[Key]) -> Found:
        """Whether one stands, for each that a line tells of."""
        wanted = (
            select(Person.code, Consent.purpose)
            .join(Person, Person.id == Consent.person_id)
            .where(Person.festival_id == self._festival, Consent.withdrawn_at.is_(None))
            .execution_options(yield_per=PART)
        )
        standing = set()
        for row in db.session.execute(wanted):
            key: Key = (row.code, row.purpose.value)
            if key in told:
                standing.add(key)
        for each in sorted(told, key=str):
            yield each, {"standing": each in standing}

    def _families(self) -> Found:
        wanted = (
            select(
                Family.code,
                Family.state,
                Family.version,
                Family.return_reason,
                Family.decided_by,
                Family.withdrawn_from,
                Family.withdrawn_road,
                Family.reserve,
                Family.name,
                Delegation.code.label("delegation"),
            )
            .join(Delegation, Delegation.id == Family.delegation_id)
            .where(Family.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.code,), {**row._asdict(), "reserve": row.reserve or ""}


FAMILY = N_("Hồ sơ «%(name)s», %(what)s", "seal_family")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("số bản", "seal_version_number"),
    "return_reason": N_("lý do", "seal_reason"),
    "decided_by": N_("người quyết định", "seal_decided_by"),
    "withdrawn_from": N_("trạng thái trước khi rút", "seal_withdrawn_from"),
    "withdrawn_road": N_("ai rút", "seal_withdrawn_road"),
    "road": N_("ai xin thay đổi", "seal_change_road"),
    "asked_by": N_("tài khoản xin thay đổi", "seal_change_asked_by"),
    "reserve": N_("dự bị", "seal_reserve"),
    "name": N_("tên", "seal_name"),
    "delegation": N_("đoàn", "seal_delegation"),
    "title": N_("tên tiết mục", "seal_act_title"),
    "why": N_("lý do chờ xem", "seal_held_why"),
    "beside": N_("hồ sơ giống nhau", "seal_beside"),
    "decision": N_("quyết định", "seal_held_decision"),
    "entries": N_("phần thi đã rời", "seal_left_entries"),
    "back": N_("đã trở lại", "seal_back"),
    "person": N_("người nhận tiền thưởng", "seal_receiver"),
    "standing": N_("sự đồng ý", "seal_agreement"),
    "issue": N_("lần cấp liên kết riêng", "seal_parent_link_issue"),
    "ended_how": N_("vì sao liên kết riêng thôi dùng", "seal_parent_link_ended"),
    "sha256": N_("ảnh phiếu đồng ý", "seal_sheet_photo"),
    "taken_back": N_("ảnh phiếu đã bỏ", "seal_sheet_taken_back"),
    "times": N_("số lần nhắc", "seal_reminded"),
    "pages": N_("các trang đã ký", "seal_list_pages"),
    "turn": N_("lần gửi trang đã ký", "seal_list_turn"),
    "letter_number": N_("số văn bản", "seal_letter_number"),
    "letter_day": N_("ngày văn bản", "seal_letter_day"),
    "signer": N_("người ký danh sách", "seal_list_signer"),
    "position": N_("thứ tự xã, phường", "seal_commune_place"),
    "unit": N_("xã, phường của gia đình", "seal_commune"),
    "required": N_("đòi danh sách đã ký", "seal_signing_asked"),
    "members": N_("người trong đội", "seal_team_members"),
    "dissolved": N_("đã giải thể", "seal_team_dissolved"),
    "open": N_("danh sách chờ mở hay đóng", "seal_list_open"),
    "hours": N_("thời gian trả lời lời mời", "seal_list_hours"),
    "people": N_("số người được giữ chỗ", "seal_list_people"),
    "self": N_("cho gia đình tự đăng ký", "seal_self_registration"),
    "until": N_("giữ chỗ đến", "seal_offer_until"),
    "at": N_("chỗ trong hàng chờ", "seal_line_place"),
    "out": N_("ra khỏi hàng chờ", "seal_line_out"),
}
OF_PERSON = ("departure", "consent", "consent_refusal")
OF_LIST = N_("Danh sách ký của «%(name)s», %(what)s", "seal_signed_list")
OF_RULE = N_("Quy định về danh sách ký, %(what)s", "seal_signing_rule")
OF_LINE = N_("Danh sách chờ của «%(name)s», %(what)s", "seal_waiting_list")
OF_SELF = N_("Đoàn «%(name)s», %(what)s", "seal_delegation")
OF_DELEGATION = {
    "signing_list": OF_LIST,
    "list_page": OF_LIST,
    "delegation_commune": OF_LIST,
    "signing_rule": OF_RULE,
    "waiting_list": OF_LINE,
    "delegation": OF_SELF,
}
OF_TEAM = N_("Đội ghép «%(name)s», %(what)s", "seal_mixed_team")
OF_ENTRY = N_("Tiết mục «%(name)s», %(what)s", "seal_corrected_entry")

OF_ONE_ENTRY = {"entry": OF_ENTRY, "mixed_team": OF_TEAM}
ABOUT = OF_DELEGATION | OF_ONE_ENTRY


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Whose registration."""
    families = select(Family.code, Family.name).where(
        Family.code.in_({each.key[0] for each in differences if each.table not in OF_PERSON})
    )
    people = (
        select(Person.code, Family.name)
        .join(Family, Family.id == Person.family_id)
        .where(Person.code.in_({each.key[0] for each in differences if each.table in OF_PERSON}))
    )
    entries = select(Entry.code, Entry.name).where(
        Entry.code.in_({each.key[0] for each in differences if each.table in OF_ONE_ENTRY})
    )
    delegations = select(Delegation.code, Delegation.name).where(
        Delegation.code.in_({each.key[0] for each in differences if each.table in OF_DELEGATION})
    )
    named = (families, people, entries, delegations)
    names = {row.code: row.name for query in named for row in db.session.execute(query)}
    return [
        ABOUT.get(each.table, FAMILY).filled(
            name=names.get(str(each.key[0]), str(each.key[0])), what=COLUMNS[each.column]
        )
        for each in differences
    ]


SEAL = Seal("registration", "decisions:", streams, RegistrationReplay, words)
