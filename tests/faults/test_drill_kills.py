"""A drill killed in each of its steps: nothing of the festival is touched, the organiser's page says it did not end, the next one clears up."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from flask import Flask

from config import ROOT, Config
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.pulse.pulses import PulseKind, claim, pulses
from festival.core.pulse.signs import Level, WatchedPart
from festival.core.pulse.watching import signs_of_pulses
from festival.core.transaction import reading, transaction
from festival.operations.backup import back_up, default_target
from festival.operations.drill import drill_now
from tests.harness.postgres import Cluster
from tests.harness.served import environment
from tests.operations.test_drill import left_behind, write

pytestmark = pytest.mark.faults

# A drill in a process of its own that kills itself before or after one of its steps.
KILLED = """
import os, signal, sys
from app import app
from festival.operations import drill

step, before = sys.argv[1], sys.argv[2] == "before"
real = getattr(drill, step)

def dies(*given, **named):
    if not before:
        real(*given, **named)
    os.kill(os.getpid(), signal.SIGKILL)

setattr(drill, step, dies)
with app.app_context():
    drill.drill_now()
"""
STEPS = ("_last_plain", "assure_fit", "_put", "verify_engine", "_refuse_strange")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
def test_a_drill_killed_at_a_step(
    app: Flask, config: Config, cluster: Cluster, monkeypatch: pytest.MonkeyPatch, step: str, when: str
) -> None:
    monkeypatch.setenv("PATH", f"{cluster.binaries}:{os.environ['PATH']}")
    putting = "copy_content" if config.is_sqlite else "pour"
    with app.app_context():
        write(0)
        back_up(config, default_target(config, now()))
        with transaction():
            assert claim(PulseKind.DRILL, now())
        db.session.remove()
        db.engine.dispose()
        done = subprocess.run(
            [sys.executable, "-c", KILLED, step.replace("_put", putting), when],
            cwd=ROOT, env=environment(config), capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == -signal.SIGKILL, done.stderr
        with reading():
            assert ledger.head("decisions:thu").size == 1
            (sign,) = [each for each in signs_of_pulses(pulses()) if each.part is WatchedPart.DRILL]
        assert (sign.level, str(sign.words)) == (Level.WARN, "Lần thử khôi phục gần nhất chưa xong.")
        db.session.remove()
        assert drill_now().lines == 1
        assert left_behind(config) == []
