"""Where do the releases lie, which of them serves, and how is one set up?

The places are told in release.py. Nothing here touches what serves but `Place.point`, which exchanges one link.
"""

from __future__ import annotations

import fcntl
import json
import os
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

# The one folder of earlier installations, `/opt/festival` itself, is called so.
SINGLE = "."
NOT_COPIED = {".git", ".venv", ".env", "node_modules", "instance", "build", "vendor", "__pycache__", "RELEASE"}


class Stopped(Exception):
    """What was asked for was not done; the words say why, how things stand now, and what to do."""


@dataclass(frozen=True)
class Place:
    """Where the releases lie, with which settings and as whom the program runs, and who starts the services."""

    root: Path
    env_file: Path
    user: str
    systemctl: str
    patience_s: float

    @property
    def releases(self) -> Path:
        """A folder for each."""
        return self.root / "releases"

    def folder(self, name: str) -> Path:
        """Of a release."""
        return self.root if name == SINGLE else self.releases / name

    def settings(self) -> dict[str, str]:
        """The services' own; lines `NAME=value`."""
        if not self.env_file.is_file():
            raise Stopped(f"Chưa có tệp thiết lập {self.env_file} (mẫu: deploy/festival.env). Chưa đổi gì.")
        found = {}
        for line in self.env_file.read_text(encoding="utf-8").splitlines():
            name, equals, value = line.strip().partition("=")
            if equals and not name.startswith(("#", ";")):
                found[name.strip()] = " ".join(shlex.split(value)) if value[:1] in {'"', "'"} else value.strip()
        return found

    def instance(self) -> Path:
        """Where the data lies: never in a release, it would stay behind at the next one."""
        given = self.settings().get("FESTIVAL_INSTANCE", "")
        path = Path(given).resolve()
        inside = Path(given).is_relative_to(self.root / "current") or path.is_relative_to(self.releases)
        if not given or inside or path == self.root:
            raise Stopped(
                f"FESTIVAL_INSTANCE trong {self.env_file} cần là một thư mục ngoài các bản cài (thường là /var/lib/festival): "
                "dữ liệu không được nằm trong thư mục của một bản. Chưa đổi gì."
            )
        return path

    def current(self) -> str | None:
        """The release that the link leads to; before there was a link, the single folder if there is one."""
        link = self.root / "current"
        if link.is_symlink():
            name = link.readlink().name
            return name or SINGLE
        return SINGLE if (self.root / "app.py").is_file() else None

    def point(self, name: str) -> None:
        """Exchange the link: whoever looks sees the one or the other, never none."""
        link = self.root / "current"
        if link.exists() and not link.is_symlink():
            raise Stopped(f"{link} không phải liên kết; dời nó đi chỗ khác rồi chạy lại. Chưa đổi gì.")
        fresh = self.root / ".current.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(SINGLE if name == SINGLE else Path("releases") / name)
        fresh.replace(link)

    def flask(self, name: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """One of a release's own commands, with the services' settings and as their account."""
        folder = self.folder(name)
        as_whom: dict[str, Any] = {"user": self.user, "group": self.user, "extra_groups": []} if self.user else {}
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "LC_ALL") if name in os.environ}
        command = [str(folder / ".venv" / "bin" / "flask"), "--app", "app", *arguments]
        try:
            return subprocess.run(
                command,
                cwd=folder,
                env={**kept, **self.settings()},
                capture_output=True,
                text=True,
                check=False,
                **as_whom,
            )
        except OSError as error:
            return subprocess.CompletedProcess(command, 127, "", f"{command[0]}: {error.strerror}")
        except LookupError as error:
            raise Stopped(
                f"Máy này không có tài khoản {self.user}: useradd --system {self.user}. Chưa đổi gì."
            ) from error

    def services(self, verb: str, *units: str) -> bool:
        """Whether the service manager could do it."""
        return subprocess.run([*shlex.split(self.systemctl), verb, *units], check=False).returncode == 0

    def switches(self) -> list[dict[str, Any]]:
        """What took over from what, the oldest first; a line that was cut by a power failure says nothing."""
        log, found = self.root / "switches.jsonl", []
        for line in log.read_text(encoding="utf-8").splitlines() if log.is_file() else []:
            try:
                found.append(json.loads(line))
            except ValueError:
                continue
        return found

    def remember(self, before: str | None, after: str, *, back: bool = False) -> None:
        """Written before the link is exchanged: a rollback must know the way even if this process dies now."""
        line = {"at": datetime.now(UTC).isoformat(), "from": before, "to": after, "back": back}
        with (self.root / "switches.jsonl").open("a", encoding="utf-8") as log:
            log.write(json.dumps(line) + "\n")
            log.flush()
            os.fsync(log.fileno())

    def before(self) -> str | None:
        """The release that the present one took over from."""
        now = self.current()
        taken = [each for each in self.switches() if each["to"] == now and not each["back"] and each["from"] != now]
        return str(taken[-1]["from"]) if taken and taken[-1]["from"] else None

    def whole(self, name: str) -> bool:
        """Whether its set-up came to its end."""
        return (name == SINGLE and (self.root / "app.py").is_file()) or (self.folder(name) / "RELEASE").is_file()

    def installed(self) -> list[str]:
        """All that are whole, the latest first."""
        found = [each.parent for each in self.releases.glob("*/RELEASE")]
        return [each.name for each in sorted(found, key=lambda each: (each / "RELEASE").stat().st_mtime, reverse=True)]


