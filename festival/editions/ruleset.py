"""What are the rules of one edition, and is the file that states them sound?

A rule set is one JSON file in the schema `family-festival-ruleset/1`, documented key by key in docs/ruleset.md. It is
read whole or refused whole: every problem found is named by its JSON path and a reason in Vietnamese. Nothing is
guessed: an unknown key is refused (a misspelt `secrecy` must not become a public result), and totals are computed, so
a typed total that differs from the sum is an error naming both (a sheet printed in 2016 said 40 over criteria of 30).
Points are integers of 1/1000 point inside (`*_milli`), minutes and seconds carry their unit in the name.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple, TypeVar

from festival.editions.sentence import N_, Sentence

SCHEMA = "family-festival-ruleset/1"

# What the file may say, key by key: object -> key -> is it required. docs/ruleset.md has one table for each object.
SHAPES: Mapping[str, Mapping[str, bool]] = {
    "ruleset": {
        "schema": True,
        "about": False,
        "invented": False,
        "sources": True,
        "festival": True,
        "quotas": False,
        "delegations": False,
        "contests": True,
        "whole_delegation": False,
        "special_prizes": False,
    },
    "source": {"url": False, "what": False, "date": False},
    "festival": {
        "code": True,
        "name": True,
        "short_name": False,
        "ordinal": False,
        "theme": False,
        "organiser": True,
        "host": False,
        "venue": False,
        "starts_on": True,
        "ends_on": True,
        "registration_closes_on": False,
        "data_kept_until": False,
        "help_line": False,
    },
    "quotas": {"families_per_delegation": False, "members_per_family": False, "contests_per_family": False},
    "span": {"min": True, "max": True},
    "delegation": {"code": True, "name": True, "unit_code": False},
    "contest": {
        "code": True,
        "name": True,
        "part": False,
        "kind": True,
        "secrecy": True,
        "entry": False,
        "entries_per_delegation": False,
        "performers": False,
        "duration_min": True,
        "changeover_min": False,
        "together_min": False,
        "overtime": False,
        "judges": False,
        "criteria": False,
        "total": False,
        "scoring": False,
        "better": False,
        "attempts": False,
        "unit_label": False,
        "best_possible": False,
        "points_per_answer": False,
        "ties": False,
        "place_points": False,
        "prizes": False,
    },
    "part": {"code": True, "name": True},
    "overtime": {"grace_s": True, "minus_per_started_minute": True, "limit": False},
    "criterion": {"code": True, "name": True, "min": False, "max": True, "step": True, "descriptors": False},
    "descriptor": {"from": True, "text": True},
    "scoring": {
        "rule": True,
        "delta": False,
        "strict": False,
        "passes": False,
        "smallest_panel": False,
        "below": False,
        "all_dropped": False,
        "round": False,
    },
    "tie": {"by": True, "criterion": False, "contest": False},
    "prize": {"name": True, "count": True},
    "whole_delegation": {"sum": True, "ties": True, "prizes": True},
    "special_prize": {"name": True, "contest": False},
}


class ResultKind(StrEnum):
    """The five ways a contest is decided (product.md, fact 5)."""

    RUBRIC = "rubric"
    COUNT = "count"
    TIME = "time"
    MATCH = "match"
    QUIZ = "quiz"


class Secrecy(StrEnum):
    """When the public may know."""

    SEALED = "kín"
    AT_ONCE = "công bố ngay"


class EntryKind(StrEnum):
    """Who enters a contest."""

    FAMILY = "family"
    TEAM = "team"


class ScoringKind(StrEnum):
    """How a panel's totals become points."""

    MEAN = "mean"
    DEVIATION_DROP = "deviation_drop"


class Passes(StrEnum):
    """How often deviating marks are dropped."""

    ONE = "one"
    REPEATED = "repeated"


class Shortfall(StrEnum):
    """What happens when dropping cannot be done as written: nobody is dropped, or there is no valid result."""

    KEEP_ALL = "keep_all"
    NOT_VALID = "not_valid"


