"""How is a code drawn so that a cheap phone reads it from paper and from a cracked screen?

Quiet zone 4 and level Q (protocols, "Pass, second form"). The SVG is one path of horizontal runs: 2.5 kB for a pass, sharp
at any size, no style attribute (the content-security policy forbids it), dark on white also in dark mode.
"""

from __future__ import annotations

from base64 import b64encode
from io import BytesIO
from itertools import groupby

import qrcode
from markupsafe import Markup, escape
from PIL import Image
from qrcode.constants import ERROR_CORRECT_L, ERROR_CORRECT_M, ERROR_CORRECT_Q

QUIET_ZONE = 4
_LEVELS = {"L": ERROR_CORRECT_L, "M": ERROR_CORRECT_M, "Q": ERROR_CORRECT_Q}


def matrix(text: str, level: str = "Q") -> list[list[bool]]:
    """The modules, dark = True, quiet zone included; the smallest version that holds `text`."""
    code = qrcode.QRCode(error_correction=_LEVELS[level], border=QUIET_ZONE, box_size=1)
    code.add_data(text)
    try:
        code.make(fit=True)
    except ValueError:
        # The library cannot divide a block of zeros (the head of a ledger without a line): in one piece there is none.
        code.clear()
        code.add_data(text, optimize=0)
        code.make(fit=True)
    return [[bool(module) for module in row] for row in code.get_matrix()]


def svg(text: str, *, label: str = "", css_class: str = "qr", level: str = "Q") -> Markup:
    """An inline SVG; `label` is what a screen reader says."""
    rows = matrix(text, level)
    path = outline(rows)
    size = len(rows)
    named = f'role="img" aria-label="{escape(label)}"' if label else 'aria-hidden="true"'
    return Markup(  # noqa: S704 (numbers and escaped words only)
        f'<svg xmlns="http://www.w3.org/2000/svg" class="{escape(css_class)}" viewBox="0 0 {size} {size}" '
        f'shape-rendering="crispEdges" {named}><path fill="#fff" d="M0 0h{size}v{size}H0z"/>'
        f'<path fill="#000" d="{path}"/></svg>'
    )


def outline(rows: list[list[bool]]) -> str:
    """A code as one path, a unit a module, for whoever draws it: a page, a paper."""
    return "".join(_runs(row, y) for y, row in enumerate(rows))


def png(text: str, *, module_px: int = 10, level: str = "Q") -> bytes:
    """A black-and-white PNG for mail and for "lưu ảnh"."""
    rows = matrix(text, level)
    size = len(rows)
    picture = Image.frombytes("L", (size, size), bytes(0 if dark else 255 for row in rows for dark in row))
    out = BytesIO()
    enlarged = picture.resize((size * module_px, size * module_px), Image.Resampling.NEAREST)
    enlarged.convert("1").save(out, "PNG", optimize=True)
    return out.getvalue()


def picture(text: str, *, css_class: str = "qr", level: str = "M") -> Markup:
    """The same within half a kilobyte, for a sheet of many codes: one dot a module, drawn large without smoothing by the page's style."""
    rows = matrix(text, level)
    encoded = b64encode(png(text, module_px=1, level=level)).decode()
    size = len(rows)
    return Markup(  # noqa: S704 (numbers and base64 only)
        f'<img class="{escape(css_class)}" alt="" width="{size}" height="{size}" src="data:image/png;base64,{encoded}">'
    )


def _runs(row: list[bool], y: int) -> str:
    """The dark runs of one row as sub-paths one module high."""
    path, x = [], 0
    for dark, run in groupby(row):
        length = sum(1 for _ in run)
        if dark:
            path.append(f"M{x} {y}h{length}v1h-{length}z")
        x += length
    return "".join(path)
