"""How long does a test wait for what must come? Until it is there; the bound is for a machine that does six times its work."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 120


def wait_until(holds: Callable[[], object], what: str = "what was waited for") -> None:
    """Come back as soon as `holds()` is true; it is asked twenty times a second."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"{what} did not come in {PATIENCE_S} s"
        time.sleep(0.05)
