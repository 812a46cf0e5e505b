"""What becomes of a count, a time or an overtime that a secretary types?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.marks import Blank
from festival.contests.measures import BadTyped, Typed, parse_count, parse_time
from festival.contests.models import Contest, ContestState, ResultKind
from festival.contests.questions.answers import Answered, read_answers, value_of
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.judging.contest_rules import judging_stream, questions_of
from festival.judging.corrections import keep_revision
from festival.judging.models import Measure, MeasureRevision, MeasureState, Overtime
from festival.judging.sheets.knowledge import hold_contests
from festival.roster.models import Entry, EntryState


@dataclass(frozen=True, slots=True)
class MeasureTaken:
    """The try is noted."""

    version: int


@dataclass(frozen=True, slots=True)
class MeasureRefused:
    """The typed value is not one; `said` tells why."""

    said: str


def open_entry(entry_id: int, contest_id: int) -> Contest:
    contest = hold_contests([contest_id]).get(contest_id)
    held = db.session.scalar(
        select(Entry.id)
        .where(Entry.id == entry_id, Entry.contest_id == contest_id, Entry.state == EntryState.ENROLLED)
        .with_for_update()
    )
    if contest is None or held is None:
        raise NotFound()
    if not contest.on_stage:
        raise Conflict(_("Phần thi cộng lấy kết quả từ các phần thi thành phần, không ghi gì ở đây."))
    if contest.state is not ContestState.OPEN:
        raise Conflict(_("Phần thi đã khóa điểm, không ghi thêm được nữa."))
    return contest


def read_value(contest: Contest, typed: str) -> Typed | Blank | BadTyped:
    """A typed count (of balls, of right answers, of matches won) or a time, by the kind of the contest."""
    return parse_time(typed) if contest.result_kind is ResultKind.TIME else parse_count(typed)


def read_result(contest: Contest, typed: str) -> Typed | Answered | Blank | BadTyped:
    """The same where the rules may name the questions: then it is typed a letter each, and the points follow."""
    asked = questions_of(contest)
    return read_answers(typed, asked) if asked else read_value(contest, typed)


def answers_in(read: Typed | Answered) -> str | None:
    """The answers behind a number of points; none behind any other number."""
    return read.answers if isinstance(read, Answered) else None


def note_measure(
    contest_id: int,
    entry_id: int,
    round_: int,
    state: MeasureState,
    value: int | None,
    base_version: int,
    typed_by: int | None,
    about: Mapping[str, Any] | None = None,
    answers: str | None = None,
) -> MeasureTaken | MeasureRefused:
    """Note one try of an entry, or that it did not start, did not finish, was disqualified.

    `answers`: to each question, where the rules name them; their points are the value. `about`: what the ledger shall say besides (which device typed it, why it was decided so). Conflict when somebody else has changed it since `base_version` (0: nothing was there).
    """
    contest = open_entry(entry_id, contest_id)
    if not 1 <= round_ <= contest.attempts:
        return MeasureRefused(_("Phần thi này có %(n)s lượt thử.", n=contest.attempts))
    if state is MeasureState.VALID:
        if contest.result_kind is ResultKind.RUBRIC or value is None:
            return MeasureRefused(_("Phần thi này chấm bằng phiếu của giám khảo."))
        if contest.result_kind is ResultKind.MATCH:
            return MeasureRefused(
                _("Phần thi đấu loại không nhận số: ghi thứ hạng chung cuộc, ai nhất, ai nhì, ai ba.")
            )
        asked = questions_of(contest)
        if asked and (answers is None or value_of(answers, asked) != value):
            return MeasureRefused(
                _("Phần thi này ghi từng câu: Đ đúng, S sai, B bỏ qua cho cả %(n)s câu.", n=len(asked))
            )
        answers = answers if asked else None
        if contest.best_possible is not None and value > contest.best_possible:
            return MeasureRefused(
                _("Nhiều nhất là %(most)s %(unit)s.", most=contest.best_possible, unit=contest.unit_label)
            )
    else:
        value, answers = None, None
    row = db.session.scalars(select(Measure).where(Measure.entry_id == entry_id, Measure.round == round_)).one_or_none()
    if (row.version if row else 0) != base_version:
        if row is not None and (row.state, row.value, row.answers) == (state, value, answers):
            return MeasureTaken(row.version)
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    before = None
    if row is None:
        row = Measure(entry_id=entry_id, round=round_, version=_last_version(entry_id, round_))
        db.session.add(row)
    else:
        before = _said(row)
        keep_revision(contest, before, typed_by, row)
    row.state, row.value, row.answers, row.typed_by, row.updated_at = state, value, answers, typed_by, now()
    row.version += 1
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "measure.noted",
        {"entry": entry_id, "round": round_},
        _said(row) | {"typed_by": typed_by, "before": before} | dict(about or {}),
    )
    return MeasureTaken(row.version)


def _said(row: Measure) -> dict[str, Any]:
    """What a try says, for the ledger and for what is kept of it when it changes."""
    said = {"state": row.state.value, "value": row.value, "version": row.version}
    return said | ({"answers": row.answers} if row.answers is not None else {})


def _last_version(entry_id: int, round_: int) -> int:
    """The version of a try that was taken back: what comes after it must not look like it to a device that knew it."""
    last = (
        select(MeasureRevision.content)
        .where(MeasureRevision.entry_id == entry_id, MeasureRevision.round == round_)
        .order_by(MeasureRevision.id.desc())
        .limit(1)
    )
    content = db.session.scalar(last)
    return int(content["version"]) if content else 0


def keep_measure(contest_id: int, entry_id: int, round_: int, base_version: int, about: Mapping[str, Any]) -> int:
    """Of two results the one that stands is kept: a new version, so that what was typed on the old one stays stale."""
    contest = open_entry(entry_id, contest_id)
    those = [Measure.entry_id == entry_id, Measure.round == round_, Measure.version == base_version]
    row = db.session.scalars(select(Measure).where(*those)).one_or_none()
    if row is None:
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    row.version += 1
    db.session.flush()
    content = _said(row) | {"typed_by": row.typed_by}
    subject = {"entry": entry_id, "round": round_}
    ledger.append(judging_stream(contest), "measure.noted", subject, content | {"before": None} | dict(about))
    return row.version


def drop_measure(
    contest_id: int,
    entry_id: int,
    round_: int,
    base_version: int,
    typed_by: int | None,
    about: Mapping[str, Any] | None = None,
) -> None:
    """A try was noted by mistake (an entry said absent has come after all)."""
    contest = open_entry(entry_id, contest_id)
    those = [Measure.entry_id == entry_id, Measure.round == round_, Measure.version == base_version]
    row = db.session.scalars(select(Measure).where(*those)).one_or_none()
    if row is None:
        raise Overtaken(_("Kết quả này vừa được người khác sửa. Mở lại trang để xem số mới nhất."))
    before = _said(row)
    keep_revision(contest, before, typed_by, row)
    db.session.delete(row)
    db.session.flush()
    ledger.append(
        judging_stream(contest),
        "measure.dropped",
        {"entry": entry_id, "round": round_},
        {"typed_by": typed_by, "before": before} | dict(about or {}),
    )


def note_overtime(contest_id: int, entry_id: int, seconds: int, noted_by: int | None, seen: int | None = None) -> None:
    """Note by how much an act ran over its time; 0 takes the note back. `seen`: what stood on the page it was typed on."""
    contest = open_entry(entry_id, contest_id)
    row = db.session.get(Overtime, entry_id)
    stands = row.seconds if row else 0
    if stands == seconds:
        return
    if seen is not None and seen != stands:
        said = _(
            "Người khác vừa sửa, đang ghi: %(value)s. Những gì vừa gõ vẫn còn; đúng thì ghi lại.",
            value=clock_of(stands),
        )
        raise Overtaken(said)
    if row is None:
        row = Overtime(entry_id=entry_id, seconds=seconds, noted_by=noted_by, noted_at=now())
        db.session.add(row)
    row.seconds, row.noted_by, row.noted_at = seconds, noted_by, now()
    db.session.flush()
    ledger.append(
        judging_stream(contest), "overtime.noted", {"entry": entry_id}, {"seconds": seconds, "noted_by": noted_by}
    )


def clock_of(seconds: int) -> str:
    """Minutes and seconds, as they are typed."""
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 60}:{abs(seconds) % 60:02d}"
