"""Where do sealed copies go away from this machine, and how is one put there so that it is whole or not there at all?

A folder of another disk (a stick, a network folder), or a folder of another machine, reached by the system's own ssh with nothing but
a POSIX shell, `sha256sum` and `find` there. A copy travels under a name that nothing takes for a copy, is read back by its
digest where it lies, and only then gets its name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from shlex import quote
from typing import IO, Protocol
from urllib.parse import urlsplit

from config import Config
from festival.operations.copies import NO_ROOM, BackupError, no_room, sync_to_disk, writing
from festival.operations.proving.digest import digest_of

NAME = re.compile(r"festival-[0-9]{8}-[0-9]{6}(-[0-9]+)?\.sealed")
DAY_S = 24 * 3600
KEYS = "away"  # in the instance folder: id_ed25519, known_hosts
NOT_THE_SAME = (
    "đọc lại ở nơi nhận thấy khác bản gốc, đã bỏ bản đó. Chạy lại; nếu vẫn vậy thì thay ổ đĩa hoặc kiểm tra mạng."
)
# Nothing of the account's or the system's own settings; no question at a terminal; a dead line ends after a minute.
SSH = (
    "-F", "none", "-T", "-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes", "-o", "IdentitiesOnly=yes",
    "-o", "ConnectTimeout=20", "-o", "ServerAliveInterval=15", "-o", "ServerAliveCountMax=4",
)  # fmt: skip


class AwayPlace(Protocol):
    """What is asked of a place; every refusal is a BackupError."""

    def assure(self) -> None:
        """It is there and is not this machine's own disk."""

    def put(self, copy: Path) -> None:
        """Whole and read back under its name, or not there."""

    def names(self) -> list[str]:
        """The copies that lie there, oldest first."""

    def fetch(self, name: str, target: Path) -> None:
        """Bring one back."""

    def forget(self, days: int) -> int:
        """Remove copies older than that, and what a broken transfer left; answers how many copies."""


def place_of(config: Config) -> AwayPlace:
    """The place the setting names."""
    if not config.away:
        raise BackupError("Chưa đặt nơi nhận bản sao ngoài máy: đặt FESTIVAL_AWAY (docs/copies.md) rồi chạy lại.")
    if config.away.startswith("/"):
        return AnotherDisk(Path(config.away), config.instance)
    found = urlsplit(config.away)
    account = found.netloc.rpartition(":")[0] if found.port else found.netloc
    return AnotherMachine(account, found.port or 22, found.path, config.instance / KEYS)


