"""Are states, steps, standings, awards and decisions in the tables those of the ledger, and does a recount agree?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import aliased

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.core.seal.checks import Seal
from festival.core.seal.compare import (
    UNKNOWN,
    How,
    Key,
    RecordedRows,
    RecordLine,
    SealCounts,
    SealDifference,
    compare,
)
from festival.core.sentence import N_, Sentence
from festival.editions.models import Festival
from festival.papers.models import SignedPaper, WholeMinutes
from festival.papers.prints import digest_there
from festival.papers.scans.models import SignedScanUse
from festival.results.current import bare_hash, current_table, standings_hash, tallies_as_signed, tally_for_result
from festival.results.ladder.states import results_stream, whole_stream
from festival.results.models import Award, PanelDecision, Standing, StandingAmendment, StateChange, Unlocking
from festival.results.rounds.recorded import CutRecord
from festival.results.seal.back_rows import back_rows, stands
from festival.results.seal.point_rows import points_found
from festival.results.seal.recorded import SPECIALS, ResultsRecord
from festival.results.seal.scan_rows import grounds, scans, sheets
from festival.roster.models import Delegation, Entry

Found = Iterator[tuple[Key, Mapping[str, Any]]]


@dataclass(slots=True)
class About:
    """What a stream tells of: contests (usually one), or the whole delegations of a festival."""

    contests: list[int] = field(default_factory=list)
    festival: int | None = None


def streams() -> dict[str, About]:
    """What each stream tells of."""
    found: dict[str, About] = defaultdict(About)
    for contest in db.session.scalars(select(Contest)):
        found[results_stream(contest)].contests.append(contest.id)
    for festival in db.session.scalars(select(Festival)):
        found[whole_stream(festival)].festival = festival.id
    return found


class ResultsReplay:
    """One stream against the rows of its contests.

    Releases before 0.4.0 let two editions with one code of a contest share a stream and did not write which of them a line
    is about: then none of it can be compared.
    """

    def __init__(self, _stream: str, about: About | None) -> None:
        self._about = about or About()
        self._records: dict[int, ResultsRecord] = {each: ResultsRecord() for each in self._about.contests}
        self._whole = ResultsRecord()
        self._unclear = False

    def take(self, line: RecordLine) -> None:
        if "festival" in line.subject:
            self._whole.take(line)
        elif "contest_id" in line.subject:
            self._records.setdefault(line.subject["contest_id"], ResultsRecord()).take(line)
        elif len(self._records) == 1:
            next(iter(self._records.values())).take(line)
        else:
            self._unclear = True

    def differences(self, counts: SealCounts) -> Iterator[SealDifference]:
        if self._unclear:
            counts.unknown += len(self._records)
            return
        for contest_id, record in self._records.items():
            yield from _of_contest(contest_id, record, counts)
        if self._about.festival is not None:
            yield from _of_whole(self._about.festival, self._whole, counts)


def _of_contest(contest_id: int, record: ResultsRecord, counts: SealCounts) -> Iterator[SealDifference]:
    """Keys begin with the contest, so that a difference says whose it is."""
    contest = db.session.get(Contest, contest_id)
    own = RecordedRows("contest_state")
    own.rows[contest_id,] = {"state": record.state, "taken_back_at": record.taken_back_at}
    yield from compare(own, [((contest_id,), stands(contest))] if contest else [], counts)
    codes = {
        row.id: row.code
        for row in db.session.execute(select(Entry.id, Entry.code).where(Entry.contest_id == contest_id))
    }
    ids = {code: entry_id for entry_id, code in codes.items()}
    yield from compare(_under(contest_id, record.steps), _steps(contest_id), counts)
    yield from compare(_under(contest_id, record.decisions), _decisions(contest_id), counts)
    yield from compare(_under(contest_id, record.unlockings), _unlockings(contest_id), counts)
    yield from compare(_under(contest_id, record.taken_back), back_rows(contest_id), counts)
    given = list(_awards(Award.contest_id == contest_id, contest_id))
    yield from compare(_under(contest_id, record.by_row(ids)), _known(given, record, counts), counts)
    own_paper = SignedPaper.contest_id == contest_id
    amended = _amendments(contest_id, StandingAmendment.contest_id == contest_id)
    sent = scans(contest_id, SignedScanUse.contest_id == contest_id)
    yield from compare(_under(contest_id, record.papers), _papers(contest_id, own_paper), counts)
    yield from compare(_under(contest_id, record.amendments), amended, counts)
    yield from compare(_under(contest_id, record.grounds), grounds(contest_id, own_paper), counts)
    yield from compare(_under(contest_id, record.scans), sent, counts)
    if contest is not None:
        yield from _of_cut(contest, record.cut, counts)
    stored = list(_standings(contest_id))
    if record.standings is not None:
        yield from compare(_under(contest_id, record.standings), stored, counts)
    elif record.hash is not UNKNOWN and record.hash != bare_hash(
        [(str(key[1]), row["state"], row["place"], row["score_milli"]) for key, row in stored]
    ):
        yield SealDifference("standing", (contest_id, ""), How.CHANGED, "hash")
    elif record.standings_erased:
        counts.erased += len(stored)
    else:
        counts.unknown += len(stored)
    if contest is not None and contest.state is not ContestState.OPEN and record.hash not in (None, UNKNOWN):
        yield from _recounted(contest, record)


def _of_cut(contest: Contest, record: CutRecord, counts: SealCounts) -> Iterator[SealDifference]:
    """Who went on into this contest, and from where each of its entries comes."""
    announced = contest.cut_announced_at is not None
    kept = [((contest.id,), {"cut": contest.cut, "announced": announced})] if contest.cut is not None else []
    yield from compare(_under(contest.id, record.cut), kept, counts)
    if contest.after is None or record.unsure:
        return
    base = aliased(Entry)
    origins = select(Entry.code, base.code.label("origin")).join(base, base.id == Entry.from_id)
    rows = db.session.execute(origins.where(Entry.contest_id == contest.id))
    found = [((contest.id, row.code), {"origin": row.origin}) for row in rows]
    yield from compare(_under(contest.id, record.origins), found, counts)


def _under(whose: int, rows: RecordedRows, table: str = "") -> RecordedRows:
    return RecordedRows(
        table or rows.table,
        {(whose, *key): columns for key, columns in rows.rows.items()},
        {(whose, *key) for key in rows.erased},
    )


def _recounted(contest: Contest, record: ResultsRecord) -> Iterator[SealDifference]:
    """The standings computed from marks, rules and decisions of this moment: what pages show must be what was recorded.

    Signed ones from the signed record, amended ones with the corrections of the amendment in force.
    """
    counted = [("recount", record.hash, True)]
    if record.amended_hash not in (None, UNKNOWN):
        counted.append(("recount_amended", record.amended_hash, False))
    for name, recorded, as_signed in counted:
        try:
            tally = tallies_as_signed([contest])[contest.id] if as_signed else tally_for_result(contest)
            found = standings_hash(current_table(tally))
        except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
            # Rows that no door writes; the rows themselves are named by the other comparisons.
            found = "?"
        if found != recorded:
            yield SealDifference(name, (contest.id,), How.CHANGED, "hash", "", recorded, found)


def _amendments(whose: int, condition: Any) -> Found:
    names = (
        "takes_back",
        "paper_id",
        "by_user",
        "with_user",
        "number",
        "reason",
        "corrections",
        "before",
        "standings",
        *SPECIALS,
    )
    wanted = select(StandingAmendment.ordinal, *(getattr(StandingAmendment, name) for name in names)).where(condition)
    for row in db.session.execute(wanted):
        values = row._asdict()
        yield (whose, values.pop("ordinal")), values


def _steps(contest_id: int) -> Found:
    wanted = select(
        StateChange.state,
        StateChange.by_user,
        StateChange.with_user,
        StateChange.number,
        StateChange.note,
        StateChange.papers_reason,
        StateChange.paper_day,
        StateChange.ledger_size,
        StateChange.ledger_hash,
    ).where(StateChange.contest_id == contest_id)
    for row in db.session.execute(wanted):
        day = row.paper_day.isoformat() if row.paper_day else None
        yield (contest_id, row.state.value), {**row._asdict(), "paper_day": day}


def _decisions(contest_id: int) -> Found:
    yield from _decided(contest_id, PanelDecision.contest_id == contest_id)


def _decided(whose: int, condition: Any) -> Found:
    wanted = select(
        PanelDecision.id,
        PanelDecision.kind,
        PanelDecision.content,
        PanelDecision.reason,
        PanelDecision.names,
        PanelDecision.noted_by,
    ).where(condition)
    for row in db.session.execute(wanted):
        yield (whose, row.id), row._asdict()


def _unlockings(contest_id: int) -> Found:
    """Each under its place among those of the contest, its moments as the ledger writes them."""
    wanted = (
        select(
            Unlocking.code,
            Unlocking.reason,
            Unlocking.at,
            Unlocking.by_user,
            Unlocking.with_user,
            Unlocking.locked_at,
            Unlocking.locked_by,
            Unlocking.locked_with,
            Unlocking.locked_note,
        )
        .where(Unlocking.contest_id == contest_id)
        .order_by(Unlocking.id)
    )
    for place, row in enumerate(db.session.execute(wanted), start=1):
        moments = {"at": row.at.isoformat(), "locked_at": row.locked_at.isoformat()}
        yield (contest_id, place), {**row._asdict(), **moments}


def _awards(condition: Any, whose: int) -> Found:
    """Of a contest by entry, of the whole delegations by delegation."""
    wanted = select(
        Award.entry_id,
        Award.delegation_id,
        Award.prize,
        Award.position,
        Award.special,
        Award.name,
        Award.delegation,
    )
    for row in db.session.execute(wanted.where(condition)):
        yield (whose, row.entry_id or row.delegation_id, row.prize), row._asdict()


def _known(awards: Sequence[tuple[Key, Mapping[str, Any]]], record: ResultsRecord, counts: SealCounts) -> Found:
    """The awards the ledger can still say something of; the others were erased from it."""
    for key, row in awards:
        if record.specials_unsure if row["special"] else record.awards_unsure:
            counts.rows += 1
            counts.erased += 1
        else:
            yield key, row


def _standings(contest_id: int) -> Found:
    wanted = (
        select(
            Entry.code,
            Standing.state,
            Standing.place,
            Standing.shared,
            Standing.score_milli,
            Standing.reasons,
            Standing.detail,
        )
        .join(Entry, Entry.id == Standing.entry_id)
        .where(Standing.contest_id == contest_id)
        .order_by(Standing.id)
    )
    for row in db.session.execute(wanted):
        yield (contest_id, row.code), row._asdict()


def _of_whole(festival_id: int, record: ResultsRecord, counts: SealCounts) -> Iterator[SealDifference]:
    codes = select(Delegation.code, Delegation.id).where(Delegation.festival_id == festival_id)
    ids = {row.code: row.id for row in db.session.execute(codes)}
    yield from compare(
        _under(festival_id, record.decisions, "whole_decision"),
        _decided(festival_id, PanelDecision.festival_id == festival_id),
        counts,
    )
    awards = list(_awards((Award.festival_id == festival_id) & Award.contest_id.is_(None), festival_id))
    yield from compare(_under(festival_id, record.by_row(ids), "whole_award"), _known(awards, record, counts), counts)
    minutes = select(
        WholeMinutes.number,
        WholeMinutes.by_user,
        WholeMinutes.standings,
        WholeMinutes.contests,
        WholeMinutes.papers_reason,
        WholeMinutes.petitions_reason,
    ).where(WholeMinutes.festival_id == festival_id)
    yield from compare(
        _under(festival_id, record.minutes),
        (((festival_id,), row._asdict()) for row in db.session.execute(minutes)),
        counts,
    )

    of_whole = (StandingAmendment.festival_id == festival_id) & StandingAmendment.contest_id.is_(None)
    amended = _amendments(festival_id, of_whole)
    yield from compare(_under(festival_id, record.amendments, "whole_amendment"), amended, counts)
    yield from compare(_under(festival_id, record.points), points_found(festival_id), counts)
    neither = SignedPaper.contest_id.is_(None) & SignedPaper.delegation_id.is_(None)
    own = (SignedPaper.festival_id == festival_id) & neither
    yield from compare(_under(festival_id, record.papers, "whole_paper"), _papers(festival_id, own), counts)
    yield from compare(_under(festival_id, record.grounds, "whole_ground"), grounds(festival_id, own), counts)
    sent = (SignedScanUse.festival_id == festival_id) & SignedScanUse.contest_id.is_(None)
    yield from compare(_under(festival_id, record.scans, "whole_scan"), scans(festival_id, sent), counts)
    yield from compare(_under(festival_id, record.sheets, "whole_sheet"), sheets(festival_id), counts)


def _papers(whose: int, condition: Any) -> Found:
    """Every paper that was signed, with the digest of the bytes there are; of erased bytes the digest that stays."""
    paper = SignedPaper
    columns = paper.id, paper.number, paper.content, paper.sha256, paper.editable, paper.editable_sha256
    for row in db.session.execute(select(*columns).where(condition, paper.signed_at.is_not(None))):
        found = digest_there(row.content, row.sha256)
        document = digest_there(row.editable, row.editable_sha256)
        yield (whose, row.id), {"number": row.number, "sha256": found, "editable": document}


OF_CONTEST = N_("Phần thi «%(contest)s», %(what)s", "seal_results")
STANDINGS = N_("xếp hạng", "seal_standings")
STEPS = {
    "locked": N_("đã khóa điểm", "step_locked"),
    "signed": N_("biên bản đã ký", "step_signed"),
    "decided": N_("có quyết định trao giải", "step_decided"),
    "released": N_("MC được đọc", "step_released"),
    "published": N_("đã công bố", "step_published"),
}
OF_WHOLE = N_("Toàn đoàn, %(what)s", "seal_whole")
TABLES = {
    "contest_state": N_("trạng thái của phần thi", "seal_contest_state"),
    "state_change": N_("bước «%(part)s»", "seal_step"),
    "unlocking": N_("lần mở lại thứ %(part)s", "seal_unlocking"),
    "result_taken_back": N_("lần thu lại kết quả thứ %(part)s", "seal_taken_back"),
    "standing": N_("xếp hạng của «%(part)s»", "seal_standing"),
    "award": N_("giải «%(part)s»", "seal_award"),
    "jury_decision": N_("quyết định số %(part)s của ban giám khảo", "seal_decision"),
    "whole_decision": N_("quyết định số %(part)s của ban giám khảo", "seal_decision"),
    "whole_award": N_("giải «%(part)s»", "seal_award"),
    "whole_minutes": N_("biên bản", "seal_minutes"),
    "delegation_points": N_("điểm cộng, trừ số %(part)s của đoàn", "seal_points"),
    "signed_paper": N_("tờ biên bản đã lưu", "seal_paper"),
    "signed_scan_use": N_("bản ký gửi lần thứ %(part)s", "seal_scan"),
    "whole_sheet": N_("tờ trình, quyết định thứ %(part)s", "seal_sheet"),
    "whole_scan": N_("bản ký gửi lần thứ %(part)s", "seal_scan"),
    "whole_paper": N_("tờ biên bản đã lưu", "seal_paper"),
    "recount": N_("tính lại từ điểm và thể lệ ra xếp hạng khác", "seal_recount"),
    "recount_amended": N_("tính lại theo biên bản đính chính ra xếp hạng khác", "seal_recount_amended"),
    "contest_cut": N_("danh sách vào vòng này", "seal_cut"),
    "entry_origin": N_("lượt thi «%(part)s» từ vòng trước", "seal_origin"),
    "standing_amendment": N_("lần đính chính thứ %(part)s", "seal_amendment"),
    "whole_amendment": N_("lần đính chính thứ %(part)s", "seal_amendment"),
    "amendment_ground": N_("căn cứ của một lần đính chính", "seal_ground"),
    "whole_ground": N_("căn cứ của một lần đính chính", "seal_ground"),
}


def words(differences: Sequence[SealDifference]) -> list[Sentence]:
    """Which contest, and what of it; an entry of the standings by its name."""
    contests = {row.id: row.name for row in db.session.execute(select(Contest.id, Contest.name))}
    codes = {each.key[1] for each in differences if each.table in ("standing", "entry_origin")}
    entries = select(Entry.code, Entry.name).where(Entry.code.in_(codes))
    names = {row.code: row.name for row in db.session.execute(entries)}
    return [_said(each, contests, names) for each in differences]


def _said(each: SealDifference, contests: Mapping[Any, str], names: Mapping[Any, str]) -> Sentence:
    last = str(each.key[-1])
    what = TABLES[each.table].filled(part=STEPS.get(last) or names.get(last, last)) if last else STANDINGS
    if each.table.startswith("whole_"):
        return OF_WHOLE.filled(what=what)
    return OF_CONTEST.filled(contest=contests.get(each.key[0], f"#{each.key[0]}"), what=what)


SEAL = Seal("results", "results:", streams, ResultsReplay, words)
