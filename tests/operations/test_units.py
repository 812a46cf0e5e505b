"""Do the services come back however often they fall, and may they touch nothing but their own data?"""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest
from gunicorn.workers import gthread

from config import ROOT

UNITS = {
    name: (ROOT / "deploy" / f"festival-{name}.service").read_text("utf-8")
    for name in ("web", "worker", "backup", "away", "rehearsal")
}
# systemd's own measure of what a service could do if it were taken over; 10 is everything. In tenths.
MOST_EXPOSED = 30


def closed(unit: str) -> list[str]:
    """The lines from the first of those that close the service off to the last."""
    lines = unit.partition("[Install]")[0].strip().splitlines()
    return lines[lines.index("NoNewPrivileges=yes") :]


def test_all_services_are_closed_off_alike_and_write_in_one_place() -> None:
    web, *others = map(closed, UNITS.values())
    assert others == [web] * 4
    assert [line for line in web if line.startswith("ReadWritePaths")] == ["ReadWritePaths=/var/lib/festival"]


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_service_that_falls_is_started_again_for_ever(name: str) -> None:
    said = UNITS[name].splitlines()
    assert {"Restart=always", "StartLimitIntervalSec=0"} <= set(said)
    assert said.index("StartLimitIntervalSec=0") < said.index("[Service]"), "it is read in [Unit] only"


def test_a_rehearsal_is_never_served_as_the_festival_nor_by_itself() -> None:
    said = UNITS["rehearsal"].splitlines()
    asked = [line for line in said if line.startswith("Environment")]
    assert asked == [
        "Environment=FESTIVAL_REHEARSAL=yes",
        "EnvironmentFile=/etc/festival.env",
        "EnvironmentFile=/etc/festival-rehearsal.env",
    ], "its own address comes last, and must be there"
    assert "[Install]" not in said and "Restart=on-failure" in said
    kept = (ROOT / "deploy" / "festival.env").read_text("utf-8").splitlines()
    assert not any(line.startswith("FESTIVAL_REHEARSAL=") for line in kept)


def test_a_stop_lingers_on_kept_connections_as_this_gunicorn_calls_it() -> None:
    assert gthread.STOP_KEEPALIVE_LINGER > 0, "deploy/gunicorn.conf.py shortens what is called so"


def test_a_copy_that_fails_is_told() -> None:
    for name in ("backup", "away"):
        assert "OnFailure=festival-tell@%n.service" in UNITS[name].splitlines()
        assert (ROOT / "deploy" / f"festival-{name}.timer").is_file()
    assert (ROOT / "deploy" / "festival-tell@.service").is_file()


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd's own measure needs systemd")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_little_exposed(name: str) -> None:
    unit = ROOT / "deploy" / f"festival-{name}.service"
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", unit],
        check=False,
        capture_output=True,
        text=True,
    )
    assert said.returncode == 0, re.findall(r"Overall.*", said.stdout)


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd's own measure needs systemd")
def test_a_service_that_may_do_all_is_seen_to_be_refused(tmp_path_factory: pytest.TempPathFactory) -> None:
    unit = tmp_path_factory.mktemp("units") / "festival-open.service"
    unit.write_text("[Service]\nExecStart=/usr/bin/true\n", "utf-8")
    said = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", f"--threshold={MOST_EXPOSED}", unit],
        check=False,
        capture_output=True,
    )
    assert said.returncode != 0
