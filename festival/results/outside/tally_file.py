"""What does a file of marks say that somebody hands in, and where is it wrong?

The contest is read by the reader of rule sets, marks by the reader of sheets; every fault has its path in the file. Nothing is in
a database: the rows that are counted are made here and kept nowhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from festival.contests.marks import BadMark, Blank, ReadMark, Scale, parse_mark
from festival.contests.measures import BadTyped, Typed
from festival.contests.models import Contest, PanelSeat, ResultKind
from festival.contests.panel import SheetState, SheetTotal, sheet_total
from festival.contests.saving import unsaved
from festival.core.clock import now
from festival.core.sentence import N_
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import BrokenRuleset, FileFault, Node
from festival.editions.rules.file import read
from festival.editions.rules.kinds import ResultKindRule
from festival.editions.rules.shapes import SCHEMA
from festival.judging.contest_rules import scale_of
from festival.judging.given_deductions import GivenDeduction
from festival.judging.measuring import read_value
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Attempt, JudgeSheet, MarkingJudge, Tally
from festival.results.outside.match_order import OutsideMatch, order_of, set_fault

FORMAT = "festival-tally 1"
SHAPES: Mapping[str, Mapping[str, bool]] = {
    "file": {"format": True, "contest": True, "entries": True, "matches": False, "chair": False},
    "entry": {
        "code": True, "penalty": False, "overtime_s": False, "members": False, "sheets": False, "results": False, "out": False,
    },
    "sheet": {"judge": True, "state": True, "marks": False},
    "match": {"round": True, "a": True, "b": True, "sets": False, "winner": True},
}  # fmt: skip
OUT = {each.value: each for each in MeasureState if each is not MeasureState.VALID}
NO_SUM = N_("phần thi cộng không có điểm riêng; hãy tính từng phần thi thành phần")
MOST_ENTRIES, MOST_OFF = 10_000, 10_000_000
_FRAME = {"code": "x", "name": "x", "organiser": "x", "starts_on": "2000-01-01", "ends_on": "2000-01-01"}


def read_tally_file(document: object) -> Tally:
    """Everything the result depends on. BrokenRuleset with every fault."""
    problems: list[FileFault] = []
    root = Node(document, "$", problems)
    if not root.shaped("file", SHAPES):
        raise BrokenRuleset(problems)
    if root.at("format").value != FORMAT:
        root.at("format").wrong(
            N_("phải là «%(schema)s», không phải «%(stated)s»", schema=FORMAT, stated=str(root.at("format").value))
        )
    rule = _rule(root.at("contest"))
    contest = unsaved(rule)
    entries = [node for node in root.at("entries").items()[:MOST_ENTRIES] if node.shaped("entry", SHAPES)]
    codes = [node.at("code").text() for node in entries]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            root._replace(path=f"$.entries[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    judges = _judges(entries)
    sheets: dict[tuple[int, int], JudgeSheet] = {}
    measures: dict[int, tuple[Attempt, ...]] = {}
    for at, node in enumerate(entries):
        sheets |= _sheets(node, at, contest, judges)
        if tries := _tries(node, contest):
            measures[at] = tries
    off = {at: milli for at, node in enumerate(entries) if (milli := _penalty(node))}
    tally = Tally(
        contest=contest,
        criteria=tuple(contest.criteria),
        seats=_seats(root, judges),
        appearances=tuple(_appearance(at, code, entries[at]) for at, code in enumerate(codes)),
        tied=frozenset(),
        sheets=sheets,
        measures=measures,
        overtime_s={at: over for at, node in enumerate(entries) if (over := _overtime(node))},
        order=_order(root, contest, codes),
        deductions={at: (GivenDeduction("", milli),) for at, milli in off.items()},
    )
    if problems:
        raise BrokenRuleset(problems)
    return tally


def _rule(node: Node) -> ContestRule:
    """The contest by the reader of rule sets, its faults under their path here. A sum has no marks of its own."""
    if node.at("kind").value == ResultKindRule.SUM:
        raise BrokenRuleset([FileFault(f"{node.path}.kind", NO_SUM)])
    alone = {"schema": SCHEMA, "sources": [], "festival": _FRAME, "contests": [node.value]}
    try:
        return read(alone, kept=True).contests[0]
    except BrokenRuleset as error:
        raise BrokenRuleset(
            [FileFault(each.path.replace("$.contests[0]", node.path), each.reason) for each in error.problems]
        ) from error


def _judges(entries: Sequence[Node]) -> dict[str, int]:
    """The judges in the order in which they first come; the number is the row they stand for."""
    found: dict[str, int] = {}
    for entry in entries:
        for sheet in entry.at("sheets").items():
            if isinstance(judge := sheet.at("judge").value, str) and judge.strip():
                found.setdefault(judge, len(found))
    return found


def _seats(root: Node, judges: Mapping[str, int]) -> tuple[MarkingJudge, ...]:
    chair = root.at("chair").maybe_text()
    if chair is not None and chair not in judges:
        root.at("chair").wrong(N_("không có phiếu nào của giám khảo «%(judge)s»", judge=chair))
    return tuple(
        MarkingJudge(at, 0, judge, judge, PanelSeat.CHAIR if judge == chair else PanelSeat.MEMBER)
        for judge, at in judges.items()
    )


def _appearance(at: int, code: str, node: Node) -> Appearance:
    members = node.at("members").whole(1, 1000) if node.has("members") else 0
    return Appearance(at, code, None, code, "", 0, "", 0, members, None, "", "", None)


def _overtime(node: Node) -> int:
    return node.at("overtime_s").whole(-36_000, 36_000) if node.has("overtime_s") else 0


def _penalty(node: Node) -> int:
    return _number(node.at("penalty"), Scale(MOST_OFF, 1)) or 0 if node.has("penalty") else 0


def _number(node: Node, scale: Scale) -> int | None:
    """Decimal text, or a number of JSON, in thousandths."""
    value = node.value
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        value = f"{Decimal(value):f}"
    match parse_mark(value, scale) if isinstance(value, str) else Blank():
        case ReadMark(milli):
            return milli
        case BadMark(_, said):
            node.wrong(said)
        case Blank():
            node.wrong(N_('phải là số điểm, viết như "27.5"'))
    return None


def _sheets(node: Node, at: int, contest: Contest, judges: Mapping[str, int]) -> dict[tuple[int, int], JudgeSheet]:
    found: dict[tuple[int, int], JudgeSheet] = {}
    if node.has("sheets") and contest.result_kind is not ResultKind.RUBRIC:
        node.at("sheets").wrong(N_("phần thi này không chấm bằng phiếu; hãy dùng results hoặc matches"))
        return found
    scales = {each.code: scale_of(each) for each in contest.criteria}
    weights = {code: scale.weight_milli for code, scale in scales.items()}
    for sheet in node.at("sheets").items():
        if not sheet.shaped("sheet", SHAPES):
            continue
        state = sheet.at("state").one_of(SheetState)
        pair = (judges.get(sheet.at("judge").text(), -1), at)
        if pair in found:
            sheet.at("judge").wrong(N_("giám khảo này đã có phiếu của tiết mục ở trên"))
            continue
        marks = _marks(sheet, scales) if state is SheetState.MARKED else {}
        if state is not SheetState.MARKED and sheet.has("marks"):
            sheet.at("marks").wrong(N_("phiếu không chấm thì không có điểm"))
        total = sheet_total(marks, list(scales), weights) if state is SheetState.MARKED else None
        if state is not SheetState.MARKED or isinstance(total, SheetTotal):
            milli = total.milli if isinstance(total, SheetTotal) else None
            found[pair] = JudgeSheet(0, *pair, 1, 1, state, milli, marks, False, False, "", now())
    return found


def _marks(sheet: Node, scales: Mapping[str, Scale]) -> dict[str, int]:
    node = sheet.at("marks")
    if not isinstance(node.value, Mapping):
        node.wrong(N_("phải là một đối tượng { … }"))
        return {}
    marks = {}
    for code in node.value:
        if code not in scales:
            node.at(str(code)).wrong(N_("không có tiêu chí «%(code)s» trong phần thi này", code=str(code)))
    for code, scale in scales.items():
        if code not in node.value:
            node.at(code).wrong(N_("thiếu khóa bắt buộc"))
        elif (milli := _number(node.at(code), scale)) is not None:
            marks[code] = milli
    return marks


def _tries(node: Node, contest: Contest) -> tuple[Attempt, ...]:
    out = node.at("out").maybe_text()
    if out is not None:
        if out not in OUT:
            node.at("out").wrong(
                N_("«%(value)s» không được dùng ở đây; chọn một trong: %(choices)s", value=out, choices=", ".join(OUT))
            )
            return ()
        return (Attempt(1, OUT[out], None, 1),)
    if not node.has("results"):
        return ()
    if contest.result_kind in (ResultKind.RUBRIC, ResultKind.MATCH):
        node.at("results").wrong(N_("phần thi này không ghi kết quả đo"))
        return ()
    tries: list[Attempt] = []
    for number, each in enumerate(node.at("results").items(), start=1):
        if number > contest.attempts:
            each.wrong(N_("phần thi này có %(n)s lượt", n=contest.attempts))
            break
        text = each.value if isinstance(each.value, str) else ""
        if text in OUT:
            tries.append(Attempt(number, OUT[text], None, 1))
            continue
        match read_value(contest, text):
            case Typed(value) if contest.best_possible is None or value <= contest.best_possible:
                tries.append(Attempt(number, MeasureState.VALID, value, 1))
            case Typed():
                each.wrong(N_("lớn hơn nhiều nhất có thể %(most)s", most=contest.best_possible or 0))
            case BadTyped(said):
                each.wrong(said)
            case Blank():
                each.wrong(N_('phải là chữ, viết như "12" hoặc "1:23.45"'))
    return tuple(tries)


def _order(root: Node, contest: Contest, codes: Sequence[str]) -> tuple[tuple[int, ...], ...] | None:
    if contest.result_kind is not ResultKind.MATCH:
        if root.has("matches"):
            root.at("matches").wrong(N_("chỉ phần thi đấu loại có các trận"))
        return None
    matches = [
        match for node in root.at("matches").items() if node.shaped("match", SHAPES) and (match := _match(node, codes))
    ]
    groups = order_of(matches, codes)
    return tuple(tuple(codes.index(entry) for entry in group) for group in groups)


def _match(node: Node, codes: Sequence[str]) -> OutsideMatch | None:
    sound = len(node.problems)
    names: dict[str, Any] = {key: node.at(key).text() for key in ("a", "b", "winner")}
    for key in ("a", "b"):
        if names[key] not in codes:
            node.at(key).wrong(N_("không có tiết mục «%(code)s»", code=names[key]))
    if names["a"] == names["b"]:
        node.at("b").wrong(N_("một tiết mục không đấu với chính mình"))
    if names["winner"] not in (names["a"], names["b"]):
        node.at("winner").wrong(N_("người thắng phải là a hoặc b"))
    match = OutsideMatch(node.at("round").whole(1, 20), **names)
    sets = [_set(each) for each in node.at("sets").items()]
    if len(node.problems) == sound and set_fault([each for each in sets if each], match.winner == match.a):
        node.at("sets").wrong(
            N_("các ván không cho ra người thắng này: mỗi ván có bên hơn, người thắng hơn nhiều ván hơn")
        )
    return match if len(node.problems) == sound else None


def _set(node: Node) -> tuple[int, int] | None:
    one, colon, other = node.text().partition(":")
    if not (colon and one.isascii() and one.isdigit() and other.isascii() and other.isdigit() and len(one + other) < 8):
        node.wrong(N_('ván viết như "21:15"'))
        return None
    return int(one), int(other)
