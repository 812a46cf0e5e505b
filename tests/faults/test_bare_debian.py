"""Do both commands of the README work on a bare Debian 12 without Node, on its own Python?

BARE_ARGS chooses tests for `make test` there; without it every test runs.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.faults.bare_debian import BareDebian, make_bare_debian
from tests.harness.served import free_port

pytestmark = pytest.mark.faults


@pytest.fixture(scope="module")
def bare() -> Iterator[BareDebian]:
    # Not under pytest's own folder: a root has files and folders that only a whole removal gets rid of.
    folder = Path(tempfile.mkdtemp(prefix="bare-debian-"))
    try:
        yield make_bare_debian(folder / "root")
    finally:
        shutil.rmtree(folder)


def test_the_festival_runs_after_one_command(bare: BareDebian) -> None:
    assert not any((bare.root / "usr/bin" / name).exists() for name in ("node", "npm", "chromium"))
    port = free_port()
    running = bare.start("make", "run", PORT=str(port))
    assert running.stdout is not None
    said = ""
    try:
        for line in running.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert f"http://127.0.0.1:{port}" in said
        with urlopen(f"http://127.0.0.1:{port}/programme", timeout=120) as answer:
            assert answer.status == 200
            assert "Gia đình" in answer.read().decode()
    finally:
        with suppress(ProcessLookupError):
            running.kill()
        running.communicate()


def test_every_test_runs_after_one_command(bare: BareDebian) -> None:
    running = bare.start("make", "test", ARGS=os.environ.get("BARE_ARGS", ""))
    assert running.stdout is not None
    said = ""
    for line in running.stdout:
        print(line, end="")
        said += line
    assert running.wait() == 0, said[-5000:]
    assert "make test: " in said