class Better(StrEnum):
    """Which measured value wins: more balls, fewer seconds, or (slow motorbike) more seconds."""

    MORE = "more"
    LESS = "less"


class TieStep(StrEnum):
    """The rungs of a tie ladder. The last rung is always a recorded decision of the jury, never chance."""

    CRITERION = "criterion"
    LESS_OVERTIME = "less_overtime"
    BEST_ATTEMPT = "best_attempt"
    CONTEST = "contest"
    FIRST_PLACES = "first_places"
    MEMBERS = "members"
    JURY = "jury"


class WholeSum(StrEnum):
    """What is added up for a delegation."""

    POINTS = "points"
    PLACE_POINTS = "place_points"


@dataclass(frozen=True, slots=True)
class Span:
    """An inclusive range of a count."""

    min: int
    max: int


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read."""

    url: str | None
    what: str | None
    date: str | None


@dataclass(frozen=True, slots=True)
class FestivalRule:
    """The edition itself."""

    code: str
    name: str
    short_name: str
    ordinal: str | None
    theme: str | None
    organiser: str
    host: str | None
    venue: str | None
    starts_on: date
    ends_on: date
    registration_closes_on: date | None
    data_kept_until: date | None
    help_line: str | None


@dataclass(frozen=True, slots=True)
class Quotas:
    """Limits for registration; None is no limit."""

    families_per_delegation: Span | None
    members_per_family: Span | None
    contests_per_family: Span | None


@dataclass(frozen=True, slots=True)
class DelegationRule:
    """A delegation expected at the festival; a school or an agency has no official unit code."""

    code: str
    name: str
    unit_code: str | None


@dataclass(frozen=True, slots=True)
class Part:
    """The heading several contests share: `Gia đình thể thao` over three items, each with a kind of its own."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Overtime:
    """`minus_milli` off for each minute begun after the time allowed plus the grace, `limit_milli` at most."""

    grace_s: int
    minus_milli: int
    limit_milli: int | None


@dataclass(frozen=True, slots=True)
class Descriptor:
    """What a mark from `from_milli` upward means, as the judge reads it beside the criterion."""

    from_milli: int
    text: str


@dataclass(frozen=True, slots=True)
class CriterionRule:
    """An aspect judged, with its scale."""

    code: str
    name: str
    min_milli: int
    max_milli: int
    step_milli: int
    descriptors: tuple[Descriptor, ...]


@dataclass(frozen=True, slots=True)
class ScoringRule:
    """`deviation_drop`: the mean of all, then drop each mark further than `delta_milli` from it, then the mean of the
    rest (regulations of the Ministry of Culture, 2010 and 2016). `strict` drops only marks *further* than δ; not strict
    drops marks exactly δ away too. `smallest_panel` counts the judges who marked; `below` and `all_dropped` say what
    happens when the rule cannot be applied as written; an entry's points are rounded once, to `round_milli`.
    """

    kind: ScoringKind
    delta_milli: int
    strict: bool
    passes: Passes
    smallest_panel: int
    below: Shortfall
    all_dropped: Shortfall
    round_milli: int


@dataclass(frozen=True, slots=True)
class TieRule:
    """One rung of a tie ladder."""

    by: TieStep
    criterion: str | None
    contest: str | None


@dataclass(frozen=True, slots=True)
class PrizeRule:
    """`count` is None for the prize that all the rest receive."""

    name: str
    count: int | None


@dataclass(frozen=True, slots=True)
class SpecialPrizeRule:
    """A prize outside the ranking."""

    name: str
    contest: str | None


