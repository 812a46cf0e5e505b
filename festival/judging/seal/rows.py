"""Are sheets, versions, counts, times, final orders and overtimes in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import select

from festival.accounts.models import User
from festival.contests.models import Contest, Criterion, Judge, PanelSeat
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordLine, SealCounts, SealDifference, compare
from festival.core.sentence import N_, Sentence
from festival.judging.comments.models import SheetComment
from festival.judging.contest_rules import judging_stream
from festival.judging.ground import sealed
from festival.judging.kitchen import sealed as kitchen_sealed
from festival.judging.models import (
    Deduction,
    FinalOrder,
    Mark,
    Measure,
    MeasureRevision,
    Overtime,
    ScoreSheet,
    SheetRevision,
)
from festival.judging.seal import bracket_rows
from festival.judging.seal.bracket_rows import bracket_differences, bracket_said
from festival.judging.seal.recorded import ORDER, JudgingRecord
from festival.roster.models import Entry

Found = Iterator[tuple[Key, Mapping[str, Any]]]
# Sheets of reserves count nowhere and stand in no ledger; with the seat they are taken into it.
WRITTEN = Judge.seat.not_in((PanelSeat.RESERVE, PanelSeat.STOOD_DOWN))


def streams() -> dict[str, list[int]]:
    """The contests (usually one) whose marks each stream tells of."""
    found: dict[str, list[int]] = defaultdict(list)
    for contest in db.session.scalars(select(Contest)):
        found[judging_stream(contest)].append(contest.id)
    return found


class JudgingReplay:
    """One stream against the rows of its contests."""

    def __init__(self, _stream: str, contest_ids: list[int] | None) -> None:
        self._contests = contest_ids or []
        self._record = JudgingRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from compare(record.sheets, self._sheets(), counts)
        yield from compare(record.revisions, self._revisions(), counts)
        yield from compare(record.comments, self._comments(), counts)
        yield from compare(record.kitchens, kitchen_sealed.slips(self._contests), counts)
        yield from compare(record.measures, self._measures(), counts)
        yield from compare(record.overtimes, self._overtimes(), counts)
        yield from compare(record.orders, self._orders(), counts)
        yield from compare(record.ground.given, sealed.given(self._contests), counts)
        yield from compare(record.ground.readings, sealed.readings(self._contests), counts)
        yield from compare(record.ground.seen, sealed.seen(self._contests), counts)
        yield from bracket_differences(record.brackets, self._contests, counts)
        yield from compare(record.deductions, self._deductions(), counts)
        for key in [key for key in record.corrected.rows if key[:-1] in record.corrected_unsure]:
            record.corrected.drop(key)
        yield from compare(record.corrected, self._corrected(counts), counts)

    def _sheets(self) -> Found:
        """Each sheet with its marks. A mark for a criterion of another contest is named by its number."""
        wanted = (
            select(
                ScoreSheet.id,
                ScoreSheet.judge_id,
                ScoreSheet.entry_id,
                ScoreSheet.round,
                ScoreSheet.version,
                ScoreSheet.state,
                ScoreSheet.total_milli,
                ScoreSheet.conflict,
                ScoreSheet.on_paper,
                ScoreSheet.note,
                ScoreSheet.typed_by,
                Entry.contest_id,
                Criterion.contest_id.label("marked_for"),
                Criterion.code,
                Mark.criterion_id,
                Mark.milli,
            )
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Judge, Judge.id == ScoreSheet.judge_id)
            .outerjoin(Mark, Mark.sheet_id == ScoreSheet.id)
            .outerjoin(Criterion, Criterion.id == Mark.criterion_id)
            .where(Entry.contest_id.in_(self._contests), WRITTEN)
            .order_by(ScoreSheet.id)
            .execution_options(yield_per=PART)
        )
        for _id, group in groupby(db.session.execute(wanted), key=lambda row: row.id):
            given = list(group)
            row = given[0]
            marks = {
                each.code if each.marked_for == each.contest_id else f"#{each.criterion_id}": each.milli
                for each in given
                if each.criterion_id is not None
            }
            yield (row.judge_id, row.entry_id, row.round), {**row._asdict(), "marks": marks}

    def _revisions(self) -> Found:
        wanted = (
            select(
                SheetRevision.id,
                SheetRevision.mid,
                SheetRevision.version,
                SheetRevision.content,
                SheetRevision.open_conflict.label("open"),
                ScoreSheet.judge_id,
                ScoreSheet.entry_id,
                ScoreSheet.round,
            )
            .join(ScoreSheet, ScoreSheet.id == SheetRevision.sheet_id)
            .join(Entry, Entry.id == ScoreSheet.entry_id)
            .join(Judge, Judge.id == ScoreSheet.judge_id)
            .where(Entry.contest_id.in_(self._contests), WRITTEN)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            sheet = [row.judge_id, row.entry_id, row.round]
            yield (row.mid or f"#{row.id}",), {**row._asdict(), "sheet": sheet}

    def _comments(self) -> Found:
        wanted = (
            select(
                SheetComment.judge_id,
                SheetComment.entry_id,
                SheetComment.version,
                SheetComment.said,
                SheetComment.held,
                SheetComment.held_by,
            )
            .join(Entry, Entry.id == SheetComment.entry_id)
            .where(Entry.contest_id.in_(self._contests))
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.judge_id, row.entry_id), row._asdict()

    def _measures(self) -> Found:
        wanted = (
            select(
                Measure.entry_id,
                Measure.round,
                Measure.state,
                Measure.value,
                Measure.version,
                Measure.typed_by,
                Measure.answers,
            )
            .join(Entry, Entry.id == Measure.entry_id)
            .where(Entry.contest_id.in_(self._contests))
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.entry_id, row.round), row._asdict()

    def _overtimes(self) -> Found:
        wanted = (
            select(Overtime.entry_id, Overtime.seconds, Overtime.noted_by)
            .join(Entry, Entry.id == Overtime.entry_id)
            .where(Entry.contest_id.in_(self._contests))
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.entry_id,), row._asdict()

    def _orders(self) -> Found:
        wanted = select(FinalOrder.contest_id, FinalOrder.places, FinalOrder.version, FinalOrder.typed_by)
        for row in db.session.execute(wanted.where(FinalOrder.contest_id.in_(self._contests))):
            yield (row.contest_id,), row._asdict()

    def _deductions(self) -> Found:
        wanted = (
            select(
                Deduction.entry_id,
                Deduction.number,
                Deduction.code,
                Deduction.reason,
                Deduction.points_milli,
                Deduction.given_by,
                Deduction.taken_back_at.is_not(None).label("taken_back"),
                Deduction.taken_back_by,
                Deduction.taken_back_reason,
            )
            .join(Entry, Entry.id == Deduction.entry_id)
            .where(Entry.contest_id.in_(self._contests))
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            yield (row.entry_id, row.number), {**row._asdict(), "taken_back": bool(row.taken_back)}

    def _corrected(self, counts: SealCounts) -> Found:
        """Each correction under its place among those of the same try or order."""
        wanted = (
            select(
                MeasureRevision.contest_id,
                MeasureRevision.entry_id,
                MeasureRevision.round,
                MeasureRevision.content,
                MeasureRevision.changed_by,
            )
            .where(MeasureRevision.contest_id.in_(self._contests))
            .order_by(MeasureRevision.id)
            .execution_options(yield_per=PART)
        )
        places: dict[Key, int] = defaultdict(int)
        for row in db.session.execute(wanted):
            of: Key = (ORDER, row.contest_id) if row.entry_id is None else (row.entry_id, row.round)
            places[of] += 1
            if of in self._record.corrected_unsure:
                counts.rows += 1
                counts.erased += 1
            else:
                yield (*of, places[of]), row._asdict()


SHEET = N_("Phần thi «%(contest)s», giám khảo %(judge)s, «%(entry)s», %(what)s", "seal_sheet")
TYPED = N_("Phần thi «%(contest)s», «%(entry)s», %(what)s", "seal_typed")
ORDERED = N_("Phần thi «%(contest)s», thứ hạng chung cuộc, %(what)s", "seal_order_of")
READING = N_("Một lần ghi ở sân (mã %(mid)s), %(what)s", "seal_ground_reading")
GIVEN = N_("Phần thi «%(contest)s» giao cho máy mã %(device)s ở sân, %(what)s", "seal_ground_given")
BEFORE = N_("bản trước khi sửa lần %(n)s, %(what)s", "seal_before")
VERSION = N_("Một bản của phiếu điểm (mã %(mid)s), %(what)s", "seal_version")
COLUMNS = {
    "": N_("cả dòng", "seal_row"),
    "marks": N_("tiêu chí %(part)s", "seal_mark"),
    "total_milli": N_("tổng điểm", "seal_total"),
    "state": N_("trạng thái", "seal_state"),
    "version": N_("số bản", "seal_version_number"),
    "conflict": N_("hai bản chờ chọn", "seal_conflict"),
    "open": N_("hai bản chờ chọn", "seal_conflict"),
    "on_paper": N_("phiếu giấy", "seal_paper"),
    "note": N_("ghi chú", "seal_note"),
    "typed_by": N_("người nhập", "seal_typed_by"),
    "noted_by": N_("người nhập", "seal_typed_by"),
    "value": N_("kết quả đo", "seal_value"),
    "seconds": N_("số giây quá giờ", "seal_overtime"),
    "content": N_("nội dung (%(part)s)", "seal_content"),
    "sheet": N_("thuộc phiếu nào", "seal_of_sheet"),
    "became": N_("còn chờ hay đã xong", "seal_became"),
    "met_version": N_("ghi trên bản nào", "seal_met_version"),
    "entry_id": N_("thuộc tiết mục nào", "seal_of_entry"),
    "round": N_("lượt thứ mấy", "seal_of_try"),
    "device_id": N_("máy ghi", "seal_device"),
    "how": N_("xác nhận bằng cách nào", "seal_seen_how"),
    "agrees": N_("đồng ý hay không", "seal_agrees"),
    "given_by": N_("người giao hay ghi", "seal_given_by"),
    "places": N_("thứ hạng chung cuộc", "seal_final_order"),
    "changed_by": N_("người sửa", "seal_changed_by"),
    "dishes": N_("số món", "seal_dishes"),
    "spent_vnd": N_("tiền mua thực phẩm", "seal_spent"),
    "said": N_("lời nhận xét gửi gia đình", "seal_comment"),
    "held": N_("lý do giữ lại lời nhận xét", "seal_comment_held"),
    "held_by": N_("người giữ lại lời nhận xét", "seal_comment_held_by"),
    "code": N_("khoản trừ", "seal_deduction"),
    "reason": N_("lý do trừ điểm", "seal_deduction_reason"),
    "points_milli": N_("số điểm trừ", "seal_deduction_points"),
    "taken_back": N_("đã bỏ hay chưa", "seal_deduction_back"),
    "taken_back_by": N_("người bỏ khoản trừ", "seal_deduction_back_by"),
    "taken_back_reason": N_("lý do bỏ khoản trừ", "seal_deduction_back_reason"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Contest, judge, entry and criterion of each difference, read set by set."""
    judges = {each.key[0] for each in differences if each.table in _OF_JUDGES}
    entries = {each.key[0] for each in differences if each.table in _TYPED and each.key[0] != ORDER}
    entries |= {each.key[1] for each in differences if each.table in _OF_JUDGES}
    contests = {
        row.id: row.name
        for row in db.session.execute(select(Contest.id, Contest.name).where(Contest.id.in_(_of_contests(differences))))
    }
    named = select(Judge.id, Judge.letter, User.name).join(User, User.id == Judge.user_id)
    seats = {
        row.id: f"{row.letter} ({row.name})" if row.letter else row.name
        for row in db.session.execute(named.where(Judge.id.in_(judges)))
    }
    of_contest = select(Entry.id, Entry.name, Contest.name.label("contest")).join(Contest)
    names = {row.id: row for row in db.session.execute(of_contest.where(Entry.id.in_(entries)))}
    return [_said(each, seats, names, contests) for each in differences]


