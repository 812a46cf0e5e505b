"""Is every key of a rule set obeyed or refused? Each is changed, and somebody sees another outcome or a refusal.

The paths are walked from the schema (`SHAPES`), so a key that somebody adds and nobody obeys has no case and fails. A case
names what is changed and who looks: the public, registration, the jury's table, a panel's mean, the sum of a delegation.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from festival.core.transaction import transaction
from festival.core.web.errors import Refusal
from festival.editions.rules.document import BrokenRuleset
from festival.editions.rules.shapes import SCHEMA, SHAPES
from festival.office.festival_import import import_festival, read_file
from tests.editions.looks import (
    by_a_substitute,
    by_everybody,
    by_registration,
    by_the_courts,
    by_the_cut,
    by_the_delegations,
    by_the_ground,
    by_the_heats,
    by_the_judge,
    by_the_kitchen,
    by_the_ladder,
    by_the_office,
    by_the_panel,
    by_the_petitioner,
    by_the_public,
    by_the_quiz,
    by_the_secretary,
    by_the_specials,
    by_the_sum,
    by_the_table,
    by_the_tablet,
    by_the_team,
    by_the_timetable,
    by_the_typist,
)

pytestmark = pytest.mark.either_database

# which object stands behind a key, by the object it is in; [] for a list of them
INSIDE = {
    "ruleset": {
        "sources": "source[]", "festival": "festival", "quotas": "quotas", "delegations": "delegation[]",
        "contests": "contest[]", "whole_delegation": "whole_delegation", "special_prizes": "special_prize[]",
    },
    "quotas": dict.fromkeys(("families_per_delegation", "members_per_family", "contests_per_family"), "span"),
    "contest": {
        "part": "part", "entries_per_delegation": "span", "performers": "span", "composition": "composed[]", "overtime": "overtime", "undertime": "undertime", "deductions": "deduction[]", "dishes": "dishes", "bracket": "bracket", "questions": "question[]",
        "after": "after", "criteria": "criterion[]", "scoring": "scoring", "points_scale": "scale_step[]", "of": "summed[]", "ties": "tie[]", "prizes": "prize[]",
    },
    "criterion": {"descriptors": "descriptor[]"},
    "scoring": {"drop_by_panel": "panel_step[]"},
    "whole_delegation": {"ties": "tie[]", "prizes": "prize[]"},
}  # fmt: skip


def paths(shape: str = "ruleset", at: str = "") -> Iterator[str]:
    """Every key of the schema that holds a value of its own."""
    for key in SHAPES[shape]:
        inside = INSIDE.get(shape, {}).get(key)
        if inside is None:
            yield f"{at}{key}"
        else:
            many = inside.endswith("[]")
            yield from paths(inside.removesuffix("[]"), f"{at}{key}{'[]' if many else ''}.")


SCORING = {
    "rule": "deviation_drop", "delta": 10, "strict": True, "passes": "one", "smallest_panel": 3, "below": "keep_all",
    "all_dropped": "keep_all", "round": 0.5,
}  # fmt: skip
TRIMMED = {"rule": "trimmed_mean", "drop_high": 1, "drop_low": 0}
PRIZES = [{"name": "Nhất", "count": 1}, {"name": "Khuyến khích", "count": "rest"}]
BASE: dict[str, Any] = {
    "schema": SCHEMA,
    "about": "về",
    "invented": ["điều này"],
    "sources": [{"url": "https://thu.example", "what": "quyết định", "date": "2026"}],
    "festival": {
        "code": "thu", "name": "Ngày hội thử", "short_name": "Thử", "ordinal": "I", "theme": "Chủ đề", "organiser": "Ban",
        "host": "Nơi", "venue": "Sân", "starts_on": "2099-06-14", "ends_on": "2099-06-15",
        "registration_closes_on": "2099-06-01", "data_kept_until": "2099-12-31", "help_line": "0297",
        "petitions_after": "locked", "petitions_minutes": 60,
    },
    "quotas": {key: {"min": 2, "max": 3} for key in INSIDE["quotas"]},
    "delegations": [{"code": "a", "name": "Đoàn A"}, {"code": "b", "name": "Đoàn B"}],
    "contests": [
        {
            "code": "tai-nang", "name": "Tài năng", "part": {"code": "p", "name": "Phần"}, "kind": "rubric",
            "secrecy": "kín", "published": "standings", "shown_to_heads": "sums", "entry": "family", "entries_per_delegation": {"min": 2, "max": 3},
            "performers": {"min": 2, "max": 3}, "duration_min": 5, "changeover_min": 1, "together_min": 10,
            "overtime": {"grace_s": 30, "minus_per_started_minute": 1, "limit": 2},
            "undertime": {"least_s": 120, "minus_per_started_minute": 1, "limit": 1},
            "dishes": {"least": 4, "most": 5}, "budget_vnd": 600000,
            "deductions": [{"code": "dc", "name": "Đạo cụ", "points": 1}], "judges": 5,
            "criteria": [
                {"code": "x", "name": "X", "min": 1, "max": 50, "step": 0.5, "part": "Quy trình", "descriptors": [{"from": 40, "text": "tốt"}]},
                {"code": "y", "name": "Y", "max": 50, "step": 1},
            ],
            "total": 100, "scoring": SCORING, "corrections": "next_act", "comments": True, "marked_by_both": "first", "ties": [{"by": "criterion", "criterion": "x"}], "prizes": PRIZES,
        },
        {
            "code": "bong-ro", "name": "Bóng rổ", "part": {"code": "p", "name": "Phần"}, "kind": "count",
            "secrecy": "công bố ngay", "duration_min": 5, "attempts": 2, "unit_label": "quả", "best_possible": 20,
            "counters": 2, "counters_apart": 1, "counters_take": "mean",
            "points_scale": [{"reach": 12, "points": 9}, {"reach": 6, "points": 4}], "ties": [{"by": "best_attempt"}],
        },
        {"code": "chay", "name": "Chạy", "kind": "time", "better": "less", "secrecy": "kín", "duration_min": 5, "place_points": [5, 3]},
        {"code": "hoi", "name": "Hỏi", "kind": "quiz", "secrecy": "kín", "duration_min": 5, "points_per_answer": 2},
        {
            "code": "cau", "name": "Cầu", "kind": "match", "secrecy": "kín", "entry": "team", "duration_min": 5,
            "composition": [{"what": "ages", "least": 1, "most": 2, "from": 30, "to": 50, "on": "2099-06-01", "otherwise": "warn"}],
            "shared_from": 3, "place_points": [5, 3], "bracket": {"best_of": 3, "points": 21, "lead": 2, "cap": 30, "third": "played"},
        },
        {"code": "do-vui", "name": "Đố vui", "kind": "quiz", "secrecy": "kín", "duration_min": 5, "questions": [{"points": 10, "seconds": 15}, {"points": 5}]},
        {"code": "tong", "name": "Tổng", "kind": "sum", "secrecy": "kín", "sum": "points", "of": [{"contest": "do-vui", "weight": 2}, {"contest": "bong-ro"}]},
    ],
    "whole_delegation": {"sum": "points", "ties": [{"by": "contest", "contest": "tai-nang"}], "prizes": PRIZES},
    "special_prizes": [{"name": "Đặc biệt", "contest": "tai-nang"}],
}  # fmt: skip


Look = Callable[[], object]
Case = tuple[Callable[[dict[str, Any]], object], Look]


def put(path: str, value: object) -> Callable[[dict[str, Any]], object]:
    """Change the value at `contests.0.judges`."""

    def change(document: dict[str, Any]) -> None:
        *way, last = path.split(".")
        node: Any = document
        for step in way:
            node = node[int(step)] if step.isdigit() else node[step]
        node[int(last) if last.isdigit() else last] = value

    return change


def drop(path: str) -> Callable[[dict[str, Any]], object]:
    """Take the key away."""

    def change(document: dict[str, Any]) -> None:
        *way, last = path.split(".")
        node: Any = document
        for step in way:
            node = node[int(step)] if step.isdigit() else node[step]
        del node[last]

    return change


def several(*changes: Callable[[dict[str, Any]], object]) -> Callable[[dict[str, Any]], object]:
    return lambda document: [change(document) for change in changes]


C0, C1, C2, C3, C4, C5, C6 = (f"contests.{at}" for at in range(7))
# a rubric after a rubric
FINAL = {
    "code": "hoi", "name": "Hỏi", "kind": "rubric", "secrecy": "kín", "duration_min": 5, "judges": 1,
    "criteria": [{"code": "x", "name": "X", "max": 10, "step": 1}], "scoring": {"rule": "mean"},
}  # fmt: skip
CARRYING = (put("contests.3", FINAL | {"after": {"contest": "tai-nang", "take": 2, "weight": 30}}),)
CASES: dict[str, Case] = {
    "schema": (put("schema", "family-festival-ruleset/9"), by_the_public),
    "about": (put("about", "khác"), by_the_office),
    "invented": (put("invented", ["khác"]), by_the_office),
    "sources[].url": (put("sources.0.url", "https://khac.example"), by_the_office),
    "sources[].what": (put("sources.0.what", "khác"), by_the_office),
    "sources[].date": (put("sources.0.date", "1999"), by_the_office),
    **{
        f"festival.{key}": (put(f"festival.{key}", value), by_the_public)
        for key, value in {
            "code": "khac", "name": "Khác", "short_name": "Khác", "ordinal": "IX", "theme": "Khác", "organiser": "Khác",
            "host": "Khác", "venue": "Khác", "starts_on": "2099-06-13", "ends_on": "2099-06-16",
            "data_kept_until": "2099-11-30", "help_line": "0123",
        }.items()
    },
    "festival.commune_contest": (put("festival.commune_contest", True), by_the_ladder),
    "festival.petitions_after": (put("festival.petitions_after", "signed"), by_the_petitioner),
    "festival.petitions_minutes": (put("festival.petitions_minutes", 30), by_the_petitioner),
    "festival.registration_closes_on": (put("festival.registration_closes_on", "2099-05-01"), by_registration),
    **{
        f"quotas.{key}.{end}": (put(f"quotas.{key}.{end}", value), by_registration)
        for key in INSIDE["quotas"]
        for end, value in (("min", 1), ("max", 4))
    },
    "delegations[].code": (put("delegations.0.code", "c"), by_registration),
    "delegations[].name": (put("delegations.0.name", "Đoàn C"), by_registration),
    "delegations[].unit_code": (put("delegations.0.unit_code", "999"), by_registration),
    "contests[].code": (put(f"{C2}.code", "chay-bo"), by_the_public),
    "contests[].name": (put(f"{C0}.name", "Khác"), by_the_public),
    "contests[].part.code": (several(put(f"{C0}.part.code", "q"), put(f"{C1}.part.name", "Khác"), put(f"{C2}.part", {"code": "q", "name": "Z"})), by_the_public),
    "contests[].part.name": (several(put(f"{C0}.part.name", "Khác"), put(f"{C1}.part.name", "Khác")), by_the_public),
    "contests[].kind": (put(f"{C3}.kind", "match"), by_the_table),
    "contests[].secrecy": (put(f"{C2}.secrecy", "công bố ngay"), by_the_public),
    "contests[].published": (put(f"{C0}.published", "marks"), by_everybody),
    "contests[].shown_to_heads": (put(f"{C0}.shown_to_heads", "comments"), by_the_tablet),
    "contests[].entry": (put(f"{C0}.entry", "team"), by_registration),
    "contests[].entries_per_delegation.min": (put(f"{C0}.entries_per_delegation.min", 1), by_registration),
    "contests[].entries_per_delegation.max": (put(f"{C0}.entries_per_delegation.max", 4), by_registration),
    "contests[].performers.min": (put(f"{C0}.performers.min", 1), by_registration),
    "contests[].performers.max": (put(f"{C0}.performers.max", 4), by_registration),
    **{
        f"contests[].composition[].{key}": (put(f"{C4}.composition.0.{key}", value), by_the_team)
        for key, value in {"least": 2, "most": 3, "from": 20, "to": 40, "on": "2100-06-01", "otherwise": "refuse"}.items()
    },
    "contests[].composition[].what": (put(f"{C4}.composition.0", {"what": "women", "least": 1, "most": 2}), by_the_team),
    "contests[].after.contest": (put(f"{C3}.after", {"contest": "tai-nang", "take": 3}), by_the_cut),
    "contests[].after.take": (put(f"{C3}.after", {"contest": "tai-nang", "take": 2}), by_the_cut),
    "contests[].after.weight": (several(*CARRYING), by_the_cut),
    "contests[].duration_min": (put(f"{C0}.duration_min", 6), by_the_timetable),
    "contests[].changeover_min": (put(f"{C0}.changeover_min", 2), by_the_timetable),
    "contests[].together_min": (put(f"{C0}.together_min", 20), by_the_timetable),
    "contests[].lanes": (put(f"{C2}.lanes", 2), by_the_heats),
    "contests[].overtime.grace_s": (put(f"{C0}.overtime.grace_s", 35), by_the_panel),
    "contests[].overtime.minus_per_started_minute": (put(f"{C0}.overtime.minus_per_started_minute", 2), by_the_panel),
    "contests[].overtime.limit": (put(f"{C0}.overtime.limit", 5), by_the_panel),
    "contests[].undertime.least_s": (put(f"{C0}.undertime.least_s", 300), by_the_panel),
    "contests[].undertime.minus_per_started_minute": (put(f"{C0}.undertime.minus_per_started_minute", 0.5), by_the_panel),
    "contests[].undertime.limit": (put(f"{C0}.undertime.limit", 9), by_the_panel),
    "contests[].deductions[].code": (put(f"{C0}.deductions.0.code", "khac"), by_the_judge),
    "contests[].deductions[].name": (put(f"{C0}.deductions.0.name", "Khác"), by_the_judge),
    "contests[].deductions[].points": (put(f"{C0}.deductions.0.points", 2), by_the_judge),
    "contests[].criteria[].weight": (several(put(f"{C0}.criteria.0.weight", "2"), put(f"{C0}.total", 150)), by_the_judge),
    "contests[].judges": (put(f"{C0}.judges", 4), by_the_panel),
    "contests[].criteria[].code": (several(put(f"{C0}.criteria.0.code", "z"), put(f"{C0}.ties.0.criterion", "z")), by_the_judge),
    "contests[].criteria[].name": (put(f"{C0}.criteria.0.name", "Z"), by_the_judge),
    "contests[].criteria[].min": (put(f"{C0}.criteria.0.min", 2), by_the_judge),
    "contests[].criteria[].max": (several(put(f"{C0}.criteria.0.max", 49), put(f"{C0}.total", 99)), by_the_judge),
    "contests[].criteria[].step": (put(f"{C0}.criteria.0.step", 1), by_the_judge),
    "contests[].criteria[].descriptors[].from": (put(f"{C0}.criteria.0.descriptors.0.from", 30), by_the_judge),
    "contests[].criteria[].descriptors[].text": (put(f"{C0}.criteria.0.descriptors.0.text", "khá"), by_the_judge),
    "contests[].criteria[].part": (put(f"{C0}.criteria.0.part", "Hương vị"), by_the_judge),
    "contests[].plates_of": (put(f"{C2}.plates_of", "tai-nang"), by_the_table),
    "contests[].dishes.least": (put(f"{C0}.dishes.least", 3), by_the_kitchen),
    "contests[].dishes.most": (put(f"{C0}.dishes.most", 6), by_the_kitchen),
    "contests[].budget_vnd": (put(f"{C0}.budget_vnd", 500000), by_the_kitchen),
    "contests[].total": (put(f"{C0}.total", 90), by_the_judge),
    **{
        f"contests[].scoring.{key}": (put(f"{C0}.scoring.{key}", value), by_the_panel)
        for key, value in {
            "rule": "mean", "delta": 9, "strict": False, "passes": "repeated", "smallest_panel": 2, "below": "not_valid",
            "all_dropped": "not_valid", "round": 1,
        }.items()
    },
    "contests[].corrections": (put(f"{C0}.corrections", "secretary"), by_the_tablet),
    "contests[].comments": (put(f"{C0}.comments", False), by_the_tablet),
    "contests[].scoring.delta_percent": (put(f"{C0}.scoring.delta_percent", 10), by_the_panel),
    "contests[].scoring.drop_high": (put(f"{C0}.scoring", TRIMMED), by_the_panel),
    "contests[].scoring.drop_low": (put(f"{C0}.scoring", TRIMMED | {"drop_low": 2}), by_the_panel),
    **{
        f"contests[].scoring.drop_by_panel[].{key}": (
            put(f"{C0}.scoring", {"rule": "trimmed_mean", "drop_by_panel": [{"from": 4, "high": 1} | {key: value}]}),
            by_the_panel,
        )
        for key, value in {"from": 3, "high": 2, "low": 1, "closest": 2}.items()
    },
    "contests[].scoring.rounding": (put(f"{C0}.scoring.rounding", "truncate"), by_the_panel),
    "contests[].attempts_count": (put(f"{C1}.attempts_count", "mean"), by_the_delegations),
    "contests[].marked_by_both": (put(f"{C0}.marked_by_both", "substitute"), by_a_substitute),
    "contests[].better": (put(f"{C2}.better", "more"), by_the_table),
    "contests[].attempts": (put(f"{C1}.attempts", 1), by_the_table),
    "contests[].unit_label": (put(f"{C1}.unit_label", "trái"), by_the_secretary),
    "contests[].best_possible": (put(f"{C1}.best_possible", 30), by_the_secretary),
    "contests[].points_per_answer": (put(f"{C3}.points_per_answer", 3), by_the_delegations),
    **{
        f"contests[].questions[].{key}": (put(f"{C5}.questions.0", {"points": 10, "seconds": 15} | change), by_the_quiz)
        for key, change in {
            "points": {"points": 5}, "seconds": {"seconds": 20}, "minus": {"minus": 2}, "code": {"code": "mo-dau"},
            "name": {"name": "Khởi động"}, "count": {"count": 3}, "seconds_together": {"seconds": None, "seconds_together": 60},
        }.items()
    },
    "contests[].points_scale[].reach": (put(f"{C1}.points_scale.0.reach", 13), by_the_delegations),
    "contests[].points_scale[].points": (put(f"{C1}.points_scale.0.points", 10), by_the_delegations),
    "contests[].shared_from": (put(f"{C4}.shared_from", 2), by_the_secretary),
    **{
        f"contests[].bracket.{key}": (put(f"{C4}.bracket.{key}", value), by_the_courts)
        for key, value in {"best_of": 5, "points": 15, "lead": 3, "cap": 25, "third": "shared"}.items()
    },
    "contests[].sum": (several(put(f"{C6}.sum", "place_points"), *(put(f"{at}.place_points", [5, 3]) for at in (C1, C5)), drop(f"{C1}.points_scale")), by_the_sum),
    "contests[].of[].contest": (put(f"{C6}.of.1.contest", "hoi"), by_the_sum),
    "contests[].of[].weight": (put(f"{C6}.of.0.weight", "0.5"), by_the_sum),
    "contests[].counters": (several(put(f"{C1}.counters", 1), drop(f"{C1}.counters_apart"), drop(f"{C1}.counters_take")), by_the_ground),
    "contests[].counters_apart": (put(f"{C1}.counters_apart", 2), by_the_ground),
    "contests[].counters_take": (put(f"{C1}.counters_take", "later"), by_the_ground),
    "contests[].paper": (put(f"{C0}.paper", "twice"), by_the_typist),
    "contests[].confirming": (put(f"{C0}.confirming", "required"), by_the_typist),
    "contests[].ties[].by": (put(f"{C0}.ties.0", {"by": "members"}), by_the_table),
    "contests[].ties[].criterion": (put(f"{C0}.ties.0.criterion", "y"), by_the_table),
    "contests[].ties[].contest": (put(f"{C0}.ties.0.contest", "bong-ro"), by_the_table),
    "contests[].place_points": (put(f"{C2}.place_points", [9, 1]), by_the_delegations),
    "contests[].prizes[].name": (put(f"{C0}.prizes.0.name", "Vàng"), by_the_table),
    "contests[].prizes[].count": (put(f"{C0}.prizes.0.count", 2), by_the_table),
    "contests[].prizes[].from": (put(f"{C0}.prizes.0.from", 95), by_the_table),
    "contests[].prizes[].share_percent": (put(f"{C0}.prizes.0.share_percent", 30), by_the_table),
    "whole_delegation.sum": (put("whole_delegation.sum", "place_points"), by_the_delegations),
    "whole_delegation.ties[].by": (put("whole_delegation.ties.0", {"by": "first_places"}), by_the_delegations),
    "whole_delegation.ties[].criterion": (put("whole_delegation.ties.0.criterion", "x"), by_the_delegations),
    "whole_delegation.ties[].contest": (put("whole_delegation.ties.0.contest", "bong-ro"), by_the_delegations),
    "whole_delegation.prizes[].name": (put("whole_delegation.prizes.1.name", "Ba"), by_the_delegations),
    "whole_delegation.prizes[].count": (put("whole_delegation.prizes.0.count", 2), by_the_delegations),
    "whole_delegation.prizes[].from": (put("whole_delegation.prizes.0.from", 9), by_the_delegations),
    "whole_delegation.prizes[].share_percent": (put("whole_delegation.prizes.0.share_percent", 10), by_the_delegations),
    "whole_delegation.medals": (put("whole_delegation", {"sum": "medals", "medals": ["Nhất"], "ties": [], "prizes": PRIZES}), by_the_delegations),
    **{
        f"whole_delegation.{key}": (several(put("whole_delegation.scaled_to", 100), put("whole_delegation.scaled_by", "reached"), put(f"whole_delegation.{key}", value)), by_the_delegations)
        for key, value in {"scaled_to": 50, "scaled_by": "possible"}.items()
    },
    **{
        f"whole_delegation.{key}": (put(f"whole_delegation.{key}", value), by_the_delegations)
        for key, value in {"best": 2, "best_of_contest": 1, "credit": "mean", "missing": "last", "withdrawn": 1, "disqualified": -2, "points_need_scan": True}.items()
    },
    "special_prizes[].name": (put("special_prizes.0.name", "Khác"), by_the_table),
    "special_prizes[].by": (put("special_prizes.0.by", "most_members"), by_the_specials),
    "special_prizes[].criterion": (several(put("special_prizes.0.by", "criterion"), put("special_prizes.0.criterion", "y")), by_the_specials),
    "special_prizes[].contest": (put("special_prizes.0", {"name": "Đặc biệt"}), by_the_table),
}  # fmt: skip


class Undo(Exception):
    """Nothing of a look stays."""

    def __init__(self, seen: object) -> None:
        super().__init__()
        self.seen = seen


def outcome(app: Flask, document: dict[str, Any], look: Look) -> object:
    """What is seen of the edition that a document states, or why it is refused."""
    try:
        with app.test_request_context(), transaction():
            import_festival(read_file(json.dumps(document).encode()))
            raise Undo(look())
    except Undo as undo:
        return undo.seen
    except BrokenRuleset as refused:
        return [str(each) for each in refused.problems]
    except Refusal as refused:
        return str(refused.message)


def test_every_path_of_the_schema_has_its_case_and_no_other_has() -> None:
    assert sorted(CASES) == sorted(paths())
    assert {shape.removesuffix("[]") for inside in INSIDE.values() for shape in inside.values()} == set(SHAPES) - {
        "ruleset"
    }


def test_every_key_is_obeyed_or_refused(app: Flask) -> None:
    before: dict[Look, object] = {}
    ignored = []
    for path, (flip, look) in CASES.items():
        if look not in before:
            before[look] = outcome(app, BASE, look)
            assert (
                not isinstance(before[look], list)
                or look is by_the_judge
                or look is by_the_table
                or look is by_the_office
            )
        changed = copy.deepcopy(BASE)
        flip(changed)
        if outcome(app, changed, look) == before[look]:
            ignored.append(path)
    assert ignored == [], ignored


@pytest.mark.parametrize("look", [by_the_public, by_registration, by_the_table])
def test_a_key_that_nobody_looks_at_would_be_seen(app: Flask, look: Look) -> None:
    """The negative control: the same file twice is the same outcome."""
    assert outcome(app, BASE, look) == outcome(app, copy.deepcopy(BASE), look)