@contextmanager
def alone(root: Path) -> Iterator[None]:
    """Two of these at once would undo each other's work."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".release.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as busy:
            raise Stopped("Một lệnh cài hoặc đổi bản khác đang chạy. Chưa đổi gì: chờ nó xong rồi chạy lại.") from busy
        yield


def say(words: str) -> None:
    """To the one at the terminal."""
    print(words, flush=True)


def install(place: Place, source: str) -> str:
    """A folder, or a tag, branch or commit of `repository`, becomes a release that is set up and not yet serving."""
    folder = Path(source)
    name, fill = (
        _of_folder(folder) if (folder / "app.py").is_file() else _of_repository(place.root / "repository", source)
    )
    target = place.folder(name)
    if place.whole(name):
        say(f"Bản {name} đã cài sẵn. Dùng nó: release.py switch {name}")
        return name
    shutil.rmtree(target, ignore_errors=True)  # half of one that a power failure left
    target.mkdir(parents=True)
    try:
        fill(target)
        done = subprocess.run(["sh", "scripts/setup.sh", "runtime"], cwd=target, check=False)
        if done.returncode:
            raise Stopped(f"Không dựng được bản {name} (lý do ở trên). Bản đang chạy vẫn nguyên, thư mục dở đã xóa.")
        shutil.rmtree(target / "node_modules", ignore_errors=True)  # only the set-up needed it
        os.sync()
        (target / "RELEASE.new").write_text(f"{name}\n", encoding="utf-8")
        (target / "RELEASE.new").rename(target / "RELEASE")
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise
    say(f"Đã dựng bản {name} trong {target}; bản đang chạy vẫn nguyên. Dùng nó: release.py switch {name}")
    return name


def _of_folder(folder: Path) -> tuple[str, Callable[[Path], None]]:
    """Named by its version and a digest of what is copied."""
    whole = sha256()
    for path in sorted(folder.rglob("*")):
        inside = path.relative_to(folder)
        if path.is_file() and not NOT_COPIED.intersection(inside.parts):
            whole.update(inside.as_posix().encode() + b"\0" + sha256(path.read_bytes()).digest())
    project = (folder / "pyproject.toml").read_text(encoding="utf-8")

    def fill(target: Path) -> None:
        left = shutil.ignore_patterns(*NOT_COPIED - {"__pycache__"})
        shutil.copytree(folder, target, symlinks=True, dirs_exist_ok=True, ignore=left)

    return _named(project, whole.hexdigest()), fill


def _of_repository(repository: Path, ref: str) -> tuple[str, Callable[[Path], None]]:
    """Named by its version and its commit."""
    if not repository.is_dir():
        raise Stopped(
            f"“{ref}” không phải thư mục của chương trình, và chưa có {repository}. Lấy kho về trước: "
            f"git clone ĐỊA-CHỈ {repository}. Chưa đổi gì."
        )
    if subprocess.run(["git", "-C", repository, "fetch", "--quiet", "--tags", "origin"], check=False).returncode:
        say("Không lấy được bản mới từ kho (mạng?); dùng những gì đã lấy trước đây.")
    for each in (f"origin/{ref}", ref):
        found = _git(repository, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{each}^{{commit}}")
        if found.returncode == 0:
            break
    else:
        raise Stopped(
            f"Kho không có thẻ, nhánh hay lần ghi nào tên “{ref}”. Xem: git -C {repository} tag. Chưa đổi gì."
        )
    commit = found.stdout.strip()

    def fill(target: Path) -> None:
        with subprocess.Popen(["git", "-C", repository, "archive", commit], stdout=subprocess.PIPE) as packed:
            unpacked = subprocess.run(["tar", "-x", "-C", target], stdin=packed.stdout, check=False)
        if packed.returncode or unpacked.returncode:
            raise Stopped(f"Không mở được lần ghi {commit[:8]} của kho. Bản đang chạy vẫn nguyên, thư mục dở đã xóa.")

    return _named(_git(repository, "show", f"{commit}:pyproject.toml").stdout, commit), fill


def _git(repository: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", repository, *arguments], capture_output=True, text=True, check=False)


def _named(project: str, digest: str) -> str:
    try:
        version = str(tomllib.loads(project)["project"]["version"])
    except (KeyError, ValueError) as error:
        raise Stopped("pyproject.toml của bản này không cho biết số phiên bản. Chưa đổi gì.") from error
    return f"{version}-{digest[:8]}"
