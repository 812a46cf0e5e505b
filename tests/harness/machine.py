"""How are the commands of a page for operators run where there is no systemd, no other account and no /opt/festival?

A folder for the front of PATH plays what is the machine's own there. `systemd-run` takes exactly what the units say (account,
folder, settings) and runs the command with those settings alone; `systemctl` looks the unit up in deploy/ and really starts what
its `ExecStart` says, waits until it serves, and really ends it. The rest looks up that what it is asked for is there.
Paths of the page stand for paths of the test (`Machine.here`); programs of the house begin from `ready_flask`.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT

PLAYED = ("sudo", "systemd-run", "systemctl", "journalctl", "timedatectl")
BLOCK = re.compile(r"^```sh\n(.*?)^```", flags=re.MULTILINE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Machine:
    """A machine in a folder: `paths` are those of the page with what they are here."""

    folder: Path
    quick: Path
    paths: Mapping[str, str]
    tools: Path | None = None
    said: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        bin_folder = self.folder / "bin"
        bin_folder.mkdir(parents=True)
        told = {
            "paths": dict(self.paths),
            "units": str(ROOT / "deploy"),
            "state": str(self.folder),
            "door": str(self.quick / "door"),
        }
        (self.folder / "machine.json").write_text(json.dumps(told), encoding="utf-8")
        played = bin_folder / "played"
        source = (ROOT / "tests" / "harness" / "played.py").read_text(encoding="utf-8")
        played.write_text(f"#!{sys.executable} -SI\n{source}", encoding="utf-8")
        played.chmod(0o755)
        for name in PLAYED:
            (bin_folder / name).symlink_to("played")

    def here(self, text: str) -> str:
        """The same with this machine's paths."""
        for written, real in self.paths.items():
            text = text.replace(written, real)
        return text

    def run(self, lines: str) -> subprocess.CompletedProcess[str]:
        """As a person types them; what is printed stands in `said` too."""
        found = [str(self.folder / "bin"), *([str(self.tools)] if self.tools else []), os.environ["PATH"]]
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", self.here(lines)],
            cwd=self.folder,
            env={"PATH": os.pathsep.join(found), "MACHINE": str(self.folder / "machine.json"), "LANG": "C.UTF-8"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        self.said.append(done.stdout + done.stderr)
        return done

    def stop(self) -> None:
        """End what was started and not stopped."""
        for kept in self.folder.glob("*.pid"):
            with suppress(ProcessLookupError):
                os.kill(int(kept.read_text(encoding="ascii")), signal.SIGTERM)
