"""Are draws, numbers, stages, sessions, places and programmes in the tables those of the ledger, and how is a difference said?"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.ledger import PART
from festival.core.seal.checks import Seal
from festival.core.seal.compare import Key, RecordedRows, RecordLine, SealCounts, SealDifference, compare, digest
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.schedule.later.naming import later_of_code, match_called
from festival.schedule.later.reading import later_matches
from festival.schedule.models import Act, Draw, Plan, Session, Stage
from festival.schedule.seal import wish_rows
from festival.schedule.seal.drawn_rows import drawn_differences
from festival.schedule.seal.recorded import ScheduleRecord
from festival.schedule.stage_day.models import TurnChange
from festival.schedule.stage_day.taking import written

Found = Iterator[tuple[Key, Mapping[str, Any]]]


def streams() -> dict[str, int]:
    """The festival each stream tells of."""
    return {f"decisions:{row.code}": row.id for row in db.session.execute(select(Festival.id, Festival.code))}


class ScheduleReplay:
    """One festival's lines against its draws and its plan."""

    def __init__(self, _stream: str, festival_id: int | None) -> None:
        self._festival = festival_id
        self._record = ScheduleRecord()

    def take(self, line: RecordLine) -> None:
        self._record.take(line)

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        record = self._record
        yield from self._of_numbers(counts)
        yield from compare(record.draws, self._draws(), counts)
        yield from drawn_differences(record.changed, self._festival, counts)
        yield from compare(record.plans, self._plans(), counts)
        yield from compare(record.stages, self._told(record.stages, self._stages(), counts), counts)
        yield from compare(record.sessions, self._told(record.sessions, self._sessions(), counts), counts)
        yield from compare(record.turn_changes, self._turn_changes(), counts)
        yield from wish_rows.differences(self._festival, record.wished, counts)
        yield from compare(record.locks, self._locks(), counts)
        yield from compare(record.matches.rows, self._matches(), counts)
        acts = record.acts_of_the_day()
        if acts is None and record.acts_erased:
            counts.erased += sum(1 for _act in self._acts())
        elif acts is None:
            counts.unknown += sum(1 for _act in self._acts())
        else:
            yield from compare(acts, self._acts(), counts)

    def _of_numbers(self, counts: SealCounts) -> Iterator[SealDifference]:
        """A drawn entry that is there no more left by a door: its approval was undone and its family changed its contests."""
        recorded = self._record.numbers()
        yield from compare(recorded, self._numbers(set(recorded.rows)), counts, gone_is_fine=True)

    def _numbers(self, drawn: set[Key]) -> Found:
        wanted = (
            select(Entry.code, Entry.number, Contest.code.label("contest"))
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Contest.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            if (row.number is not None or (row.code,) in drawn) and row.contest not in self._record.numbers_unsure:
                yield (row.code,), row._asdict()

    def _draws(self) -> Found:
        own = select(Entry.id, Entry.code).join(Contest).where(Contest.festival_id == self._festival)
        codes = {row.id: row.code for row in db.session.execute(own)}
        wanted = (
            select(Contest.code, Draw.method, Draw.seed, Draw.order, Draw.blocks, Draw.drawn_by)
            .join(Contest, Contest.id == Draw.contest_id)
            .where(Contest.festival_id == self._festival, Draw.voided_at.is_(None))
        )
        for row in db.session.execute(wanted):
            said = self._record.draws.rows.get((row.code,), {}).get("order")
            # The place of an entry that is there no more cannot be read back into its code: as recorded.
            known = said if isinstance(said, list) and len(said) == len(row.order) else [None] * len(row.order)
            order = [codes.get(each, at) for each, at in zip(row.order, known, strict=True)]
            yield (row.code,), {**row._asdict(), "order": order}

    def _told(self, recorded: RecordedRows, found: Found, counts: SealCounts) -> Found:
        """Without the rows of which no line speaks: an older release wrote none of stages and sessions."""
        for key, row in found:
            if key in recorded.rows or key in recorded.erased or (recorded.table, key[0]) in self._record.removed:
                yield key, row
            else:
                counts.unknown += 1

    def _stages(self) -> Found:
        wanted = select(Stage.code, Stage.name, Stage.closed).where(Stage.festival_id == self._festival)
        for row in db.session.execute(wanted):
            yield (row.code,), row._asdict()

    def _sessions(self) -> Found:
        wanted = (
            select(
                Session.id,
                Stage.code.label("stage"),
                Contest.code.label("contest"),
                Session.label,
                Session.starts_at,
                Session.ends_at,
            )
            .join(Stage, Stage.id == Session.stage_id)
            .join(Contest, Contest.id == Session.contest_id)
            .where(Stage.festival_id == self._festival)
        )
        for row in db.session.execute(wanted):
            times = {"starts_at": local(row.starts_at).isoformat(), "ends_at": local(row.ends_at).isoformat()}
            yield (row.id,), {**row._asdict(), **times}

    def _locks(self) -> Found:
        of = Stage.festival_id == self._festival
        for session_id in db.session.scalars(select(Session.id).join(Stage).where(of, Session.locked)):
            yield ("session", session_id), {"locked": True}
        acts = (
            select(Act.entry_id).join(Session, Session.id == Act.session_id).join(Stage, Stage.id == Session.stage_id)
        )
        for entry_id in db.session.scalars(acts.where(of, Act.locked)):
            yield ("act", entry_id), {"locked": True}

    def _matches(self) -> Found:
        for each in later_matches(self._festival or 0):
            yield (each.code,), {
                "session_id": each.session_id, "starts_at": written(each.starts_at), "minutes": each.duration_min,
                "locked": each.locked, "state": each.state.value, "began_at": written(each.began_at),
                "ended_at": written(each.ended_at),
            }  # fmt: skip

    def _plans(self) -> Found:
        wanted = select(Plan.version, Plan.published_by, Plan.note, Plan.content).where(
            Plan.festival_id == self._festival
        )
        for row in db.session.execute(wanted.execution_options(yield_per=1)):
            yield (row.version,), {**row._asdict(), "digest": digest(row.content)}

    def _acts(self) -> Found:
        wanted = (
            select(Act.entry_id, Act.session_id, Act.position, Act.turn, Act.state, Act.began_at, Act.ended_at)
            .join(Entry, Entry.id == Act.entry_id)
            .join(Contest, Contest.id == Entry.contest_id)
            .where(Contest.festival_id == self._festival)
            .execution_options(yield_per=PART)
        )
        for row in db.session.execute(wanted):
            times = {"state": row.state.value, "began_at": written(row.began_at), "ended_at": written(row.ended_at)}
            yield (row.entry_id,), {**row._asdict(), **times}

    def _turn_changes(self) -> Found:
        own = select(Session.id).join(Stage).where(Stage.festival_id == self._festival)
        for row in db.session.scalars(select(TurnChange).where(TurnChange.session_id.in_(own))):
            said = {name: getattr(row, name) for name in ("session_id", "entry_id", "before", "after")}
            yield (row.id,), {**said, "undone": row.undone_at is not None}


DRAWN = N_("Bốc thăm phần thi «%(contest)s», %(what)s", "seal_draw")
PLANNED = N_("Lịch thi đã công bố, bản %(version)s, %(what)s", "seal_plan")
STAGE = N_("Sân khấu «%(stage)s», %(what)s", "seal_stage")
CHANGE = N_("Thay đổi số %(number)s sau bốc thăm, %(what)s", "seal_draw_change")
TRIAL = N_("Ráp sân khấu phần thi «%(contest)s», %(what)s", "seal_trial")
MEETING = N_("Cuộc họp bốc thăm số %(number)s, %(what)s", "seal_meeting")
MINUTES = N_("Biên bản bốc thăm, tờ %(number)s, %(what)s", "seal_draw_minutes")
SESSION = N_("Buổi thi %(number)s, %(what)s", "seal_session_row")
TURNED = N_("Lần đổi lượt %(number)s trong ngày, %(what)s", "seal_turned")
WISH = N_("Điều cần giữ khi xếp lịch số %(number)s, %(what)s", "seal_wish")
ACT = N_("Phần thi «%(contest)s», «%(entry)s», %(what)s", "seal_typed")
OF_A_DRAW = {"draw_change": CHANGE, "draw_meeting": MEETING, "draw_minutes": MINUTES, "draw_minutes_page": MINUTES}
MATCH = N_("Trận vòng sau «%(match)s» trong lịch, %(what)s", "seal_later_match")
LOCK = N_("Khóa trong lịch của buổi hoặc tiết mục số %(number)s, %(what)s", "seal_lock")
COLUMNS = {
    "closed": N_("đóng hay mở", "seal_closed"),
    "locked": N_("khóa", "seal_locked"),
    "": N_("cả dòng", "seal_row"),
    "number": N_("số báo danh", "seal_number"),
    "method": N_("cách bốc thăm", "seal_method"),
    "seed": N_("số gieo", "seal_seed"),
    "order": N_("thứ tự", "seal_order"),
    "blocks": N_("buổi đã bốc", "seal_blocks"),
    "kind": N_("loại", "seal_kind"),
    "entries": N_("các tiết mục", "seal_entries"),
    "heads": N_("trưởng đoàn", "seal_heads"),
    "reason": N_("lý do", "seal_reason"),
    "made_by": N_("người ghi", "seal_noted_by"),
    "undone_by": N_("người hoàn tác", "seal_undone_by"),
    "undone_why": N_("lý do hoàn tác", "seal_undone_why"),
    "minutes": N_("số phút", "seal_minutes_each"),
    "taken_back": N_("đã bỏ", "seal_taken_back"),
    "held_on": N_("ngày họp", "seal_held_on"),
    "place": N_("nơi họp", "seal_place_held"),
    "chair": N_("chủ trì", "seal_chair"),
    "secretary": N_("thư ký", "seal_secretary"),
    "contests": N_("phần thi", "seal_contest_of"),
    "attendance": N_("người dự", "seal_attendance"),
    "witnesses": N_("người chứng kiến", "seal_witnesses"),
    "dropped": N_("đã bỏ", "seal_taken_back"),
    "state": N_("tình trạng", "seal_state"),
    "sha256": N_("bản đã in", "seal_printed_bytes"),
    "turn": N_("lần gửi", "seal_sending"),
    "letter_number": N_("số văn bản", "seal_letter_number"),
    "letter_day": N_("ngày văn bản", "seal_letter_day"),
    "signer": N_("người ký", "seal_signer"),
    "pages": N_("trang đã ký", "seal_pages"),
    "drawn_by": N_("người ghi", "seal_noted_by"),
    "published_by": N_("người ghi", "seal_noted_by"),
    "note": N_("ghi chú", "seal_note"),
    "digest": N_("nội dung", "seal_whole_content"),
    "session_id": N_("buổi thi", "seal_session"),
    "position": N_("lượt thi", "seal_turn"),
    "began_at": N_("giờ lên sân khấu", "seal_began"),
    "ended_at": N_("giờ thi xong", "seal_ended"),
    "entry_id": N_("tiết mục", "seal_entry_of"),
    "before": N_("thứ tự trước đó", "seal_order_before"),
    "after": N_("thứ tự sau đó", "seal_order_after"),
    "undone": N_("việc hoàn tác", "seal_order_undone"),
    "name": N_("tên", "seal_name"),
    "stage": N_("sân khấu", "seal_stage_of"),
    "contest": N_("phần thi", "seal_contest_of"),
    "label": N_("tên buổi", "seal_label"),
    "starts_at": N_("giờ bắt đầu", "seal_starts"),
    "ends_at": N_("giờ kết thúc", "seal_ends"),
    "entry": N_("tiết mục", "seal_wish_act"),
    "other": N_("tiết mục thi sau", "seal_wish_other"),
    "family": N_("gia đình", "seal_wish_family"),
    "delegation": N_("đoàn", "seal_wish_delegation"),
    "judge": N_("giám khảo", "seal_wish_judge"),
    "stands": N_("còn giữ hay đã rút", "seal_wish_stands"),
    "takes": N_("các phần thi được nhận", "seal_takes"),
}

OF_AN_ACT = {
    "turn": N_("lượt trong ngày", "seal_turn_of_day"),
    "state": N_("trạng thái trên sân khấu", "seal_state_of_act"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which contest's draw, which programme, whose number or turn."""
    wanted = select(Entry.id, Entry.code, Entry.name, Contest.name.label("contest")).join(Contest)
    keys = {table: {each.key[0] for each in differences if each.table == table} for table in ("act", "entry", "draw")}
    rows = [
        *db.session.execute(wanted.where(Entry.id.in_(keys["act"]))),
        *db.session.execute(wanted.where(Entry.code.in_(keys["entry"]))),
    ]
    names: dict[Any, Any] = {row.id: row for row in rows} | {row.code: row for row in rows}
    return [_said(each, names) for each in differences]


def _said(each: SealDifference, names: Mapping[Any, Any]) -> Sentence:
    what = OF_AN_ACT.get(each.column, COLUMNS[each.column]) if each.table == "act" else COLUMNS[each.column]
    if each.table == "draw":
        return DRAWN.filled(contest=str(each.key[0]), what=what)
    if each.table == "plan":
        return PLANNED.filled(version=each.key[0], what=what)
    if each.table == "wish":
        return WISH.filled(number=each.key[0], what=what)
    if each.table in ("stage", "stage_takes"):
        return STAGE.filled(stage=str(each.key[0]), what=what)
    if each.table == "turn_change":
        return TURNED.filled(number=each.key[0], what=what)
    if each.table == "later_match":
        contest, at = later_of_code(str(each.key[0])) or ("", (0, 0))
        return MATCH.filled(match=N_("%(match)s (%(contest)s)", match=match_called(at), contest=contest), what=what)
    if each.table == "lock":
        return LOCK.filled(number=each.key[1], what=what)
    if each.table == "session":
        return SESSION.filled(number=each.key[0], what=what)
    if each.table == "stage_trial":
        return TRIAL.filled(contest=str(each.key[0]), what=what)
    if each.table in OF_A_DRAW:
        return OF_A_DRAW[each.table].filled(number=each.key[0], what=what)
    entry = names.get(each.key[0])
    return ACT.filled(
        contest="?" if entry is None else entry.contest,
        entry=f"#{each.key[0]}" if entry is None else entry.name,
        what=what,
    )


SEAL = Seal("schedule", "decisions:", streams, ScheduleReplay, words)
