"""Which letters does a phone have to fetch to read Vietnamese and English?

Cuts the whole faces of the locked npm package down to those letters and writes them as woff2 into the folder given:
`python scripts/cut_fonts.py FOLDER`. scripts/vendor.mjs takes them from there. Unhinted, because phones draw letters
without hints; a letter that is not among these is drawn in the phone's own font.
"""

from __future__ import annotations

import string
import sys
import unicodedata
from itertools import product
from pathlib import Path

from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
FACES = {400: "400Regular", 600: "600SemiBold"}
TONES = "\N{COMBINING GRAVE ACCENT}\N{COMBINING ACUTE ACCENT}\N{COMBINING TILDE}\N{COMBINING HOOK ABOVE}\N{COMBINING DOT BELOW}"
# Some keyboards send letters taken apart; ccmp, mark and mkmk put them together again.
MARKS = TONES + "\N{COMBINING BREVE}\N{COMBINING CIRCUMFLEX ACCENT}\N{COMBINING HORN}"
VOWELS = "aăâeêioôơuưy"
# The face has no arrows and no tick: those come from the phone's own font, as before.
PUNCTUATION = "\u00a0–—‘’“”…•·×÷±−°²«»‹›§©≤≥₫€"
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl"]


def letters() -> str:
    """Every letter of the cut fonts, in order of its number."""
    toned = [unicodedata.normalize("NFC", vowel + tone) for vowel, tone in product(VOWELS, ["", *TONES])]
    low = "".join(toned) + "đ"
    ascii_signs = string.ascii_letters + string.digits + string.punctuation + " "
    return "".join(sorted({*ascii_signs, *low, *low.upper(), *MARKS, *PUNCTUATION}))


def cut(face: Path, target: Path) -> None:
    """Write the letters of `face` to `target`."""
    options = subset.Options(layout_features=FEATURES, hinting=False, flavor="woff2", name_IDs=[0, 1, 2, 13, 14])
    font = subset.load_font(str(face), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=letters())
    subsetter.subset(font)
    subset.save_font(font, str(target), options)


def main(folder: Path) -> None:
    """Cut both faces."""
    folder.mkdir(parents=True, exist_ok=True)
    package = ROOT / "node_modules" / "@expo-google-fonts" / "be-vietnam-pro"
    for weight, name in FACES.items():
        cut(package / name / f"BeVietnamPro_{name}.ttf", folder / f"be-vietnam-pro-{weight}.woff2")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
