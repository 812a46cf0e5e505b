"""Does the checklist of docs/copies.md bring a festival to another machine, command by command, and back?"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT, Config
from festival.core import erasure
from festival.core.database import db
from festival.core.files import store
from tests.harness.postgres import Cluster
from tests.harness.served import environment

PAGE = (ROOT / "docs" / "copies.md").read_text(encoding="utf-8").partition("## Moving to another machine")[2]
WORDS = "xe lửa, sen hồng, bảy con vịt"


def block(heading: str) -> str:
    """The commands under a heading of the checklist."""
    section = PAGE.partition(f"### {heading}\n")[2].partition("\n### ")[0]
    (found,) = re.findall(r"^```sh\n(.*?)^```", section, flags=re.MULTILINE | re.DOTALL)
    return str(found)


@pytest.fixture
def new_url(request: pytest.FixtureRequest, demo_url: str, tmp_path: Path) -> str:
    """An empty database of the demo's kind."""
    if demo_url.startswith("sqlite"):
        return f"sqlite:///{tmp_path / 'new' / 'festival.sqlite3'}"
    server: Cluster = request.getfixturevalue("cluster")
    return server.create(f"moved_{os.getpid()}")


def test_the_checklist_moves_a_festival_and_leads_back(
    demo_app: Flask, new_url: str, cluster: Cluster, quick_flask: Path, tmp_path: Path
) -> None:
    old: Config = demo_app.config["FESTIVAL"]
    new = replace(old, instance=tmp_path / "new", database_url=new_url)
    carried = tmp_path / "carried"
    carried.mkdir()
    (tmp_path / "words").write_text(WORDS, "utf-8")
    with demo_app.app_context():
        held = store.put([b"sound"], 5).key
        erasure.remember("another-2024", "data")
        db.session.remove()
        db.engine.dispose()

    def run(config: Config, heading: str, **more: str) -> str:
        env = {
            **environment(config), "CARRIED": str(carried), "WORDS": str(tmp_path / "words"), "FLASK_APP": "app",
            "PATH": f"{quick_flask}:{cluster.binaries}:{os.environ['PATH']}", **more,
        }  # fmt: skip
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block(heading)],
            cwd=ROOT, env={name: value for name, value in env.items() if value}, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{heading}:\n{done.stdout}\n{done.stderr}"
        return done.stdout

    assert "khớp với sổ đang dùng" in run(old, "On the old machine")
    keyless = {"FESTIVAL_PASS_KEY": "", "FESTIVAL_SECRET_KEY": ""}
    assert "khớp với sổ đang dùng" in run(new, "On the new machine", **keyless)
    assert (new.instance / "pass.key").read_text() == old.pass_key.hex()
    assert (new.instance / "secret.key").read_text() == old.secret_key
    assert store.file_path(new, held).read_bytes() == b"sound"
    assert "another-2024" in (new.instance / "erasures.json").read_text()
    run(old, "Going back")
