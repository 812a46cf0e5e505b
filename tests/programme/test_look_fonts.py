"""Do the cut fonts hold every letter of Vietnamese and English, and are they small?"""

from __future__ import annotations

import string
import unicodedata
from itertools import product
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from config import ROOT

FONTS = [ROOT / "static" / "vendor" / "be-vietnam-pro" / f"be-vietnam-pro-{weight}.woff2" for weight in (400, 600)]
MOST_BYTES = 30_000
MARKS = "\u0300\u0301\u0303\u0309\u0323\u0302\u0306\u031b"
SIGNS = "\u00a0–—‘’“”…·×−«»₫€≤≥" + string.digits + string.punctuation
FEATURES = {"kern", "mark", "mkmk", "ccmp", "locl"}


def vietnamese() -> str:
    """All 134 letters with their marks, great and small, and the bare ones of the alphabet."""
    toned = {
        unicodedata.normalize("NFC", vowel + tone)
        for vowel, tone in product("aăâeêioôơuưy", ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"])
    }
    assert all(len(letter) == 1 for letter in toned)
    small = toned | set("đ" + string.ascii_lowercase)
    return "".join(sorted(small | {letter.upper() for letter in small}))


def features(font: TTFont) -> set[str]:
    """The layout features a font obeys."""
    return {record.FeatureTag for table in ("GSUB", "GPOS") for record in font[table].table.FeatureList.FeatureRecord}


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_a_font_holds_every_letter_and_puts_marks_in_their_place(path: Path) -> None:
    font = TTFont(path)
    letters = font.getBestCmap()
    assert [sign for sign in vietnamese() + MARKS + SIGNS if ord(sign) not in letters] == []
    drawn = font["glyf"]
    blank = [sign for sign in vietnamese() + MARKS + SIGNS if not drawn[letters[ord(sign)]].numberOfContours]
    assert blank == ["\u00a0"]
    assert features(font) == FEATURES
    assert font.flavor == "woff2"
    assert "fpgm" not in font, "hinted"


def test_both_fonts_are_small() -> None:
    assert sum(path.stat().st_size for path in FONTS) <= MOST_BYTES


def test_every_letter_of_our_own_words_is_drawn_by_the_font() -> None:
    letters = TTFont(FONTS[0]).getBestCmap()
    catalogue = (ROOT / "festival" / "translations" / "en" / "LC_MESSAGES" / "messages.po").read_text(encoding="utf-8")
    pages = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    # Arrows, ticks and the pencil are no letters: the face never had them, the phone's own font draws them.
    missing = {
        sign for sign in catalogue + pages if ord(sign) not in letters and unicodedata.category(sign)[0] in "LMN"
    }
    assert missing == set()


def test_the_licence_travels_with_the_fonts() -> None:
    licence = (ROOT / "static" / "vendor" / "licences" / "be-vietnam-pro.txt").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE Version 1.1" in licence
