"""Does a sentence come back from where it was kept, and does each reader hear it in his own words and figures?"""

from __future__ import annotations

import json

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from festival.core.sentence import N_, Points, Sentence, Stopped, from_json, to_json
from festival.core.web.i18n import init_i18n, say, say_later

BY_RUNG = N_("Bằng điểm, xét «%(rung)s»: %(fact)s.")
LESS_OVERTIME = N_("ít quá giờ hơn")


@pytest.fixture
def languages() -> Flask:
    """The languages of the house and nothing else."""
    app = Flask(__name__)
    init_i18n(app)
    return app


def said(app: Flask, sentence: object, language: str) -> str:
    with app.test_request_context(headers={"Cookie": f"lang={language}"}):
        return say(sentence)


def values() -> st.SearchStrategy[object]:
    plain = st.text() | st.integers() | st.builds(Points, st.integers()) | st.builds(Stopped, st.integers(0))
    names = st.sampled_from(["name", "n", "code", "template", "values"])
    return st.recursive(
        plain,
        lambda inner: st.builds(Sentence, st.text(), st.dictionaries(names, inner), st.sampled_from(["", "no_name"])),
        max_leaves=6,
    )


@given(st.text(), st.dictionaries(st.sampled_from(["name", "n", "rung"]), values()), st.sampled_from(["", "no_phone"]))
def test_what_is_kept_comes_back(template: str, filled: dict[str, object], code: str) -> None:
    sentence = Sentence(template, filled, code)  # type: ignore[arg-type]
    assert from_json(json.loads(json.dumps(to_json(sentence)))) == sentence


def test_a_sentence_is_kept_in_no_language() -> None:
    sentence = BY_RUNG.filled(rung=LESS_OVERTIME, fact=Points(27_500))
    assert to_json(sentence) == {
        "template": "Bằng điểm, xét «%(rung)s»: %(fact)s.",
        "values": {"rung": {"template": "ít quá giờ hơn", "values": {}}, "fact": {"points_milli": 27_500}},
    }


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        ("Bằng 100% điểm, đồng hạng.", "Bằng 100% điểm, đồng hạng."),
        ({"template": "Trừ %(points)s điểm do quá giờ.", "values": {"points": "2"}}, "Trừ 2 điểm do quá giờ."),
        ({"template": "Không dự thi."}, "Không dự thi."),
    ],
)
def test_what_the_first_releases_kept_is_read(languages: Flask, kept: str | dict[str, object], words: str) -> None:
    assert said(languages, from_json(kept), "vi") == str(from_json(kept)) == words


@pytest.mark.parametrize(
    ("sentence", "vietnamese", "english"),
    [
        (N_("Trừ %(points)s điểm do quá giờ.", points=Points(2_500)), "Trừ 2,5 điểm do quá giờ.", "2.5 points deducted for overtime."),
        (
            BY_RUNG.filled(rung=LESS_OVERTIME, fact=Stopped(83_450)),
            "Bằng điểm, xét «ít quá giờ hơn»: 1:23,45.",
            "Tie; decided by “less overtime”: 1:23.45.",
        ),
        # a name of the festival's own is said as it stands, also when it looks like a message of ours
        (
            BY_RUNG.filled(rung="ít quá giờ hơn", fact=Points(27_000)),
            "Bằng điểm, xét «ít quá giờ hơn»: 27.",
            "Tie; decided by “ít quá giờ hơn”: 27.",
        ),
        (Sentence(""), "", ""),
        ("Giải Nhất", "Giải Nhất", "Giải Nhất"),
    ],
)  # fmt: skip
def test_each_reader_hears_own_words_and_figures(
    languages: Flask, sentence: object, vietnamese: str, english: str
) -> None:
    assert (said(languages, sentence, "vi"), said(languages, sentence, "en")) == (vietnamese, english)
    assert str(sentence) == vietnamese


def test_a_choice_of_a_form_waits_for_its_reader(languages: Flask) -> None:
    choice = say_later(LESS_OVERTIME)
    for language, words in (("vi", "ít quá giờ hơn"), ("en", "less overtime")):
        with languages.test_request_context(headers={"Cookie": f"lang={language}"}):
            assert str(choice) == words


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (Points(8_750), "8,75"),
        (Points(-500), "-0,5"),
        (Points(90_000), "90"),
        (Points(0), "0"),
        (Stopped(23_450), "23,45"),
        (Stopped(60_000), "1:00"),
    ],
)
def test_figures_of_a_sentence(value: Points | Stopped, written: str) -> None:
    assert (str(value), value.written(".")) == (written, written.replace(",", "."))


def test_only_named_values_are_taken() -> None:
    assert N_("Điểm thấp nhất là %(min)s.", "too_low").filled(min=1, max=9) == Sentence(
        "Điểm thấp nhất là %(min)s.", {"min": 1}, "too_low"
    )
