"""Does another engine read back what we draw?"""

from __future__ import annotations

import re
from base64 import b64decode
from io import BytesIO

import numpy as np
import zxingcpp
from PIL import Image

from festival.core import qr
from festival.passes import code

CODE = code.encode(bytes(range(16)))


def drawn_from_path(svg: str, scale: int = 6) -> np.ndarray:
    """The SVG's dark path, painted by reading its runs: what a browser would show."""
    size = int(re.search(r'viewBox="0 0 (\d+)', svg)[1])
    picture = np.full((size * scale, size * scale), 255, np.uint8)
    dark = re.search(r'fill="#000" d="([^"]*)"', svg)[1]
    for run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", dark):
        x, y, length, back = map(int, run)
        assert length == back
        picture[y * scale : (y + 1) * scale, x * scale : (x + length) * scale] = 0
    return picture


def test_pass_svg_is_read_back_by_another_engine():
    svg = qr.svg(CODE, label="Mã QR")
    assert [found.text for found in zxingcpp.read_barcodes(drawn_from_path(svg))] == [CODE]
    assert len(svg) < 2800 and "style" not in svg


def test_pass_png_is_read_back_and_small():
    png = qr.png(CODE)
    assert [found.text for found in zxingcpp.read_barcodes(np.array(Image.open(BytesIO(png)).convert("L")))] == [CODE]
    assert len(png) < 2000


def test_pass_is_version_2_with_a_quiet_zone_of_4():
    rows = qr.matrix(CODE)
    assert len(rows) == 25 + 8 == len(rows[0])
    assert not any(any(row) for row in rows[:4] + rows[-4:])
    assert not any(any(row[:4] + row[-4:]) for row in rows)


def test_vietnamese_text_and_label_are_kept_whole():
    text = "Gia đình ông Nguyễn Văn Đặng"
    svg = qr.svg(text, label='Mã "A" & <B>', level="M")
    assert 'aria-label="Mã &#34;A&#34; &amp; &lt;B&gt;"' in svg
    assert [found.text for found in zxingcpp.read_barcodes(drawn_from_path(svg))] == [text]


def test_a_text_of_zeros_is_drawn_and_read() -> None:
    """The head of a ledger that has no line yet: the library cannot divide a block of zeros."""
    text = "judging:tai-nang 0 " + "0" * 64
    assert [found.text for found in zxingcpp.read_barcodes(Image.open(BytesIO(qr.png(text))))] == [text]


def test_a_picture_for_a_sheet_of_many_is_read_back_and_light() -> None:
    address = "https://ngay-hoi.example.vn/sign-in/once/" + "a8F-" * 10
    image = str(qr.picture(address))
    assert len(image) < 600 and "style" not in image
    dots = Image.open(BytesIO(b64decode(re.search(r"base64,([^\"]*)", image)[1])))
    assert f'width="{dots.width}" height="{dots.height}"' in image
    large = dots.convert("L").resize((dots.width * 6, dots.height * 6), Image.Resampling.NEAREST)
    assert [found.text for found in zxingcpp.read_barcodes(large)] == [address]