@dataclass(frozen=True, slots=True)
class ContestRule:
    """Everything a contest is fixed by before its first mark."""

    code: str
    name: str
    part: Part | None
    kind: ResultKind
    secrecy: Secrecy
    entry: EntryKind
    entries_per_delegation: Span | None
    performers: Span | None
    duration_min: int
    changeover_min: int
    together_min: int
    overtime: Overtime | None
    judges: int
    criteria: tuple[CriterionRule, ...]
    scoring: ScoringRule | None
    better: Better
    attempts: int
    unit_label: str | None
    best_possible: int | None
    points_per_answer_milli: int | None
    ties: tuple[TieRule, ...]
    place_points_milli: tuple[int, ...]
    prizes: tuple[PrizeRule, ...]

    @property
    def total_milli(self) -> int:
        """The highest mark one judge can give: always the sum of the criteria."""
        return sum(criterion.max_milli for criterion in self.criteria)


@dataclass(frozen=True, slots=True)
class WholeDelegationRule:
    """How delegations are ranked."""

    sum: WholeSum
    ties: tuple[TieRule, ...]
    prizes: tuple[PrizeRule, ...]


@dataclass(frozen=True, slots=True)
class Ruleset:
    """The whole file as values."""

    about: str | None
    invented: tuple[str, ...]
    sources: tuple[Source, ...]
    festival: FestivalRule
    quotas: Quotas
    delegations: tuple[DelegationRule, ...]
    contests: tuple[ContestRule, ...]
    whole_delegation: WholeDelegationRule | None
    special_prizes: tuple[SpecialPrizeRule, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong at which place of the file; the path is written as in `$.contests[2].criteria[0].max`."""

    path: str
    reason: Sentence

    def __str__(self) -> str:
        return f"{self.path}: {self.reason}"


class BrokenRuleset(ValueError):
    """The file is refused whole; `problems` names every place at once, so that it is mended in one go."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(map(str, self.problems)))


CODE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
MOST_POINTS_MILLI = 10_000_000
LONGEST_TEXT = 500


T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


class _Node(NamedTuple):
    """A value of the document, where it stands, and the list that problems are added to."""

    value: object
    path: str
    problems: list[Problem]

    def wrong(self, reason: Sentence) -> None:
        self.problems.append(Problem(self.path, reason))

    def at(self, key: str) -> _Node:
        inside = self.value.get(key) if isinstance(self.value, Mapping) else None
        return _Node(inside, f"{self.path}.{key}", self.problems)

    def has(self, key: str) -> bool:
        return isinstance(self.value, Mapping) and self.value.get(key) is not None

    def shaped(self, shape: str) -> bool:
        """Is this an object with the keys of SHAPES[shape]? What is too much or missing is noted."""
        if not isinstance(self.value, Mapping):
            self.wrong(N_("phải là một đối tượng { … }"))
            return False
        known = SHAPES[shape]
        for key in self.value:
            if key not in known:
                self._replace(path=f"{self.path}.{key}").wrong(
                    N_(
                        "khóa không có trong lược đồ; các khóa được dùng: %(keys)s",
                        keys=", ".join(known),
                    )
                )
        missing = [key for key, required in known.items() if required and self.value.get(key) is None]
        for key in missing:
            self._replace(path=f"{self.path}.{key}").wrong(N_("thiếu khóa bắt buộc"))
        return not missing

    def items(self) -> list[_Node]:
        if self.value is None:
            return []
        if not isinstance(self.value, list):
            self.wrong(N_("phải là một danh sách [ … ]"))
            return []
        return [_Node(each, f"{self.path}[{at}]", self.problems) for at, each in enumerate(self.value)]

    def many(self, shape: str, read: Callable[[_Node], T]) -> tuple[T, ...]:
        return tuple(read(node) for node in self.items() if node.shaped(shape))

    def text(self) -> str:
        if not isinstance(self.value, str) or not self.value.strip():
            self.wrong(N_("phải là chữ, không để trống"))
            return ""
        if len(self.value) > LONGEST_TEXT:
            self.wrong(N_("dài quá %(most)s ký tự", most=LONGEST_TEXT))
        return unicodedata.normalize("NFC", self.value.strip())

    def maybe_text(self) -> str | None:
        return None if self.value is None else self.text()

    def code(self) -> str:
        text = self.text()
        if text and not CODE.fullmatch(text):
            self.wrong(N_("mã «%(code)s» chỉ được gồm chữ thường không dấu, số và dấu gạch nối", code=text))
        return text

    def whole(self, least: int, most: int) -> int:
        value = self.value
        # bool is a kind of int in Python; `true` judges would pass as 1
        if isinstance(value, Decimal) and value == value.to_integral_value():
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            self.wrong(N_("phải là số nguyên"))
            return least
        if not least <= value <= most:
            self.wrong(N_("phải từ %(least)s đến %(most)s, không phải %(value)s", least=least, most=most, value=value))
            return least
        return value

    def points(self, *, least: int = 0) -> int:
        """A number of points, at most three decimals, in thousandths."""
        value = self.value
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.wrong(N_("phải là số điểm"))
            return max(least, 1)
        try:
            milli = Decimal(value) * 1000
            exact = milli == milli.to_integral_value()
        except InvalidOperation:
            milli, exact = Decimal(-1), False
        if not exact or not least <= milli <= MOST_POINTS_MILLI:
            self.wrong(N_("số điểm %(value)s không hợp lệ (không âm, nhiều nhất ba số lẻ)", value=value))
            return max(least, 1)
        return int(milli)

    def truth(self, default: bool) -> bool:
        if self.value is None:
            return default
        if not isinstance(self.value, bool):
            self.wrong(N_("phải là true hoặc false"))
            return default
        return self.value

    def day(self) -> date:
        try:
            return date.fromisoformat(self.text())
        except ValueError:
            self.wrong(N_("ngày phải viết dạng 2024-06-14"))
            return date.min

    def one_of(self, choices: type[E]) -> E:
        try:
            return choices(unicodedata.normalize("NFC", self.value) if isinstance(self.value, str) else "")
        except ValueError:
            self.wrong(
                N_(
                    "«%(value)s» không được dùng ở đây; chọn một trong: %(choices)s",
                    value=self.value,
                    choices=", ".join(choices),
                )
            )
            return next(iter(choices))

    def span(self, least: int, most: int) -> Span | None:
        if self.value is None or not self.shaped("span"):
            return None
        low, high = self.at("min").whole(least, most), self.at("max").whole(least, most)
        if low > high:
            self.wrong(N_("min %(low)s lớn hơn max %(high)s", low=low, high=high))
        return Span(low, high)


def parse(text: str | bytes) -> object:
    """The JSON document, numbers as exact decimals.

    Raises BrokenRuleset when it is no JSON, has a key twice (the second would silently win) or says NaN.
    """
    try:
        return json.loads(
            text if isinstance(text, str) else text.decode("utf-8-sig"),
            parse_float=Decimal,
            parse_constant=_refused_constant,
            object_pairs_hook=_keys_once,
        )
    except UnicodeDecodeError as error:
        raise BrokenRuleset([Problem("$", N_("tệp không phải chữ UTF-8"))]) from error
    except json.JSONDecodeError as error:
        reason = N_("không phải JSON: dòng %(line)s, cột %(column)s", line=error.lineno, column=error.colno)
        raise BrokenRuleset([Problem("$", reason)]) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, BrokenRuleset):
            raise
        raise BrokenRuleset([Problem("$", N_("không phải JSON đọc được"))]) from error


