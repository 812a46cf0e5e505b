"""How is a paper drawn from values? By typst (docs/decisions/0019), as PDF to print or as a picture to look at.

A template is a `.typ` file under `templates/`; it reads the values as `data` of `components/paper.typ`. It sees no other file
than the templates, no font but ours, and no network. The same values at the same moment give the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from typing import Any

from config import ROOT
from festival.core.clock import now
from festival.core.rehearsing.marked import WORDS, rehearsed
from festival.documents.on_first_use import OnFirstUse

typst = OnFirstUse("typst")
Image = OnFirstUse("PIL.Image")

TEMPLATES = ROOT / "templates"
FONTS = ROOT / "static" / "vendor" / "paper-fonts"
FAMILY = "Be Vietnam Pro"
# Four times on a page, because of a sheet of cards each is cut out; light, so that codes below it are read.
MARKED = f"""
#set page(foreground: grid(columns: (1fr, 1fr), rows: (1fr, 1fr), ..range(4).map(_ => block(width: 100%, height: 100%, {{
  set text(font: "{FAMILY}", fill: rgb("#b0202066"), weight: "bold", hyphenate: false)
  place(top + center, dy: 1.5mm, text(9pt, fill: rgb("#b02020"), "{WORDS}"))
  place(center + horizon, rotate(-35deg, text(30pt, "{WORDS}")))
}}))))
#include "/DRAWN"
"""


class PaperFontMissing(RuntimeError):
    """The set-up did not bring the typeface; without it every Vietnamese letter would be a box."""


def pdf(
    template: str,
    data: Mapping[str, Any],
    *,
    tagged: bool = True,
    at: datetime | None = None,
    rehearsal: bool | None = None,
) -> bytes:
    """The document as PDF. `tagged` parts help a screen reader; thousands of cards do without them. `at`: as if made then.

    `rehearsal`: said by a process that has no application to ask.
    """
    made: bytes = _compiler(data).compile(
        input=_main(template, rehearsal=rehearsed() if rehearsal is None else rehearsal),
        format="pdf",
        timestamp=(at or now()).replace(microsecond=0),
        pdf_tags=tagged,
    )
    return made


def _main(template: str, *, rehearsal: bool) -> str | bytes:
    """What is compiled: the template, in a rehearsal with the mark over every page of it."""
    return MARKED.replace("DRAWN", template).encode() if rehearsal else str(TEMPLATES / template)


def png(template: str, data: Mapping[str, Any], *, ppi: float = 96.0) -> list[bytes]:
    """Each page as a picture."""
    made = _compiler(data).compile(input=_main(template, rehearsal=rehearsed()), format="png", ppi=ppi)
    return made if isinstance(made, list) else [made]


def few_colours(page: bytes, colours: int) -> bytes:
    """The same picture in a quarter of its bytes: letters on paper need few colours."""
    few = (
        Image.open(BytesIO(page))
        .convert("RGB")
        .quantize(colours, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    )
    out = BytesIO()
    few.save(out, "PNG", compress_level=6)
    return out.getvalue()


def _compiler(data: Mapping[str, Any]) -> Any:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])
    if FAMILY not in fonts.families():
        raise PaperFontMissing(f"{FAMILY} is not in {FONTS.name}; run the set-up again")
    return typst.Compiler(
        root=str(TEMPLATES), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"data": json.dumps(data)}
    )
