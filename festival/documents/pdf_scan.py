"""Which pictures is a scanned PDF, page by page? The one door: it is drawn in a process of its own, and only pixels are kept."""

from __future__ import annotations

import json
import os
import subprocess  # nosec B404 (our own module, no shell)
import sys
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from config import ROOT
from festival.core.sentence import N_, Sentence
from festival.documents.pdf_looked import NOT_A_PDF
from festival.documents.reader_places import reader_place

READERS = 2
LONG = N_("Tệp PDF có quá %(most)s trang. Chỉ gửi các trang của danh sách đã ký.", "pdf_long")
HEAVY = N_("Tệp PDF nặng quá, đọc không xong. Quét lại ở mức 150 đến 200 điểm (dpi) rồi gửi.", "pdf_heavy")
BUSY = N_("Máy chủ đang đọc tệp khác. Chờ một phút rồi gửi lại; chưa có gì được ghi.", "pdf_busy")


@dataclass(frozen=True, slots=True)
class ScanLimits:
    """What one file may take."""

    cpu_s: int = 40
    memory_bytes: int = 1536 * 1024 * 1024
    file_bytes: int = 64 * 1024 * 1024
    wall_s: float = 90.0
    wait_s: float = 20.0  # for one of the places
    most: int = 30  # pages


LIMITS = ScanLimits()


def scanned(content: bytes, folder: Path, limits: ScanLimits = LIMITS) -> list[bytes] | Sentence:
    """A JPEG a page, or why it is not taken. `folder` (of the instance) holds the readers' places."""
    with reader_place(folder, "scan-reader", READERS, limits.wait_s) as free:
        return _drawn(content, limits) if free else BUSY


def _drawn(content: bytes, limits: ScanLimits) -> list[bytes] | Sentence:
    asked = {
        "cpu_s": limits.cpu_s,
        "memory_bytes": limits.memory_bytes,
        "file_bytes": limits.file_bytes,
        "most": limits.most,
    }
    try:
        done = subprocess.run(  # nosec B603 (no shell, nothing of a person on the command line)
            [sys.executable, "-m", "festival.documents.pdf_process"],
            input=json.dumps(asked).encode("ascii") + b"\n" + content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1", "RAYON_NUM_THREADS": "1"}
            | ({"TMPDIR": os.environ["TMPDIR"]} if "TMPDIR" in os.environ else {}),  # no key, no address
            timeout=limits.wall_s,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return HEAVY
    if done.returncode != 0:  # the kernel ended it, or memory was refused where nothing catches it
        return HEAVY
    return _read(BytesIO(done.stdout), limits)


def _read(answer: BytesIO, limits: ScanLimits) -> list[bytes] | Sentence:
    found: list[bytes] = []
    while (line := answer.readline().strip()).isdigit():
        found.append(answer.read(int(line)))
    if line == b"long":
        return LONG.filled(most=limits.most)
    return found if line == b"done" and found else NOT_A_PDF
