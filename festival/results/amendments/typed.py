"""What did somebody type into an amendment of standings? Rows of a form or options of a command, each refused by its name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from festival.contests.marks import BadMark, Blank, ReadMark, Scale, parse_mark, written
from festival.contests.measures import BadTyped, Typed, written_time
from festival.contests.models import Contest, ResultKind
from festival.contests.questions.answers import Answered, written_answers
from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput
from festival.core.web.i18n import say
from festival.judging.contest_rules import questions_of
from festival.judging.measuring import answers_in, read_result
from festival.judging.models import MeasureState
from festival.judging.tally import Appearance, Tally
from festival.results.amended.corrections import Corrections, StatedTry
from festival.results.current import prize_names, special_names

NONE_GIVEN = "-"
ROWS_MAX = 40
OVERTIME_MAX = 86_400
KINDS: Mapping[str, tuple[str, ...]] = {
    "mark": ("entry", "judge", "criterion", "value"),
    "measure": ("entry", "round", "state", "value"),
    "overtime": ("entry", "value"),
    "place": ("entry", "value"),
    "prize": ("entry", "value"),
    "special": ("entry", "value"),  # whoever has the prize; the value is the prize
}
KEYS: Mapping[str, tuple[str, ...]] = {"special": ("value",)}  # what a row speaks of, where it is not all but the value

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TypedRows:
    """What stands in the rows of each kind, as typed; empty rows are left out."""

    rows: Mapping[str, tuple[Row, ...]]

    def of(self, kind: str) -> tuple[Row, ...]:
        return self.rows.get(kind, ())

    def over(self, held: TypedRows) -> TypedRows:
        """These rows, and those of `held` that say something of another place."""
        found = {}
        for kind, names in KINDS.items():
            own, keys = self.of(kind), KEYS.get(kind) or [name for name in names if name not in ("value", "state")]
            said = {tuple(row[name] or "1" for name in keys) for row in own}
            kept = (row for row in held.of(kind) if tuple(row[name] or "1" for name in keys) not in said)
            found[kind] = (*own, *kept)
        return TypedRows(found)


def rows_of_form(form: Mapping[str, str]) -> TypedRows:
    """The rows of a form: `mark-entry-1`, `mark-judge-1` …"""
    found = {}
    for kind, columns in KINDS.items():
        rows = ({name: form.get(f"{kind}-{name}-{at}", "").strip() for name in columns} for at in range(ROWS_MAX))
        found[kind] = tuple(row for row in rows if row["entry"] or row["value"])
    return TypedRows(found)


def rows_of_options(given: Mapping[str, Iterable[str]]) -> TypedRows:
    """The same of a command: `mark` ENTRY/JUDGE/CRITERION=VALUE, `measure` ENTRY[/TRY]=VALUE or a state, `special` PRIZE=ENTRY,
    the others ENTRY=VALUE.
    """
    found: dict[str, tuple[Row, ...]] = {}
    for kind, typed in given.items():
        rows: list[Row] = []
        for each in typed:
            where, equals, value = each.partition("=")
            if kind == "special":
                where, value = value.strip(), where
            entry, *rest = where.split("/")
            if not equals or len(rest) > len(KINDS[kind]) - 2:
                raise BadInput(_("Viết mỗi chỗ sửa dạng MÃ=giá trị (xem --help): %(typed)s.", typed=each[:80]))
            row = {"entry": entry, "value": value.strip()} | dict(zip(KINDS[kind][1:], rest, strict=False))
            if kind == "measure":
                out = row["value"] in set(MeasureState)
                row |= {"round": row.get("round", ""), "state": row["value"] if out else MeasureState.VALID.value}
            rows.append({name: row.get(name, "") for name in KINDS[kind]})
        found[kind] = tuple(rows)
    return TypedRows(found)


def rows_in_force(tally: Tally, corrections: Corrections) -> TypedRows:
    """The corrections in force as somebody would type them: what a further amendment begins with."""
    label = {each.code: str(each.number) if each.number is not None else each.code for each in tally.appearances}
    letters = {seat.id: seat.letter for seat in tally.seats}
    rows: dict[str, Iterator[Row]] = {
        "mark": (
            {"entry": label[entry], "judge": letters.get(judge, ""), "criterion": criterion, "value": written(milli)}
            for (entry, judge, criterion), milli in sorted(corrections.marks.items())
        ),
        "measure": (
            {
                "entry": label[entry],
                "round": str(round_),
                "state": stated.state.value,
                "value": _as_typed(tally.contest, stated),
            }
            for (entry, round_), stated in sorted(corrections.measures.items())
        ),
        "overtime": ({"entry": label[e], "value": str(value)} for e, value in sorted(corrections.overtime.items())),
        "place": ({"entry": label[e], "value": str(value)} for e, value in sorted(corrections.places.items())),
        "prize": ({"entry": label[e], "value": value or NONE_GIVEN} for e, value in sorted(corrections.prizes.items())),
        "special": (
            {"entry": NONE_GIVEN if entry is None else label[entry], "value": prize}
            for prize, entry in sorted(corrections.specials.items())
        ),
    }
    return TypedRows({kind: tuple(each) for kind, each in rows.items()})


def _as_typed(contest: Contest, stated: StatedTry) -> str:
    """Points that an earlier amendment stated without answers are not what is typed where the rules name the questions."""
    if stated.answers is not None:
        return written_answers(stated.answers)
    if stated.value is None or questions_of(contest):
        return ""
    return written_time(stated.value) if contest.result_kind is ResultKind.TIME else str(stated.value)


def typed_corrections(typed: TypedRows, tally: Tally) -> Corrections:
    """The corrections; BadInput names the row that cannot be one."""
    marks: dict[tuple[str, int, str], int] = {}
    for row in typed.of("mark"):
        entry = _entry(row, tally)
        judge, criterion, milli = _mark(row, entry, tally)
        _once((entry.code, judge, criterion), marks, entry)
        marks[entry.code, judge, criterion] = milli
    measures: dict[tuple[str, int], StatedTry] = {}
    for row in typed.of("measure"):
        entry = _entry(row, tally)
        round_, stated = _measure(row, entry, tally.contest)
        _once((entry.code, round_), measures, entry)
        measures[entry.code, round_] = stated
    numbers: dict[str, dict[str, int]] = {"overtime": {}, "place": {}}
    for kind, most in (("overtime", OVERTIME_MAX), ("place", len(tally.appearances))):
        for row in typed.of(kind):
            entry = _entry(row, tally)
            _once(entry.code, numbers[kind], entry)
            numbers[kind][entry.code] = _number(row, entry, 0 if kind == "overtime" else 1, most)
    prizes: dict[str, str | None] = {}
    for row in typed.of("prize"):
        entry = _entry(row, tally)
        _once(entry.code, prizes, entry)
        if row["value"] != NONE_GIVEN and row["value"] not in prize_names(tally.contest):
            raise BadInput(_("%(name)s: chọn một giải của phần thi, hoặc không có giải.", name=entry.name))
        prizes[entry.code] = None if row["value"] == NONE_GIVEN else row["value"]
    return Corrections(marks, measures, numbers["overtime"], numbers["place"], prizes, _specials(typed, tally))


def _specials(typed: TypedRows, tally: Tally) -> dict[str, str | None]:
    found: dict[str, str | None] = {}
    known = special_names(tally.contest) if typed.of("special") else []
    for row in typed.of("special"):
        prize = row["value"]
        if prize not in known:
            raise BadInput(_("Chọn một giải chuyên đề của phần thi."))
        if prize in found:
            raise BadInput(_("%(prize)s: cùng một giải chuyên đề được ghi hai lần.", prize=prize))
        found[prize] = None if row["entry"] == NONE_GIVEN else _entry(row, tally).code
    return found


def _entry(row: Row, tally: Tally) -> Appearance:
    typed = row["entry"]
    for each in tally.appearances:
        if typed and (typed == str(each.number) or typed.casefold() == each.code.casefold()):
            return each
    raise BadInput(_("Không có tiết mục nào mang số hoặc mã «%(typed)s».", typed=typed[:40]))


def _once(key: object, found: Iterable[object], entry: Appearance) -> None:
    if key in found:
        raise BadInput(_("%(name)s: cùng một chỗ được ghi hai lần.", name=entry.name))


def _mark(row: Row, entry: Appearance, tally: Tally) -> tuple[int, str, int]:
    judge = next((seat for seat in tally.seats if seat.letter and seat.letter == row["judge"]), None)
    if judge is None:
        raise BadInput(_("%(name)s: chọn giám khảo.", name=entry.name))
    criterion = next((each for each in tally.criteria if each.code == row["criterion"]), None)
    if criterion is None:
        raise BadInput(_("%(name)s: chọn tiêu chí.", name=entry.name))
    where = {"name": entry.name, "letter": judge.letter, "criterion": criterion.name}
    match parse_mark(row["value"], Scale(criterion.max_milli, criterion.step_milli, criterion.min_milli)):
        case ReadMark(milli):
            return judge.id, criterion.code, milli
        case Blank():
            raise BadInput(_("%(name)s, giám khảo %(letter)s, %(criterion)s: chưa ghi điểm đúng.", **where))
        case BadMark(_fault, said):
            raise BadInput(_("%(name)s, giám khảo %(letter)s, %(criterion)s: %(why)s", why=say(said), **where))


def _measure(row: Row, entry: Appearance, contest: Contest) -> tuple[int, StatedTry]:
    round_ = typed_number(row["round"] or "1") or 0
    if not 1 <= round_ <= contest.attempts:
        raise BadInput(_("%(name)s: phần thi này có %(n)s lượt thử.", name=entry.name, n=contest.attempts))
    numbered = contest.result_kind not in (ResultKind.RUBRIC, ResultKind.MATCH)
    took_part = row["state"] or (MeasureState.VALID if numbered and row["value"] else "")  # who has a result took part
    if took_part not in set(MeasureState):
        raise BadInput(_("%(name)s: chọn có dự thi hay không.", name=entry.name))
    state = MeasureState(took_part)
    if state is not MeasureState.VALID or not numbered:
        return round_, StatedTry(state, None)
    match read_result(contest, row["value"]):
        case Typed() | Answered() as read:
            if contest.best_possible is not None and read.value > contest.best_possible:
                raise BadInput(_("%(name)s: nhiều nhất là %(most)s.", name=entry.name, most=contest.best_possible))
            return round_, StatedTry(state, read.value, answers_in(read))
        case Blank():
            raise BadInput(_("%(name)s: chưa ghi kết quả đúng.", name=entry.name))
        case BadTyped(said):
            raise BadInput(f"{entry.name}: {say(said)}")


def _number(row: Row, entry: Appearance, least: int, most: int) -> int:
    found = typed_number(row["value"])
    if found is None or not least <= found <= most:
        raise BadInput(_("%(name)s: ghi một số từ %(least)s đến %(most)s.", name=entry.name, least=least, most=most))
    return found