def _refused_constant(name: str) -> object:
    raise BrokenRuleset([Problem("$", N_("%(name)s không phải là số dùng được", name=name))])


def _keys_once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise BrokenRuleset([Problem(f"$..{key}", N_("khóa «%(key)s» viết hai lần trong một đối tượng", key=key))])
        found[key] = value
    return found


def read(document: object) -> Ruleset:
    """The rule set that a parsed document states.

    Raises BrokenRuleset naming every problem; nothing is half read.
    """
    problems: list[Problem] = []
    root = _Node(document, "$", problems)
    stated = document.get("schema") if isinstance(document, Mapping) else None
    if stated != SCHEMA:
        # another version may give a key another meaning: do not read on
        root.at("schema").wrong(N_("phải là «%(schema)s», không phải «%(stated)s»", schema=SCHEMA, stated=stated))
        raise BrokenRuleset(problems)
    complete = root.shaped("ruleset")
    if not complete or not root.at("festival").shaped("festival"):
        raise BrokenRuleset(problems)
    ruleset = Ruleset(
        about=root.at("about").maybe_text(),
        invented=tuple(node.text() for node in root.at("invented").items()),
        sources=root.at("sources").many("source", _source),
        festival=_festival(root.at("festival")),
        quotas=_quotas(root.at("quotas")),
        delegations=root.at("delegations").many("delegation", _delegation),
        contests=root.at("contests").many("contest", _contest),
        whole_delegation=_whole_delegation(root.at("whole_delegation")) if root.has("whole_delegation") else None,
        special_prizes=root.at("special_prizes").many("special_prize", _special_prize),
    )
    if not problems:
        _check_whole(root, ruleset)
    if problems:
        raise BrokenRuleset(problems)
    return ruleset


