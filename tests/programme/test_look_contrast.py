"""Are the colours readable in the sun and with glasses, light and dark? WCAG 2: AA 4.5, AAA 7, edges 3."""

from __future__ import annotations

import re

import pytest

from config import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
BLOCK = re.compile(r"(:root(?:\[data-theme=\"dark\"\]|:not\(\[data-theme=\"light\"\]\))?)\s*\{([^}]*--paper[^}]*)\}")


def _blocks() -> dict[str, dict[str, str]]:
    return {name: dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", body)) for name, body in BLOCK.findall(TOKENS)}


def _luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


LIGHT, DARK_BY_SYSTEM, DARK_BY_CHOICE = ":root", ':root:not([data-theme="light"])', ':root[data-theme="dark"]'
GROUNDS = ("paper", "surface", "sunken")
AAA = [
    *((ink, ground) for ink in ("ink",) for ground in (*GROUNDS, "accent-wash", "gold-wash")),
    *(("ink-soft", ground) for ground in ("paper", "surface")),
    *((tone, "surface") for tone in ("good", "bad", "warn")),
    *(("on-status", tone) for tone in ("good", "bad", "warn", "note")),  # the verdict of a gate, in the sun
    ("on-band", "band"),
    ("on-band-soft", "band"),
    ("on-accent", "accent"),
]
AA = [
    *(("ink-soft", ground) for ground in GROUNDS),
    *(("accent", ground) for ground in (*GROUNDS, "accent-wash")),
    *(("accent-strong", ground) for ground in (*GROUNDS, "accent-wash", "gold-wash")),
    *((tone, f"{tone}-wash") for tone in ("good", "warn", "bad", "note")),
    *(("ink", f"{tone}-wash") for tone in ("good", "warn", "bad", "note")),
]
EDGES = [("line-strong", ground) for ground in GROUNDS] + [("focus", ground) for ground in GROUNDS]


def test_the_two_dark_blocks_are_one() -> None:
    blocks = _blocks()
    assert set(blocks) == {LIGHT, DARK_BY_SYSTEM, DARK_BY_CHOICE}
    assert blocks[DARK_BY_SYSTEM] == blocks[DARK_BY_CHOICE]
    assert set(blocks[LIGHT]) == set(blocks[DARK_BY_CHOICE])


@pytest.mark.parametrize("theme", [LIGHT, DARK_BY_CHOICE])
@pytest.mark.parametrize(("least", "pairs"), [(7.0, AAA), (4.5, AA), (3.0, EDGES)])
def test_every_pair_has_its_contrast(theme: str, least: float, pairs: list[tuple[str, str]]) -> None:
    colours = _blocks()[theme]
    found = {pair: round(_contrast(colours[pair[0]], colours[pair[1]]), 2) for pair in pairs}
    assert {pair: value for pair, value in found.items() if value < least} == {}


def test_no_letter_is_smaller_than_14_px() -> None:
    """Sizes are in rem of at least 17 px; no style sheet sets a smaller one or a fixed one."""
    smallest = []
    for sheet in (ROOT / "static" / "css").rglob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        for value, unit in re.findall(r"font-size:\s*([\d.]+)(rem|em|px)", text):
            pixels = float(value) * {"rem": 17, "em": 17, "px": 1}[unit]
            if pixels < 14:
                smallest.append((sheet.name, value + unit))
    assert smallest == []
