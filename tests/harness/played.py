"""Plays the machine's own commands (see machine.py). It is run without site-packages, once for each command."""

from __future__ import annotations

import json
import os
import shlex
import signal
import socket
import sys
import time
import urllib.request
from pathlib import Path
from typing import NoReturn

NAME, ARGUMENTS = Path(sys.argv[0]).name, sys.argv[1:]
TOLD = json.loads(Path(os.environ["MACHINE"]).read_text(encoding="utf-8"))
STATE = Path(TOLD["state"])
# Not ours: they belong to the machine, and are only named.
FOREIGN = {"caddy", "postgresql", "chrony"}
PATIENCE_S = 120


def refuse(why: str, code: int = 1) -> NoReturn:
    print(f"{NAME}: {why}", file=sys.stderr)
    sys.exit(code)


def here(text: str) -> str:
    for written, real in TOLD["paths"].items():
        text = text.replace(written, real)
    return text


def unit(name: str) -> Path | None:
    """The file of a unit of ours; None = the machine's own."""
    if name in FOREIGN:
        return None
    found = Path(TOLD["units"]) / (name if "." in name else f"{name}.service")
    return found if found.is_file() else refuse(f"Unit {name} could not be found.", 4)


def lines(path: Path, key: str) -> list[str]:
    written = [each.partition("=") for each in path.read_text(encoding="utf-8").splitlines()]
    return [here(value) for name, _sign, value in written if name == key]


def settings(path: Path) -> dict[str, str]:
    """What a service's process reads, and nothing of the terminal's."""
    (file,) = lines(path, "EnvironmentFile")
    kept = dict(line.split("=", 1) for line in Path(file).read_text("utf-8").splitlines() if "=" in line)
    return {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", **kept}


def begin(path: Path, command: list[str], output: int) -> tuple[int, socket.socket]:
    """A program of the house, from the process that has imported it."""
    door = socket.socket(socket.AF_UNIX)
    door.connect(TOLD["door"])
    (folder,) = lines(path, "WorkingDirectory")
    asked = json.dumps([Path(command[0]).name, command[1:], settings(path), folder, 0o077]).encode()
    socket.send_fds(door, [len(asked).to_bytes(4, "big")], [0, output, output if output != 1 else 2])
    door.sendall(asked)
    return int.from_bytes(door.recv(4, socket.MSG_WAITALL), "big"), door


def to_the_end(path: Path, command: list[str], output: int = 1) -> int:
    if Path(command[0]).name != "flask":
        pid = os.spawnv(os.P_NOWAIT, command[0], command)
        return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    _pid, door = begin(path, command, output)
    return door.recv(1, socket.MSG_WAITALL)[0]


def lives(name: str) -> int:
    kept = STATE / f"{name}.pid"
    pid = int(kept.read_text("ascii")) if kept.exists() else 0
    return pid if pid and Path(f"/proc/{pid}").exists() else 0


def start(name: str, path: Path) -> None:
    if path.suffix in {".timer", ".socket"}:
        (STATE / f"{name}.on").touch()
        return
    oneshot = lines(path, "Type") == ["oneshot"]
    with (STATE / f"{name}.log").open("ab") as log:
        steps = [
            *lines(path, "ExecStartPre"),
            *(lines(path, "ExecStart") + lines(path, "ExecStartPost") if oneshot else []),
        ]
        for step in steps:
            if to_the_end(path, shlex.split(step), log.fileno()) != 0:
                refuse(f"Job for {name} failed: see journalctl -u {name}")
        if oneshot or lives(name):
            return
        (command,) = lines(path, "ExecStart")
        pid, _door = begin(path, shlex.split(command), log.fileno())
    (STATE / f"{name}.pid").write_text(str(pid), encoding="ascii")
    if lines(path, "Type") == ["notify"]:
        wait_for(lambda: serves(settings(path)["FESTIVAL_PORT"]), name)


def serves(port: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def stop(name: str, path: Path) -> None:
    (STATE / f"{name}.on").unlink(missing_ok=True)
    if pid := lives(name):
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: not lives(name), f"the end of {name}")


def wait_for(holds, what: str) -> None:  # type: ignore[no-untyped-def]
    until = time.monotonic() + PATIENCE_S
    while not holds():
        if time.monotonic() > until:
            refuse(f"{what} did not come")
        time.sleep(0.05)


def systemctl() -> int:
    word, *asked = [each for each in ARGUMENTS if each != "--now"]
    if word == "show":
        return show(*asked)
    ended = 0
    for name in [
        name for each in asked for name in (matching(each) if "*" in each else [each.removesuffix(".service")])
    ]:
        path = unit(name)
        if path is None:
            continue
        if word in {"stop", "disable", "restart"}:
            stop(name, path)
        if word in {"start", "enable", "restart"}:
            start(name, path)
        elif word == "status":
            runs = (STATE / f"{name}.on").exists() or lives(name)
            print(f"{name}: Active: {'active' if runs else 'inactive'}")
            ended = ended or (0 if runs else 3)
        elif word not in {"stop", "disable"}:
            refuse(f"Unknown command verb {word}.")
    return ended


def matching(pattern: str) -> list[str]:
    """A pattern names the units there are."""
    return [path.name.removesuffix(".service") for path in sorted(Path(TOLD["units"]).glob(pattern))]


def show(*asked: str) -> int:
    match asked:
        case ("--value", wanted, name) if wanted.startswith("--property="):
            print(*lines(unit(name) or refuse("not ours"), wanted.removeprefix("--property=")))
            return 0
    return refuse(f"not known here: {asked}")


def systemd_run() -> int:
    at = next(number for number, each in enumerate(ARGUMENTS) if not each.startswith("--"))
    path = unit("festival-worker") or refuse("no worker")
    (account,), (folder,), (file,) = (lines(path, key) for key in ("User", "WorkingDirectory", "EnvironmentFile"))
    wanted = {f"--uid={account}", f"--working-directory={folder}", f"--property=EnvironmentFile={file}"}
    if set(ARGUMENTS[:at]) != wanted | {"--quiet", "--wait", "--pipe", "--pty"}:
        refuse(f"other settings than those of the services: {ARGUMENTS[:at]}")
    return to_the_end(path, ARGUMENTS[at:])


def journalctl() -> int:
    match ARGUMENTS:
        case ["-u", name, "-n", _number]:
            kept = STATE / f"{name}.log"
            if unit(name) is not None and kept.exists():
                print(kept.read_text("utf-8", errors="replace")[-4000:])
            return 0
        case [only] if only.startswith("--vacuum-size="):
            return 0
    return refuse(f"not known here: {ARGUMENTS}")


def timedatectl() -> int:
    return 0 if ARGUMENTS in ([], ["set-ntp", "true"]) else refuse(f"not known here: {ARGUMENTS}")


if NAME == "sudo":
    os.execvp(ARGUMENTS[0], ARGUMENTS)
sys.exit(
    {"systemctl": systemctl, "systemd-run": systemd_run, "journalctl": journalctl, "timedatectl": timedatectl}[NAME]()
)
