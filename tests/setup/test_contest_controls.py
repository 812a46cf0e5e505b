"""Has every key that a rule file can say of a contest a control on its page?"""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from festival.editions.rules.shapes import SHAPES
from festival.setup.contest_editor.field_words import LABELS, field_of
from festival.setup.contest_editor.further import FURTHER, OWN
from festival.setup.contest_editor.piece import said, shown
from festival.setup.contest_editor.view import fields as all_fields
from tests.setup.test_contest_form import EVERY_KEY
from tests.setup.test_contest_pages import NEW, Fields, organiser, post  # noqa: F401

pytestmark = pytest.mark.either_database

# Where each key of a contest is typed. A key without a line here has no control and cannot be said on the pages.
CONTROLS: dict[tuple[str, str], tuple[str, str]] = {
    # (shape, key): (the contest of EVERY_KEY on whose page, the name of the control)
    **{
        ("contest", key): ("a", key)
        for key in (
            "code",
            "name",
            "kind",
            "secrecy",
            "published",
            "entry",
            "duration_min",
            "changeover_min",
            "together_min",
            "corrections",
            "comments",
            "judges",
            "total",
            "marked_by_both",
        )
    },
    ("contest", "part"): ("a", "part.name"),
    ("contest", "entries_per_delegation"): ("a", "entries_per_delegation.min"),
    ("contest", "performers"): ("a", "performers.min"),
    ("contest", "overtime"): ("a", "overtime.grace_s"),
    ("contest", "undertime"): ("a", "undertime.least_s"),
    ("contest", "deductions"): ("a", "deductions.0.name"),
    ("contest", "attempts_count"): ("c", "attempts_count"),
    **{("undertime", key): ("a", f"undertime.{key}") for key in ("least_s", "minus_per_started_minute", "limit")},
    **{("deduction", key): ("a", f"deductions.0.{key}") for key in ("code", "name", "points")},
    # rules without a field of their own are said as the file writes them
    ("contest", "published"): ("a", "more"),
    ("contest", "shown_to_heads"): ("a", "more"),
    ("contest", "lanes"): ("c", "more"),
    **{("contest", key): ("a", "more") for key in ("dishes", "budget_vnd", "plates_of")},
    **{("dishes", key): ("a", "more") for key in ("least", "most")},
    ("criterion", "part"): ("a", "more"),
    ("contest", "after"): ("k", "more"),
    **{("after", key): ("k", "more") for key in ("contest", "take", "weight")},
    ("scoring", "drop_by_panel"): ("a", "more"),
    **{("panel_step", key): ("a", "more") for key in ("from", "high", "low", "closest")},
    ("contest", "criteria"): ("a", "criteria.0.name"),
    ("contest", "scoring"): ("a", "scoring.rule"),
    ("contest", "better"): ("d", "better"),
    ("contest", "attempts"): ("c", "attempts"),
    ("contest", "unit_label"): ("c", "unit_label"),
    ("contest", "best_possible"): ("c", "best_possible"),
    ("contest", "points_per_answer"): ("f", "points_per_answer"),
    ("contest", "composition"): ("a", "composition.0.what"),
    **{
        ("composed", key): ("a", f"composition.0.{key}")
        for key in ("what", "least", "most", "from", "to", "on", "otherwise")
    },
    ("contest", "questions"): ("l", "more"),
    **{
        ("question", key): ("l", "more")
        for key in ("points", "seconds", "minus", "code", "name", "count", "seconds_together")
    },
    ("contest", "points_scale"): ("c", "points_scale.0.reach"),
    ("contest", "shared_from"): ("e", "shared_from"),
    ("contest", "bracket"): ("e", "bracket.best_of"),
    **{("bracket", key): ("e", f"bracket.{key}") for key in ("best_of", "points", "lead", "cap", "third")},
    ("contest", "sum"): ("m", "sum"),
    ("contest", "of"): ("m", "of.0.contest"),
    **{("summed", key): ("m", f"of.0.{key}") for key in ("contest", "weight")},
    ("tie", "contest"): ("m", "ties.0.rung"),
    ("contest", "counters"): ("c", "counters"),
    ("contest", "counters_apart"): ("c", "counters_apart"),
    ("contest", "counters_take"): ("c", "counters_take"),
    ("contest", "paper"): ("a", "paper"),
    ("contest", "confirming"): ("a", "confirming"),
    ("contest", "ties"): ("a", "ties.0.rung"),
    ("contest", "place_points"): ("a", "place_points.0.points"),
    ("contest", "prizes"): ("a", "prizes.0.name"),
    **{("part", key): ("a", f"part.{key}") for key in ("code", "name")},
    **{("span", key): ("a", f"performers.{key}") for key in ("min", "max")},
    **{("overtime", key): ("a", f"overtime.{key}") for key in ("grace_s", "minus_per_started_minute", "limit")},
    **{("criterion", key): ("a", f"criteria.0.{key}") for key in ("code", "name", "min", "max", "step", "weight")},
    ("criterion", "descriptors"): ("a", "criteria.0.levels"),
    **{("descriptor", key): ("a", "criteria.0.levels") for key in ("from", "text")},
    **{
        ("scoring", key): ("a", f"scoring.{key}")
        for key in (
            "rule",
            "delta",
            "delta_percent",
            "drop_high",
            "drop_low",
            "strict",
            "smallest_panel",
            "below",
            "all_dropped",
            "round",
            "rounding",
        )
    },
    ("scoring", "passes"): ("a", "scoring.rule"),  # one or repeated: two of its sentences
    **{("scale_step", key): ("c", f"points_scale.0.{key}") for key in ("reach", "points")},
    ("tie", "by"): ("a", "ties.0.rung"),
    ("tie", "criterion"): ("a", "ties.0.rung"),
    ("prize", "name"): ("a", "prizes.0.name"),
    ("prize", "count"): ("a", "prizes.0.count"),
    **{("prize", key): ("a", "more") for key in ("from", "share_percent")},
}
OF_A_CONTEST = (
    "contest",
    "after",
    "part",
    "span",
    "composed",
    "overtime",
    "bracket",
    "question",
    "undertime",
    "deduction",
    "dishes",
    "panel_step",
    "criterion",
    "descriptor",
    "scoring",
    "scale_step",
    "summed",
    "tie",
    "prize",
)


