"""What becomes of points that the organiser gives a delegation or takes off it, by a document, and takes back?

Nothing is deleted: what was taken back stays readable. While the minutes of the whole delegation are not signed they are in
the sum at once; afterwards the table that was signed stands until an amendment of it (`amendments.whole`) takes them in.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.contests.marks import BadMark, ReadMark, Scale, parse_mark
from festival.core import ledger
from festival.core.births import Birth, birth
from festival.core.clock import local, now
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.editions.rules.whole import WholeOrder
from festival.results.delegations.facts import whole_rule
from festival.results.delegations.given import GivenPoints
from festival.results.ladder.papers_there import hold_whole
from festival.results.ladder.states import whole_stream
from festival.results.models import DelegationPoints
from festival.roster.models import Delegation

MOST_MILLI = 10_000_000
LONGEST_REASON = 300
LONGEST_NUMBER = 60


def read_points(added: str, typed: str) -> int:
    """How many thousandths are added, or taken off. BadInput for anything else than a number above 0."""
    if added not in ("add", "off"):
        raise BadInput(_("Chọn cộng hay trừ."), field="way")
    match parse_mark(typed, Scale(MOST_MILLI, 1)):
        case ReadMark(milli) if milli > 0:
            return milli if added == "add" else -milli
        case BadMark(_fault, said):
            raise BadInput(say(said), field="points")
        case _nothing:
            raise BadInput(_("Ghi số điểm lớn hơn 0, ví dụ 2 hoặc 0,5. Muốn trừ thì chọn «Trừ điểm»."), field="points")


def read_day(typed: str) -> date:
    """The day of a document, not after today."""
    found = birth(typed, local(now()).date())
    if isinstance(found, Birth) and found.date is not None:
        return found.date
    raise BadInput(_("Ghi ngày của văn bản như 14/6/2024, không sau hôm nay."), field="day")


def stated(reason: str) -> str:
    """A reason on one line."""
    said = line(reason)
    if not said:
        raise BadInput(_("Hãy ghi lý do: lý do đứng bên thứ hạng và trong biên bản."), field="reason")
    if len(said) > LONGEST_REASON:
        raise BadInput(_("Lý do dài quá %(most)s ký tự: rút gọn lại.", most=LONGEST_REASON), field="reason")
    return said


def document_named(number: str) -> str:
    """The number of the document that the points rest on."""
    said = line(number)
    if not said:
        raise BadInput(_("Hãy ghi số của văn bản: quyết định, công văn hoặc biên bản làm căn cứ."), field="document")
    if len(said) > LONGEST_NUMBER:
        raise BadInput(_("Số văn bản dài quá %(most)s ký tự.", most=LONGEST_NUMBER), field="document")
    return said


def delegation_named(festival: Festival, code: str) -> Delegation:
    """A delegation of the festival."""
    own = (Delegation.festival_id == festival.id) & (Delegation.code == code)
    found = db.session.scalars(select(Delegation).where(own)).one_or_none()
    if found is None:
        raise BadInput(_("Chọn một đoàn của ngày hội này."), field="delegation")
    return found


def refuse_without_sum(festival: Festival) -> None:
    """Points have a place only where points are added up."""
    rule = whole_rule(festival)
    if rule is None:
        raise NotFound(_("Thể lệ không có giải toàn đoàn."))
    if rule.sum is WholeOrder.MEDALS:
        raise Conflict(
            _("Thể lệ xếp toàn đoàn theo số giải, không cộng điểm, nên điểm cộng hay trừ không đổi được thứ hạng.")
        )


def last_given(festival_id: int) -> int:
    """The number of the last that was recorded; 0: none yet."""
    own = DelegationPoints.festival_id == festival_id
    return db.session.scalar(select(func.coalesce(func.max(DelegationPoints.number), 0)).where(own)) or 0


def proposed_points(
    festival: Festival, code: str, milli: int, reason: str, document: str, day: date
) -> dict[str, tuple[GivenPoints, ...]]:
    """What could be recorded, by code of delegation, checked and not stored: what is read back."""
    refuse_without_sum(festival)
    delegation = delegation_named(festival, code)
    proposed = GivenPoints(last_given(festival.id) + 1, milli, stated(reason), document_named(document), day)
    return {delegation.code: (proposed,)}


def give_points(
    festival_id: int, code: str, milli: int, reason: str, document: str, day: date, by: int | None, *, seen: int
) -> int:
    """Record points of a delegation; answers their number. `seen`: the number of the last that was known, else Overtaken.

    The same once more (an answer that was lost) changes nothing.
    """
    festival = hold_whole(festival_id)
    refuse_without_sum(festival)
    delegation = delegation_named(festival, code)
    told: dict[str, Any] = {
        "delegation_id": delegation.id,
        "points_milli": milli,
        "reason": stated(reason),
        "document": document_named(document),
        "day": day,
        "given_by": by,
    }
    if not 0 < abs(milli) <= MOST_MILLI:
        raise BadInput(_("Ghi số điểm lớn hơn 0, ví dụ 2 hoặc 0,5. Muốn trừ thì chọn «Trừ điểm»."), field="points")
    if last_given(festival.id) != seen:
        own = (DelegationPoints.festival_id == festival.id) & (DelegationPoints.number == seen + 1)
        row = db.session.scalars(select(DelegationPoints).where(own)).one_or_none()
        if row is not None and {name: getattr(row, name) for name in told} == told:
            return row.number
        raise Overtaken(_("Vừa có người ghi điểm cộng, trừ khác. Xem lại danh sách rồi ghi nếu vẫn cần."))
    row = DelegationPoints(festival_id=festival.id, number=seen + 1, given_at=now(), **told)
    db.session.add(row)
    db.session.flush()
    ledger.append(
        whole_stream(festival),
        "points.given",
        {"festival": festival.code, "points": row.number},
        {**told, "delegation": delegation.code, "day": day.isoformat()},
    )
    return row.number


def take_points_back(festival_id: int, number: int, reason: str, by: int | None) -> None:
    """Take them back, with a reason. Overtaken when somebody has done so already."""
    festival, said = hold_whole(festival_id), stated(reason)
    changed = db.session.scalar(
        update(DelegationPoints)
        .where(
            DelegationPoints.festival_id == festival.id,
            DelegationPoints.number == number,
            DelegationPoints.taken_back_at.is_(None),
        )
        .values(taken_back_by=by, taken_back_at=now(), taken_back_reason=said)
        .returning(DelegationPoints.id)
    )
    if changed is None:
        raise Overtaken(_("Điểm này không còn: vừa được bỏ rồi."))
    ledger.append(
        whole_stream(festival),
        "points.taken_back",
        {"festival": festival.code, "points": number},
        {"reason": said, "by": by},
    )
