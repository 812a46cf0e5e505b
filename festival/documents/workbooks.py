"""What stands in a workbook that somebody hands in? The one door: it is read by a process of its own, two at a time a machine.

A workbook of 9 kB can keep a reader busy for minutes or ask for gigabytes, so the server never parses one (workbook_process
says what it may take). Started as a program, not forked: a fork of a process with threads inherits locks nobody will open.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess  # nosec B404 (our own module, no shell)
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from config import ROOT
from festival.core.sentence import Sentence
from festival.documents.reader_places import reader_place
from festival.documents.workbook_process import from_wire
from festival.documents.workbook_refusals import BROKEN, BUSY, TOO_LARGE, UnreadableFile, kind_of_head, too_slow
from festival.documents.xlsx_reading import Grid, Wanted

READERS = 2


@dataclass(frozen=True, slots=True)
class Limits:
    """What one file may take.

    On a machine that is busy, ten seconds of the processor's time take longer on the clock.
    """

    cpu_s: int = 10
    memory_bytes: int = 300 * 1024 * 1024
    wall_s: float = 40.0
    wait_s: float = 20.0  # for one of the readers' places


LIMITS = Limits()


def read_workbook(content: bytes, wanted: Wanted, folder: Path, limits: Limits = LIMITS) -> Grid | UnreadableFile:
    """The wanted sheet of a workbook, or why it cannot be taken. `folder` (of the instance) holds the readers' places."""
    refused = kind_of_head(content)
    if refused is None:
        with reader_place(folder, "workbook-reader", READERS, limits.wait_s) as free:
            found = _asked(content, wanted, limits) if free else BUSY
        if isinstance(found, Grid):
            return found
        refused = found
    return UnreadableFile((refused,))


def _asked(content: bytes, wanted: Wanted, limits: Limits) -> Grid | Sentence:
    asked = json.dumps(
        {
            "name": wanted.name,
            "headings": [sorted(group) for group in wanted.headings],
            "cpu_s": limits.cpu_s,
            "memory_bytes": limits.memory_bytes,
        }
    )
    with _nowhere() as question, _nowhere() as answer:
        question.write(asked.encode("ascii") + b"\n" + content)
        question.seek(0)
        ended = _run(question, answer, limits.wall_s)
        answer.seek(0)
        if ended == 0:
            return from_wire(json.loads(answer.read()))
    if ended in (-signal.SIGXCPU, -signal.SIGKILL):
        return too_slow(limits.cpu_s)
    # Python ends with 1 when memory was refused where nothing catches it; the kernel may end it with a signal.
    return TOO_LARGE if ended < 0 or ended == 1 else BROKEN


def _run(question: IO[bytes], answer: IO[bytes], wall_s: float) -> int:
    """The exit code of the reader; a signal's number below zero."""
    reader = subprocess.Popen(
        [sys.executable, "-m", "festival.documents.workbook_process"],
        stdin=question,
        stdout=answer,
        stderr=subprocess.DEVNULL,
        cwd=ROOT,
        env={
            "PYTHONPATH": str(ROOT),
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
        },  # no key, no address of a database
    )
    try:
        return reader.wait(wall_s)
    except subprocess.TimeoutExpired:
        return -signal.SIGKILL
    finally:
        if reader.poll() is None:
            reader.kill()
            reader.wait()


def _nowhere() -> IO[Any]:
    """A file in memory without a name: what stands in the workbook is never written to a disk, and no pipe can fill up."""
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("workbook"), "w+b")
    return tempfile.TemporaryFile()
