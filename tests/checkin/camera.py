"""What does the browser's fake camera see? Passes held up one after another, white paper between them."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

from PIL import Image

from festival.core import qr
from tests.harness.browser import write_video


def passes_held_up(path: Path, codes: Iterable[str], *, shown_s: float = 1.2, blank_s: float = 3.0) -> Path:
    """An MJPEG of the QR of each code as the program itself draws it; the video loops.

    The pause is longer than the scanner's memory, so a code that comes again counts as shown again.
    """
    pictures = [Image.open(BytesIO(qr.png(code, module_px=8))) for code in codes]
    return write_video(path, pictures, shown_s=shown_s, blank_s=blank_s)
