"""What becomes of a named deduction that the secretary gives or takes back?

The rules name each with its points (`deductions`); a reason stands beside it, in the ledger and on the page. Nothing is deleted: what was
taken back stays readable, and the number of the next one tells two secretaries that the other was there.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.text import line
from festival.core.web.errors import BadInput, Overtaken
from festival.judging.contest_rules import judging_stream
from festival.judging.measuring import open_entry
from festival.judging.models import Deduction

LONGEST_REASON = 300


def stated(reason: str) -> str:
    """The reason on one line. BadInput without one."""
    said = line(reason)
    if not said:
        raise BadInput(_("Hãy ghi lý do: lý do đứng trong sổ và bên kết quả."))
    if len(said) > LONGEST_REASON:
        raise BadInput(_("Lý do dài quá %(most)s ký tự.", most=LONGEST_REASON))
    return said


def rule_named(contest: Contest, code: str) -> dict[str, Any]:
    """The deduction as the rules state it. BadInput when they state none of that code."""
    found = next((each for each in contest.deductions or () if each["code"] == code), None)
    if found is None:
        raise BadInput(_("Thể lệ của phần thi không có khoản trừ này."))
    return dict(found)


def given(entry_id: int) -> int:
    """How many deductions an entry was ever given: the number of the last."""
    return (
        db.session.scalar(select(func.coalesce(func.max(Deduction.number), 0)).where(Deduction.entry_id == entry_id))
        or 0
    )


def give(contest_id: int, entry_id: int, code: str, reason: str, seen: int, given_by: int | None) -> None:
    """Take a named deduction off an entry. `seen`: the number of its last one that was known; Overtaken when there is another.

    The same once more (an answer that was lost) changes nothing.
    """
    contest = open_entry(entry_id, contest_id)
    rule, said = rule_named(contest, code), stated(reason)
    last = given(entry_id)
    if last != seen:
        row = db.session.scalars(
            select(Deduction).where(Deduction.entry_id == entry_id, Deduction.number == last)
        ).one()
        if (row.number, row.code, row.reason, row.given_by) == (seen + 1, code, said, given_by):
            return
        raise Overtaken(_("Tiết mục này vừa được người khác ghi khoản trừ. Xem lại rồi ghi nếu vẫn cần."))
    row = Deduction(
        entry_id=entry_id, number=seen + 1, code=code, points_milli=rule["points"], reason=said, given_by=given_by,
        given_at=now(),
    )  # fmt: skip
    db.session.add(row)
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "deduction.given",
        {"entry": entry_id, "number": row.number},
        {"code": code, "name": rule["name"], "points": row.points_milli, "reason": said, "given_by": given_by},
    )


def take_back(contest_id: int, entry_id: int, number: int, reason: str, by: int | None) -> None:
    """Take a deduction back, with a reason. Overtaken when somebody has done so already."""
    contest = open_entry(entry_id, contest_id)
    said = stated(reason)
    changed = db.session.scalar(
        update(Deduction)
        .where(Deduction.entry_id == entry_id, Deduction.number == number, Deduction.taken_back_at.is_(None))
        .values(taken_back_by=by, taken_back_at=now(), taken_back_reason=said)
        .returning(Deduction.id)
    )
    if changed is None:
        raise Overtaken(_("Khoản trừ này không còn: vừa được bỏ rồi."))
    ledger.append(
        judging_stream(contest),
        "deduction.taken_back",
        {"entry": entry_id, "number": number},
        {"reason": said, "by": by},
    )
