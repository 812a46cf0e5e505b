"""What goes on the day, what stays, why, and until when? Said before anything is erased, by page and command alike."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from festival.accounts.models import User
from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.ledger import LedgerPayload
from festival.core.post.outbox import OutboxMail
from festival.core.security_log import KEPT as LOG_KEPT
from festival.core.security_log import SecurityNote
from festival.core.sentence import N_, Sentence
from festival.devices.models import Device, Mutation
from festival.editions.models import Festival
from festival.editions.retention import Kept, kept
from festival.papers.models import SignedPaper, WholeMinutes
from festival.privacy import copies
from festival.registration.kept.models import KeptFamily
from festival.registration.models import ImportBatch, RegistrationDraft
from festival.results.models import Award, PanelDecision
from festival.roster.models import Delegation, Family, Person


@dataclass(frozen=True, slots=True)
class HeldData:
    """One kind of data: how many there are, and the sentence about them."""

    what: Sentence
    count: int
    why: Sentence
    until: str = ""


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would become of an edition's data."""

    festival: Festival
    kept: Kept
    goes: tuple[HeldData, ...]
    stays: tuple[HeldData, ...]


def forecast(festival: Festival) -> Forecast:
    """Two statements, however large the festival is."""
    days = kept(festival)
    counts = _counts(festival)
    return Forecast(festival, days, tuple(_goes(counts)), tuple(_stays(counts, days)))


def _goes(counts: dict[str, int]) -> Iterator[HeldData]:
    numbered = N_("tên thành số: «Gia đình số 3 – Đoàn …»")
    whole = N_("xóa hẳn")
    yield HeldData(
        N_("Gia đình: tên, điện thoại, địa chỉ, thư điện tử, giới thiệu, liên kết"), counts["families"], numbered
    )
    yield HeldData(N_("Người: tên, ngày sinh, giới tính, quan hệ, điện thoại, nhu cầu"), counts["people"], numbered)
    yield HeldData(
        N_("Người ngoài gia đình (khách mời, cán bộ, phục vụ…): tên, chức danh, điện thoại, chỗ ngồi"),
        counts["badges"],
        numbered,
    )
    yield HeldData(N_("Trưởng đoàn: tên, điện thoại"), counts["delegations"], whole)
    yield HeldData(N_("Bản nháp và tệp Excel đang chờ"), counts["drafts"] + counts["batches"], whole)
    yield HeldData(N_("Thư trong hộp thư đi"), counts["letters"], whole)
    yield HeldData(N_("Tin của thiết bị: nội dung"), counts["messages"], whole)
    yield HeldData(N_("Sổ ghi: nội dung các dòng; chuỗi băm vẫn kiểm tra được"), counts["payloads"], whole)
    yield HeldData(N_("Máy đã gắn: thu hồi, máy tự xóa danh sách"), counts["devices"], N_("thu hồi"))


def _stays(counts: dict[str, int], days: Kept) -> Iterator[HeldData]:
    until = _day(days.papers_until)
    yield HeldData(
        N_("Biên bản, quyết định của ban giám khảo và tên ghi trong đó"),
        counts["decisions"] + counts["minutes"] + counts["whole"],
        N_("giấy tờ của cơ quan tổ chức, niêm phong, chỉ Ban Tổ chức đọc"),
        until,
    )
    yield HeldData(
        N_("Gia đình có người đồng ý giữ lại cho ngày hội sau"),
        counts["kept"],
        N_("chỉ phần đã đồng ý, hai năm sau ngày hội hoặc đến khi rút lại, rồi xóa hẳn"),
    )
    yield HeldData(N_("Giải thưởng, thứ hạng, điểm"), counts["awards"], N_("không còn tên, chỉ còn số và đoàn"))
    yield HeldData(
        N_("Sổ ghi: mã, thời điểm, mã băm"), counts["lines"], N_("chứng minh không ai sửa kết quả; không có tên")
    )
    yield HeldData(
        N_("Tài khoản người làm việc"), counts["accounts"], N_("của Ban Tổ chức, không thuộc một kỳ ngày hội")
    )
    yield HeldData(
        N_("Nhật ký an ninh"),
        counts["security"],
        N_("không có tên gia đình, tự xóa sau %(days)s ngày", days=LOG_KEPT // timedelta(days=1)),
    )
    kept_copies = copies.copies()
    yield HeldData(
        N_("Bản sao cơ sở dữ liệu ở máy chủ này"),
        len(kept_copies),
        N_("còn tên cho đến khi hết hạn; khôi phục thì xóa lại trước khi phục vụ"),
        _day(local(max(until for _path, until in kept_copies)).date()) if kept_copies else "",
    )
    yield HeldData(
        N_("Tệp đã tải hoặc sao chép ra ngoài"),
        0,
        N_("chương trình không biết; ai giữ thì phải tự xóa"),
    )


def _day(day: Any) -> str:
    return f"{day.day}/{day.month}/{day.year}"


def _counts(festival: Festival) -> dict[str, int]:
    own = festival.id
    contests = select(Contest.id).where(Contest.festival_id == own)
    devices = select(Device.id).where(Device.festival_id == own)
    delegations = select(Delegation.id).where(Delegation.festival_id == own)
    decided = PanelDecision.contest_id.in_(contests) | (PanelDecision.festival_id == own)
    live = LedgerPayload.content.is_not(None)
    asked: dict[str, Select[Any]] = {
        "families": select(func.count()).select_from(Family).where(Family.festival_id == own),
        "kept": select(func.count()).select_from(KeptFamily).join(Family).where(Family.festival_id == own),
        "people": select(func.count()).select_from(Person).where(Person.festival_id == own, Person.family_id.is_not(None)),
        "badges": select(func.count()).select_from(Person).where(Person.festival_id == own, Person.family_id.is_(None)),
        "delegations": select(func.count()).select_from(Delegation).where(
            Delegation.festival_id == own, Delegation.head_name != ""
        ),
        "drafts": select(func.count()).select_from(RegistrationDraft).where(RegistrationDraft.festival_id == own),
        "batches": select(func.count()).select_from(ImportBatch).where(ImportBatch.delegation_id.in_(delegations)),
        "letters": select(func.count()).select_from(OutboxMail),
        "messages": select(func.count()).select_from(Mutation).where(Mutation.device_id.in_(devices)),
        "payloads": select(func.count()).select_from(LedgerPayload).where(live),
        "lines": select(func.count()).select_from(LedgerPayload),
        "devices": select(func.count()).select_from(Device).where(
            Device.festival_id == own, Device.revoked_at.is_(None)
        ),
        "decisions": select(func.count()).select_from(PanelDecision).where(decided),
        "minutes": select(func.count()).select_from(SignedPaper).where(
            SignedPaper.festival_id == own, SignedPaper.signed_at.is_not(None)
        ),
        "whole": select(func.count()).select_from(WholeMinutes).where(WholeMinutes.festival_id == own),
        "awards": select(func.count()).select_from(Award).where(Award.festival_id == own),
        "accounts": select(func.count()).select_from(User),
        "security": select(func.count()).select_from(SecurityNote),
    }  # fmt: skip
    rows = union_all(
        *(select(literal(name).label("name"), one.scalar_subquery().label("number")) for name, one in asked.items())
    )
    return {row.name: int(row.number) for row in db.session.execute(rows)}
