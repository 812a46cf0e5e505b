"""A machine that is reached by ssh: the system's own sshd on loopback, with keys and folders of its own; where there is none, a shell.

The shell is a program called `ssh` that runs what it is told as the other machine's shell would: what is said there is tried
everywhere, how it is reached only where sshd can be had.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from getpass import getuser
from pathlib import Path
from socket import create_connection

from tests.harness.served import free_port
from tests.harness.waiting import wait_until

CONFIG = """
ListenAddress 127.0.0.1:{port}
HostKey {folder}/host
PidFile none
AuthorizedKeysFile {folder}/authorized
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
"""
SHELL = '#!/bin/sh\nfor last; do :; done\nexec sh -c "$last"\n'


def why_no_sshd() -> str:
    """Empty when one can be started."""
    if _program() is None:
        return "needs sshd (apt-get install openssh-server)"
    if os.geteuid() == 0 and not Path("/run/sshd").is_dir():
        return "sshd started by root needs /run/sshd"
    return ""


def _program() -> str | None:
    return shutil.which("sshd", path=f"{os.environ['PATH']}:/usr/sbin")


@contextmanager
def machine(folder: Path, keys: Path) -> Iterator[str]:
    """`ssh://account@127.0.0.1:port`, reached with the key and the host keys that lie in `keys` then."""
    folder.mkdir()
    keys.mkdir(parents=True, exist_ok=True)
    for path in (folder / "host", keys / "id_ed25519"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", path], check=True)
    shutil.copyfile(keys / "id_ed25519.pub", folder / "authorized")
    port = free_port()
    (keys / "known_hosts").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
    program = _program()
    assert program is not None
    process = subprocess.Popen([program, "-D", "-e", "-f", folder / "config"], stderr=(folder / "log").open("wb"))
    try:

        def answers() -> bool:
            assert process.poll() is None, (folder / "log").read_text()
            try:
                create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                return False
            return True

        wait_until(answers, "sshd")
        yield f"ssh://{getuser()}@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def shell(folder: Path, keys: Path) -> Iterator[str]:
    """The same for who has the program in this folder first in PATH."""
    folder.mkdir()
    keys.mkdir(parents=True, exist_ok=True)
    for name in ("id_ed25519", "known_hosts"):
        (keys / name).write_text("not looked at")
    (folder / "ssh").write_text(SHELL)
    (folder / "ssh").chmod(0o700)
    yield "ssh://copies@another.example"
