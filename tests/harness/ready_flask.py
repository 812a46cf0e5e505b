"""How do a hundred commands of one walk, or the servers of a worker, start without importing the program each time?

A process that has imported every room, and made one application that nobody uses, waits on a socket. Whoever asks hands over a
program, its arguments, environment, folder, umask and three streams. The waiting process forks; the child is a process of its own that
runs the program's own `main` with them, as if it had just been started. Who asked is told its pid, and how it ended.
The `flask` of this harness is a few lines that ask so.
"""

from __future__ import annotations

import gc
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import festival
from config import ROOT, Config
from festival.factory import create_app
from festival.operations.commands import speak_vietnamese
from tests.harness.shared import share
from tests.harness.waiting import wait_until

LARGEST = 1 << 20
PROGRAMS = {"flask": ("flask.cli", "main"), "gunicorn": ("gunicorn.app.wsgiapp", "run")}
CLIENT = """#!{python} -SI
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.connect({door!r})
    os.umask(mask := os.umask(0))
    asked = json.dumps(["flask", sys.argv[1:], dict(os.environ), os.getcwd(), mask]).encode()
    socket.send_fds(door, [len(asked).to_bytes(4, "big")], [0, 1, 2])
    door.sendall(asked)
    door.recv(4, socket.MSG_WAITALL)
    sys.exit(door.recv(1)[0])
"""


@dataclass(frozen=True, slots=True)
class Started:
    """A process that was asked for."""

    pid: int
    _door: socket.socket

    def ended(self, within_s: float) -> bool:
        """Whether it has ended, or does so in time."""
        self._door.settimeout(within_s or 0.001)
        try:
            self._door.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return False
        return True


def start_ready(folder: Path, arguments: list[str], environment: dict[str, str], output: int, cwd: Path) -> Started:
    """Start `arguments` (a program of `PROGRAMS` and what it is told) from the process that waits in `folder`."""
    door = socket.socket(socket.AF_UNIX)
    door.connect(str(folder / "door"))
    os.umask(mask := os.umask(0))
    asked = json.dumps([arguments[0], arguments[1:], environment, str(cwd), mask]).encode()
    with Path(os.devnull).open("rb") as nothing:
        socket.send_fds(door, [len(asked).to_bytes(4, "big")], [nothing.fileno(), output, output])
    door.sendall(asked)
    return Started(int.from_bytes(door.recv(4, socket.MSG_WAITALL), "big"), door)


_folders: list[Path] = []


def flask() -> list[str]:
    """How a command begins: by the quick `flask` where one waits (the fixture `quick_flask`), else by a slow one."""
    return [str(_folders[-1] / "flask")] if _folders else [sys.executable, "-m", "flask"]


@contextmanager
def ready_flask(folder: Path) -> Iterator[Path]:
    """A folder for the front of PATH with a quick `flask` in it, for as long as the block lasts."""
    folder.mkdir()
    door = folder / "door"
    client = folder / "flask"
    client.write_text(CLIENT.format(python=sys.executable, door=str(door)), encoding="utf-8")
    client.chmod(0o755)
    waiting = subprocess.Popen([sys.executable, "-m", "tests.harness.ready_flask", str(door)], cwd=ROOT)
    try:
        wait_until(lambda: door.exists() or waiting.poll() is not None, "the process that has imported everything")
        _folders.append(folder)
        yield folder
    finally:
        _folders.clear()
        waiting.terminate()
        waiting.wait()


def wait_at(door: Path) -> NoReturn:
    """Import the house, then do what comes, one after the other."""
    speak_vietnamese()  # some of click's words are chosen at import, as in a start of its own
    for module in pkgutil.walk_packages(festival.__path__, "festival."):
        import_module(module.name)
    for program, _main in PROGRAMS.values():
        import_module(program)
    import_module("gunicorn.workers.gthread")
    # What all applications would make alike is found by the children, templates compiled by any of them too.
    share(Path(os.environ.get("TEST_RUN_FOLDER", door.parent)) / "templates")
    create_app(
        Config(f"sqlite:///{door.parent / 'none.sqlite3'}", "only-for-tests-" * 3, bytes(32), door.parent / "instance")
    )
    gc.collect()
    gc.freeze()
    with socket.socket(socket.AF_UNIX) as listener:
        # bound under another name: whoever sees the door may knock
        listener.bind(f"{door}-")
        listener.listen()
        Path(f"{door}-").rename(door)
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)
        while True:
            caller, _address = listener.accept()
            with caller:
                if os.fork() == 0:
                    listener.close()
                    _attend(caller)


def _attend(caller: socket.socket) -> NoReturn:
    """Start what this call asks for, wait for its end and tell it."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    size, streams, _flags, _address = socket.recv_fds(caller, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += caller.recv(LARGEST)
    if (child := os.fork()) == 0:
        caller.close()
        _become(*[*json.loads(asked), streams])
    for stream in streams:
        os.close(stream)
    caller.sendall(child.to_bytes(4, "big"))
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF
    try:
        caller.sendall(bytes([code]))
    finally:
        os._exit(0)


def _become(
    program: str, arguments: list[str], environment: dict[str, str], folder: str, mask: int, streams: list[int]
) -> NoReturn:
    code = 1
    try:
        if program != "flask":
            os.setsid()  # a server outlives a key pressed at the terminal
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
            os.close(stream)
        os.chdir(folder)
        os.umask(mask)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = [program, *arguments]
        module, main = PROGRAMS[program]
        getattr(import_module(module), main)()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
        if isinstance(ended.code, str):
            print(ended.code, file=sys.stderr)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    wait_at(Path(sys.argv[1]))
