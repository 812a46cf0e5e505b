"""What a printed card says to whoever reads it, and to whoever scans it."""

from __future__ import annotations

import subprocess
from io import BytesIO
from pathlib import Path

import zxingcpp
from PIL import Image


def words_of(made: bytes, folder: Path) -> str:
    """The words of a PDF in reading order."""
    (folder / "cards.pdf").write_bytes(made)
    done = subprocess.run(["pdftotext", folder / "cards.pdf", "-"], check=True, capture_output=True, text=True)
    return " ".join(done.stdout.replace("\u200b", "").split())


def pictures_of(made: bytes, folder: Path, dpi: int = 100) -> list[Image.Image]:
    """The pages of a PDF as a printer would draw them."""
    (folder / "cards.pdf").write_bytes(made)
    command = ["pdftoppm", "-r", str(dpi), "-gray", "-png", folder / "cards.pdf", folder / "page"]
    subprocess.run(command, check=True, capture_output=True)
    found = []
    for path in sorted(folder.glob("page-*.png")):
        found.append(Image.open(BytesIO(path.read_bytes())))
        path.unlink()
    return found


def read(page: Image.Image) -> list[str]:
    """What a camera reads on a page, row by row from the left."""
    codes = zxingcpp.read_barcodes(page, formats=zxingcpp.BarcodeFormat.QRCode)
    return [
        code.text
        for code in sorted(codes, key=lambda each: (each.position.top_left.y // 300, each.position.top_left.x))
    ]