@dataclass(frozen=True, slots=True)
class AnotherDisk:
    """A folder that is mounted here."""

    folder: Path
    instance: Path

    def assure(self) -> None:
        """An empty mount point would take the copies onto this very disk."""
        if not self.folder.is_dir():
            raise BackupError(f"Không có thư mục {self.folder}: gắn ổ đĩa ngoài rồi chạy lại. Chưa gửi gì.")
        if self.folder.stat().st_dev == self.instance.stat().st_dev:
            raise BackupError(
                f"Thư mục {self.folder} nằm cùng ổ đĩa với dữ liệu, tức là ổ đĩa ngoài chưa được gắn. Chưa gửi gì; gắn ổ "
                "đĩa rồi chạy lại."
            )

    def put(self, copy: Path) -> None:
        """Read back from the disk, as far as the system can be made to forget what it has in memory."""
        part, target = self.folder / f".{copy.name}.part", self.folder / copy.name
        with writing(self.folder):
            if target.exists():
                raise BackupError(f"{target} đã có; bản sao không ghi đè tệp cũ.")
            try:
                part.unlink(missing_ok=True)
                with copy.open("rb") as opened, open(part, "xb", opener=_closed) as out:
                    shutil.copyfileobj(opened, out, 1 << 20)
                    out.flush()
                    os.fsync(out.fileno())
                    os.posix_fadvise(out.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
                if digest_of(part) != digest_of(copy):
                    raise BackupError(f"{target}: {NOT_THE_SAME}")
                part.rename(target)
                sync_to_disk(self.folder)
            finally:
                part.unlink(missing_ok=True)

    def names(self) -> list[str]:
        """By their names, which are moments."""
        self.assure()
        return sorted(path.name for path in self.folder.iterdir() if NAME.fullmatch(path.name))

    def fetch(self, name: str, target: Path) -> None:
        """The digest inside proves it when it is opened."""
        self.assure()
        if not (self.folder / name).is_file():
            raise BackupError(f"Không có bản sao {name} ở {self.folder}.")
        with writing(target.parent):
            shutil.copyfile(self.folder / name, target)

    def forget(self, days: int) -> int:
        """As the copies of this machine go."""
        over = [self.folder / name for name in self.names() if self._older(self.folder / name, days)]
        for path in (*over, *(each for each in self.folder.glob(".festival-*.part") if self._older(each, 1))):
            path.unlink(missing_ok=True)
        return len(over)

    def _older(self, path: Path, days: int) -> bool:
        return path.stat().st_mtime < time.time() - days * DAY_S


@dataclass(frozen=True, slots=True)
class AnotherMachine:
    """A folder of an account there."""

    account: str
    port: int
    folder: str
    keys: Path

    def assure(self) -> None:
        """The key is here; whether the other machine answers is seen when something is sent."""
        for name in ("id_ed25519", "known_hosts"):
            if not (self.keys / name).is_file():
                raise BackupError(
                    f"Thiếu tệp {self.keys / name} để vào {self.account} (xem docs/copies.md). Chưa gửi gì."
                )

    def put(self, copy: Path) -> None:
        """Three calls: over it goes and is read back there, it gets its name."""
        part, target = quote(f"{self.folder}/.{copy.name}.part"), quote(f"{self.folder}/{copy.name}")
        self.assure()
        with copy.open("rb") as opened:
            there = self._do(
                f"umask 077; mkdir -p {quote(self.folder)} && test ! -e {target} && cat > {part} && sha256sum < {part}",
                says=opened,
            )
        if there.split()[:1] != [digest_of(copy)]:
            self._do(f"rm -f {part}")
            raise BackupError(f"{self.account}, {copy.name}: {NOT_THE_SAME}")
        self._do(f"sync {part} && mv {part} {target}")

    def names(self) -> list[str]:
        """As `ls` tells them."""
        return sorted(name for name in self._do(f"ls {quote(self.folder)}").split() if NAME.fullmatch(name))

    def fetch(self, name: str, target: Path) -> None:
        """Read there by its digest first."""
        path = quote(f"{self.folder}/{name}")
        digest = self._do(f"sha256sum < {path}").split()[0]
        with writing(target.parent), target.open("wb") as out:
            self._do(f"cat {path}", into=out)
        if digest_of(target) != digest:
            raise BackupError(f"{name}: đường truyền làm hỏng bản sao. Chưa đổi gì; chạy lại.")

    def forget(self, days: int) -> int:
        """By the other machine's own clock."""
        find = f"find {quote(self.folder)} -maxdepth 1 -type f"
        self._do(f"{find} -name '.festival-*.part' -mmin +1440 -exec rm -f {{}} \\;")
        return len(
            self._do(f"{find} -name 'festival-*.sealed' -mmin +{days * 1440} -print -exec rm -f {{}} \\;").split("\n")[
                :-1
            ]
        )

    def _do(
        self, script: str, *, says: IO[bytes] | int = subprocess.DEVNULL, into: IO[bytes] | int = subprocess.PIPE
    ) -> str:
        """What the other machine's shell prints; BackupError with its last words when it fails."""
        self.assure()
        program = shutil.which("ssh")
        if program is None:
            raise BackupError("Cần chương trình ssh trong PATH: apt-get install openssh-client")
        key, hosts = self.keys / "id_ed25519", self.keys / "known_hosts"
        done = subprocess.run(  # noqa: S603
            [program, *SSH, "-i", str(key), "-o", f"UserKnownHostsFile={hosts}", "-p", str(self.port), "--", self.account, script],
            stdin=says, stdout=into, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        if done.returncode == 0:
            return (done.stdout or b"").decode("utf-8", "replace")
        said = done.stderr.decode("utf-8", "replace").strip()
        if any(words in said for words in NO_ROOM):
            raise no_room(f"{self.account}:{self.folder}")
        last = said.splitlines()[-1] if said else f"mã thoát {done.returncode}"
        if done.returncode == 255:  # ssh's own
            raise BackupError(
                f"Không vào được {self.account} ({last}). Chưa gửi gì; kiểm tra mạng, tài khoản và khóa ssh rồi chạy lại."
            )
        raise BackupError(f"Nơi nhận {self.account}:{self.folder} từ chối ({last}). Chưa gửi gì.")


def _closed(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
