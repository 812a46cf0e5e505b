"""Are rule sets read whole or refused whole, with the place and the reason?"""

from __future__ import annotations

import copy
import json
import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.editions import reconstruction
from festival.editions.rules.contest import ContestRule
from festival.editions.rules.document import BrokenRuleset, parse
from festival.editions.rules.edition import FestivalRule
from festival.editions.rules.file import read
from festival.editions.rules.kinds import EntryKind, ResultKindRule, SecrecyRule
from festival.editions.rules.measured import Better
from festival.editions.rules.ruleset import Ruleset
from festival.editions.rules.scoring import Passes, ScoringKind, Shortfall
from festival.editions.rules.shapes import SCHEMA, SHAPES
from festival.editions.rules.ties import TieStep
from festival.editions.rules.whole import Credit, ScaledBy, WholeOrder

ROOT = Path(__file__).parents[2]
DATA = ROOT / "festival/editions/data"
RULESETS = sorted((DATA / "rulesets").glob("*.json"))


def document(name: str) -> Any:
    return json.loads((DATA / "rulesets" / name).read_text("utf-8"))


def problems(broken: Any) -> list[str]:
    with pytest.raises(BrokenRuleset) as refused:
        read(parse(json.dumps(broken)))
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: path.stem)
def test_every_ruleset_of_the_house_is_read_and_names_its_sources(path: Path) -> None:
    stated = read(parse(path.read_bytes()))
    assert stated.festival.code == path.stem
    assert stated.sources
    assert all(source.url or source.what for source in stated.sources)
    assert stated.invented
    assert all(contest.ties[-1].by is TieStep.PANEL for contest in stated.contests)


def test_the_2024_edition_holds_its_facts() -> None:
    stated = read(parse((DATA / "rulesets/kien-giang-2024.json").read_bytes()))
    assert (stated.festival.starts_on.isoformat(), stated.festival.ends_on.isoformat()) == ("2024-06-14", "2024-06-16")
    assert len(stated.delegations) == 15
    assert len({contest.part.code if contest.part else contest.code for contest in stated.contests}) == 4
    talent = stated.contests[0]
    assert (talent.total_milli, talent.judges, talent.secrecy) == (100_000, 5, SecrecyRule.SEALED)
    assert [criterion.step_milli for criterion in talent.criteria] == [250] * 5
    assert talent.scoring is not None
    assert (talent.scoring.kind, talent.scoring.delta_milli) == (ScoringKind.DEVIATION_DROP, 15_000)
    assert talent.scoring.passes is Passes.ONE
    assert [(prize.name, prize.count) for prize in talent.prizes] == [
        ("Nhất", 1),
        ("Nhì", 2),
        ("Ba", 3),
        ("Khuyến khích", None),
    ]
    cooking = stated.contests[2]
    assert (cooking.together_min, cooking.duration_min) == (90, 5)
    assert {contest.kind for contest in stated.contests[3:]} == {ResultKindRule.COUNT, ResultKindRule.MATCH}


def test_the_raw_reconstruction_converts_to_the_rules_of_the_edition() -> None:
    raw = parse((DATA / "sources/kien-giang-2024-likely.json").read_bytes())
    assert isinstance(raw, dict)
    assert reconstruction.is_reconstruction(raw)
    converted = read(reconstruction.convert(raw))
    ours = read(parse((DATA / "rulesets/kien-giang-2024.json").read_bytes()))

    def rules(stated: Ruleset) -> list[Any]:
        return [
            (
                contest.code,
                contest.kind,
                contest.duration_min,
                contest.scoring,
                [(criterion.name, criterion.max_milli) for criterion in contest.criteria],
                contest.ties,
                contest.prizes,
            )
            for contest in stated.contests
        ]

    assert rules(converted) == rules(ours)
    assert converted.whole_delegation == ours.whole_delegation
    assert converted.special_prizes == ours.special_prizes


