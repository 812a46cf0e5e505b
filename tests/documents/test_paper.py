"""Does a paper say what it was given, with every mark of Vietnamese, on as many pages as it needs?"""

from __future__ import annotations

import subprocess
from pathlib import Path

from PIL import Image

from festival.documents import paper

NAME = "Đỗ Nguyễn Thị Ngọc Ánh Tuyết Ữ ỡ ặ ẵ ỵ Ẫ"


def a_list(rows: int) -> dict[str, object]:
    return {
        "title": "Danh sách ký nhận",
        "organ": "Ủy ban nhân dân xã Hòn Đất",
        "place_and_day": "Hòn Đất, ngày 14 tháng 6 năm 2024",
        "head": ["STT", "Họ và tên", "Ký nhận"],
        "widths": [0, 2, 1],
        "rows": [[str(at), f"{NAME} {at}", ""] for at in range(1, rows + 1)],
        "signers": [{"role": "Trưởng đoàn", "note": "(ký, ghi rõ họ tên)"}],
    }


def read(made: bytes, folder: Path) -> list[str]:
    """The words of each page."""
    path = folder / "paper.pdf"
    path.write_bytes(made)
    done = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True)
    return done.stdout.removesuffix("\f").split("\f")


def test_every_row_stands_on_the_list_and_the_heading_on_each_page(tmp_path: Path) -> None:
    pages = read(paper.pdf("components/list_to_sign.typ", a_list(80)), tmp_path)
    assert len(pages) > 1 and all("Họ và tên" in page for page in pages[:-1])
    told = " ".join(" ".join(pages).split())
    assert all(f"{NAME} {at}" in told for at in range(1, 81))
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in told and "ngày 14 tháng 6 năm 2024" in told


def test_an_empty_list_is_a_paper_too(tmp_path: Path) -> None:
    (page,) = read(paper.pdf("components/list_to_sign.typ", a_list(0)), tmp_path)
    assert "Danh sách ký nhận" in page and "Trưởng đoàn" in page


def test_words_that_look_like_typsetting_stay_words(tmp_path: Path) -> None:
    strange = '#read("/etc/passwd") $x$ *đậm* \\ [x] <a> @b'
    values = a_list(1) | {"rows": [["1", strange, ""]]}
    (page,) = read(paper.pdf("components/list_to_sign.typ", values), tmp_path)
    assert strange in " ".join(page.split())


def test_a_picture_is_as_large_as_asked(tmp_path: Path) -> None:
    (picture,) = paper.png("components/list_to_sign.typ", a_list(1), ppi=72)
    (tmp_path / "page.png").write_bytes(picture)
    assert Image.open(tmp_path / "page.png").size in ((595, 842), (596, 842))  # A4 in points, rounded by the library