def _source(node: _Node) -> Source:
    if not (node.has("url") or node.has("what")):
        node.wrong(N_("nguồn phải có url hoặc what"))
    return Source(node.at("url").maybe_text(), node.at("what").maybe_text(), node.at("date").maybe_text())


def _festival(node: _Node) -> FestivalRule:
    name = node.at("name").text()
    starts_on, ends_on = node.at("starts_on").day(), node.at("ends_on").day()
    closes_on = node.at("registration_closes_on").day() if node.has("registration_closes_on") else None
    kept_until = node.at("data_kept_until").day() if node.has("data_kept_until") else None
    if kept_until and kept_until <= ends_on:
        node.at("data_kept_until").wrong(N_("ngày xóa dữ liệu phải sau ngày kết thúc"))
    if ends_on < starts_on:
        node.at("ends_on").wrong(N_("ngày kết thúc trước ngày khai mạc"))
    if closes_on and closes_on > starts_on:
        node.at("registration_closes_on").wrong(N_("hạn đăng ký sau ngày khai mạc"))
    return FestivalRule(
        code=node.at("code").code(),
        name=name,
        short_name=node.at("short_name").maybe_text() or name,
        ordinal=node.at("ordinal").maybe_text(),
        theme=node.at("theme").maybe_text(),
        organiser=node.at("organiser").text(),
        host=node.at("host").maybe_text(),
        venue=node.at("venue").maybe_text(),
        starts_on=starts_on,
        ends_on=ends_on,
        registration_closes_on=closes_on,
        data_kept_until=kept_until,
        help_line=node.at("help_line").maybe_text(),
    )


def _quotas(node: _Node) -> Quotas:
    if node.value is not None:
        node.shaped("quotas")
    return Quotas(
        node.at("families_per_delegation").span(0, 10_000),
        node.at("members_per_family").span(1, 100),
        node.at("contests_per_family").span(0, 100),
    )


def _delegation(node: _Node) -> DelegationRule:
    return DelegationRule(node.at("code").code(), node.at("name").text(), node.at("unit_code").maybe_text())


def _criterion(node: _Node) -> CriterionRule:
    sound_so_far = len(node.problems)
    max_milli, step_milli = node.at("max").points(least=1), node.at("step").points(least=1)
    min_milli = node.at("min").points() if node.has("min") else 0
    if len(node.problems) > sound_so_far:
        pass  # a mistyped number would only bring on complaints about the number put in its place
    elif min_milli >= max_milli:
        node.at("min").wrong(N_("điểm thấp nhất phải nhỏ hơn điểm tối đa"))
    elif (max_milli - min_milli) % step_milli:
        node.at("step").wrong(N_("điểm tối đa không chia hết cho bước điểm, nên không chấm được điểm tối đa"))
    descriptors = node.at("descriptors").many(
        "descriptor", lambda each: Descriptor(each.at("from").points(), each.at("text").text())
    )
    for at, descriptor in enumerate(descriptors):
        if descriptor.from_milli > max_milli:
            node._replace(path=f"{node.path}.descriptors[{at}].from").wrong(N_("lớn hơn điểm tối đa"))
    return CriterionRule(node.at("code").code(), node.at("name").text(), min_milli, max_milli, step_milli, descriptors)