def test_a_reconstruction_without_its_criteria_is_refused_in_words() -> None:
    raw = parse((DATA / "sources/kien-giang-2024-likely.json").read_bytes())
    assert isinstance(raw, dict)
    del raw["fixture_suggestion"]["parts"][0]["criteria"]
    with pytest.raises(BrokenRuleset, match="bản dựng lại thiếu hoặc sai ở «criteria»"):
        reconstruction.convert(raw)


def test_a_panel_on_twenty_points_keeps_its_delta() -> None:
    [contest] = read(parse((DATA / "rulesets/quy-che-2712.json").read_bytes())).contests
    assert contest.scoring is not None
    assert (contest.total_milli, contest.scoring.delta_milli, contest.scoring.round_milli) == (20_000, 2_000, 10)
    assert contest.criteria[0].step_milli == 100


def test_a_typed_total_that_differs_names_both_numbers() -> None:
    """The printed sheet of 2016: 40 over criteria that add up to 30."""
    broken = document("quy-che-2712.json")
    broken["contests"][0]["criteria"] = [
        {"code": "hoat-canh", "name": "Hoạt cảnh sân khấu", "max": 10, "step": 0.5},
        {"code": "phong-cach", "name": "Phong cách biểu diễn", "max": 5, "step": 0.5},
        {"code": "chat-giong", "name": "Chất giọng", "max": 10, "step": 0.5},
        {"code": "trang-phuc", "name": "Trang phục, đạo cụ", "max": 5, "step": 0.5},
    ]
    broken["contests"][0]["total"] = 40
    assert problems(broken) == ["$.contests[0].total: tổng ghi là 40 nhưng các tiêu chí cộng lại là 30"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda d: d.update(schema="v2"), "$.schema: phải là «family-festival-ruleset/1», không phải «v2»"),
        (lambda d: d["festival"].pop("organiser"), "$.festival.organiser: thiếu khóa bắt buộc"),
        (
            lambda d: d["contests"][0].update(secrecy="kin"),
            "$.contests[0].secrecy: «kin» không được dùng ở đây; chọn một trong: kín, công bố ngay",
        ),
        (
            lambda d: d["contests"][0]["criteria"][0].update(step=0.3),
            (
                "$.contests[0].criteria[0].step: điểm tối đa không chia hết cho bước điểm, "
                "nên không chấm được điểm tối đa"
            ),
        ),
        (lambda d: d["contests"][0].update(judges=True), "$.contests[0].judges: phải là số nguyên"),
        (lambda d: d["festival"].update(ends_on="2020-01-01"), "$.festival.ends_on: ngày kết thúc trước ngày khai mạc"),
        (
            lambda d: d["contests"][0]["scoring"].pop("delta"),
            "$.contests[0].scoring.delta: luật loại điểm lệch phải có delta",
        ),
        (
            lambda d: d["contests"][0]["scoring"].update(smallest_panel=8),
            "$.contests[0].scoring.smallest_panel: số điểm tối thiểu 8 lớn hơn số giám khảo 7",
        ),
        (
            lambda d: d["contests"][0]["ties"].insert(0, {"by": "criterion", "criterion": "khac"}),
            "$.contests[0].ties[0].criterion: không có tiêu chí «khac» trong phần thi này",
        ),
        (
            lambda d: d["contests"][0]["prizes"].reverse(),
            "$.contests[0].prizes[0].count: «rest» (tất cả còn lại) chỉ đứng ở giải cuối cùng",
        ),
        (
            lambda d: d["contests"].append(copy.deepcopy(d["contests"][0])),
            "$.contests[1].code: mã «tiet-muc» có hai lần",
        ),
        (
            lambda d: d.update(special_prizes=[{"name": "Nhỏ tuổi nhất", "contest": "khong-co"}]),
            "$.special_prizes[0].contest: không có phần thi «khong-co»",
        ),
        (
            lambda d: d["contests"][0].update(place_points=[3, 4]),
            "$.contests[0].place_points[1]: hạng sau không được nhiều điểm hơn hạng trước",
        ),
    ],
)
def test_a_broken_ruleset_is_refused_with_path_and_reason(change: Any, expected: str) -> None:
    broken = document("quy-che-2712.json")
    change(broken)
    assert problems(broken) == [expected]


