"""What does the browser's fake camera see? Passes held up one after another, white paper between them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageFilter, ImageOps

from festival.core import qr
from tests.harness.browser import write_video


def passes_held_up(path: Path, codes: Iterable[str], *, shown_s: float = 1.2, blank_s: float = 3.0) -> Path:
    """An MJPEG of the QR of each code as the program itself draws it; the video loops.

    The pause is longer than the scanner's memory, so a code that comes again counts as shown again.
    """
    pictures = [Image.open(BytesIO(qr.png(code, module_px=8))) for code in codes]
    return write_video(path, pictures, shown_s=shown_s, blank_s=blank_s)


def held_together(codes: Iterable[str]) -> Image.Image:
    """Several passes side by side in one picture."""
    passes = [Image.open(BytesIO(qr.png(code, module_px=8))).convert("RGB") for code in codes]
    canvas = Image.new("RGB", (sum(each.width + 40 for each in passes), passes[0].height + 40), "white")
    for n, each in enumerate(passes):
        canvas.paste(each, (20 + n * (each.width + 40), 20))
    return canvas


def on_a_screen(code: str) -> Image.Image:
    """A photo of a pass on another phone's screen: dark and light turned round, tilted, dim, with the screen's stripes."""
    shown = ImageOps.invert(Image.open(BytesIO(qr.png(code, module_px=12))).convert("L"))
    photo = Image.new("L", (1500, 2000), 46)
    photo.paste(shown, (500, 800))
    photo = photo.rotate(11, resample=Image.Resampling.BICUBIC, fillcolor=60)
    stripes = Image.linear_gradient("L").resize((photo.width, 6)).rotate(90, expand=True).resize((9, photo.height))
    over = Image.new("L", photo.size)
    for x in range(0, photo.width, stripes.width):
        over.paste(stripes, (x, 0))
    dim = Image.blend(photo, over, 0.22).point([round(30 + value * 0.6) for value in range(256)])
    return dim.filter(ImageFilter.GaussianBlur(1.6)).convert("RGB")