def _scoring(node: _Node) -> ScoringRule:
    kind = node.at("rule").one_of(ScoringKind)
    delta = node.at("delta").points(least=1) if node.has("delta") else 0
    if kind is ScoringKind.DEVIATION_DROP and not node.has("delta"):
        node.at("delta").wrong(N_("luật loại điểm lệch phải có delta"))
    if kind is ScoringKind.MEAN:
        for key in ("delta", "strict", "passes", "all_dropped"):
            if node.has(key):
                node.at(key).wrong(N_("luật trung bình cộng không dùng khóa này"))
    smallest = node.at("smallest_panel").whole(1, 99) if node.has("smallest_panel") else 1
    return ScoringRule(
        kind=kind,
        delta_milli=delta,
        strict=node.at("strict").truth(default=True),
        passes=node.at("passes").one_of(Passes) if node.has("passes") else Passes.ONE,
        smallest_panel=smallest,
        below=node.at("below").one_of(Shortfall) if node.has("below") else Shortfall.KEEP_ALL,
        all_dropped=node.at("all_dropped").one_of(Shortfall) if node.has("all_dropped") else Shortfall.KEEP_ALL,
        round_milli=node.at("round").points(least=1) if node.has("round") else 1,
    )


def _tie(node: _Node) -> TieRule:
    by = node.at("by").one_of(TieStep)
    for key, step in (("criterion", TieStep.CRITERION), ("contest", TieStep.CONTEST)):
        if (by is step) != node.has(key):
            node.at(key).wrong(N_("khóa này đi cùng và chỉ đi cùng by = «%(step)s»", step=step.value))
    return TieRule(by, node.at("criterion").maybe_text(), node.at("contest").maybe_text())


def _ties(node: _Node, allowed: frozenset[TieStep]) -> tuple[TieRule, ...]:
    ties = node.many("tie", _tie)
    for at, tie in enumerate(ties):
        here = node._replace(path=f"{node.path}[{at}].by")
        if tie.by not in allowed:
            here.wrong(N_("cách xét «%(by)s» không dùng được cho loại kết quả này", by=tie.by.value))
        if tie.by is TieStep.JURY and at != len(ties) - 1:
            here.wrong(N_("quyết định của ban giám khảo phải là bậc cuối cùng"))
        if tie in ties[:at]:
            here.wrong(N_("bậc này đã có ở trên"))
    # a ladder that ends in nothing would leave the order to chance
    return ties if ties and ties[-1].by is TieStep.JURY else (*ties, TieRule(TieStep.JURY, None, None))


def _prizes(node: _Node) -> tuple[PrizeRule, ...]:
    def prize(each: _Node) -> PrizeRule:
        rest = each.at("count").value == "rest"
        return PrizeRule(each.at("name").text(), None if rest else each.at("count").whole(1, 10_000))

    prizes = node.many("prize", prize)
    for at, each in enumerate(prizes):
        if each.count is None and at != len(prizes) - 1:
            node._replace(path=f"{node.path}[{at}].count").wrong(
                N_("«rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng")
            )
        if each.name in {earlier.name for earlier in prizes[:at]}:
            node._replace(path=f"{node.path}[{at}].name").wrong(N_("tên giải «%(name)s» có hai lần", name=each.name))
    return prizes


TIES_BY_KIND: Mapping[ResultKind, frozenset[TieStep]] = {
    ResultKind.RUBRIC: frozenset({TieStep.CRITERION, TieStep.LESS_OVERTIME, TieStep.MEMBERS, TieStep.JURY}),
    ResultKind.COUNT: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.JURY}),
    ResultKind.TIME: frozenset({TieStep.BEST_ATTEMPT, TieStep.MEMBERS, TieStep.JURY}),
    ResultKind.MATCH: frozenset({TieStep.JURY}),
    ResultKind.QUIZ: frozenset({TieStep.MEMBERS, TieStep.JURY}),
}
TIES_OF_WHOLE = frozenset({TieStep.CONTEST, TieStep.FIRST_PLACES, TieStep.MEMBERS, TieStep.JURY})


