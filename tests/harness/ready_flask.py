"""How do a hundred `flask …` commands of one walk run without importing the program a hundred times?

A process that has imported every room, but made no application, waits on a socket. The `flask` of this harness is a few
lines: it hands over its arguments, environment, folder and its three streams. The waiting process forks; the child is a
process of its own that runs Flask's own `main` with them and ends with its exit code, as if it had just been started.
"""

from __future__ import annotations

import json
import os
import pkgutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import festival
from config import ROOT
from festival.operations.commands import speak_vietnamese
from tests.harness.waiting import wait_until

LARGEST = 1 << 20
CLIENT = """#!{python} -SI
import json, os, socket, sys
with socket.socket(socket.AF_UNIX) as door:
    door.connect({door!r})
    asked = json.dumps([sys.argv[1:], dict(os.environ), os.getcwd()]).encode()
    socket.send_fds(door, [len(asked).to_bytes(4, "big")], [0, 1, 2])
    door.sendall(asked)
    sys.exit(door.recv(1)[0])
"""


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
        yield folder
    finally:
        waiting.terminate()
        waiting.wait()


def wait_at(door: Path) -> NoReturn:
    """Import the house, then do what comes, one after the other."""
    speak_vietnamese()  # some of click's words are chosen at import, as in a start of its own
    for module in pkgutil.walk_packages(festival.__path__, "festival."):
        import_module(module.name)
    with socket.socket(socket.AF_UNIX) as listener:
        # bound under another name: whoever sees the door may knock
        listener.bind(f"{door}-")
        listener.listen()
        Path(f"{door}-").rename(door)
        while True:
            caller, _address = listener.accept()
            with caller:
                caller.sendall(bytes([_forked(caller)]))


def _forked(caller: socket.socket) -> int:
    """The exit code of a child that is this call."""
    size, streams, _flags, _address = socket.recv_fds(caller, 4, 3)
    asked = b""
    while len(asked) < int.from_bytes(size, "big"):
        asked += caller.recv(LARGEST)
    if (child := os.fork()) == 0:
        _become(*json.loads(asked), streams)
    for stream in streams:
        os.close(stream)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) & 0xFF


def _become(arguments: list[str], environment: dict[str, str], folder: str, streams: list[int]) -> NoReturn:
    code = 1
    try:
        for number, stream in enumerate(streams):
            os.dup2(stream, number)
        os.chdir(folder)
        os.environ.clear()
        os.environ.update(environment)
        sys.argv = ["flask", *arguments]
        main = import_module("flask.cli").main
        main()
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
