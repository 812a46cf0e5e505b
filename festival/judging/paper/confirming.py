"""Did each judge see what was locked of them, on the own tablet, and confirm it by PIN, or why does nobody wait?"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.core.canonical import canonical_json
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict
from festival.judging.paper.models import SheetConfirmation
from festival.judging.paper.recording import record
from festival.judging.tally import Appearance, JudgeSheet, MarkingJudge, Tally, sheets_of

REASON_LENGTH = 500


def digest_of(judge_id: int, tallied: Tally) -> str:
    """SHA-256 over what was locked of a judge: entry, state, marks and total of each sheet, by entry code.

    The own sheets, as the own tablet shows them: not those that somebody else gave from the same seat.
    """
    own = sheets_of([judge_id])
    return own_digest(
        (each, sheet) for each in tallied.appearances if (sheet := own.get((judge_id, each.id))) is not None
    )


def own_digest(sheets: Iterable[tuple[Appearance, JudgeSheet]]) -> str:
    """The same of the sheets themselves, as the tablet comes to it."""
    said = [
        {"entry": each.code, "marks": dict(sheet.marks), "state": sheet.state.value, "total": sheet.total_milli}
        for each, sheet in sorted(sheets, key=lambda pair: pair[0].code)
    ]
    return sha256(canonical_json({"sheets": said})).hexdigest()


def confirmations(contest_id: int) -> dict[int, SheetConfirmation]:
    """What stands, by judge."""
    rows = db.session.scalars(
        select(SheetConfirmation).where(SheetConfirmation.contest_id == contest_id, SheetConfirmation.standing)
    )
    return {each.judge_id: each for each in rows}


def on_tablet(tallied: Tally) -> list[MarkingJudge]:
    """The judges of whom own sheets were locked that came from a tablet; nobody waits for one who was replaced."""
    return [
        seat
        for seat in tallied.seats
        if any(
            sheet is not None and not sheet.on_paper and sheet.judge_id == seat.id
            for each in tallied.appearances
            for sheet in (tallied.sheets.get((seat.id, each.id)),)
        )
    ]


def unconfirmed(tallied: Tally) -> list[MarkingJudge]:
    """Of those the ones who have confirmed nothing yet, and for whom nobody said why."""
    known = confirmations(tallied.contest.id)
    return [seat for seat in on_tablet(tallied) if seat.id not in known]


def confirm_sheets(contest: Contest, judge_id: int, digest: str, mid: str) -> SheetConfirmation:
    """A tablet's message; the digest was compared by the caller."""
    return _keep(contest, judge_id, "sheet.confirmed", digest=digest, mid=mid, reason="", by_user=None, with_user=None)


def override_confirmation(tallied: Tally, judge_id: int, reason: str, by: int, with_user: int) -> SheetConfirmation:
    """Two people say why the signature does not wait for a judge who has left."""
    contest = held_contest(tallied.contest.id)
    if contest.state is not ContestState.LOCKED:
        raise Conflict(_("Chỉ làm được sau khi khóa điểm, trước khi ký biên bản."))
    reason = " ".join(reason.split())[:REASON_LENGTH]
    if not reason:
        raise BadInput(_("Ghi rõ lý do."))
    if by == with_user:
        raise BadInput(_("Việc này cần hai người khác nhau."))
    digest = digest_of(judge_id, tallied)
    return _keep(
        contest, judge_id, "sheet.not_awaited", digest=digest, mid=None, reason=reason, by_user=by, with_user=with_user
    )


def _keep(contest: Contest, judge_id: int, kind: str, **said: object) -> SheetConfirmation:
    earlier = [each for each in confirmations(contest.id).values() if each.judge_id == judge_id]
    for each in earlier:
        each.standing = False
    db.session.flush()
    row = SheetConfirmation(contest_id=contest.id, judge_id=judge_id, at=now(), standing=True, **said)
    db.session.add(row)
    record(contest, kind, *earlier, row, judge=judge_id)
    return row
