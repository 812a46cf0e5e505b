"""What would the rules of a contest make of these marks?

The marks are typed into a table that exists nowhere else; places, dropped marks, ties, prizes and points for the whole
delegation come from the very code that counts a real contest (`results.table`), given rows that are in no database.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from festival.contests.counting import final_order
from festival.contests.marks import BadMark, Blank, ReadMark, Scale, parse_mark
from festival.contests.measures import BadTyped, Typed, parse_time
from festival.contests.models import PanelSeat, ResultKind
from festival.contests.panel import DropReason, Incomplete, SheetState, SheetTotal, sheet_total
from festival.contests.questions.answers import Answered
from festival.contests.saving import unsaved
from festival.core.clock import now
from festival.core.numbers import typed_number
from festival.core.sentence import N_, Points, Sentence
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import BrokenRuleset, FileFault, parse
from festival.editions.rules.file import read
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.shapes import SCHEMA
from festival.editions.rules.whole import WholeDelegationRule, WholeOrder
from festival.judging.contest_rules import scale_of
from festival.judging.given_deductions import GivenDeduction
from festival.judging.measuring import read_result
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, JudgeSheet, MarkingJudge, Tally
from festival.results.counted import EntryDetail
from festival.results.delegations.facts import points_brought
from festival.results.table import ContestTable, compute_table
from festival.setup.saving import written
from festival.setup.trying.sample import Size, cell, mark_cell, size_of, try_cell

PART_OF_SHEET = N_("Ghi điểm này, hoặc để trống cả hàng nếu giám khảo không chấm.")
BAD_MEMBERS = N_("Số người là số nguyên từ 1 đến 1000.")
NOTHING_TO_TRY = N_("phần thi cộng không có phiếu hay lượt thi để thử; hãy thử từng phần thi thành phần")
TOO_MANY = N_("Nhiều nhất là %(most)s %(unit)s.")
MOST_MEMBERS = 1000
MOST_OFF = 1_000_000
ORDER = "order"

_FRAME = {
    "code": "thu",
    "name": "thu",
    "organiser": "thu",
    "starts_on": "2024-01-01",
    "ends_on": "2024-01-01",
}


@dataclass(frozen=True, slots=True)
class TriedContest:
    """A contest whose rules are tried, alone with what the whole delegation asks of it."""

    rule: ContestRule
    whole: WholeDelegationRule | None

    @property
    def size(self) -> Size:
        return size_of(self.rule)


@dataclass(frozen=True, slots=True)
class Trial:
    """`faults` by cell; a sheet or try with a fault is left out. `brought`: 1/1000 points by entry, None: nothing is summed."""

    table: ContestTable
    tally: Tally
    faults: Mapping[str, Sentence]
    brought: Mapping[str, int] | None

    def total(self, entry: int, judge: int) -> int | None:
        """What a judge's sheet adds up to; None when it does not count as one."""
        sheet = self.tally.sheets.get((judge, entry))
        return sheet.total_milli if sheet else None


def tried(piece: Mapping[str, Any], document: Mapping[str, Any]) -> TriedContest:
    """The rules of a contest, saved or not yet, beside the whole delegation of its document. BrokenRuleset."""
    if piece.get("kind") == ResultKindRule.SUM:
        raise BrokenRuleset([FileFault("$.contests[0].kind", NOTHING_TO_TRY)])
    whole = document.get("whole_delegation")
    alone = {"schema": SCHEMA, "sources": [], "festival": _FRAME, "contests": [*_before(piece, document), dict(piece)]}
    if whole and whole["sum"] != WholeOrder.MEDALS:
        alone["whole_delegation"] = {"sum": whole["sum"], "ties": [], "prizes": []}
    ruleset = read(parse(written(alone)))
    return TriedContest(ruleset.contests[-1], ruleset.whole_delegation)