def test_every_key_of_a_contest_has_a_control(app: Flask, organiser: FlaskClient) -> None:  # noqa: F811
    keys = {(shape, key) for shape in OF_A_CONTEST for key in SHAPES[shape]}
    assert keys == set(CONTROLS)
    drawn = {}
    for piece in EVERY_KEY:
        sent = {name: value for name, value in all_fields(shown(piece)).items() if value}
        answer = post(organiser, f"{NEW}?kind={piece['kind']}", sent, "draw")
        assert answer.status_code == 200
        drawn[piece["code"]] = Fields(answer.get_data(as_text=True)).names
    missing = {where: control for where, (piece, control) in CONTROLS.items() if control not in drawn[piece]}
    assert missing == {}


def test_a_field_of_its_own_is_not_said_twice() -> None:
    """What a file states is changed by the field alone: said in the text for further keys as well, that would win."""
    assert {name.partition(".")[0] for name in LABELS} - OWN["contest"] == {FURTHER}
    changes: dict[str, tuple[object, str, object]] = {
        "published": ("standings", "marks", "marks"), "paper": ("once", "twice", "twice"), "confirming": ("required", "", None),
        "corrections": ("next_act", "secretary", "secretary"), "comments": (True, "no", False),
        "marked_by_both": ("substitute", "first", "first"),
    }  # fmt: skip
    for key, (stated, typed, expected) in changes.items():
        piece = {"code": "a", "name": "A", "kind": "rubric", "secrecy": "kín", key: stated}
        page = shown(piece)
        assert page[FURTHER] == "", key
        assert said(page, piece)[key] == stated, key
        assert said(page | {key: typed}, piece).get(key) == expected, key
    composed = {"code": "a", "name": "A", "kind": "rubric", "secrecy": "kín", "entry": "team"}
    composed["composition"] = lines = [
        {"what": "women", "least": 2, "otherwise": "refuse"},
        {"what": "ages", "from": 6, "to": 15, "most": 3, "on": "2099-06-01", "otherwise": "warn"},
    ]
    page = shown(composed)
    assert (page[FURTHER], page["composition"][1]["on"]) == ("", "1/6/2099")
    assert said(page, composed)["composition"] == lines
    page["composition"][1]["on"] = "31/2/2099"
    assert said(page, composed)["composition"][1]["on"] == "31/2/2099", "the reader of rule files refuses it"
    assert (field_of("composition[1]"), field_of("composition[1].on")) == ("composition.1.least", "composition.1.on")
    bracket = {"code": "e", "name": "E", "kind": "match", "bracket": {"best_of": 3, "third": "played"}}
    page = shown(bracket)
    assert page[FURTHER] == "" and said(page | {"bracket.best_of": "5"}, bracket)["bracket"]["best_of"] == 5
