"""How is a long document drawn without its memory staying behind? By a process of its own that ends with it.

typst remembers what it has set, for a document of hundreds of cards a hundred megabytes that it does not give back; the
worker draws for days. Started as a program, not forked, and without a key or the address of a database: all that it is
told comes on one line, all that it makes goes out.
"""

from __future__ import annotations

import json
import subprocess  # nosec B404 (our own module, no shell)
import sys
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from config import ROOT
from festival.core.rehearsing.marked import rehearsed
from festival.documents import paper

LONGEST_S = 300


class PaperNotDrawn(RuntimeError):
    """The drawing process ended without a document; what it said is in the log of whoever asked."""


def pdf_apart(template: str, data: Mapping[str, Any], at: datetime) -> bytes:
    """The document as PDF, the same bytes as `paper.pdf` gives, untagged."""
    asked = {"template": template, "data": data, "at": at.isoformat(), "rehearsal": rehearsed()}
    done = subprocess.run(  # nosec B603 (no shell, nothing of a person on the command line)
        [sys.executable, "-m", "festival.documents.paper_process"],
        input=json.dumps(asked).encode("ascii"),
        capture_output=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode != 0:
        raise PaperNotDrawn(f"{template}: exit {done.returncode}")
    return done.stdout


def main() -> None:
    """Draw what is asked on the standard input."""
    asked = json.loads(sys.stdin.buffer.read())
    at = datetime.fromisoformat(asked["at"])
    made = paper.pdf(asked["template"], asked["data"], tagged=False, at=at, rehearsal=asked["rehearsal"])
    sys.stdout.buffer.write(made)


if __name__ == "__main__":
    main()