def _before(piece: Mapping[str, Any], document: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The round before a final, without which its rules cannot be read."""
    after = piece.get("after")
    code = after.get("contest") if isinstance(after, Mapping) else None
    found = [dict(each) for each in document.get("contests", ()) if each.get("code") == code != piece.get("code")]
    for each in found:
        each.pop("after", None)
    return found


def trial(those: TriedContest, typed: Mapping[str, str], called: str = "Gia đình mẫu") -> Trial:
    """What comes of these cells (`sample` names them); `called`: how an entry is called, with its number."""
    faults: dict[str, Sentence] = {}
    tally = _tally(those, typed, called, faults)
    table = compute_table(tally, settled=True)
    brought = points_brought(table, those.whole.sum, those.rule) if those.whole else None
    return Trial(table, tally, faults, brought)


def letter(judge: int) -> str:
    """A, B, … Z, AA: how a judge is called in public."""
    return (chr(64 + judge // 26) if judge >= 26 else "") + chr(65 + judge % 26)


def _tally(those: TriedContest, typed: Mapping[str, str], called: str, faults: dict[str, Sentence]) -> Tally:
    contest, size = unsaved(those.rule), those.size
    entries = range(size.entries)
    out = {entry: state for entry in entries if (state := _out(typed.get(cell("o", entry), "")))}
    names = {entry: f"{called} {entry + 1}" for entry in entries}
    measures: dict[int, tuple[Attempt, ...]] = {entry: (Attempt(1, state, None, 1),) for entry, state in out.items()}
    sheets: dict[tuple[int, int], JudgeSheet] = {}
    order = None
    playing = [entry for entry in entries if entry not in out]
    if contest.result_kind is ResultKind.RUBRIC:
        sheets = _sheets(those.rule, size, playing, typed, faults)
    elif contest.result_kind is ResultKind.MATCH:
        order = _order(those.rule, {str(entry): names[entry] for entry in playing}, typed, faults)
    else:
        measures |= _measures(those.rule, size, playing, typed, faults)
    if those.rule.after is not None:
        lines = [{"entry": str(at), "value": _points("b", at, typed, faults)} for at in playing]
        contest.cut = {"lines": lines}
    return Tally(
        contest=contest,
        criteria=tuple(contest.criteria),
        seats=tuple(MarkingJudge(at, 0, "", letter(at), PanelSeat.MEMBER) for at in range(size.judges)),
        appearances=tuple(_appearance(entry, names[entry], _members(entry, typed, faults)) for entry in entries),
        tied=frozenset(),
        sheets=sheets,
        measures=measures,
        overtime_s={entry: over for entry in playing if (over := _beside_time(entry, typed, faults))},
        order=order,
        deductions={
            entry: (GivenDeduction("", off),) for entry in playing if (off := _points("d", entry, typed, faults))
        },
    )


def _appearance(entry: int, name: str, members: int) -> Appearance:
    return Appearance(entry, str(entry), entry + 1, name, "", 0, "", 0, members, None, "", "", None)


def _out(typed: str) -> MeasureState | None:
    return MeasureState(typed) if typed in {"dns", "dnf", "dsq"} else None


def _members(entry: int, typed: Mapping[str, str], faults: dict[str, Sentence]) -> int:
    text = typed.get(cell("n", entry), "").strip()
    number = typed_number(text)
    if text and (number is None or not 1 <= number <= MOST_MEMBERS):
        faults[cell("n", entry)] = BAD_MEMBERS
        return 0
    return number or 0


def _beside_time(entry: int, typed: Mapping[str, str], faults: dict[str, Sentence]) -> int:
    """Seconds beyond the time allowed; of an act that ended earlier, less than nothing."""
    return _seconds("x", entry, typed, faults) or -_seconds("s", entry, typed, faults)


def _points(what: str, entry: int, typed: Mapping[str, str], faults: dict[str, Sentence]) -> int:
    """1/1000 point of a cell: taken off by decision, brought from the round before."""
    match parse_mark(typed.get(cell(what, entry), ""), Scale(MOST_OFF, 1)):
        case ReadMark(milli):
            return milli
        case BadMark(_, said):
            faults[cell(what, entry)] = said
        case Blank():
            pass
    return 0


def _seconds(what: str, entry: int, typed: Mapping[str, str], faults: dict[str, Sentence]) -> int:
    name = cell(what, entry)
    text = typed.get(name, "").strip()
    if not text.strip("0:,."):
        return 0
    match parse_time(text):
        case Typed(ms):
            return -(-ms // 1000)
        case BadTyped(said):
            faults[name] = said
        case Blank():
            pass
    return 0


def _sheets(
    rule: ContestRule, size: Size, playing: Sequence[int], typed: Mapping[str, str], faults: dict[str, Sentence]
) -> dict[tuple[int, int], JudgeSheet]:
    scales = [scale_of(criterion) for criterion in unsaved(rule).criteria]
    codes = [criterion.code for criterion in rule.criteria]
    weights = {criterion.code: criterion.weight_milli for criterion in rule.criteria}
    found = {}
    for entry in playing:
        for judge in range(size.judges):
            cells = [mark_cell(entry, judge, at) for at in range(size.criteria)]
            read_ = [parse_mark(typed.get(name, ""), scale) for name, scale in zip(cells, scales, strict=True)]
            if all(isinstance(each, Blank) for each in read_):
                continue
            marks = {
                code: each.milli if isinstance(each, ReadMark) else None
                for code, each in zip(codes, read_, strict=True)
            }
            for name, each in zip(cells, read_, strict=True):
                if isinstance(each, BadMark):
                    faults[name] = each.said
                elif isinstance(each, Blank):
                    faults[name] = PART_OF_SHEET
            match sheet_total(marks, codes, weights):
                case SheetTotal(milli):
                    known = {code: mark for code, mark in marks.items() if mark is not None}
                    found[judge, entry] = JudgeSheet(
                        0, judge, entry, 1, 1, SheetState.MARKED, milli, known, False, False, "", now()
                    )
                case Incomplete():
                    pass
    return found


def _measures(
    rule: ContestRule, size: Size, playing: Sequence[int], typed: Mapping[str, str], faults: dict[str, Sentence]
) -> dict[int, tuple[Attempt, ...]]:
    contest = unsaved(rule)
    found = {}
    for entry in playing:
        tries = []
        for number in range(size.tries):
            name = try_cell(entry, number)
            match read_result(contest, typed.get(name, "")):
                case Typed(value) if contest.best_possible is not None and value > contest.best_possible:
                    faults[name] = TOO_MANY.filled(most=contest.best_possible, unit=contest.unit_label)
                case Typed(value):
                    tries.append(Attempt(number + 1, MeasureState.VALID, value, 1))
                case Answered(value, answers):
                    tries.append(Attempt(number + 1, MeasureState.VALID, value, 1, answers))
                case BadTyped(said):
                    faults[name] = said
                case Blank():
                    pass
        if tries:
            found[entry] = tuple(tries)
    return found


def _order(
    rule: ContestRule, names: Mapping[str, str], typed: Mapping[str, str], faults: dict[str, Sentence]
) -> tuple[tuple[int, ...], ...] | None:
    places = {entry: typed.get(cell("p", int(entry)), "") for entry in names}
    for entry, place in places.items():
        said = final_order.typed_order({entry: place}, {entry: names[entry]})
        if isinstance(said, Sentence) and said.template != final_order.GAP.template:
            faults[cell("p", int(entry))] = said
    groups = final_order.typed_order(places, names)
    if not isinstance(groups, Sentence):
        wrong = final_order.fault_of(groups, names, rule.shared_from)
        if wrong is None:
            return tuple(tuple(int(entry) for entry in group) for group in groups)
        groups = wrong
    if not any(name.startswith("p-") for name in faults):
        faults[ORDER] = groups
    return None


FAR = N_("bị bỏ, lệch %(far)s")
OUTERMOST = {DropReason.HIGHEST: N_("bị bỏ, cao nhất"), DropReason.LOWEST: N_("bị bỏ, thấp nhất")}


def dropped_words(details: Mapping[str, EntryDetail]) -> dict[tuple[int, int], Sentence]:
    """By entry and judge, why a sheet was dropped."""
    return {
        (int(entry), int(each.judge)): OUTERMOST.get(each.why, FAR.filled(far=Points(round(each.deviation))))
        for entry, detail in details.items()
        for each in getattr(detail.panel, "dropped", ())
    }
