"""How are the steps of an explanation said? Sentences for people from the very steps that `verify.py` computes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from festival.contests.models import Contest, ResultKind
from festival.contests.panel import PanelMean, rounded
from festival.contests.questions.answers import counted, listed
from festival.contests.summed.parts import read_parts
from festival.core.sentence import N_, Points, Sentence, Stopped, Value, from_json
from festival.editions.rules.scoring import ScoringKind
from festival.judging.contest_rules import questions_of, scoring_rule
from festival.results.amended.corrections import GIVEN, PLACED
from festival.results.counted import PENALISED
from festival.results.explain.steps import ExplainStep
from festival.results.prizes import BELOW, FULL_COUNT, FULL_SHARE, REACHED
from festival.results.rounds.carried import BROUGHT
from festival.results.standings import STATE_REASONS, ResultState
from festival.results.sums.points import part_said
from festival.results.table import ContestTable
from festival.results.ties import Shown, written_fact

SEAT = {
    "marked": N_("Giám khảo %(seat)s: %(total)s điểm."),
    "recused": N_("Giám khảo %(seat)s: không chấm vì có liên quan."),
    "late": N_("Giám khảo %(seat)s: đến muộn, không chấm."),
    "absent": N_("Giám khảo %(seat)s: vắng, không có phiếu."),
}
NOBODY_DROPPED = N_("Không phiếu nào lệch quá %(delta)s điểm so với trung bình: không loại phiếu nào.")
DROPPED = N_("Loại phiếu %(seat)s (%(total)s điểm): cách trung bình %(mean)s là %(away)s điểm, quá mức %(delta)s.")
DROPPED_AGAIN = N_(
    "Lần xét %(n)s, loại phiếu %(seat)s (%(total)s điểm): cách trung bình %(mean)s là %(away)s điểm, quá mức %(delta)s."
)
TRIMMED = {
    "highest": N_("Bỏ phiếu cao nhất %(seat)s (%(total)s điểm)."),
    "lowest": N_("Bỏ phiếu thấp nhất %(seat)s (%(total)s điểm)."),
}
MEDIAN = N_("Xếp các phiếu từ thấp đến cao (%(totals)s): điểm đứng giữa là %(mean)s.")
IN_PLACES = N_("Thứ hạng theo từng giám khảo: %(places)s; cộng lại %(sum)s.")
IN_PLACES_FEW = N_(
    "Thứ hạng theo từng giám khảo: %(places)s; giám khảo không chấm được tính bằng trung bình các thứ hạng này; cộng lại %(sum)s."
)
DEDUCTION = N_("%(name)s: trừ %(minus)s điểm.")
SHORT = N_("Thiếu giờ %(seconds)s giây: trừ %(minus)s điểm.")
CUT_OFF = N_("Cắt %(exact)s đến %(to)s điểm, không làm tròn lên: %(points)s điểm.")
COUNTED = {
    "best": N_("Tính lượt tốt nhất: %(value)s."),
    "sum": N_("Cộng các lượt: %(value)s."),
    "mean": N_("Lấy trung bình các lượt, xếp hạng theo tổng: %(value)s."),
}
MEAN = N_("Trung bình các phiếu %(seats)s: %(sum)s chia %(n)s bằng %(mean)s.")
PENALTY = N_("Quá giờ %(seconds)s giây: trừ %(minus)s điểm.")
ROUNDED = N_("Làm tròn %(exact)s đến %(to)s điểm, nửa thì lên: %(points)s điểm.")
FEW = {
    "accept": N_("Chỉ %(marked)s giám khảo chấm, mức ít nhất là %(smallest)s; ban giám khảo nhận kết quả."),
    "none": N_("Chỉ %(marked)s giám khảo chấm, mức ít nhất là %(smallest)s; ban giám khảo không nhận kết quả."),
    "wait": N_("Chỉ %(marked)s giám khảo chấm, mức ít nhất là %(smallest)s; chờ ban giám khảo quyết định."),
}
TRY = N_("Lượt %(n)s: %(value)s.")
NO_PRIZE = N_("Không có giải.")
IN_ORDER = N_("Thứ hạng chung cuộc của đấu loại: hạng %(place)s.")
EQUAL = N_("Bằng nhau: %(who)s.")
MISSING = N_("Xét «%(rung)s»: thiếu số liệu, chưa phân định được. %(facts)s.")
SAME = N_("Xét «%(rung)s»: vẫn bằng nhau. %(facts)s.")
PARTED = N_("Xét «%(rung)s»: phân định. %(facts)s.")
PARTED_SOME = N_("Xét «%(rung)s»: còn bằng với %(who)s. %(facts)s.")
NO_FACT = N_("không có")
FACT = N_("%(who)s: %(fact)s")
AND = N_("%(before)s; %(after)s")
BY_PANEL = N_("Các bậc xét không phân định; ban giám khảo quyết định thứ tự: %(order)s.")
UNDECIDED = N_("Các bậc xét không phân định và ban giám khảo chưa quyết định.")
WAITS = {"marking": N_("Theo thể lệ còn phải chấm lại."), "draw": N_("Theo thể lệ còn phải bốc thăm.")}
PASSED = {
    "marking": N_("Không chấm lại, ban giám khảo ghi lý do trong biên bản."),
    "draw": N_("Không bốc thăm, ban giám khảo ghi lý do trong biên bản."),
}
PLACE = N_("Xếp hạng %(place)s.")
SHARED = N_("Đồng hạng %(place)s.")
PRIZE = N_("Giải: %(prize)s.")
LEVELS = frozenset(each.template for each in (REACHED, FULL_SHARE, FULL_COUNT, BELOW))


@dataclass(frozen=True, slots=True)
class ExplainPart:
    """A heading with its sentences in order."""

    title: Sentence
    said: tuple[Sentence, ...]


COMPONENTS, SUMMED = N_("Điểm từ các phần thi"), N_("Cộng lại: %(points)s điểm.")
SHEETS, POINTS, PLACES = N_("Phiếu của từng giám khảo"), N_("Từ phiếu ra điểm"), N_("Từ điểm ra hạng")
TRIES = N_("Các lượt")
_OF = {
    "sheet": SHEETS,
    "part": COMPONENTS,
    "sum": COMPONENTS,
    "try": TRIES,
    "answers": TRIES,
    "tries": TRIES,
} | dict.fromkeys(
    ("rung", "asked", "panel", "place", "no_place", "prize", "order", "amended_place", "amended_prize"), PLACES
)


def explained(
    steps: list[ExplainStep], table: ContestTable, names: Mapping[str, str], whose: str
) -> tuple[ExplainPart, ...]:
    """The chain of one entry in Vietnamese. `names`: how each entry is called there; `whose`: the entry it is about."""
    found: dict[Sentence, list[Sentence]] = {}
    asked = False
    for step in steps:
        if step["step"] == "mean":
            found.setdefault(POINTS, []).extend(_kept_all(steps, table, whose))
        into = found.setdefault(_OF.get(step["step"], POINTS), [])
        if step["step"] in ("rung", "asked", "panel") and not asked:
            asked = True
            others = [names[each] for each in (step.get("facts") or step["equal"]) if each != whose]
            into.append(EQUAL.filled(who=", ".join([names[whose], *others])))
        into += _said(step, table, names, whose)
    if all(step["step"] not in ("prize", "amended_prize") for step in steps) and (missed := _level(table, whose)):
        found.setdefault(PLACES, []).extend(missed)
    return tuple(ExplainPart(title, tuple(said)) for title, said in found.items())


def _kept_all(steps: list[ExplainStep], table: ContestTable, whose: str) -> Iterator[Sentence]:
    """Why no sheet was dropped where sheets can be."""
    panel, rule = table.details[whose].panel, scoring_rule(table.contest)
    if isinstance(panel, PanelMean) and panel.notes:
        yield from panel.notes
    elif rule.kind is ScoringKind.DEVIATION_DROP and all(step["step"] != "dropped" for step in steps):
        yield NOBODY_DROPPED.filled(delta=Points(rule.delta_milli))


def _said(step: ExplainStep, table: ContestTable, names: Mapping[str, str], whose: str) -> list[Sentence]:
    match step["step"]:
        case "sheet":
            total = "" if step["total"] is None else Points(step["total"])
            return [SEAT[step["state"]].filled(seat=step["seat"], total=total)]
        case "rung":
            return [_rung(step, table, names, whose)]
        case "asked" | "panel":
            return [_by_people(step, names)]
        case "place":
            return [(SHARED if step["shared"] else PLACE).filled(place=step["place"])]
        case "no_place":
            return [STATE_REASONS[ResultState(step["state"])]]
        case "prize":
            return [*_level(table, whose), *_in_the_end(step)]
        case "amended_prize" | "amended_place":
            return _in_the_end(step)
        case "part":
            return [part_said(each) for each in read_parts([step])]
        case _:
            return _measured(step, table.contest)


def _level(table: ContestTable, whose: str) -> list[Sentence]:
    """Which levels of points the entry reaches or misses, where prizes have levels; never what a panel wrote."""
    why = next((each.reasons for each in table.prizes.awards if each.entry == whose), None)
    return [each for each in why or table.prizes.without.get(whose, ()) if each.template in LEVELS]


def _measured(step: ExplainStep, contest: Contest) -> list[Sentence]:
    """What was counted, timed, played or added up."""
    match step["step"]:
        case "sum":
            return [SUMMED.filled(points=Points(step["points"]))]
        case "order":
            return [IN_ORDER.filled(place=step["place"])]
        case "try" | "answers":
            return _tried(step, contest)
        case "tries" if contest.attempts == 1:
            return []
        case "tries":
            return [COUNTED[step["count"]].filled(value=_value(contest, "", step["value"]))]
        case _:
            return _points(step, contest)


def _by_people(step: ExplainStep, names: Mapping[str, str]) -> Sentence:
    """What people still have to do, or decided, where the ladder asks for them."""
    if step["step"] == "asked":
        return (WAITS if step["waits"] else PASSED)[step["of"]]
    if step["order"] is None:
        return UNDECIDED
    return BY_PANEL.filled(order=" > ".join(" = ".join(names[each] for each in group) for group in step["order"]))


def _in_the_end(step: ExplainStep) -> list[Sentence]:
    """A prize, and what an amendment states itself."""
    if step["step"] == "amended_place":
        return [PLACED]
    said = PRIZE.filled(prize=step["prize"]) if step["prize"] else NO_PRIZE
    return [GIVEN, said] if step["step"] == "amended_prize" else [said]


def _points(step: ExplainStep, contest: Contest) -> list[Sentence]:
    """What made points of totals."""
    delta = Points(scoring_rule(contest).delta_milli)
    match step["step"]:
        case "dropped" if step["why"] in TRIMMED:
            return [TRIMMED[step["why"]].filled(seat=step["seat"], total=Points(step["total"]))]
        case "dropped":
            said = DROPPED if step["pass"] == 1 else DROPPED_AGAIN
            known = {"seat": step["seat"], "total": Points(step["total"]), "n": step["pass"], "delta": delta}
            return [said.filled(**known, mean=_written(step["mean"]), away=_written(step["away"]))]
        case "mean":
            seats, total = step["seats"], Points(step["sum"])
            return [MEAN.filled(seats=", ".join(sorted(seats)), sum=total, n=len(seats), mean=_written(step["mean"]))]
        case "median":
            totals = "; ".join(str(Points(each)) for each in step["totals"])
            return [MEDIAN.filled(totals=totals, mean=_written(step["mean"]))]
        case "places":
            listed = ", ".join(f"{seat} {place}" for seat, place in step["places"].items())
            said = IN_PLACES if len(step["places"]) == step["judges"] else IN_PLACES_FEW
            return [said.filled(places=listed, sum=Points(rounded(1000 * Fraction(step["sum"]))))]
        case "penalty":
            said = PENALTY if step["seconds"] > 0 else SHORT
            return [said.filled(seconds=abs(step["seconds"]), minus=Points(step["minus"]))]
        case "deduction":
            said = DEDUCTION if step["name"] else PENALISED
            return [said.filled(name=step["name"], points=Points(step["minus"]), minus=Points(step["minus"]))]
        case "rounded":
            said = ROUNDED if step["how"] == "half_up" else CUT_OFF
            return [said.filled(exact=_written(step["exact"]), to=Points(step["to"]), points=Points(step["points"]))]
        case "carried":
            said = BROUGHT.filled(points=Points(step["points"]), weight=Points(step["weight"]))
            return [said.filled(brought=_written(step["plus"]))]
        case "few":
            return [FEW[step["say"]].filled(marked=step["marked"], smallest=step["smallest"])]
        case _:
            return [from_json(step["said"])]


def _written(exact: str) -> Points:
    return Points(rounded(Fraction(exact)))


def _value(contest: Contest, state: str, value: int | None) -> Value:
    if value is None:
        return STATE_REASONS[ResultState(state)]
    return Stopped(value) if contest.result_kind is ResultKind.TIME else f"{value} {contest.unit_label}".strip()


def _tried(step: ExplainStep, contest: Contest) -> list[Sentence]:
    """What a try came to; of answers how many were right, and which."""
    if step["step"] == "answers":
        return [counted(step["answers"]), *listed(step["answers"], [each.code for each in questions_of(contest)])]
    return [TRY.filled(n=step["n"], value=_value(contest, step["state"], step["value"]))]


def _rung(step: ExplainStep, table: ContestTable, names: Mapping[str, str], whose: str) -> Sentence:
    name: Sentence | str = step["rung"] if isinstance(step["rung"], str) else from_json(step["rung"])
    rung = next(each for each in table.ladder if each.name == name)
    facts: Sentence | None = None
    for entry, exact in step["facts"].items():
        fact = (
            None if exact is None else Fraction(exact) if rung.shown is not Shown.COUNT or "/" in exact else int(exact)
        )
        said = FACT.filled(
            who=names[entry], fact=(rung.absent or NO_FACT) if fact is None else written_fact(fact, rung.shown)
        )
        facts = said if facts is None else AND.filled(before=facts, after=said)
    known: dict[str, Value] = {"rung": name, "facts": facts or ""}
    others = [names[each] for each in step["equal"] if each != whose]
    if step["missing"]:
        return MISSING.filled(**known)
    if not others:
        return PARTED.filled(**known)
    said_equal = SAME if len(step["equal"]) == len(step["facts"]) else PARTED_SOME
    return said_equal.filled(**known, who=", ".join(others))
