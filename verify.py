#!/usr/bin/env python3
"""Is an export of a festival's results true? `python3 verify.py EXPORT [--head STREAM:SIZE:HASH] [--published PROOF] [--rehearsal]`

One file that needs nothing but Python 3.11. It shares no line with the program that wrote the export: it follows the rules
as `docs/ruleset.md`, `docs/judging.md` and `docs/export.md` state them. It recomputes every standing from marks, rules and
decisions and compares the bytes; goes along every ledger; holds marks, decisions and standings against what the ledger's
lines say, and with `--published` all of it against what was published before. It says in one line what it found. Exit 0: agrees. 1: does not, and names where. 2: the file cannot be read.
3: it agrees, but is of a dress rehearsal, so nobody won anything; `--rehearsal` says that this is wanted.
"""

from __future__ import annotations

import argparse
import copy
import hashlib
import json
import sys
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

FORMAT, PROOF = "festival-results 1", "festival-proof 1"
Json = dict[str, Any]


class Unreadable(Exception):
    """The file is not an export of this format."""


class Disagrees(Exception):
    """What the file says is not what follows from it."""


# ------------------------------------------------------------------------------------------------- plain values


def canonical(value: Any) -> bytes:
    """RFC 8785 of values without fractions: keys by UTF-16 code units, no blanks, UTF-8."""

    def ordered(each: Any) -> Any:
        if isinstance(each, dict):
            return {key: ordered(each[key]) for key in sorted(each, key=lambda key: key.encode("utf-16-be"))}
        return [ordered(item) for item in each] if isinstance(each, list) else each

    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def milli(number: Any) -> int:
    """A number of the rules, at most three decimals, as thousandths."""
    return int(Decimal(str(number)) * 1000)


def nearest(exact: Fraction, step: int = 1, *, cut_off: bool = False) -> int:
    """To a whole multiple of `step` thousandths: half up, or what is beyond it cut off."""
    if cut_off:
        whole = abs(exact.numerator) // (exact.denominator * step) * step
        return -whole if exact < 0 else whole
    return (2 * exact.numerator + exact.denominator * step) // (2 * exact.denominator * step) * step


def sentence(template: str, **values: Any) -> Json:
    """A reason: the Vietnamese template and what stands in it."""
    return {"template": template, "values": values}


def points(value: int) -> Json:
    return {"points_milli": value}


# ------------------------------------------------------------------------------------------------ one contest