def test_an_unknown_key_is_refused_wherever_it_stands() -> None:
    broken = document("quy-che-2712.json")
    broken["contests"][0]["secret"] = True
    [problem] = problems(broken)
    assert problem.startswith("$.contests[0].secret: khóa không có trong lược đồ")


def test_all_problems_are_named_at_once() -> None:
    broken = document("quy-che-2712.json")
    broken["festival"]["code"] = "Có Dấu"
    broken["contests"][0]["duration_min"] = 0
    broken["contests"][0]["criteria"][0]["max"] = "20"
    assert [problem.split(":")[0] for problem in problems(broken)] == [
        "$.festival.code",
        "$.contests[0].duration_min",
        "$.contests[0].criteria[0].max",
    ]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{", "không phải JSON: dòng 1, cột 2"),
        ('{"a": NaN}', "NaN không phải là số dùng được"),
        ('{"a": 1, "a": 2}', "khóa «a» viết hai lần trong một đối tượng"),
        ("[" * 100_000, "không phải JSON đọc được"),
        (b"\xff\xfe", "tệp không phải chữ UTF-8"),
    ],
)
def test_what_is_no_json_is_refused_in_words(text: str | bytes, reason: str) -> None:
    with pytest.raises(BrokenRuleset) as refused:
        parse(text)
    assert str(refused.value).endswith(reason)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.just("kín"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(sorted(key for shape in SHAPES.values() for key in shape)), inner, max_size=6)
    ),
    max_leaves=12,
)


@given(value=VALUES, at=st.integers(0, 10_000))
def test_any_value_anywhere_is_read_or_refused_and_never_breaks_the_reader(value: object, at: int) -> None:
    """One value of a sound file replaced by anything: a Ruleset or BrokenRuleset, no other exception."""
    sound = document("quy-che-2712.json")
    places: list[tuple[Any, Any]] = []

    def walk(node: Any) -> None:
        for key in node if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], (dict, list)):
                walk(node[key])

    walk(sound)
    node, key = places[at % len(places)]
    node[key] = value
    try:
        read(parse(json.dumps(sound)))
    except BrokenRuleset as refused:
        named = refused.problems
    else:
        return
    assert named


def test_docs_name_every_key_of_the_schema_and_no_other() -> None:
    text = (ROOT / "docs/ruleset.md").read_text("utf-8")
    for shape, keys in SHAPES.items():
        section = re.search(rf"^### `{shape}`.*?$(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL)
        assert section is not None, f"docs/ruleset.md has no section for {shape}"
        rows = re.findall(r"^\| `([a-z_]+)` \| (yes|no) \|", section[1], re.MULTILINE)
        assert dict(rows) == {key: "yes" if required else "no" for key, required in keys.items()}, shape
    for choices in (
        ResultKindRule,
        SecrecyRule,
        ScoringKind,
        TieStep,
        Passes,
        Shortfall,
        Better,
        WholeOrder,
        ScaledBy,
        Credit,
        EntryKind,
    ):
        assert [choice.value for choice in choices if f"`{choice.value}`" not in text] == []
    assert SCHEMA in text


def test_every_key_of_the_schema_reaches_a_value() -> None:
    """No key is accepted and then forgotten."""
    assert {f.name for f in fields(Ruleset)} == set(SHAPES["ruleset"]) - {"schema"}
    until = {"petitions_after", "petitions_minutes"}  # one value: by when a petition is the jury's
    assert {f.name for f in fields(FestivalRule)} - {"petitions"} | until == set(SHAPES["festival"])
    taking = {"counters", "counters_apart", "counters_take"}
    of_contest = {f.name.removesuffix("_milli") for f in fields(ContestRule)}
    kitchen = {"dishes", "budget_vnd"}
    assert of_contest - {"taking", "kitchen"} | taking | kitchen | {"of"} == set(SHAPES["contest"]) - {"total"}
