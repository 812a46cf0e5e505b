"""Does a fresh copy set itself up on a machine without Node?"""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from config import ROOT

pytestmark = pytest.mark.faults


def test_a_machine_without_node_gets_it_from_its_lock_file(tmp_path: Path) -> None:
    tools = tmp_path / "bin"
    tools.mkdir()
    for folder in map(Path, os.environ["PATH"].split(os.pathsep)):
        for tool in folder.iterdir() if folder.is_dir() else ():
            if tool.name not in {"node", "nodejs", "npm", "npx", "corepack"} and not (tools / tool.name).exists():
                (tools / tool.name).symlink_to(tool)
    fresh = tmp_path / "fresh"
    subprocess.run(["git", "clone", "-q", ROOT, fresh], check=True)
    shutil.copy(ROOT / "scripts" / "setup.sh", fresh / "scripts" / "setup.sh")
    done = subprocess.run(
        ["sh", "scripts/setup.sh", "runtime"],
        cwd=fresh,
        env={**os.environ, "PATH": str(tools)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "requirements-node.lock" in done.stdout
    assert (fresh / "static" / "vendor" / "manifest.json").is_file()
    assert len(list((fresh / "static" / "vendor" / "be-vietnam-pro").glob("*.woff2"))) == 2
    assert len(list((fresh / "build" / "static").glob("*/css/tokens.css.br"))) == 1