def _contest(node: _Node) -> ContestRule:
    sound_so_far = len(node.problems)
    kind = node.at("kind").one_of(ResultKind)
    rubric = kind is ResultKind.RUBRIC
    judges = node.at("judges").whole(1, 99) if node.has("judges") else 0
    for key in ("judges", "criteria", "scoring"):
        if rubric and not node.has(key):
            node.at(key).wrong(N_("phần thi chấm theo tiêu chí phải có khóa này"))
    for key, allowed in (
        ("judges", {ResultKind.RUBRIC}),
        ("criteria", {ResultKind.RUBRIC}),
        ("total", {ResultKind.RUBRIC}),
        ("scoring", {ResultKind.RUBRIC}),
        ("better", {ResultKind.TIME}),
        ("attempts", {ResultKind.COUNT, ResultKind.TIME}),
        ("unit_label", {ResultKind.COUNT}),
        ("best_possible", {ResultKind.COUNT}),
        ("points_per_answer", {ResultKind.QUIZ}),
    ):
        if node.has(key) and kind not in allowed:
            node.at(key).wrong(N_("loại kết quả «%(kind)s» không dùng khóa này", kind=kind.value))
    if kind is ResultKind.TIME and not node.has("better"):
        node.at("better").wrong(N_("phải nói rõ nhanh hơn (less) hay chậm hơn (more) thì thắng"))
    contest = ContestRule(
        code=node.at("code").code(),
        name=node.at("name").text(),
        part=_part(node.at("part")),
        kind=kind,
        secrecy=node.at("secrecy").one_of(Secrecy),
        entry=node.at("entry").one_of(EntryKind) if node.has("entry") else EntryKind.FAMILY,
        entries_per_delegation=node.at("entries_per_delegation").span(0, 1000),
        performers=node.at("performers").span(1, 1000),
        duration_min=node.at("duration_min").whole(1, 600),
        changeover_min=node.at("changeover_min").whole(0, 120) if node.has("changeover_min") else 0,
        together_min=node.at("together_min").whole(0, 600) if node.has("together_min") else 0,
        overtime=_overtime(node.at("overtime")),
        judges=judges,
        criteria=node.at("criteria").many("criterion", _criterion),
        scoring=_scoring(node.at("scoring")) if node.has("scoring") and node.at("scoring").shaped("scoring") else None,
        better=node.at("better").one_of(Better) if node.has("better") else Better.MORE,
        attempts=node.at("attempts").whole(1, 20) if node.has("attempts") else 1,
        unit_label=node.at("unit_label").maybe_text(),
        best_possible=node.at("best_possible").whole(1, 9999) if node.has("best_possible") else None,
        points_per_answer_milli=node.at("points_per_answer").points(least=1) if node.has("points_per_answer") else None,
        ties=_ties(node.at("ties"), TIES_BY_KIND[kind]),
        place_points_milli=tuple(each.points() for each in node.at("place_points").items()),
        prizes=_prizes(node.at("prizes")),
    )
    if len(node.problems) == sound_so_far:
        _check_contest(node, contest)
    return contest


def _part(node: _Node) -> Part | None:
    return (
        Part(node.at("code").code(), node.at("name").text()) if node.value is not None and node.shaped("part") else None
    )


def _overtime(node: _Node) -> Overtime | None:
    if node.value is None or not node.shaped("overtime"):
        return None
    return Overtime(
        node.at("grace_s").whole(0, 3600),
        node.at("minus_per_started_minute").points(least=1),
        node.at("limit").points(least=1) if node.has("limit") else None,
    )


