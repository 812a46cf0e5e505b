"""What does a family save to its phone's pictures? The code large, its typed twin, the family, the festival.

A grandchild saves it, a grandparent shows it: the picture must be readable without the page around it.
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from textwrap import wrap

from PIL import Image, ImageDraw, ImageFont

from config import ROOT
from festival.core.qr import matrix
from festival.core.rehearsing.marked import paper_mark

WIDTH = 900
MARGIN = 50
INK = (39, 30, 23)
BAND = (108, 37, 9)
GOLD = (217, 154, 34)
PAPER_FONTS = ROOT / "static" / "vendor" / "paper-fonts"
BOLD = PAPER_FONTS / "BeVietnamPro_700Bold.ttf"
PLAIN = PAPER_FONTS / "BeVietnamPro_400Regular.ttf"


def pass_picture(*, code: str, typed: str, family: str, unit: str, festival: str) -> bytes:
    """A PNG of 900 px width."""
    head = [*filter(None, [paper_mark()]), *wrap(festival, 34)]
    names = wrap(family, 26)
    top = 60 + 46 * len(head)
    square = WIDTH - 2 * MARGIN
    height = top + square + 90 + 64 * len(names) + 60 + 50
    picture = Image.new("RGB", (WIDTH, height), "white")
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, 0, WIDTH, top - 10), fill=BAND)
    draw.rectangle((0, top - 10, WIDTH, top - 2), fill=GOLD)
    _lines(draw, head, 26, 36, BOLD, (255, 246, 232), 46)
    picture.paste(_code(code, square), (MARGIN, top + 10))
    below = top + 10 + square
    _lines(draw, [typed], below, 62, BOLD, INK, 80)
    _lines(draw, names, below + 84, 48, BOLD, INK, 64)
    _lines(draw, [unit], below + 88 + 64 * len(names), 36, PLAIN, INK, 50)
    out = BytesIO()
    picture.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def _code(code: str, size: int) -> Image.Image:
    rows = matrix(code)
    modules = len(rows)
    small = Image.frombytes("L", (modules, modules), bytes(0 if dark else 255 for row in rows for dark in row))
    step = size // modules
    canvas = Image.new("RGB", (size, size), "white")
    shift = (size - step * modules) // 2
    canvas.paste(small.resize((step * modules, step * modules), Image.Resampling.NEAREST), (shift, shift))
    return canvas


def _lines(
    draw: ImageDraw.ImageDraw,
    lines: list[str],
    y: int,
    size: int,
    face: Path,
    colour: tuple[int, int, int],
    step: int,
) -> None:
    font = ImageFont.truetype(str(face), size)
    for index, line in enumerate(lines):
        draw.text((WIDTH / 2, y + index * step), line, font=font, fill=colour, anchor="ma")
