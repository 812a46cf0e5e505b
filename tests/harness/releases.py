"""What is a release in a test? This program in a folder of its own, set up without the network: with this environment's packages.

`deploy/release.py` is run as an operator runs it; only its folders, account and `systemctl` are the test's.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import StringIO
from pathlib import Path

import pytest

from config import ROOT

LEFT_OUT = shutil.ignore_patterns(
    ".*_cache", ".git*", ".venv", ".ci", "node_modules", "instance", "build", "tests", "benchmarks", "docs"
)
SETUP = """#!/bin/sh
set -e
ln -s {venv} .venv
cp -rp {root}/static/vendor static/vendor
[ ! -d {root}/build ] || cp -rp {root}/build build
.venv/bin/python scripts/pack_static.py
ls -td build/static/* | tail -n +2 | xargs -r rm -r
.venv/bin/python -m compileall -q app.py config.py festival
"""


def program(folder: Path, version: str, change: Callable[[Path], object] = lambda _folder: None) -> Path:
    """This program as the version `version`, with what `change` does to it."""
    shutil.copytree(ROOT, folder, ignore=LEFT_OUT)
    project = folder / "pyproject.toml"
    text = project.read_text("utf-8")
    own = next(line for line in text.splitlines() if line.startswith("version = "))
    project.write_text(text.replace(own, f'version = "{version}"', 1), "utf-8")
    setup = SETUP.format(venv=(ROOT / ".venv").resolve(), root=ROOT)
    (folder / "scripts" / "setup.sh").write_text(setup, "utf-8")
    change(folder)
    return folder


@dataclass(frozen=True)
class Releases:
    """The releases below `root`."""

    root: Path
    env_file: Path
    systemctl: Path
    patience_s: float = 60

    def run(self, *arguments: str, ends: int = 0, apart: bool = False) -> str:
        """What `release.py ARGUMENTS` says; `apart`: in a process of its own, which can be killed."""
        own = [
            "--root",
            str(self.root),
            "--env-file",
            str(self.env_file),
            "--user",
            "",
            "--systemctl",
            str(self.systemctl),
        ]
        asked = [*own, f"--patience={self.patience_s}", *arguments]
        if apart:
            command = [sys.executable, ROOT / "deploy" / "release.py", *asked]
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            code, said = done.returncode, done.stdout
        else:
            with redirect_stdout(StringIO()) as heard, redirect_stderr(heard):
                code = _command()(asked)
            said = heard.getvalue()
        assert code == ends, said
        return said

    def install(self, folder: Path) -> str:
        """The name of the release that this folder became."""
        return self.run("install", str(folder)).rpartition("switch ")[2].strip()

    def serving(self) -> str:
        """To which release the link leads."""
        return (self.root / "current").readlink().name


@cache
def _command() -> Callable[[list[str]], int]:
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(ROOT / "deploy")
        command: Callable[[list[str]], int] = import_module("release").main
    return command


def write_settings(path: Path, settings: Mapping[str, str]) -> Path:
    """The services' environment file."""
    lines = [f"{name}={value}\n" for name, value in settings.items() if name.startswith(("FESTIVAL_", "DATABASE_URL"))]
    path.write_text("".join(lines), "utf-8")
    return path
