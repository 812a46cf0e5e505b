"""Is every text cleaned the same way, and is an emoji never taken apart?"""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from festival.core.names import LONGEST_NAME, name_fault, nfc
from festival.core.text import MOST_MARKS, any_unstorable, clean, cleaned, cut, line, unstorable

WHOLE = ["👨‍👩‍👧‍👦", "👩🏽‍🚀", "🏳️‍🌈", "🇻🇳", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "1️⃣", "❤️", "👍🏽", "✍️", "🎉"]
ANYTHING = st.text(st.characters(codec=None) | st.sampled_from("".join(WHOLE) + "\u0301\u0323\x00\ud800\u202e\r\n"))


@pytest.mark.parametrize("emoji", WHOLE)
def test_an_emoji_is_kept_whole(emoji: str) -> None:
    assert clean(f"Cả nhà {emoji} đi hội {emoji}{emoji}") == f"Cả nhà {emoji} đi hội {emoji}{emoji}"


@pytest.mark.parametrize(
    "text", ["Danh Thị Sa Rươl", "ភ្នំពេញ", "ស្ត្រី", "Ấp Hòn Me\nxã Thổ Sơn", "9,25 – “tốt”…", "日本", "a\tb"]
)
def test_what_people_write_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Danh\x00 Chung", "Danh Chung"), ("a\x07\x1b[31mb\x7f\x85c", "a[31mbc"), ("a\r\nb\rc", "a\nb\nc"), ("\ufeffDanh", "Danh"),
        ("\u202eabc\u2066d\u2069\u200f\u061c", "abcd"), ("x\U000e0041\U000e007fy", "xy"), ("🎉\U000e0041", "🎉"),
        ("\ud83d", ""), ("a\udc00b", "ab"), ("a\ufffe\U0001ffff\ufdd0b", "ab"), ("Nguye\u0302\u0303n", "Nguyễn"),
        ("Nguye\u200b\u0302\u0303n", "Nguyễn"), ("a\u200db\u200c", "ab"), ("a\ufe0f", "a"), ("a\u2028b\u2029", "ab"), ("ㅤ\u2800", ""),
    ],
)  # fmt: skip
def test_what_nobody_reads_is_dropped(text: str, kept: str) -> None:
    assert clean(text) == kept


def test_a_heap_of_marks_is_cut_to_a_few() -> None:
    heap = clean("Danh" + "\u0316" * 500 + " Chung")
    assert heap == "Danh" + "\u0316" * MOST_MARKS + " Chung"


@given(ANYTHING)
def test_cleaning_twice_changes_nothing_and_both_databases_hold_it(text: str) -> None:
    once = clean(text)
    assert (clean(once), unstorable(once)) == (once, False)
    assert unicodedata.normalize("NFC", once) == once
    assert once.encode("utf-8").decode("utf-8") == once


@given(ANYTHING, st.integers(0, 40))
def test_what_is_cut_is_a_beginning_and_still_clean(text: str, most: int) -> None:
    whole = clean(text)
    part = cut(whole, most)
    assert whole.startswith(part) and len(part) <= most and (part == whole or len(whole) > most)


def test_a_cut_never_ends_inside_an_emoji_or_before_a_mark() -> None:
    family = WHOLE[0]
    assert [cut(f"ab{family}c", most) for most in (1, 2, 3, 5, 8, 9, 10)] == [
        "a",
        "ab",
        "ab",
        "ab",
        "ab",
        f"ab{family}",
        f"ab{family}c",
    ]
    assert cut("ក្ក្កa", 1) == "" and cut("🇻🇳🇻🇳", 3) == "🇻🇳"


def test_a_name_holds_a_letter_and_nothing_invisible() -> None:
    assert nfc(" Danh\u200d  Chung\n\ufe0f ") == "Danh Chung"
    for nothing in ("ㅤ", "\u200b", "🎉", "...", "\u0301\u0301", "\x00", "\ud800"):
        fault = name_fault(nfc(nothing))
        assert fault is not None and fault.code in {"no_name", "bad_name"}, nothing
    assert name_fault("Danh Thị Sa Rươl") is None and name_fault("ស្ត្រី") is None
    long = name_fault("a" * (LONGEST_NAME + 1))
    assert long is not None and long.code == "cell_too_long"


def test_json_is_cleaned_to_its_leaves() -> None:
    sent = {"a\x00": ["\u202eb", {"c": "\ud800d", "n": 5, "t": True, "none": None}]}
    assert any_unstorable(sent) and not any_unstorable(cleaned(sent))
    assert cleaned(sent) == {"a": ["b", {"c": "d", "n": 5, "t": True, "none": None}]}
    assert line(" a \n\t b ") == "a b"