_OF_JUDGES = {"score_sheet", "sheet_comment"}
_TYPED = {"measure", "measure_seen", "measure_revision", "overtime", "deduction", "kitchen_slip"}


def _of_contests(differences: Sequence[SealDifference]) -> set[Any]:
    orders = {each.key[0] for each in differences if each.table in ("final_order", *bracket_rows.TABLES)}
    given = {each.key[1] for each in differences if each.table == "ground_contest"}
    return orders | given | {each.key[1] for each in differences if each.key[0] == ORDER}


def _said(
    each: SealDifference, seats: Mapping[Any, str], names: Mapping[Any, Any], contests: Mapping[Any, str]
) -> Sentence:
    if each.table in bracket_rows.TABLES:
        columns = COLUMNS | bracket_rows.COLUMNS
        return bracket_said(each, contests, columns[each.column].filled(part=each.part))
    what = COLUMNS[each.column].filled(part=each.part)
    if each.table == "ground_reading":
        return READING.filled(mid=str(each.key[0]), what=what)
    if each.table == "ground_contest":
        return GIVEN.filled(device=each.key[0], contest=contests.get(each.key[1], "?"), what=what)
    if each.table == "final_order" or each.key[0] == ORDER:
        contest = contests.get(each.key[0 if each.table == "final_order" else 1], "?")
        return ORDERED.filled(contest=contest, what=_before(each, what))
    if each.table == "sheet_revision":
        return VERSION.filled(mid=str(each.key[0]), what=what)
    if each.table in _TYPED:
        entry = names.get(each.key[0])
        return TYPED.filled(contest=_name(entry, "contest"), entry=_name(entry, "name"), what=_before(each, what))
    entry = names.get(each.key[1])
    return SHEET.filled(
        contest=_name(entry, "contest"),
        judge=seats.get(each.key[0], f"#{each.key[0]}"),
        entry=_name(entry, "name"),
        what=what,
    )


def _before(each: SealDifference, what: Sentence) -> Sentence:
    return BEFORE.filled(n=each.key[-1], what=what) if each.table == "measure_revision" else what


def _name(row: Any, column: str) -> str:
    return "?" if row is None else str(getattr(row, column))


SEAL = Seal("judging", "judging:", streams, JudgingReplay, words)
