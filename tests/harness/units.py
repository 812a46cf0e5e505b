"""How do the services run on a machine without systemd? By the lines of their own unit files, started and stopped as systemd does.

The units' folder, environment file and address are put where the test wants them; what stands in ExecStart=,
WorkingDirectory= and ListenStream= is read from `deploy/`. The socket is opened once and handed to each new web service
(LISTEN_FDS), which says by itself when it is ready (NOTIFY_SOCKET). `systemctl` is a program that asks for it.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from config import ROOT
from tests.harness.waiting import PATIENCE_S

WEB, WORKER, SOCKET = "festival-web.service", "festival-worker.service", "festival-web.socket"
# Between fork and program, as systemd does it: the socket as the fourth stream, the process's own number beside it.
GIVEN = """
import os, sys
given, *command = sys.argv[1:]
os.environ["LISTEN_PID"] = str(os.getpid())
os.dup2(int(given), 3)
os.execv(command[0], command)
"""
CLIENT = """#!{python} -SI
import json, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.connect({door!r})
    door.sendall(json.dumps(sys.argv[1:]).encode())
    door.shutdown(socket.SHUT_WR)
    sys.exit(door.recv(1)[0])
"""


@dataclass
class Units:
    """The units of one installation below `root`, on `port`."""

    root: Path
    folder: Path
    port: int
    environment: Mapping[str, str]
    listening: socket.socket | None = None
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)
    asked: list[list[str]] = field(default_factory=list)
    without: set[str] = field(default_factory=set)  # units that are not there

    @property
    def systemctl(self) -> Path:
        """The program that starts and stops them."""
        return self.folder / "systemctl"

    def line(self, unit: str, key: str) -> str:
        """A line of a unit, with this installation's places for the server's own."""
        text = (ROOT / "deploy" / unit).read_text("utf-8").replace("/opt/festival", str(self.root))
        return re.findall(rf"^{key}=(.+)$", text, re.MULTILINE)[-1]

    def obey(self, verb: str, *units: str) -> bool:
        """What `systemctl VERB UNITS` does; whether it could."""
        self.asked.append([verb, *units])
        if verb in {"stop", "restart"}:
            for unit in units:
                self._stop(unit)
        started = [self._start(unit) for unit in units if verb in {"start", "restart"}]
        return all(started)

    def _stop(self, unit: str) -> None:
        if unit == SOCKET and self.listening is not None:
            self._stop(WEB)
            self.listening.close()
            self.listening = None
        if (process := self.running.pop(unit, None)) is not None:
            process.send_signal(signal.SIGTERM)  # KillMode=mixed: the master alone, which stops its own
            process.wait(PATIENCE_S)

    def _start(self, unit: str) -> bool:
        if unit == SOCKET or (unit == WEB and self.listening is None):
            host = self.line(SOCKET, "ListenStream").partition(":")[0]
            self.listening = self.listening or socket.create_server((host, self.port), backlog=4096)
        if unit in self.without or unit == SOCKET or (unit in self.running and self.running[unit].poll() is None):
            return True
        command = shlex.split(self.line(unit, "ExecStart"))
        if not Path(command[0]).exists():
            return False
        settings = {**self.environment, "PWD": self.line(unit, "WorkingDirectory")}
        with self._told(unit) as told, (self.folder / f"{unit}.log").open("ab") as log:
            if unit == WEB:
                assert self.listening is not None
                given = self.listening.fileno()
                command = [sys.executable, "-SIc", GIVEN, str(given), *command]
                settings |= {"LISTEN_FDS": "1", "NOTIFY_SOCKET": told.getsockname()}
            process = subprocess.Popen(
                command,
                cwd=settings["PWD"],
                env=settings,
                stdout=log,
                stderr=subprocess.STDOUT,
                pass_fds=[given] if unit == WEB else [],
            )
            self.running[unit] = process
            return unit != WEB or self._ready(process, told)

    @contextmanager
    def _told(self, unit: str) -> Iterator[socket.socket]:
        path = self.folder / f"{unit}.notify"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as told:
            told.bind(str(path))
            told.settimeout(0.1)
            yield told

    @staticmethod
    def _ready(process: subprocess.Popen[bytes], told: socket.socket) -> bool:
        while process.poll() is None:
            with suppress(TimeoutError):
                if b"READY=1" in told.recv(4096):
                    return True
        return False

    def log(self, unit: str) -> str:
        """What a service said."""
        return (self.folder / f"{unit}.log").read_text("utf-8", errors="replace")


@contextmanager
def units(root: Path, port: int, environment: Mapping[str, str]) -> Iterator[Units]:
    """The service manager of one installation, for as long as the block lasts."""
    folder = Path(tempfile.mkdtemp(prefix="units-", dir="/tmp"))  # a socket's name may have 107 letters
    made = Units(root, folder, port, environment)
    made.systemctl.write_text(CLIENT.format(python=sys.executable, door=str(folder / "door")), encoding="utf-8")
    made.systemctl.chmod(0o755)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(folder / "door"))
        door.listen()
        threading.Thread(target=_attend, args=(door, made), daemon=True).start()
        try:
            yield made
        finally:
            made.obey("stop", WORKER, WEB, SOCKET)
            door.shutdown(socket.SHUT_RDWR)
            shutil.rmtree(folder)


def _attend(door: socket.socket, made: Units) -> None:
    with suppress(OSError):
        while True:
            caller, _address = door.accept()
            with caller:
                said = caller.makefile("rb").read()
                caller.sendall(bytes([0 if made.obey(*json.loads(said)) else 1]))
