"""Does a password cost what it should to whoever guesses?"""

from __future__ import annotations

import subprocess
import sys

from argon2.profiles import RFC_9106_LOW_MEMORY

from config import ROOT


def test_a_password_is_kept_at_the_cost_of_rfc_9106() -> None:
    """Asked of a fresh process: the tests' own keeps passwords cheaply."""
    ask = "from festival.accounts.passwords import hash_password; print(hash_password('nang-bien-hon-dat'))"
    done = subprocess.run([sys.executable, "-c", ask], cwd=ROOT, capture_output=True, text=True, check=True)
    cost = RFC_9106_LOW_MEMORY
    wanted = f"$argon2id$v=19$m={cost.memory_cost},t={cost.time_cost},p={cost.parallelism}$"
    assert done.stdout.startswith(wanted)