def _check_contest(node: _Node, contest: ContestRule) -> None:
    codes = [criterion.code for criterion in contest.criteria]
    for at, code in enumerate(codes):
        if code in codes[:at]:
            node._replace(path=f"{node.path}.criteria[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    if contest.scoring and contest.scoring.smallest_panel > contest.judges:
        node.at("scoring").at("smallest_panel").wrong(
            N_(
                "số điểm tối thiểu %(smallest)s lớn hơn số giám khảo %(judges)s",
                smallest=contest.scoring.smallest_panel,
                judges=contest.judges,
            )
        )
    if contest.kind is ResultKind.RUBRIC and node.has("criteria") and not contest.criteria:
        node.at("criteria").wrong(N_("phải có ít nhất một tiêu chí"))
    if node.has("total"):
        typed = node.at("total").points()
        if typed != contest.total_milli:
            node.at("total").wrong(
                N_(
                    "tổng ghi là %(typed)s nhưng các tiêu chí cộng lại là %(computed)s",
                    typed=plain(typed),
                    computed=plain(contest.total_milli),
                )
            )
    for at, tie in enumerate(contest.ties):
        if tie.criterion is not None and tie.criterion not in codes:
            node._replace(path=f"{node.path}.ties[{at}].criterion").wrong(
                N_("không có tiêu chí «%(code)s» trong phần thi này", code=tie.criterion)
            )
    for at, (higher, lower) in enumerate(zip(contest.place_points_milli, contest.place_points_milli[1:], strict=False)):
        if lower > higher:
            node._replace(path=f"{node.path}.place_points[{at + 1}]").wrong(
                N_("hạng sau không được nhiều điểm hơn hạng trước")
            )


def _whole_delegation(node: _Node) -> WholeDelegationRule | None:
    if not node.shaped("whole_delegation"):
        return None
    return WholeDelegationRule(
        node.at("sum").one_of(WholeSum), _ties(node.at("ties"), TIES_OF_WHOLE), _prizes(node.at("prizes"))
    )


def _special_prize(node: _Node) -> SpecialPrizeRule:
    return SpecialPrizeRule(node.at("name").text(), node.at("contest").maybe_text())


def _check_whole(root: _Node, ruleset: Ruleset) -> None:
    """What only the whole file shows: codes given twice, references to what is not there."""
    if not ruleset.contests:
        root.at("contests").wrong(N_("phải có ít nhất một phần thi"))
    codes = [contest.code for contest in ruleset.contests]
    for kind, list_of_codes in (("contests", codes), ("delegations", [each.code for each in ruleset.delegations])):
        for at, code in enumerate(list_of_codes):
            if code in list_of_codes[:at]:
                root._replace(path=f"$.{kind}[{at}].code").wrong(N_("mã «%(code)s» có hai lần", code=code))
    parts: dict[str, str] = {}
    for at, contest in enumerate(ruleset.contests):
        if contest.part and parts.setdefault(contest.part.code, contest.part.name) != contest.part.name:
            root._replace(path=f"$.contests[{at}].part.name").wrong(
                N_("phần «%(code)s» đã mang tên khác ở trên", code=contest.part.code)
            )
    whole = ruleset.whole_delegation
    for path, contest_code in [
        *(
            (f"$.whole_delegation.ties[{at}].contest", tie.contest)
            for at, tie in enumerate(whole.ties if whole else ())
        ),
        *((f"$.special_prizes[{at}].contest", prize.contest) for at, prize in enumerate(ruleset.special_prizes)),
    ]:
        if contest_code is not None and contest_code not in codes:
            root._replace(path=path).wrong(N_("không có phần thi «%(code)s»", code=contest_code))
    if whole and whole.sum is WholeSum.PLACE_POINTS:
        for at, contest in enumerate(ruleset.contests):
            if not contest.place_points_milli:
                root._replace(path=f"$.contests[{at}].place_points").wrong(
                    N_("toàn đoàn cộng điểm theo hạng, nên phần thi phải có bảng điểm theo hạng")
                )


def plain(milli: int) -> str:
    """Points as written in Vietnamese: 8750 -> «8,75»."""
    whole, rest = divmod(milli, 1000)
    return f"{whole},{rest:03d}".rstrip("0") if rest else str(whole)
