"""How is a petition lodged, moved to where it belongs, withdrawn?

The number is the next one of the edition, counted while the edition's row is held: no gap, no number twice. What comes after
the hour of the rules is taken all the same and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.text import clean, line
from festival.core.web.errors import BadInput, Conflict
from festival.editions.models import Festival
from festival.editions.retention import kept
from festival.results.petition_desk.hours import closing_hour
from festival.results.petition_desk.subjects import PetitionSubject
from festival.results.petitions.kinds import (
    PetitionDeed,
    PetitionRoad,
    PetitionState,
    PetitionTitle,
    desk_of,
)
from festival.results.petitions.models import Petition
from festival.results.petitions.stepping import held_petition, stands, subject_codes, take
from festival.roster.models import Delegation
from festival.roster.steps import stream

LONGEST = 4000
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Lodged:
    """What is lodged, as it was typed; `received_at`: when the paper was handed over."""

    subject: PetitionSubject
    title: PetitionTitle
    words: str
    lodged_by: str
    received_at: datetime | None = None
    photo: bytes | None = None


def stated_words(text: str, field: str = "words") -> str:
    """What was written, cleaned. BadInput."""
    words = clean(text).strip()
    if not words:
        raise BadInput(_("Chưa viết nội dung. Viết rõ việc gì, lúc nào, muốn được xem xét điều gì."), field=field)
    if len(words) > LONGEST:
        raise BadInput(_("Dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST), field=field)
    return words


def lodge(delegation: Delegation, said: Lodged, taken_by: int | None = None) -> Petition:
    """Take it with the next number; sent twice it is one. `taken_by`: who types a paper; None: the head by the own link."""
    festival = delegation.festival
    if kept(festival).data_erased:
        raise Conflict(_("Dữ liệu của ngày hội này đã được xóa, không nhận kiến nghị nữa."))
    words, name = stated_words(said.words), line(said.lodged_by)
    if not name or len(name) > LONGEST_NAME:
        raise BadInput(_("Ghi họ tên trưởng đoàn, nhiều nhất %(n)s ký tự.", n=LONGEST_NAME), field="lodged_by")
    at = (said.received_at or now()).astimezone(UTC)
    if at > now():
        raise BadInput(_("Giờ nhận chưa đến. Ghi giờ đoàn nộp giấy, hoặc bỏ trống."), field="received")
    db.session.execute(select(Festival.id).where(Festival.id == festival.id).with_for_update())
    if (before := _sent_already(delegation, said, words)) is not None:
        return before
    last = db.session.scalar(select(func.max(Petition.number)).where(Petition.festival_id == festival.id))
    subject, until = said.subject, closing_hour(festival, said.subject.contest)
    late = until is not None and at > until
    row = Petition(
        festival_id=festival.id,
        number=(last or 0) + 1,
        delegation=delegation,
        about=subject.about,
        contest_id=subject.contest.id if subject.contest else None,
        entry_id=subject.entry.id if subject.entry else None,
        title=said.title,
        road=PetitionRoad.LINK if taken_by is None else PetitionRoad.PAPER,
        lodged_by=name,
        words=words,
        lodged_at=at,
        taken_by=taken_by,
        until=until,
        late=late,
        desk=desk_of(subject.about, said.title, late),
        photo=said.photo,
        photo_sha256=sha256(said.photo).hexdigest() if said.photo else "",
    )
    db.session.add(row)
    db.session.flush()
    ledger.append(
        stream(festival),
        "petition.lodged",
        {"petition": row.number, "delegation": delegation.code},
        {
            "title": row.title.value,
            "road": row.road.value,
            "lodged_by": row.lodged_by,
            "words": row.words,
            "lodged_at": row.lodged_at.isoformat(),
            "taken_by": taken_by,
            "until": until.isoformat() if until else None,
            "photo_sha256": row.photo_sha256,
            **stands(row),
        },
    )
    return row


def _sent_already(delegation: Delegation, said: Lodged, words: str) -> Petition | None:
    """The same words about the same thing, while nobody has answered: a form that was sent twice."""
    subject = said.subject
    same = select(Petition).where(
        Petition.delegation_id == delegation.id,
        Petition.state == PetitionState.OPEN,
        Petition.title == said.title,
        Petition.about == subject.about,
        Petition.contest_id == (subject.contest.id if subject.contest else None),
        Petition.entry_id == (subject.entry.id if subject.entry else None),
        Petition.words == words,
    )
    return db.session.scalars(same.limit(1)).first()


def withdraw(petition_id: int, words: str, by: int | None, seen: int | None = None) -> None:
    """Who lodged it does not want an answer any more; it stays readable as withdrawn. By staff: as the delegation asked, in words."""
    row, taken = held_petition(petition_id, seen)
    if row.state is not PetitionState.OPEN:
        raise Conflict(_("Kiến nghị này đã được trả lời hoặc đã rút, không rút nữa."))
    row.state = PetitionState.WITHDRAWN
    take(row, taken, PetitionDeed.WITHDRAWN, stated_words(words), by)


def move(petition_id: int, subject: PetitionSubject, reason: str, by: int | None, seen: int | None = None) -> None:
    """Typed for the wrong contest, or not the jury's business: from now on it is about something else; what it was stays readable."""
    row, taken = held_petition(petition_id, seen)
    if row.state is not PetitionState.OPEN:
        raise Conflict(_("Chỉ chuyển kiến nghị đang chờ trả lời."))
    before = {"about": row.about.value, **subject_codes(row)}
    same = (row.about, row.contest_id, row.entry_id)
    contest_id = subject.contest.id if subject.contest else None
    entry_id = subject.entry.id if subject.entry else None
    desk = desk_of(subject.about, row.title, late := _late(row, subject))
    if same == (subject.about, contest_id, entry_id) and desk is row.desk:
        raise BadInput(_("Kiến nghị đang ở đúng chỗ đó. Chọn chỗ khác, hoặc thôi."), field="about")
    row.about, row.contest_id, row.entry_id, row.desk, row.late = subject.about, contest_id, entry_id, desk, late
    db.session.flush()
    take(row, taken, PetitionDeed.MOVED, stated_words(reason, "reason"), by, before=before)


def _late(row: Petition, subject: PetitionSubject) -> bool:
    closed = closing_hour(row.delegation.festival, subject.contest)
    return closed is not None and row.lodged_at > closed