class Contest:
    """A contest of the export and what follows from its marks, rules and decisions."""

    def __init__(self, told: Json) -> None:
        self.told, self.code, self.rules = told, told["code"], told["rules"]
        self.kind: str = self.rules["kind"]
        self.entries: dict[str, Json] = {each["code"]: each for each in told["entries"]}
        self.seats: list[Json] = told["seats"]
        self.decisions: list[Json] = told["decisions"]
        self.smaller_wins = self.rules.get("better") == "less"
        self.steps: dict[str, list[Json]] = {code: [] for code in self.entries}
        self.kept: dict[str, list[Json]] = {}  # by entry, the sheets its mean is made of
        self.totals: dict[str, list[Json]] = {}  # by entry, all its sheets where they make a result
        self.off: dict[str, int] = {}  # by entry, what is taken off
        self.off_steps: dict[str, list[Json]] = {}
        self.weights = {each["code"]: milli(each.get("weight", 1)) for each in self.rules.get("criteria", [])}
        self.by_places = self.rules.get("scoring", {}).get("rule") == "rank_sum"
        self.results: dict[str, Json] = {}  # by entry: state, value, reasons, decided
        self._hold()

    # ---- what each entry reached

    def _hold(self) -> None:
        for code, entry in self.entries.items():
            how = {"rubric": self._judged, "sum": self._summed}.get(self.kind, self._measured)
            self.results[code] = how(code, entry)
        if self.by_places:
            self._rank_by_places()
        last = self._last_words()
        waiting = [code for code, result in self.results.items() if result.get("few") and code not in last]
        if waiting:
            held = sentence("Chờ ban giám khảo quyết định về tiết mục có ít phiếu; chưa xếp hạng ai.")
            for result in self.results.values():
                if result["state"] == "ranked":
                    result.update(state="waiting", value=None, reasons=[held], held=True)
        for code, said in last.items():
            mine = self.results.get(code)
            if mine and mine["state"] in ("waiting", "not_valid") and not mine.get("held"):
                mine.update(state=said, value=None, reasons=[], decided=False)

    def _last_words(self) -> dict[str, str]:
        """Entries that the panel's last word puts out of the contest."""
        found: dict[str, str] = {}
        for each in self.decisions:
            if each["kind"] == "out":
                found.pop(each["content"]["entry"], None)
                if each["content"]["state"] in ("dns", "dnf", "dsq"):
                    found[each["content"]["entry"]] = each["content"]["state"]
        return found

    def _judged(self, code: str, entry: Json) -> Json:
        out = next((each["state"] for each in entry["results"] if each["state"] != "valid"), None)
        if out:
            return _result(out)
        sheets = self._sheets(code, entry)
        marked = sorted((each for each in sheets if each["state"] == "marked"), key=lambda each: str(each["seat"]))
        off, why_off = self._taken_off(code, entry)
        refused, kept, dropped, notes = self._aggregate(marked)
        self.totals[code] = [] if refused else sheets
        if refused:
            self._step(code, "no_result", said=refused)
            return _result("not_valid", reasons=[refused])
        self.kept[code], self.off[code] = kept, off
        for drop in dropped:
            self._step(code, "dropped", **drop)
        value, brought = self._points(code, kept, off)
        unanswered, said = self._few(code, len(marked))
        if unanswered:
            return unanswered
        return _result("ranked", value, [*said, *notes, *self._dropped_said(marked, dropped), *why_off, *brought])

    def _sheets(self, code: str, entry: Json) -> list[Json]:
        """One of each seat in the order of the letters; a total is its marks, each by the weight of its criterion."""
        by_seat = {each["seat"]: each for each in entry["sheets"]}
        found = []
        for seat in self.seats:
            each = {"letter": seat["letter"]} | by_seat[seat["seat"]]
            if each.get("tied"):
                each |= {"state": "recused", "total": None}
            weighed = sum(mark * self.weights[criterion] // 1000 for criterion, mark in each["marks"].items())
            if each["state"] == "marked" and each["total"] != weighed:
                raise Disagrees(f"{self.code}, tiết mục {code}: tổng phiếu {each['letter']} khác tổng các tiêu chí")
            self._step(code, "sheet", seat=each["letter"], state=each["state"], total=each["total"])
            found.append(each)
        return found

    def _points(self, code: str, kept: list[Json], off: int) -> tuple[int, list[Json]]:
        """What the sheets that count come to, with what is carried, less what is taken off, rounded once; and what is said
        of the points that are carried.
        """
        scoring = self.rules["scoring"]
        if scoring["rule"] == "rank_sum":
            return 0, []
        totals = sorted(each["total"] for each in kept)
        if scoring["rule"] == "median":
            middle = totals[(len(totals) - 1) // 2 : len(totals) // 2 + 1]
            mean = Fraction(sum(middle), len(middle))
            self._step(code, "median", totals=totals, mean=str(mean))
        else:
            mean = Fraction(sum(totals), len(totals))
            self._step(code, "mean", seats=[each["letter"] for each in kept], sum=sum(totals), mean=str(mean))
        for step in self.off_steps[code]:
            self._step(code, **step)
        plus, said = self._carried(code)
        mean += plus
        to, how = milli(scoring.get("round", "0.001")), scoring.get("rounding", "half_up")
        value = max(0, nearest(mean - off, to, cut_off=how == "truncate"))
        self._step(code, "rounded", exact=str(mean - off), to=to, how=how, points=value)
        return value, said

    def _carried(self, code: str) -> tuple[Fraction, list[Json]]:
        """What of the points of the round before counts here: so many percent of them."""
        brought, weight = self.entries[code].get("carried"), milli(self.rules.get("after", {}).get("weight", 0))
        if not brought or not weight:
            return Fraction(0), []
        plus = Fraction(brought["points"] * weight, 100_000)
        self._step(code, "carried", points=brought["points"], weight=weight, plus=str(plus))
        template = "Vòng trước %(points)s × %(weight)s %% = %(brought)s điểm mang sang."
        known = {"points": points(brought["points"]), "weight": points(weight), "brought": points(nearest(plus))}
        return plus, [sentence(template, **known)]

    def _taken_off(self, code: str, entry: Json) -> tuple[int, list[Json]]:
        """By the clock, and by decisions of the secretary; each with its words."""
        seconds, said, steps = entry["overtime_s"], [], []
        clock = self._clock(seconds)
        if seconds:
            steps.append({"step": "penalty", "seconds": seconds, "minus": clock})
        if clock:
            late = "Trừ %(points)s điểm do quá giờ." if seconds > 0 else "Trừ %(points)s điểm do thiếu giờ."
            said.append(sentence(late, points=points(clock)))
        total = clock
        for each in entry.get("deductions", []):
            total += each["points"]
            steps.append({"step": "deduction", "name": each["name"], "minus": each["points"]})
            off = points(each["points"])
            named = sentence("Trừ %(points)s điểm: %(name)s.", points=off, name=each["name"])
            said.append(named if each["name"] else sentence("Trừ %(points)s điểm.", points=off))
        self.off_steps[code] = steps
        return total, said

    def _clock(self, seconds: int) -> int:
        """Points off for each minute begun beyond the time and its grace, or short of the least time."""
        allowed = self.rules["duration_min"] * 60
        lasted, over, under = max(0, allowed + seconds), self.rules.get("overtime"), self.rules.get("undertime")
        minus = _per_minute(lasted - allowed - over["grace_s"], over) if over else 0
        return minus + (_per_minute(under["least_s"] - lasted, under) if under else 0)

    def _dropped_said(self, marked: list[Json], dropped: list[Json]) -> list[Json]:
        said = []
        gone = {why: ", ".join(each["seat"] for each in dropped if each["why"] == why) for why in _GONE}
        if gone["deviates"]:
            of_all = Fraction(sum(each["total"] for each in marked), len(marked))
            known = {"delta": points(self.delta), "mean": points(nearest(of_all))}
            said.append(sentence(_GONE["deviates"], letters=gone["deviates"], **known))
        said += [sentence(_GONE[why], letters=gone[why]) for why in ("highest", "lowest") if gone[why]]
        return said

    @property
    def delta(self) -> int:
        """δ in thousandths, also where it is said as percent of the highest total."""
        scoring = self.rules["scoring"]
        if "delta" in scoring:
            return milli(scoring["delta"])
        highest = sum(milli(each["max"]) * self.weights[each["code"]] // 1000 for each in self.rules["criteria"])
        return highest * milli(scoring["delta_percent"]) // 100_000

    @property
    def smallest(self) -> int:
        return int(self.rules["scoring"].get("smallest_panel", self.rules["judges"] // 2 + 1))

    def _aggregate(
        self, marked: list[Json], smallest: int = 0
    ) -> tuple[Json | None, list[Json], list[Json], list[Json]]:
        """Why there is no result, or the sheets that count, those that are dropped, and what is said of it."""
        scoring, smallest = self.rules["scoring"], smallest or self.smallest
        few = {"marked": len(marked), "smallest": smallest}
        if not marked:
            return sentence("Chưa có phiếu nào được chấm."), [], [], []
        if len(marked) < smallest and scoring.get("below") == "not_valid":
            said = "Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: chưa có kết quả hợp lệ."
            return sentence(said, **few), [], [], []
        if scoring["rule"] in ("mean", "median", "rank_sum"):
            return None, marked, [], []
        if scoring["rule"] not in ("deviation_drop", "trimmed_mean"):
            raise Unreadable(f"không biết cách tính {scoring['rule']}")
        if len(marked) < smallest:
            said = "Chỉ có %(marked)s giám khảo chấm, dưới mức %(smallest)s: không loại điểm nào."
            return None, marked, [], [sentence(said, **few)]
        if scoring["rule"] == "trimmed_mean":
            return _trim(marked, scoring)
        return _drop(marked, scoring, self.delta)

    def _few(self, code: str, marked: int) -> tuple[Json | None, list[Json]]:
        """What follows when fewer judges marked than the smallest panel."""
        mine = [each for each in self.decisions if each["kind"] == "out" and each["content"]["entry"] == code]
        answer = mine[-1] if mine and mine[-1]["content"]["state"] in ("accept", "none", "wait") else None
        signed = self.told["state"] not in ("open", "locked")
        if marked >= self.smallest or (answer is None and signed):
            return None, []
        few: Json = {"marked": marked, "smallest": self.smallest}
        say = answer["content"]["state"] if answer and answer["content"]["marked"] == marked else "wait"
        self._step(code, "few", **few, say=say)
        if answer is None or say == "wait":
            said = (
                "Chỉ %(marked)s trên %(panel)s giám khảo chấm, ít hơn mức %(smallest)s: "
                "ban giám khảo quyết định trước khi xếp hạng."
            )
            few = {"panel": len(self.seats), **few}
            return _result("not_valid", reasons=[sentence(said, **few)]) | {"few": True}, []
        few |= {"reason": answer.get("reason", ""), "names": ", ".join(answer.get("names", []))}
        if say == "none":
            said = "Có %(marked)s phiếu, ít hơn mức %(smallest)s; ban giám khảo không nhận kết quả: %(reason)s (%(names)s)."
            return _result("not_valid", reasons=[sentence(said, **few)]) | {"decided": True}, []
        said = "Có %(marked)s phiếu, ít hơn mức %(smallest)s; ban giám khảo nhận kết quả: %(reason)s (%(names)s)."
        return None, [sentence(said, **few)]

    def _summed(self, code: str, entry: Json) -> Json:
        """What the components bring, each as often as the rules say; without a place in any there is no sum."""
        weights = {each["contest"]: milli(each.get("weight", 1)) for each in self.rules["of"]}
        parts, said = entry.get("parts", []), []
        if [(each["contest"], each["weight"]) for each in parts] != list(weights.items()):
            raise Disagrees(f"{self.code}, tiết mục {code}: các phần thi được cộng khác với thể lệ")
        for each in parts:
            self._step(code, "part", **each)
            known = {"points": points(each["points"])}
            if not each["entries"]:
                said.append(sentence("%(name)s: không dự thi, tính 0 điểm.", name=each["name"]))
            elif not each["places"]:
                said.append(sentence("%(name)s: không được xếp hạng, tính 0 điểm.", name=each["name"]))
            elif each["weight"] == 1000:
                said.append(sentence("%(name)s: %(points)s điểm.", name=each["name"], **known))
            else:
                known["weight"] = points(each["weight"])
                said.append(sentence("%(name)s: %(points)s điểm, hệ số %(weight)s.", name=each["name"], **known))
        if not any(each["places"] for each in parts):
            return _result("dns")
        exact = Fraction(sum(each["points"] * each["weight"] for each in parts), 1000)
        self._step(code, "sum", exact=str(exact), points=nearest(exact))
        return _result("ranked", nearest(exact), said)

    def _measured(self, code: str, entry: Json) -> Json:
        tries = entry["results"]
        if self.kind == "match" and self.told.get("order") is not None:
            return self._ordered(code)
        for each in tries:
            if each.get("answers") is not None:
                points_of = _answered(self.rules, each["answers"])
                if each["value"] != points_of:
                    raise Disagrees(f"{code}: câu trả lời được {points_of} điểm, tệp ghi {each['value']}")
            self._step(code, "try", n=each["n"], state=each["state"], value=each["value"])
            if each.get("answers") is not None:
                self._step(code, "answers", n=each["n"], answers=each["answers"], value=each["value"])
        value, count = self._counted(tries), self.rules.get("attempts_count", "best")
        if value is not None:
            self._step(code, "tries", count=count, value=value)
            return _result("ranked", value)
        failed = [each["state"] for each in tries if each["state"] != "valid"]
        over = failed and (self.smaller_wins or count == "best" or len(failed) == len(tries))
        return _result(failed[-1] if over else "waiting")

    def _counted(self, tries: list[Json]) -> int | None:
        """The best try; or the sum of all, which a failed one leaves out where more wins and spoils where less does."""
        known = _values(tries)
        if self.rules.get("attempts_count", "best") == "best":
            return (min(known) if self.smaller_wins else max(known)) if known else None
        disqualified = any(each["state"] == "dsq" for each in tries)
        tried = 0 if disqualified else len(tries)
        if tried < self.rules.get("attempts", 1) or not known or (self.smaller_wins and len(known) < tried):
            return None
        return sum(known)

    def _ordered(self, code: str) -> Json:
        """The place in the final order of a knock-out: 1, 2, 3, 3, 5 among those who take part."""
        out = {
            c: next((t["state"] for t in e["results"] if t["state"] != "valid"), None) for c, e in self.entries.items()
        }
        if out[code]:
            return _result(str(out[code]))
        before = 0
        for group in self.told["order"]:
            there = [each for each in group if each in out and not out[each]]
            if code in there:
                self._step(code, "order", place=before + 1)
                return _result("ranked", before + 1)
            before += len(there)
        return _result("waiting")

    def _step(self, code: str, step: str, **told: Any) -> None:
        self.steps[code].append({"step": step, **told})

    def _rank_by_places(self) -> None:
        """Each judge's order becomes places, the value is their sum; who was not marked gets the mean of the other places."""
        ranked = [code for code, result in self.results.items() if result["state"] == "ranked"]
        totals: dict[Any, dict[str, int]] = {}
        for code in ranked:
            for each in self.totals[code]:
                if each["state"] == "marked":
                    totals.setdefault(each["seat"], {})[code] = each["total"] - self.off[code]
        for code in ranked:
            own = {
                each["letter"]: 1 + sum(other > totals[each["seat"]][code] for other in totals[each["seat"]].values())
                for each in self.totals[code]
                if each["state"] == "marked"
            }
            total = Fraction(sum(own.values()) * len(totals), len(own))
            for step in self.off_steps[code]:
                self._step(code, **step)
            self._step(code, "places", places=own, judges=len(totals), sum=str(total))
            listed = " + ".join(map(str, own.values()))
            self.results[code]["value"] = nearest(total * 1000)
            self.results[code]["reasons"].append(
                sentence("Tổng thứ hạng của các giám khảo: %(places)s.", places=listed)
            )

    # ---- who stands before whom

    def standings(self) -> list[Json]:
        """Every entry, best first, those without a place last, as the export must hold them."""
        by_order = self.kind == "match" and self.told.get("order") is not None
        ladder = [] if by_order else self._ladder()
        values = {code: result["value"] for code, result in self.results.items() if result["state"] == "ranked"}
        lines: list[Json] = []
        for value in sorted(set(values.values()), reverse=not (self.smaller_wins or by_order or self.by_places)):
            group = sorted(code for code in values if values[code] == value)
            if by_order and len(group) > 1:
                parted = [(group, [sentence("Đồng hạng theo thứ hạng chung cuộc.")], False)]
            else:
                parted = part(group, ladder, self.decisions, self.steps)
            for members, reasons, undecided in parted:
                place, shared = len(lines) + 1, len(members) > 1
                for code in members:
                    said = [*self.results[code]["reasons"], *reasons]
                    lines.append(_line(code, "ranked", place, shared, value, said) | {"open": undecided})
                    self._step(code, "place", place=place, shared=shared)
        for code in sorted(set(self.results) - set(values)):
            result = self.results[code]
            said = result["reasons"] or [sentence(_WHY[result["state"]])]
            lines.append(_line(code, result["state"], None, False, None, said))
            self._step(code, "no_place", state=result["state"])
        prizes = award(lines, self.rules.get("prizes", []), self.decisions)
        for line in lines:
            line.pop("open", None)
            line["prize"] = prizes.get(line["entry"])
            if line["prize"]:
                self._step(line["entry"], "prize", prize=line["prize"])
        return lines

    def _ladder(self) -> list[Json]:
        """The rungs with the facts they look at."""
        rungs: list[Json] = []
        names = {each["code"]: each["name"] for each in self.rules.get("criteria", [])}
        for tie in self.rules.get("ties", []):
            if tie["by"] == "criterion":
                facts = {code: self._criterion(code, tie["criterion"]) for code in self.entries}
                rungs.append(_rung(names[tie["criterion"]], facts))
            elif tie["by"] == "less_overtime":
                over = {code: max(0, each["overtime_s"]) * 1000 for code, each in self.entries.items()}
                rungs.append(_rung(sentence("ít quá giờ hơn"), over, more=False, shown="ms"))
            elif tie["by"] == "members":
                people = {code: each["members"] or None for code, each in self.entries.items()}
                rungs.append(_rung(sentence("số thành viên tham gia"), people, shown="count"))
            elif tie["by"] in ("contest", "first_places"):
                rungs.append(self._of_parts(tie))
            elif tie["by"] == "best_attempt":
                first = 1 if self.rules.get("attempts_count", "best") == "best" else 0
                rungs += [self._next_try(at) for at in range(first, self.rules.get("attempts", 1))]
            elif tie["by"] == "firsts":
                rungs.append(_rung(sentence("số giám khảo xếp thứ nhất"), self._firsts(), shown="count"))
            elif tie["by"] == "chair":
                rungs.append(_rung(sentence("điểm của trưởng ban"), self._of_the_chair()))
            elif tie["by"] == "head_to_head":
                name = sentence("số lần được giám khảo xếp trên")
                rungs.append(_rung(name, {}, shown="count") | {"among": self._head_to_head})
            elif tie["by"] == "third_marking":
                rungs.append(self._marking())
            elif tie["by"] == "draw":
                rungs.append(_draw(self.code))
        return rungs

    def _of_parts(self, tie: Json) -> Json:
        """Of a sum: the points in one of its contests, or how many first places."""
        if tie["by"] == "first_places":
            firsts = {
                code: sum(each["places"].count(1) for each in entry.get("parts", []))
                for code, entry in self.entries.items()
            }
            return _rung(sentence("số giải Nhất"), firsts, shown="count")
        parts = {code: self._part(code, tie["contest"]) for code in self.entries}
        name = next((each["name"] for each in parts.values() if each), tie["contest"])
        own = {code: each["points"] if each and each["entries"] else None for code, each in parts.items()}
        return _rung(name, own, absent=sentence("không dự phần thi này"))

    def _part(self, code: str, contest: str) -> Json | None:
        return next((each for each in self.entries[code].get("parts", []) if each["contest"] == contest), None)

    def _criterion(self, code: str, criterion: str) -> Fraction | None:
        marks = [each["marks"].get(criterion) for each in self.kept.get(code, [])]
        return Fraction(sum(marks), len(marks)) if marks and None not in marks else None

    def _by_judge(self) -> dict[Any, dict[str, int]]:
        """The totals of each judge by entry, of entries whose sheets make a result."""
        found: dict[Any, dict[str, int]] = {}
        for code, sheets in self.totals.items():
            for each in sheets:
                if each["state"] == "marked":
                    found.setdefault(each["seat"], {})[code] = each["total"]
        return found

    def _firsts(self) -> Json:
        by_judge = self._by_judge().values()
        return {
            code: sum(code in totals and totals[code] == max(totals.values()) for totals in by_judge)
            for code, sheets in self.totals.items()
            if sheets
        }

    def _of_the_chair(self) -> Json:
        chairs = {each["seat"] for each in self.seats if each.get("chair")}
        by_code = {code: each["sheets"] for code, each in self.entries.items() if code in self.totals}
        marked = {
            code: [each["total"] for each in sheets if each["seat"] in chairs and not each.get("tied")]
            for code, sheets in by_code.items()
        }
        return {code: next(iter(totals), None) for code, totals in marked.items()}

    def _marking(self) -> Json:
        """What was marked once more, by the contest's rule; the smallest panel is not asked of it."""
        if self.by_places:
            rung = _rung(sentence("tổng thứ hạng khi chấm lại"), {}, more=False, shown="count")
        else:
            rung = _rung(sentence("điểm chấm lại"), {})
        return rung | {"asks": "marking", "read": self._marked_again}

    def _marked_again(self, content: Json) -> Json:
        marks: Json = content["marks"]
        if self.by_places:
            ranks = {
                code: [1 + sum(other > given[code] for other in given.values()) for given in marks.values()]
                for code in content["entries"]
            }
            return {code: Fraction(sum(each)) for code, each in ranks.items()}
        found: Json = {}
        for code in content["entries"]:
            marked = [{"seat": who, "letter": who, "total": given[code]} for who, given in sorted(marks.items())]
            refused, kept, _dropped, _notes = self._aggregate(marked, 1)
            totals = sorted(each["total"] for each in kept)
            if self.rules["scoring"]["rule"] == "median":
                totals = totals[(len(totals) - 1) // 2 : len(totals) // 2 + 1]
            found[code] = None if refused else Fraction(sum(totals), len(totals))
        return found

    def _head_to_head(self, group: list[str]) -> Json:
        """How often a judge who marked them all put an entry before another of the group."""
        whole = [totals for totals in self._by_judge().values() if all(code in totals for code in group)]
        return {code: sum(totals[code] > totals[other] for totals in whole for other in group) for code in group}

    def _next_try(self, at: int) -> Json:
        facts = {}
        for code, entry in self.entries.items():
            values = sorted(_values(entry["results"]), reverse=not self.smaller_wins)
            facts[code] = values[at] if at < len(values) else None
        none = sentence("không có lượt tốt thứ %(n)s", n=at + 1)
        shown = "ms" if self.kind == "time" else "count"
        name = sentence("lượt tốt thứ %(n)s", n=at + 1)
        return _rung(name, facts, more=not self.smaller_wins, shown=shown, absent=none)


_WHY = {
    "dns": "Không dự thi.",
    "dnf": "Không hoàn thành phần thi.",
    "dsq": "Bị loại theo thể lệ.",
    "waiting": "Chưa có kết quả.",
    "not_valid": "Chưa có kết quả hợp lệ: ban giám khảo phải quyết định.",
}


def _result(state: str, value: int | None = None, reasons: list[Json] | None = None) -> Json:
    return {"state": state, "value": value, "reasons": reasons or []}


def _line(code: str, state: str, place: int | None, shared: bool, value: int | None, reasons: list[Json]) -> Json:
    return {"entry": code, "state": state, "place": place, "shared": shared, "value": value, "reasons": reasons}


def _values(tries: list[Json]) -> list[int]:
    if any(each["state"] == "dsq" for each in tries):
        return []
    return [each["value"] for each in tries if each["value"] is not None]


_GONE = {
    "deviates": "Loại phiếu %(letters)s: lệch quá %(delta)s điểm so với trung bình %(mean)s.",
    "highest": "Bỏ phiếu cao nhất: %(letters)s.",
    "lowest": "Bỏ phiếu thấp nhất: %(letters)s.",
}


def _per_minute(seconds: int, rule: Json) -> int:
    """Points off for each minute begun of so many seconds."""
    minus = max(0, (seconds + 59) // 60) * milli(rule["minus_per_started_minute"])
    return min(minus, milli(rule["limit"])) if rule.get("limit") is not None else minus


def _trim(marked: list[Json], scoring: Json) -> tuple[Json | None, list[Json], list[Json], list[Json]]:
    """Out with the highest and the lowest, as many as the rules say for the number who marked; with too few, nobody."""
    high, low, count = scoring.get("drop_high", 0), scoring.get("drop_low", 0), len(marked)
    ordered = sorted(marked, key=lambda each: (each["total"], str(each["seat"])))
    if "drop_by_panel" in scoring:
        steps = [step for step in scoring["drop_by_panel"] if step["from"] <= count]
        step: Json = steps[-1] if steps else {}
        high, low = step.get("high", 0), step.get("low", 0)
        if "closest" in step:
            stay = step["closest"]
            span = {at: ordered[at + stay - 1]["total"] - ordered[at]["total"] for at in range(count - stay + 1)}
            low = max(at for at, wide in span.items() if wide == min(span.values()))
            high = count - stay - low
    if high + low >= count or not (high or low):
        return None, marked, [], []
    mean = Fraction(sum(each["total"] for each in marked), count)
    dropped = []
    for why, gone in (("highest", ordered[count - high :]), ("lowest", ordered[:low])):
        for each in sorted(gone, key=lambda each: str(each["seat"])):
            away = str(abs(each["total"] - mean))
            told = {"seat": each["letter"], "total": each["total"], "mean": str(mean), "away": away}
            dropped.append(told | {"pass": 1, "why": why})
    kept = sorted(ordered[low : count - high], key=lambda each: str(each["seat"]))
    return None, kept, dropped, []


def _drop(marked: list[Json], scoring: Json, delta: int) -> tuple[Json | None, list[Json], list[Json], list[Json]]:
    """The mean of all, out with who is further than δ from it, again where the rules say so."""
    strict = scoring.get("strict", True)
    dropped: list[Json] = []
    rest, number = list(marked), 1
    while True:
        mean = Fraction(sum(each["total"] for each in rest), len(rest))
        away = {each["seat"]: abs(each["total"] - mean) for each in rest}
        outside = [each for each in rest if away[each["seat"]] > delta or (not strict and away[each["seat"]] == delta)]
        if not outside:
            return None, rest, dropped, []
        if len(outside) == len(rest):
            if scoring.get("all_dropped") == "not_valid":
                said = "Mọi phiếu đều lệch quá mức %(delta)s: ban giám khảo phải quyết định."
                return sentence(said, delta=points(delta)), [], [], []
            said = "Mọi phiếu đều lệch quá mức %(delta)s: giữ nguyên tất cả."
            return None, marked, [], [sentence(said, delta=points(delta))]
        for each in outside:
            told = {"seat": each["letter"], "total": each["total"], "mean": str(mean), "away": str(away[each["seat"]])}
            dropped.append(told | {"pass": number, "why": "deviates"})
        rest = [each for each in rest if each not in outside]
        number += 1
        if scoring.get("passes", "one") == "one":
            return None, rest, dropped, []


# ------------------------------------------------------------------------------------------------ ties and prizes


def _rung(name: Any, facts: Json, *, more: bool = True, shown: str = "points", absent: Json | None = None) -> Json:
    return {"name": name, "facts": facts, "more": more, "shown": shown, "absent": absent}


def _written(fact: Any, rung: Json) -> Any:
    if fact is None:
        return rung["absent"]
    if rung["shown"] == "lot":
        return sentence("lá thăm thứ %(n)s", n=int(fact))
    if rung["shown"] == "count":
        return fact if isinstance(fact, int) else str(fact)
    return {"ms" if rung["shown"] == "ms" else "points_milli": nearest(Fraction(fact), 1)}


def part(
    group: list[str], ladder: list[Json], decisions: list[Json], steps: dict[str, list[Json]]
) -> list[tuple[list[str], list[Json], bool]]:
    """Who is equal, parted down the ladder: groups best first, what is said of each, and whether it is still a question."""
    return _down(group, [], ladder, decisions, steps)


def _down(
    group: list[str], reasons: list[Json], ladder: list[Json], decisions: list[Json], steps: dict[str, list[Json]]
) -> list[tuple[list[str], list[Json], bool]]:
    if len(group) == 1:
        return [(group, reasons, False)]
    if not ladder:
        return _by_panel(group, reasons, decisions, steps)
    rung, rest = ladder[0], ladder[1:]
    if "asks" in rung:
        record = _record(group, rung["asks"], decisions)
        if record is None or record["content"].get("held") is False:
            for code in group:
                steps[code].append({"step": "asked", "of": rung["asks"], "equal": group, "waits": record is None})
            if record is None:
                return [(group, [*reasons, sentence(_WAITS[rung["asks"]])], True)]
            why = {"reason": record.get("reason", ""), "names": ", ".join(record.get("names", []))}
            return _down(group, [*reasons, sentence(_PASSED[rung["asks"]], **why)], rest, decisions, steps)
        rung = rung | {"facts": rung["read"](record["content"])}
    found: list[tuple[list[str], list[Json], bool]] = []
    for members, said in _by_rung(group, reasons, rung, steps):
        found += _down(members, said, rest, decisions, steps)
    return found


_WAITS = {"marking": "Bằng điểm, chờ chấm lại.", "draw": "Bằng điểm, chờ bốc thăm."}
_PASSED = {
    "marking": "Bằng điểm, không chấm lại: %(reason)s (%(names)s).",
    "draw": "Bằng điểm, không bốc thăm: %(reason)s (%(names)s).",
}


def _record(group: list[str], kind: str, decisions: list[Json]) -> Json | None:
    """The last third marking or draw about exactly these, unless it was taken back."""
    mine = [each for each in decisions if each["kind"] == kind and set(each["content"]["entries"]) == set(group)]
    return mine[-1] if mine and "takes_back" not in mine[-1]["content"] else None


def _draw(subject: str) -> Json:
    """Lots: those drawn by hand as typed; of dice by the SHA-256 of dice, contest and entry, the smallest first."""

    def read(content: Json) -> Json:
        order = content["order"]
        if content["seed"]:
            order = sorted(
                content["entries"],
                key=lambda code: hashlib.sha256(f"{content['seed']}|{subject}|{code}".encode()).hexdigest(),
            )
        return {code: at for at, code in enumerate(order, 1)}

    return _rung(sentence("bốc thăm"), {}, more=False, shown="lot") | {"asks": "draw", "read": read}


def _by_rung(
    members: list[str], reasons: list[Json], rung: Json, steps: dict[str, list[Json]]
) -> list[tuple[list[str], list[Json]]]:
    known = rung["among"](members) if "among" in rung else rung["facts"]
    facts = {code: known.get(code) for code in members}
    missing = rung["absent"] is None and None in facts.values()
    levels = sorted({fact for fact in facts.values() if fact is not None}, reverse=rung["more"])
    levels += [None] if None in facts.values() else []
    for code in members:
        with_me = members if missing else [each for each in members if facts[each] == facts[code]]
        told = {each: None if fact is None else str(fact) for each, fact in facts.items()}
        steps[code].append({"step": "rung", "rung": rung["name"], "facts": told, "missing": missing, "equal": with_me})
    if missing:
        said = sentence("Bằng điểm, chưa xét được «%(rung)s»: thiếu số liệu.", rung=rung["name"])
        return [(members, [*reasons, said])]
    if len(levels) == 1:
        return [(members, reasons)]
    found = []
    for level in levels:
        said = sentence("Bằng điểm, xét «%(rung)s»: %(fact)s.", rung=rung["name"], fact=_written(level, rung))
        found.append(([code for code in members if facts[code] == level], [*reasons, said]))
    return found


def _by_panel(
    members: list[str], reasons: list[Json], decisions: list[Json], steps: dict[str, list[Json]]
) -> list[tuple[list[str], list[Json], bool]]:
    """The last decision about exactly these is the one in force."""
    taken = [each for each in decisions if each["kind"] == "tie"]
    order = next((d for d in reversed(taken) if {c for g in d["content"]["order"] for c in g} == set(members)), None)
    if order is None:
        said = sentence("Bằng điểm, đồng hạng: các bậc xét chưa phân định được.")
        for code in members:
            steps[code].append({"step": "panel", "equal": members, "order": None})
        return [(members, [*reasons, said], True)]
    found = []
    for group in order["content"]["order"]:
        said = sentence(
            "Bằng điểm, ban giám khảo quyết định: %(reason)s (%(names)s)."
            if len(group) == 1
            else "Bằng điểm, ban giám khảo cho đồng hạng: %(reason)s (%(names)s).",
            reason=order.get("reason", ""),
            names=", ".join(order.get("names", [])),
        )
        for code in group:
            steps[code].append({"step": "panel", "equal": members, "order": order["content"]["order"]})
        found.append((sorted(group), [*reasons, said], False))
    return found


def award(lines: list[Json], rules: list[Json], decisions: list[Json]) -> dict[str, str]:
    """Prizes down the places; a shared place over the border of two waits for the panel."""
    empty: dict[str, str] = {}
    for each in decisions:
        if each["kind"] == "vacant":
            empty.pop(each["content"]["prize"], None)
            if "takes_back" not in each["content"]:
                empty[each["content"]["prize"]] = each["content"]["then"]
    seats = _seats([line for line in lines if line["place"] is not None], rules, empty)
    known: set[str] = {rule["name"] for rule in rules} - set(empty)
    said = [d["content"] for d in decisions if d["kind"] == "prize"]
    given: dict[str, str] = {}
    for place in sorted(seats):
        members = [line["entry"] for line in lines if line["place"] == place]
        last = next((each for each in reversed(said) if set(each["prizes"]) == set(members)), None)
        chosen = None if last is None or "takes_back" in last else last["prizes"]
        if chosen is not None and {prize for prize in chosen.values() if prize} <= known:
            given |= {code: prize for code, prize in chosen.items() if prize}
        elif len(set(seats[place])) == 1 and seats[place][0]:
            given |= dict.fromkeys(members, seats[place][0])
    return given


def _seats(placed: list[Json], rules: list[Json], empty: dict[str, str]) -> dict[int, list[str]]:
    """What the places that a group fills bring: the highest prize that is reached and not full yet."""
    names = [rule["name"] for rule in rules]
    full: dict[str, int] = {}
    for rule in rules:
        if isinstance(rule.get("count"), int):
            full[rule["name"]] = rule["count"]
    brought: list[str] = []
    found: dict[int, list[str]] = {}
    for place in sorted({line["place"] for line in placed}):
        values = [line.get("value") for line in placed if line["place"] == place]
        for _each in values:
            seat = ""
            for at, rule in enumerate(rules):
                name, share = rule["name"], rule.get("share_percent")
                if "from" in rule and (None in values or min(values) < milli(rule["from"])):
                    continue
                if brought.count(name) >= full.get(name, len(placed)) or empty.get(name) == "hand_down":
                    continue
                above = sum(brought.count(each) for each in names[: at + 1])
                if share is not None and above >= len(placed) * milli(share) // 100_000:
                    continue
                seat = name
                break
            brought.append(seat)
            then = empty.get(seat)
            if then is not None:
                beneath = [each for each in names[names.index(seat) + 1 :] if each not in empty]
                seat = beneath[0] if then == "next" and beneath else ""
            found.setdefault(place, []).append(seat)
    return found


# ------------------------------------------------------------------------------------------------ amendments


def amended(contest: Json, amendment: Json) -> tuple[list[Json], dict[str, list[Json]]]:
    """The standings and the steps that follow when the corrections are laid over what was signed."""
    said = amendment["corrections"]
    places, prizes = said.get("places", {}), said.get("prizes", {})
    found = Contest(_corrected(contest, said))
    lines, steps = found.standings(), found.steps
    if places:
        for line in lines:
            if line["entry"] in places:
                own = line["reasons"] if line["place"] is not None else []
                line.update(state="ranked", place=places[line["entry"]])
                line["reasons"] = [*own, sentence("Hạng ghi trong biên bản đính chính.")]
        held = [line["place"] for line in lines]
        for line in lines:
            line["shared"] = line["place"] is not None and held.count(line["place"]) > 1
        lines.sort(key=lambda line: (line["place"] is None, line["place"] or 0))
        given = award(lines, found.rules.get("prizes", []), found.decisions)
        for line in lines:
            line["prize"] = given.get(line["entry"])
    for line in lines:
        if line["entry"] in prizes:
            line["prize"] = prizes[line["entry"]]
        steps[line["entry"]] = _amended_steps(steps[line["entry"]], line, places, prizes)
    return lines, steps


def _corrected(contest: Json, said: Json) -> Json:
    """A copy of the contest with other marks, counts and seconds."""
    changed = copy.deepcopy(contest)
    entries = {each["code"]: each for each in changed["entries"]}
    weights = {each["code"]: milli(each.get("weight", 1)) for each in contest["rules"].get("criteria", [])}
    for code, seat, criterion, mark in said.get("marks", []):
        sheet = next(each for each in entries[code]["sheets"] if each["seat"] == seat)
        sheet["marks"][criterion] = mark
        total = sum(each * weights[name] // 1000 for name, each in sheet["marks"].items())
        sheet.update(state="marked", given=True, total=total)
    for code, n, state, value, *answers in said.get("measures", []):
        kept = [each for each in entries[code]["results"] if each["n"] != n]
        kept.append({"n": n, "state": state, "value": value} | ({"answers": answers[0]} if answers else {}))
        entries[code]["results"] = sorted(kept, key=lambda each: int(each["n"]))
    for code, seconds in said.get("overtime", {}).items():
        entries[code]["overtime_s"] = seconds
    for code, parts in said.get("parts", {}).items():
        entries[code]["parts"] = parts
    return changed


def _amended_steps(steps: list[Json], line: Json, places: Json, prizes: Json) -> list[Json]:
    """A place that the amendment states itself follows from no ladder."""
    code, gone = line["entry"], {"place", "prize"}
    if code in places:
        gone |= {"order", "rung", "asked", "panel", "no_place"}
    found = [each for each in steps if each["step"] not in gone]
    if code in places:
        found.append({"step": "amended_place", "place": line["place"]})
    if line["place"] is not None:
        found.append({"step": "place", "place": line["place"], "shared": line["shared"]})
    if code in prizes:
        found.append({"step": "amended_prize", "prize": prizes[code]})
    elif line["prize"]:
        found.append({"step": "prize", "prize": line["prize"]})
    return found


def counted_in_whole(whole: Json, contests: list[Json], streams: Json) -> dict[str, int]:
    """By contest, which of its amendments there were when the delegations were signed or last amended; before that all."""
    kinds = ("delegations.signed", "standings.amended")
    until = [line["at"] for line in streams[whole["stream"]].get("lines", []) if line["kind"] in kinds]
    found = {}
    for each in contests:
        lines = streams[each["streams"][1]].get("lines", []) if each["shows"] != "nothing" else []
        own = [line for line in lines if line["kind"] == "standings.amended"]
        found[each["code"]] = len([line for line in own if not until or line["at"] <= until[-1]])
    return found


# ------------------------------------------------------------------------------------------------ delegations


def delegations(told: Json, contests: list[Json], counted: dict[str, int]) -> list[Json]:
    """The places of the delegations from the standings of the contests, after as many amendments as were `counted`."""
    rule = {key: value for key, value in told["rule"].items() if value is not None}
    codes = [each["code"] for each in told["delegations"]]
    those = [each for each in contests if each["code"] in told["contests"]]
    results = [line for each in those for line in _results_of(each, counted[each["code"]], rule["sum"])]
    sums, reasons = _counted(rule, those, results, codes)
    won = {code: [sum(_won(each, code, name) for each in results) for name in rule.get("medals", [])] for code in codes}
    for each in told.get("points", []):
        if rule["sum"] != "medals":
            sums[each["delegation"]][""] = sums[each["delegation"]].get("", Fraction(0)) + each["points"]
            reasons[each["delegation"]].append(_points_said(each))
    for code in codes if rule.get("medals") else ():
        reasons[code].append(_medals_said(rule["medals"], won[code]))
    totals = {code: 0 if rule["sum"] == "medals" else nearest(sum(sums[code].values(), Fraction(0))) for code in codes}
    ladder = _whole_ladder(rule, {each["code"]: each["rules"]["name"] for each in those}, results, sums, won)
    value: dict[str, Any] = {code: won[code] if rule["sum"] == "medals" else totals[code] for code in codes}
    lines: list[Json] = []
    for level in sorted({canonical(each): each for each in value.values()}.values(), reverse=True):
        group = sorted(code for code in codes if value[code] == level)
        for members, said, _open in part(group, ladder, told["decisions"], {code: [] for code in codes}):
            place, shared = len(lines) + 1, len(members) > 1
            for code in members:
                by_contest = {name: nearest(each) for name, each in sorted(sums[code].items()) if name}
                lines.append({"entry": code, "place": place, "shared": shared, "points": totals[code]})
                if rule["sum"] != "medals":
                    lines[-1]["value"] = totals[code]  # what a prize of a level asks for
                lines[-1] |= {"by_contest": by_contest, "reasons": [*reasons[code], *said]}
    prizes = award(lines, rule["prizes"], told["decisions"])
    prizes = {**prizes, **told.get("given", {})}
    return [
        {"delegation": code, **{key: told for key, told in each.items() if key not in ("entry", "value")}}
        | {"prize": prizes.get(code)}
        for each in lines
        for code in [each["entry"]]
    ]


def _results_of(contest: Json, after: int, how: str) -> list[Json]:
    """What each entry of a contest brings before anything is scaled or left out."""
    entries = {each["code"]: each for each in contest["entries"]}
    return [
        {
            "contest": contest["code"],
            "entry": line["entry"],
            "whose": entries[line["entry"]]["delegation"],
            "members": entries[line["entry"]]["members"],
            "state": line["state"],
            "place": line["place"],
            "prize": line["prize"],
            "points": Fraction(0 if how == "medals" else _brought(contest["rules"], line, how)),
        }
        for line in (contest["amendments"][after - 1]["standings"] if after else contest["standings"])
    ]


def _won(result: Json, code: str, name: str) -> bool:
    return bool(result["whose"] == code and result["prize"] == name)


def _medals_said(names: list[str], won: list[int]) -> Json:
    said: Json | None = None
    for name, n in zip(names, won, strict=True):
        one = sentence("%(n)s %(prize)s", n=n, prize=name) | {"code": "prizes_of_one_name"}
        said = one if said is None else sentence("%(one)s, %(two)s", one=said, two=one)
    return sentence("Giải được đếm: %(counts)s.", counts=said)


def _points_said(given: Json) -> Json:
    words = "Cộng" if given["points"] > 0 else "Trừ"
    day = ".".join(str(int(each)) for each in reversed(given.get("day", "1-1-1").split("-"))).replace(".", "/")
    return sentence(
        words + " %(points)s điểm: %(reason)s (văn bản số %(document)s ngày %(day)s).",
        points=points(abs(given["points"])), reason=given.get("reason", ""), document=given.get("document", ""), day=day,
    )  # fmt: skip


_STATED = {"dns": ("missing", "không dự thi"), "dnf": ("withdrawn", "bỏ cuộc"), "dsq": ("disqualified", "bị loại")}


def _counted(
    rule: Json, contests: list[Json], results: list[Json], codes: list[str]
) -> tuple[dict[str, dict[str, Fraction]], dict[str, list[Json]]]:
    """What counts of each contest, by delegation; and what is said of results that are stated, scaled or left out."""
    sums: dict[str, dict[str, Fraction]] = {code: {} for code in codes}
    reasons: dict[str, list[Json]] = {code: [] for code in codes}
    counts: dict[str, list[Json]] = {code: [] for code in codes}
    for contest in contests:
        own = [dict(each) for each in results if each["contest"] == contest["code"]]
        _scale(rule, contest, own)
        last = min((each["points"] for each in own if each["place"] is not None), default=Fraction(0))
        for code in codes:
            mine = [each for each in own if each["whose"] == code]
            counts[code] += _of_one(rule, contest, mine, last, reasons[code])
            if mine:
                sums[code].setdefault(contest["code"], Fraction(0))
    names = [each["code"] for each in contests]
    titles = {each["code"]: each["rules"]["name"] for each in contests}
    for code in codes:
        kept = counts[code]
        if "best" in rule:
            kept.sort(key=lambda each: (-each["points"], names.index(each["contest"]), each["entry"]))
            for each in kept[rule["best"] :]:
                words = "%(contest)s: không tính %(points)s điểm, chỉ tính %(best)s kết quả cao nhất của đoàn."
                reasons[code].append(_of_whole(words, titles[each["contest"]], each["points"], best=rule["best"]))
            kept = kept[: rule["best"]]
        for each in kept:
            sums[code][each["contest"]] = sums[code].get(each["contest"], Fraction(0)) + each["points"]
    return sums, reasons


def _of_whole(words: str, contest: str, exact: Fraction, **values: Any) -> Json:
    return sentence(words, contest=contest, points=points(nearest(exact)), **values)


def _scale(rule: Json, contest: Json, own: list[Json]) -> None:
    if "scaled_to" not in rule:
        return
    placed = [each["points"] for each in own if each["place"] is not None]
    most = max(placed, default=Fraction(0)) if rule["scaled_by"] == "reached" else _highest(contest["rules"])
    for each in own:
        each["points"] = each["points"] * milli(rule["scaled_to"]) / most if most > 0 else Fraction(0)


def _highest(rules: Json) -> Fraction:
    """The most points that the rules of a contest allow."""
    if any(map(milli, rules.get("place_points", []))):
        return Fraction(max(map(milli, rules["place_points"])))
    if rules.get("points_scale"):
        return Fraction(max(milli(each["points"]) for each in rules["points_scale"]))
    if "questions" in rules:
        return Fraction(1000 * sum(each["points"] * each.get("count", 1) for each in rules["questions"]))
    if "points_per_answer" in rules:
        return Fraction(rules["best_possible"] * milli(rules["points_per_answer"]))
    return Fraction(sum(milli(each["max"]) * milli(each.get("weight", 1)) // 1000 for each in rules["criteria"]))


def _of_one(rule: Json, contest: Json, mine: list[Json], last: Fraction, said: list[Json]) -> list[Json]:
    """The results of one delegation in one contest that count, highest first."""
    title = contest["rules"]["name"]
    for each in sorted(mine, key=lambda one: one["entry"]):
        key, words = _STATED.get(each["state"], ("", ""))
        if key in rule:
            each["points"] = last if rule[key] == "last" else Fraction(milli(rule[key]))
            said.append(_of_whole(f"%(contest)s: một lượt {words}, tính %(points)s điểm.", title, each["points"]))
    found = sorted(mine, key=lambda each: (-each["points"], each["entry"]))
    if not found and "missing" in rule:
        worth = last if rule["missing"] == "last" else Fraction(milli(rule["missing"]))
        said.append(_of_whole("%(contest)s: không có lượt dự thi, tính %(points)s điểm.", title, worth))
        return [{"contest": contest["code"], "entry": "", "points": worth}]
    placed = [each["points"] for each in found if each["place"] is not None]
    if "scaled_to" in rule and placed:
        words = "%(contest)s: quy về thang %(scale)s điểm, được %(points)s điểm."
        said.append(_of_whole(words, title, sum(placed, Fraction(0)), scale=points(milli(rule["scaled_to"]))))
    most = 1 if rule.get("credit") == "best" else rule.get("best_of_contest", len(found))
    for each in found[most:]:
        words = "%(contest)s: không tính %(points)s điểm, chỉ tính %(best)s kết quả cao nhất của phần thi."
        said.append(_of_whole(words, title, each["points"], best=most))
    found = found[:most]
    if rule.get("credit") == "mean" and len(found) > 1:
        mean = sum((each["points"] for each in found), Fraction(0)) / len(found)
        said.append(_of_whole("%(contest)s: trung bình của %(n)s lượt là %(points)s điểm.", title, mean, n=len(found)))
        found = [found[0] | {"points": mean}]
    return found


def _whole_ladder(
    rule: Json, names: Json, results: list[Json], sums: dict[str, dict[str, Fraction]], won: dict[str, list[int]]
) -> list[Json]:
    """The rungs by which equal delegations are parted."""
    ladder: list[Json] = []
    for tie in rule["ties"]:
        if tie["by"] == "contest" and rule["sum"] == "medals":
            best: dict[str, Any] = dict.fromkeys(sums)
            for each in results:
                if each["contest"] == tie["contest"] and each["place"] is not None:
                    best[each["whose"]] = min(each["place"], best[each["whose"]] or each["place"])
            none = sentence("không có hạng ở phần thi này")
            name = names.get(tie["contest"], tie["contest"])
            ladder.append(_rung(name, best, more=False, shown="count", absent=none))
        elif tie["by"] == "contest":
            facts = {code: each.get(tie["contest"]) for code, each in sums.items()}
            none = sentence("không dự phần thi này")
            ladder.append(_rung(names.get(tie["contest"], tie["contest"]), facts, absent=none))
        elif tie["by"] == "first_places":
            firsts = {code: sum(r["whose"] == code and r["place"] == 1 for r in results) for code in sums}
            ladder.append(_rung(sentence("số giải Nhất"), firsts, shown="count"))
        elif tie["by"] == "members":
            people = {code: sum(r["members"] for r in results if r["whose"] == code) for code in sums}
            ladder.append(_rung(sentence("số thành viên tham gia"), people, shown="count"))
        elif tie["by"] == "medals":
            for at, name in enumerate(rule["medals"]):
                counts = {code: each[at] for code, each in won.items()}
                ladder.append(_rung(sentence("số giải «%(name)s»", name=name), counts, shown="count"))
        elif tie["by"] == "draw":
            ladder.append(_draw("delegations"))
    return ladder


def _answered(rules: Json, answers: str) -> int:
    """What answers (r right, w wrong, p passed) to the questions of the rules come to; never less than nothing."""
    asked = [each for each in rules.get("questions", []) for _ in range(each.get("count", 1))]
    worth = [{"r": each["points"], "w": -each.get("minus", 0), "p": 0} for each in asked]
    if len(answers) != len(asked) or not set(answers) <= set("rwp"):
        raise Disagrees(f"«{answers}» không trả lời {len(asked)} câu hỏi của thể lệ")
    return max(0, sum(int(worth[at][said]) for at, said in enumerate(answers)))


def _brought(rules: Json, line: Json, how: str) -> int:
    """What a result brings to the sum, by the conversion that the rules state."""
    table = rules.get("place_points", [])
    if how == "place_points" or any(map(milli, table)):
        place = line["place"]
        return milli(table[place - 1]) if place is not None and place <= len(table) else 0
    if line["value"] is None:
        return 0
    value: Any = line["value"]
    if rules.get("points_scale"):
        less = rules.get("better") == "less"
        if rules.get("attempts_count") == "mean":
            value = Fraction(value, rules["attempts"])
        value *= 1 if rules["kind"] == "time" else 1000
        for step in rules["points_scale"]:
            if value <= milli(step["reach"]) if less else value >= milli(step["reach"]):
                return milli(step["points"])
        return 0
    if "questions" in rules:
        return int(value * 1000)
    if "points_per_answer" in rules:
        return int(value * milli(rules["points_per_answer"]))
    return int(value) if rules["kind"] == "rubric" and rules["scoring"]["rule"] != "rank_sum" else 0


# ------------------------------------------------------------------------------------------------ the ledger


def chain(stream: Json, heads: list[tuple[int, str]]) -> None:
    """Every line follows from the one before; the end is what the file and whoever kept a head say it is."""
    name, previous, hashes = stream["stream"], "0" * 64, {0: "0" * 64}
    if "lines" not in stream:
        hashes[stream["size"]] = stream["hash"]
    for at, line in enumerate(stream.get("lines", []), start=1):
        where = f"sổ {name}, dòng {at}"
        if line["seq"] != at:
            raise Disagrees(f"{where}: thiếu dòng, thấy số {line['seq']}")
        if line["previous"] != previous:
            raise Disagrees(f"{where}: không nối với dòng trước")
        _line_holds(name, line, where)
        previous = hashes[at] = line["hash"]
    if "lines" in stream and (stream["size"], stream["hash"]) != (len(stream["lines"]), previous):
        raise Disagrees(f"sổ {name}: đầu sổ ghi {stream['size']} dòng, sổ có {len(stream['lines'])}")
    for size, kept in heads:
        if size > stream["size"]:
            raise Disagrees(f"sổ {name} bị cắt: đầu sổ giữ bên ngoài có {size} dòng, sổ có {stream['size']}")
        if size not in hashes:
            raise Disagrees(f"sổ {name}: tệp chỉ có đầu sổ ở dòng {stream['size']}, không có dòng {size} để đối chiếu")
        if not hashes[size].startswith(kept):
            raise Disagrees(f"sổ {name}: khác với đầu sổ giữ bên ngoài ở dòng {size}")


def _line_holds(name: str, line: Json, where: str) -> None:
    named = {key: line[key] for key in ("at", "kind", "payload", "previous", "seq", "subject")} | {"stream": name}
    if hashlib.sha256(canonical(named)).hexdigest() != line["hash"]:
        raise Disagrees(f"{where}: nội dung dòng đã bị đổi")
    if "content" in line:
        told = bytes.fromhex(line["salt"]) + line["content"].encode()
        if hashlib.sha256(told).hexdigest() != line["payload"]:
            raise Disagrees(f"{where}: chi tiết của dòng đã bị đổi")


# ("sheet", judge, entry), ("try", entry, n), ("overtime", entry), ("deductions", entry), ("order",)
Said = dict[tuple[Any, ...], Any]


def _said(contest: Json, lines: list[Json]) -> Said:
    """What the lines last said; None where what a line spoke of is not in this file."""
    said: Said = {}
    off: dict[Any, Json] = {}
    for line in lines:
        about, kind = line["subject"], line["kind"]
        content = json.loads(line["content"]) if "content" in line else None
        if kind in ("sheet.sent", "sheet.paper", "sheet.abstained", "sheet.resolved"):
            told = content and {"state": content["state"], "marks": content["marks"], "total": content["total"]}
            said["sheet", about["judge"], about["entry"]] = told
        elif kind == "measure.noted":
            said["try", about["entry"], about["round"]] = content and {
                "state": content["state"],
                "value": content["value"],
            } | ({"answers": content["answers"]} if "answers" in content else {})
        elif kind == "measure.dropped":
            said.pop(("try", about["entry"], about["round"]), None)
        elif kind == "deduction.given":
            off.setdefault(about["entry"], {})[about["number"]] = content and content["points"]
        elif kind == "deduction.taken_back":
            off.get(about["entry"], {}).pop(about["number"], None)
        elif kind == "overtime.noted":
            said["overtime", about["entry"]] = content and content["seconds"]
        elif kind in ("order.noted", "order.dropped") and about.get("contest_id") == contest["id"]:
            if kind == "order.noted":
                said["order",] = content and content["places"]
            else:
                said.pop(("order",), None)
    for entry, given in off.items():
        standing = [given[number] for number in sorted(given)]
        said["deductions", entry] = None if None in standing else standing
    return said


def _found(contest: Json) -> Said:
    """The same of what the file holds of the contest."""
    found: Said = {}
    for entry in contest["entries"]:
        for sheet in entry["sheets"]:
            if sheet.get("given"):
                told = {"state": sheet["state"], "marks": sheet["marks"], "total": sheet["total"]}
                found["sheet", sheet["seat"], entry["id"]] = told | {"by": sheet.get("by", sheet["seat"])}
        for each in entry["results"]:
            told = {"state": each["state"], "value": each["value"]}
            found["try", entry["id"], each["n"]] = told | ({"answers": each["answers"]} if "answers" in each else {})
        if entry.get("deductions"):
            found["deductions", entry["id"]] = [each["points"] for each in entry["deductions"]]
        if entry["overtime_s"]:
            found["overtime", entry["id"]] = entry["overtime_s"]
    if contest.get("order") is not None:
        ids = {each["code"]: each["id"] for each in contest["entries"]}
        found["order",] = [[ids[code] for code in group] for group in contest["order"]]
    return found


def _of_seats(contest: Json, said: Said) -> Said:
    """Of the sheets that those gave who sat in a seat: the one that counts, by the rule of the contest.

    None where a sheet that could be it spoke of what is not in this file.
    """
    found = {key: told for key, told in said.items() if key[0] != "sheet"}
    late = contest["rules"].get("marked_by_both", "first") == "substitute"
    for seat in contest["seats"]:
        chain = seat.get("sat", [seat["seat"]])
        for entry in {key[2] for key in said if key[0] == "sheet" and key[1] in chain}:
            given = {judge: said["sheet", judge, entry] for judge in chain if ("sheet", judge, entry) in said}
            marked = [judge for judge, told in given.items() if told and told["state"] == "marked"]
            if None in given.values():
                found["sheet", seat["seat"], entry] = None
                continue
            there = [judge for judge in chain if judge in given]
            silent = seat["seat"] if seat["seat"] in given else there[-1]
            by = marked[-1 if late else 0] if marked else silent
            found["sheet", seat["seat"], entry] = given[by] | {"by": by}
    return found


def against_judging(contest: Json, lines: list[Json]) -> None:
    """Are marks, counts, times, overtimes and the final order those that the ledger's lines last said?"""
    codes = {each["id"]: each["code"] for each in contest["entries"]} | {None: "thứ hạng chung cuộc"}
    said, found = _of_seats(contest, _said(contest, lines)), _found(contest)
    if any(line["kind"].startswith("match.") for line in lines):
        found.pop(("order",), None)  # the order follows from matches, line by line, and is typed by nobody

    def entry_of(key: tuple[Any, ...]) -> Any:
        return {"sheet": key[-1], "order": None}.get(key[0], key[1] if len(key) > 1 else None)

    mine = {key for key in said if entry_of(key) in codes}
    for key in sorted(mine | set(found), key=str):
        nothing = {"overtime": 0, "deductions": []}.get(key[0])
        if key in said and said[key] is None:
            continue
        if said.get(key, nothing) != found.get(key, nothing):
            raise Disagrees(f"{contest['code']}, tiết mục {codes[entry_of(key)]}: điểm hoặc kết quả khác với sổ")


BARE = ("entry", "state", "place", "value")
DECIDED = ("jury.tie", "jury.prize", "jury.vacant", "jury.out", "jury.draw", "jury.marking")
CUT = ("cut.taken", "cut.renewed")


def _decision(line: Json, content: Json) -> Json:
    told = {"id": line["subject"]["decision"], "kind": line["kind"].removeprefix("jury.")}
    return told | {key: content[key] for key in ("content", "reason", "names") if content}


def same_decisions(where: str, told: list[Json], decided: list[Json]) -> None:
    """Those of the file and those of the ledger, one by one; of a line without what it spoke of only that it is there."""
    for at in range(max(len(decided), len(told))):
        mine = told[at] if at < len(told) else {}
        said = decided[at] if at < len(decided) else {"id": None}
        if any(mine.get(key) != value for key, value in said.items()):
            raise Disagrees(f"{where}: quyết định thứ {at + 1} của ban giám khảo khác với sổ")


WHOLE_LINE = ("delegation", "place", "shared", "points", "by_contest", "prize")


def against_whole(whole: Json, lines: list[Json]) -> None:
    """Are the decisions about delegations, and the lines that were signed, those of the ledger?"""
    contents = [json.loads(line["content"]) if "content" in line else {} for line in lines]
    decided = [_decision(line, told) for line, told in zip(lines, contents, strict=True) if line["kind"] in DECIDED]
    same_decisions("toàn đoàn", whole["decisions"], decided)
    kinds = ("delegations.signed", "standings.amended")
    _points_held(whole, lines, contents, kinds)
    signed = [told for line, told in zip(lines, contents, strict=True) if line["kind"] in kinds and told]
    if signed:
        bare = [{key: each[key] for key in WHOLE_LINE} for each in signed[-1]["standings"]]
        compare("toàn đoàn (theo sổ), đoàn", bare, whole["lines"], "delegation")


def _points_held(whole: Json, lines: list[Json], contents: list[Json], signing: tuple[str, ...]) -> None:
    """Points given to delegations are those that stood in the ledger when the table was signed or last amended."""
    last = max((at for at, line in enumerate(lines) if line["kind"] in signing), default=len(lines))
    held: dict[int, Json] = {}
    for line, told in zip(lines[:last], contents[:last], strict=True):
        if line["kind"] == "points.given":
            held[line["subject"]["points"]] = told
        elif line["kind"] == "points.taken_back":
            held.pop(line["subject"]["points"], None)
    told_of = {each["n"]: each for each in whole.get("points", [])}
    if set(held) != set(told_of):
        raise Disagrees("toàn đoàn: điểm cộng, trừ của các đoàn khác với sổ")
    for number, told in held.items():
        mine = told_of[number]
        if told and (told["delegation"], told["points_milli"]) != (mine["delegation"], mine["points"]):
            raise Disagrees(f"toàn đoàn: điểm cộng, trừ số {number} khác với sổ")


def against_results(contest: Json, lines: list[Json]) -> None:
    """Are the standings, the decisions and the awards those that the ledger's lines last said?"""
    decided: list[Json] = []
    standings, awards, later = None, None, list[tuple[int, Any]]()
    specials: dict[str, int] | None = {}  # by prize the entry; None: a line that said so is erased
    for line in lines:
        if line["subject"].get("contest_id") != contest["id"]:
            continue
        content = json.loads(line["content"]) if "content" in line else {}
        digest = content.get("standings_hash", line["subject"].get("standings_hash"))
        if line["kind"] == "standings.amended":
            later.append((line["subject"]["amendment"], digest))
        else:
            standings = digest or standings
        if line["kind"] in DECIDED:
            decided.append(_decision(line, content))
        specials = _specials(specials, line, content)
        if line["kind"] in ("contest.signed", "standings.amended") and "awards" in content:
            awards = {(each["entry_id"], each["prize"]) for each in content["awards"] if not each.get("special")}
    if standings is not None and standings != bare_hash(contest["standings"]):
        raise Disagrees(f"{contest['code']}: bảng xếp hạng khác với sổ")
    if lines:
        same_decisions(contest["code"], contest["decisions"], decided)
        told = [(each["n"], bare_hash(each["standings"])) for each in contest.get("amendments", [])]
        other = any(digest not in (None, mine) for (_n, digest), (_m, mine) in zip(later, told, strict=False))
        if [n for n, _digest in later] != [n for n, _mine in told] or other:
            raise Disagrees(f"{contest['code']}: biên bản đính chính khác với sổ")
    ids = {each["code"]: each["id"] for each in contest["entries"]}
    given = {(ids[each["entry"]], each["prize"]) for each in contest["awards"] if not each["special"]}
    if awards is not None and awards != given:
        raise Disagrees(f"{contest['code']}: giải đã ký khác với sổ")
    if lines and specials is not None:
        shown = sorted((each["prize"], ids.get(each["entry"], 0)) for each in contest["awards"] if each["special"])
        if sorted(specials.items()) != shown:
            raise Disagrees(f"{contest['code']}: giải chuyên đề khác với sổ")


def _specials(before: dict[str, int] | None, line: Json, content: Json) -> dict[str, int] | None:
    """Who has which special prize after this line."""
    kind = line["kind"]
    if kind == "standings.amended":
        if "awards" not in content:
            return None
        return {each["prize"]: each["entry_id"] for each in content["awards"] if each.get("special")}
    if kind not in ("jury.special", "jury.special_taken_back") or before is None:
        return before
    if "prize" not in content:
        return None
    kept = {prize: entry for prize, entry in before.items() if prize != content["prize"]}
    return kept | ({content["prize"]: line["subject"]["entry"]} if kind == "jury.special" else {})


def against_the_round_before(contest: Json, others: list[Json], lines: list[Json]) -> None:
    """Are the points that entries carry those that the ledger's last list said, and that the round before gave them?"""
    brought = {each["code"]: each["carried"] for each in contest["entries"] if "carried" in each}
    told = [json.loads(line["content"]) for line in lines if line["kind"] in CUT and "content" in line]
    kept = {each["entry"]: each["value"] for each in told[-1]["lines"]} if told else {}
    if told and any(kept.get(code) != each["points"] for code, each in brought.items()):
        raise Disagrees(f"{contest['code']}: điểm mang từ vòng trước sang khác với sổ")
    code = contest["rules"].get("after", {}).get("contest")
    before = next((each for each in others if each["code"] == code and "standings" in each), None)
    if before is None:
        return
    # an amendment that came when the final had marks already moves nothing there: any table of the round before will do
    tables = [before["standings"], *(each["standings"] for each in before.get("amendments", []))]
    for own, each in brought.items():
        given = {line["value"] for table in tables for line in table if line["entry"] == each["from"]}
        if each["points"] not in given:
            raise Disagrees(f"{contest['code']}, tiết mục {own}: điểm mang sang khác với kết quả của vòng trước")


def against_amendments(contest: Json) -> int:
    """Does each amendment's table follow from what it corrected? How many places that were."""
    for each in contest.get("amendments", []):
        where = f"phần thi {contest['code']}, đính chính {each['n']}"
        if contest["shows"] == "marks":
            compare(f"{where}, tiết mục", each["standings"], amended(contest, each)[0], "entry")
        if bare_hash(each["standings"]) != each["standings_hash"]:
            raise Disagrees(f"{where}: mã bảng xếp hạng khác với bảng")
    return sum(len(each["standings"]) for each in contest.get("amendments", []))


def against_components(contest: Json, contests: list[Json], streams: Json) -> None:
    """Does a sum hold what its components said when it was locked, and its amendments what they said then?"""
    if contest["rules"]["kind"] != "sum":
        return
    lines = streams[contest["streams"][1]].get("lines", [])
    own = [line for line in lines if line["subject"].get("contest_id") == contest["id"]]
    locked = [line["at"] for line in own if line["kind"] == "contest.locked"]
    later = {line["subject"]["amendment"]: line["at"] for line in own if line["kind"] == "standings.amended"}
    if locked:
        _components_at(
            contest, {each["code"]: each["parts"] for each in contest["entries"]}, contests, streams, locked[-1]
        )
    for each in contest.get("amendments", []):
        if each["n"] in later and each["takes_back"] is None:
            _components_at(contest, each["corrections"].get("parts", {}), contests, streams, later[each["n"]])


def _components_at(contest: Json, parts: Json, contests: list[Json], streams: Json, at: int) -> None:
    by_code = {each["code"]: each for each in contests if each["shows"] in ("marks", "standings")}
    for code, own in parts.items():
        for part_ in own:
            if (component := by_code.get(part_["contest"])) is None:
                continue
            lines = streams[component["streams"][1]].get("lines", [])
            after = len([each for each in lines if each["kind"] == "standings.amended" and each["at"] <= at])
            table = component["amendments"][after - 1]["standings"] if after else component["standings"]
            mine = [line for line in table if line["entry"] in part_["entries"]]
            rules, by = component["rules"], contest["rules"]["sum"]
            rules = rules if by == "place_points" else {**rules, "place_points": []}
            brought = sum(_brought(rules, line, by) for line in mine if line["place"] is not None)
            places = sorted(line["place"] for line in mine if line["place"] is not None)
            if len(mine) != len(part_["entries"]) or (brought, places) != (part_["points"], part_["places"]):
                raise Disagrees(f"{contest['code']}, tiết mục {code}: điểm từ {part_['contest']} khác với phần thi ấy")


def bare_hash(lines: list[Json]) -> str:
    """What the lock, the minutes and this recount must agree on."""
    return hashlib.sha256(canonical({"standings": [{key: each[key] for key in BARE} for each in lines]})).hexdigest()


# ------------------------------------------------------------------------------------------------ what was published before


def exact(value: Any) -> Any:
    """Rules as they are hashed: a number with a fraction counts as its decimal text."""
    if isinstance(value, dict):
        return {key: exact(each) for key, each in value.items()}
    if isinstance(value, list):
        return [exact(each) for each in value]
    if isinstance(value, Decimal):
        return int(value) if value == int(value) else format(value.normalize(), "f")
    return value


def sha(value: Any, salt: str = "") -> str:
    return hashlib.sha256(bytes.fromhex(salt) + canonical(value)).hexdigest()


def published(told: Json, papers: list[Json]) -> str:
    """Whether the export is what the published lines said it would be; of several copies each goes on where an earlier ended."""
    copies = sorted(([each["festival"]["code"], each["lines"]] for each in papers), key=lambda each: len(each[1]))
    for (_code, shorter), (_other, longer) in pairwise(copies):
        if longer[: len(shorter)] != shorter:
            raise Disagrees("một dòng đã công bố bị đổi giữa hai bản của trang công bố")
    code, lines = copies[-1]
    if code != told["festival"]["code"]:
        raise Disagrees("trang công bố là của ngày hội khác")
    if [each["n"] for each in lines] != list(range(1, len(lines) + 1)):
        raise Disagrees("trang công bố thiếu hoặc thừa dòng")
    streams = {each["stream"]: each for each in told["ledger"]}
    heads, unseen = _published_heads(streams, lines)
    rules = {each["contest"]: each for each in lines if each["what"] == "rules"}
    results, gone = _results(lines)
    shown = [each for each in told["contests"] if each["shows"] != "nothing"]
    for contest in told["contests"]:
        _published_contest(contest, rules, results, gone, public=told.get("holds") == "public")
    whole = told.get("whole") or {}
    if "" in rules and "rule" in whole and sha(exact(whole["rule"])) != rules[""]["rules"]:
        raise Disagrees("toàn đoàn: thể lệ khác với mã đã công bố")
    if whole and "" in results:
        _still_out("toàn đoàn", True, results[""], gone.get("") if told.get("holds") == "public" else None)
        _published_whole(whole, results[""], gone.get(""))
    late = [each["code"] for each in shown if rules.get(each["code"], {}).get("late")]
    never = [each["code"] for each in shown if each["code"] not in rules]
    said = f"{len(lines)} dòng công bố: thể lệ {len(shown) - len(never)} phần thi, {len(results) - len(gone)} kết quả, {heads} đầu sổ đúng"
    said += f", {len(gone)} kết quả đã thu lại" if gone else ""
    said += f", {unseen} đầu sổ không có dòng để đối chiếu" if unseen else ""
    said += f"; CÔNG BỐ SAU ĐIỂM ĐẦU TIÊN: {', '.join(late)}" if late else ""
    return said + (f"; KHÔNG CÔNG BỐ THỂ LỆ: {', '.join(never)}" if never else "") + "."


def _published_heads(streams: Json, lines: list[Json]) -> tuple[int, int]:
    """How many published heads agree, and of how many the export has no line to hold them against."""
    held = unseen = 0
    for line in lines:
        for name, size, kept in line.get("heads", []):
            stream = streams.get(name)
            if stream is None or ("lines" not in stream and size < stream["size"]):
                unseen += 1
                continue
            hashes = {at["seq"]: at["hash"] for at in stream.get("lines", [])} | {
                0: "0" * 64,
                stream["size"]: stream["hash"],
            }
            if hashes.get(size) != kept:
                raise Disagrees(f"sổ {name}: khác với đầu sổ đã công bố ở dòng {size} (dòng công bố số {line['n']})")
            held += 1
    return held, unseen


def _published_rules(contest: Json, line: Json | None) -> None:
    if line is None:
        return
    where = f"phần thi {contest['code']}"
    if "rules" in contest and sha(exact(contest["rules"])) != line["rules"]:
        raise Disagrees(f"{where}: thể lệ khác với mã đã công bố (dòng công bố số {line['n']})")
    if line["inputs"] is None:
        return
    opened = contest["inputs"]
    if sha({key: opened[key] for key in ("entries", "seats")}, opened["salt"]) != line["inputs"]:
        raise Disagrees(f"{where}: dữ liệu đầu vào khác với mã đã công bố (dòng công bố số {line['n']})")
    if "entries" in contest:
        before = dict(opened["entries"])
        now = {each["code"]: each["number"] for each in contest["entries"]}
        other = sorted(
            each for each in {*before, *now} if each not in before or each not in now or before[each] != now[each]
        )
        if other:
            raise Disagrees(f"{where}: danh sách dự thi khác với điều đã công bố ở {', '.join(other)}")
    if "seats" in contest and sorted(each["letter"] for each in contest["seats"]) != [
        each[0] for each in opened["seats"]
    ]:
        raise Disagrees(f"{where}: ban giám khảo khác với điều đã công bố")


def _results(lines: list[Json]) -> tuple[dict[str, list[Json]], Json]:
    """By contest its lines, and the line that took its result back, while it is not public again."""
    found: dict[str, list[Json]] = {}
    gone: Json = {}
    for line in lines:
        own = found.setdefault(line["contest"], []) if line["what"] in ("result", "taken_back") else []
        if line["what"] == "result":
            own.append(line)
            gone.pop(line["contest"], None)
        elif line["what"] == "taken_back":
            if not own or line["contest"] in gone or own[-1]["n"] != line["line"]:
                raise Disagrees(f"dòng công bố số {line['n']}: thu lại một kết quả chưa công bố")
            gone[line["contest"]] = line
    return found, gone


def _published_contest(contest: Json, rules: Json, results: Json, gone: Json, *, public: bool) -> None:
    code, shown = contest["code"], contest["shows"] != "nothing"
    own = results.get(code, [])
    if shown:
        _published_rules(contest, rules.get(code))
    if public:
        _still_out(f"phần thi {code}", shown, own, gone.get(code))
    if shown and own:
        _published_result(contest, own, gone.get(code))


def _still_out(where: str, shown: bool, lines: list[Json], gone: Json | None) -> None:
    """What everybody may read is there while it was published and not taken back, and only then."""
    if gone and shown:
        raise Disagrees(f"{where}: đã thu lại (dòng công bố số {gone['n']}) mà tệp vẫn có kết quả")
    if lines and not gone and not shown:
        raise Disagrees(f"{where}: đã công bố (dòng công bố số {lines[-1]['n']}) mà tệp không có kết quả")


def _published_whole(whole: Json, lines: list[Json], gone: Json | None) -> None:
    """The prizes of the delegations, and their table where it is told, are those of the last line."""
    for before, after in pairwise(lines):
        if after["standings"][: len(before["standings"])] != before["standings"]:
            raise Disagrees(f"toàn đoàn: bảng khác với mã đã công bố (dòng công bố số {before['n']})")
    if gone:
        return  # it may have been amended since
    last = lines[-1]
    if sha({"awards": whole["awards"]}) != last["awards"]:
        raise Disagrees(f"toàn đoàn: giải khác với mã đã công bố (dòng công bố số {last['n']})")
    if "lines" in whole and last["standings"]:
        bare = [{key: each[key] for key in WHOLE_LINE} for each in whole["lines"]]
        if sha({"lines": bare}) != last["standings"][-1]:
            raise Disagrees(f"toàn đoàn: bảng khác với mã đã công bố (dòng công bố số {last['n']})")


def _published_result(contest: Json, lines: list[Json], gone: Json | None) -> None:
    """Each publication of the result says the places as they were then; the last one is what the export says now."""
    where = f"phần thi {contest['code']}"
    if not gone and sha({"awards": contest["awards"]}) != lines[-1]["awards"]:
        raise Disagrees(f"{where}: giải khác với mã đã công bố (dòng công bố số {lines[-1]['n']})")
    if "standings_hash" not in contest:
        return
    now = [contest["standings_hash"], *(each["standings_hash"] for each in contest.get("amendments", []))]
    for line in lines:
        if now[: len(line["standings"])] != line["standings"]:
            raise Disagrees(f"{where}: bảng xếp hạng khác với mã đã công bố (dòng công bố số {line['n']})")
    if not gone and lines[-1]["standings"] != now:
        raise Disagrees(f"{where}: có đính chính chưa được công bố")


# ------------------------------------------------------------------------------------------------ the whole file


def compare(where: str, told: list[Json], found: list[Json], key: str) -> None:
    """Byte for byte, naming the first line that is another."""
    keys = set(told[0]) if told else set()
    for at in range(max(len(told), len(found))):
        mine = {name: value for name, value in found[at].items() if name in keys} if at < len(found) else None
        theirs = told[at] if at < len(told) else None
        if mine is None or theirs is None or canonical(mine) != canonical(theirs):
            which = (theirs or mine or {}).get(key, at + 1)
            raise Disagrees(f"{where}, {which}: kết quả ghi trong tệp khác với kết quả tính lại")


def read(text: str, wanted: str = FORMAT) -> Json:
    """A file as plain values; numbers of the rules stay exact."""
    try:
        told = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError) as error:
        raise Unreadable(f"không phải JSON: {error}") from None
    if not isinstance(told, dict) or told.get("format") != wanted:
        raise Unreadable(f"không phải tệp «{wanted}»")
    return told


def check(told: Json, heads: list[tuple[str, int, str]]) -> str:
    """What agrees, in one line; Disagrees where something does not."""
    streams = {each["stream"]: each for each in told["ledger"]}
    for name, _size, _hash in heads:
        if name not in streams:
            raise Disagrees(f"tệp không có sổ {name}")
    for name, stream in streams.items():
        chain(stream, [(size, kept) for whose, size, kept in heads if whose == name])
    places = recomputed = 0
    for each in told["contests"]:
        if each["shows"] not in ("marks", "standings"):
            continue
        later = against_amendments(each)
        places += len(each["standings"]) + later
        if each["shows"] == "marks":
            compare(f"phần thi {each['code']}, tiết mục", each["standings"], Contest(each).standings(), "entry")
            against_judging(each, streams[each["streams"][0]].get("lines", []))
            against_components(each, told["contests"], streams)
            against_the_round_before(each, told["contests"], streams[each["streams"][1]].get("lines", []))
            recomputed += len(each["standings"]) + later
        if bare_hash(each["standings"]) != each["standings_hash"]:
            raise Disagrees(f"phần thi {each['code']}: mã bảng xếp hạng khác với bảng")
        against_results(each, streams[each["streams"][1]].get("lines", []))
    whole = told.get("whole")
    if whole and "lines" in whole:
        counted = counted_in_whole(whole, told["contests"], streams)
        compare("toàn đoàn, đoàn", whole["lines"], delegations(whole, told["contests"], counted), "delegation")
        against_whole(whole, streams[whole["stream"]].get("lines", []))
    lines = sum(each["size"] for each in streams.values())
    said = f"Khớp: {places} thứ hạng, {recomputed} tính lại từ điểm; {len(streams)} sổ, {lines} dòng, nối liền"
    return said + (f"; {len(heads)} đầu sổ đúng." if heads else ".")


def of_rehearsal(told: Json) -> bool:
    """Whether it is of a dress rehearsal: it says so, or a line of a ledger does."""
    return bool(told.get("rehearsal")) or any(
        line["kind"] == "rehearsal.begun" for stream in told["ledger"] for line in stream.get("lines", [])
    )


def head(text: str) -> tuple[str, int, str]:
    """STREAM:SIZE:HASH, where the name of a stream has a colon itself and the hash may be its first 16 digits."""
    parts = text.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdecimal() or len(parts[2]) < 16 or set(parts[2]) - set("0123456789abcdef"):
        raise argparse.ArgumentTypeError(f"«{text}» không có dạng SỔ:SỐ_DÒNG:MÃ (mã ít nhất 16 chữ số)")
    return parts[0], int(parts[1]), parts[2]


def say(line: str) -> None:
    sys.stdout.write(line + "\n")


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Tính lại và đối chiếu tệp kết quả của một ngày hội.")
    parser.add_argument("export", metavar="EXPORT")
    parser.add_argument("--head", type=head, action="append", default=[], metavar="STREAM:SIZE:HASH")
    parser.add_argument(
        "--published", action="append", default=[], metavar="FILE", help="tệp proof.json của trang công bố"
    )
    parser.add_argument("--rehearsal", action="store_true", help="tệp của buổi tổng duyệt là đúng ý muốn")
    asked = parser.parse_args(arguments)
    try:
        told = read(Path(asked.export).read_text(encoding="utf-8"))
        said = check(told, asked.head)
        if asked.published:
            papers = [read(Path(each).read_text(encoding="utf-8"), PROOF) for each in asked.published]
            said += " " + published(told, papers)
        if of_rehearsal(told) and not asked.rehearsal:
            say(f"TỔNG DUYỆT, không phải kết quả thật. {said}")
            return 3
        if asked.rehearsal and not of_rehearsal(told):
            say(f"Đây là tệp của ngày hội thật, không phải tổng duyệt. {said}")
            return 3
        say(f"TỔNG DUYỆT. {said}" if asked.rehearsal else said)
    except Disagrees as found:
        say(f"Không khớp: {found}.")
        return 1
    except (Unreadable, OSError, UnicodeDecodeError) as error:
        say(f"Không đọc được: {error}.")
        return 2
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, ArithmeticError) as error:
        say(f"Không đọc được: tệp thiếu hoặc sai ở {error!r}.")
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
