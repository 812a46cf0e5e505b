"""Which settings does the festival read, and which values are nonsense?

One frozen dataclass, filled from the environment (and a `.env` file beside this module). A value that
cannot be right stops the program at start with the name of the variable and what it may be, because a
festival that starts with a wrong setting finds out on the first morning.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
PREFIX = "FESTIVAL_"
REHEARSAL = "rehearsal"
PLACE = re.compile(r"/[^\0\n]*|ssh://([\w.-]+@)?[\w.-]+(:[0-9]{1,5})?/[^\0\n]+", re.ASCII)
DATABASE_SCHEMES = ("sqlite:///", "postgresql://", "postgresql+psycopg://")


class ConfigError(ValueError):
    """A setting is missing or impossible; the message names the variable."""


@dataclass(frozen=True, slots=True)
class Config:
    """All settings. Times are seconds, sizes bytes, unless the name says otherwise."""

    database_url: str
    secret_key: str = field(repr=False)
    pass_key: bytes = field(repr=False)
    instance: Path = ROOT / "instance"
    shared_folder: Path | None = None  # what several machines must have in common; None: the instance's own
    shared_mark: str = ""  # by which two machines see that it is one folder
    health_port: int = 0  # answers beside the others, 0: none
    public_url: str = "http://127.0.0.1:5000"
    host: str = "127.0.0.1"
    port: int = 5000
    workers: int = 2
    threads: int = 8
    trusted_proxies: int = 0
    secure_cookies: bool = False
    max_body_bytes: int = 16 * 1024 * 1024
    session_hours: int = 24 * 7
    smtp_host: str = ""
    smtp_port: int = 25
    smtp_user: str = ""
    smtp_password: str = field(default="", repr=False)
    smtp_starttls: bool = False
    smtp_tls: bool = False
    mail_from: str = "ban-to-chuc@ngayhoi.invalid"
    organiser_email: str = ""
    rate_limits: bool = True
    demo: bool = False
    demo_on_any_address: bool = False
    rehearsal: bool = False  # this process serves the dress rehearsal's copy, which says so itself (core/rehearsing)
    rehearsal_database_url: str = ""  # where the copy lies; "": the embedded database in its own folder
    disk_warning_bytes: int = 1024**3
    backup_days: int = 30
    away: str = ""  # where sealed copies go: a folder of another disk, or ssh://account@machine/folder
    late_sheet_minutes: int = 5  # after the end of an act a sheet that is not there is red
    metrics_token: str = field(default="", repr=False)  # '': nobody reads the numbers
    spread_percent: int = 25  # of the highest total: further apart is shown to the secretary; 0: never
    testing: bool = False
    pass_key_file: Path | None = None  # None: given by the environment
    pass_key_made: bool = False  # just now, because there was none

    @property
    def is_sqlite(self) -> bool:
        """Whether the embedded database is used."""
        return self.database_url.startswith("sqlite")

    @property
    def sqlite_path(self) -> Path:
        """The one file of the embedded database."""
        return Path(self.database_url.removeprefix("sqlite:///"))

    @property
    def rehearsal_folder(self) -> Path:
        """Where the dress rehearsal of this festival has its keys, files and, with the embedded database, its data."""
        return self.instance / REHEARSAL

    @property
    def shared(self) -> Path:
        """Where files lie that every machine serving this festival must find: uploads, documents, what was erased."""
        return self.shared_folder or self.instance

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> Config:
        """Read `FESTIVAL_*` and `DATABASE_URL`; raise ConfigError naming the first nonsense.

        Keys that must be secret and are not given are made once and kept in `instance/` with mode 600, so
        that the first start needs no ceremony and the second start knows the passes of the first.
        """
        env = {**_dotenv(ROOT / ".env"), **os.environ} if environ is None else dict(environ)
        read = _Reader(env)
        place = _Place.read(env, read)
        demo, instance, url, apart = place.demo, place.instance, place.url, place.demo or place.rehearsal
        port = read.number("PORT", 5000, 1, 65535)
        # Links and QR codes must lead to the server that made them, on whatever port it was started.
        public_url = read.text("PUBLIC_URL", f"http://127.0.0.1:{port}").rstrip("/")
        if demo:  # whatever is set for the real festival
            public_url = f"http://127.0.0.1:{port}"
        if not public_url.startswith(("http://", "https://")):
            raise ConfigError(f"{PREFIX}PUBLIC_URL: cần bắt đầu bằng http:// hoặc https://")
        config = cls(
            database_url=url,
            **_keys(read, instance, kept=apart),
            instance=instance,
            **_shared(read, instance, url, apart=apart),
            health_port=read.number("HEALTH_PORT", 0, 0, 65535),
            public_url=public_url,
            host=read.address("HOST", "127.0.0.1"),
            port=port,
            workers=read.number("WORKERS", 2, 1, 64),
            threads=read.number("THREADS", 8, 1, 64),
            trusted_proxies=read.number("TRUSTED_PROXIES", 0, 0, 4),
            secure_cookies=read.flag("SECURE_COOKIES", public_url.startswith("https://")),
            max_body_bytes=read.number("MAX_BODY_BYTES", 16 * 1024**2, 64 * 1024, 1024**3),
            session_hours=read.number("SESSION_HOURS", 24 * 7, 1, 24 * 90),
            smtp_host="" if read.text("SMTP_HOST", "") and apart else read.text("SMTP_HOST", ""),
            smtp_port=read.number("SMTP_PORT", 25, 1, 65535),
            smtp_user=read.text("SMTP_USER", ""),
            smtp_password=read.text("SMTP_PASSWORD", ""),
            smtp_starttls=read.flag("SMTP_STARTTLS", False),
            smtp_tls=read.flag("SMTP_TLS", False),
            mail_from=read.text("MAIL_FROM", "ban-to-chuc@ngayhoi.invalid"),
            organiser_email=read.text("ORGANISER_EMAIL", ""),
            rate_limits=read.flag("RATE_LIMITS", True),
            demo=demo,
            demo_on_any_address=read.flag("DEMO_ON_ANY_ADDRESS", False),
            rehearsal=place.rehearsal,
            rehearsal_database_url=place.copy,
            disk_warning_bytes=read.number("DISK_WARNING_BYTES", 1024**3, 0, 1024**4),
            backup_days=read.number("BACKUP_DAYS", 30, 1, 30),
            away=_away(read, unused=apart),
            late_sheet_minutes=read.number("LATE_SHEET_MINUTES", 5, 1, 240),
            spread_percent=read.number("SPREAD_PERCENT", 25, 0, 100),
            metrics_token=_token(read.text("METRICS_TOKEN", "")),
            testing=read.flag("TESTING", False),
        )
        for name in env:
            if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in {"DEMO_QUIET"} | read.used:
                raise ConfigError(f"{name}: không có thiết lập nào tên như vậy (xem docs/configuration.md)")
        return config


class _Reader:
    """Reads typed values and remembers the names it was asked for, so a misspelt one is noticed."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self.env = env
        self.used: set[str] = set()

    def text(self, name: str, default: str) -> str:
        self.used.add(name)
        return self.env.get(PREFIX + name, default).strip()

    def number(self, name: str, default: int, least: int, most: int) -> int:
        raw = self.text(name, str(default))
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ConfigError(f"{PREFIX}{name}: cần một số từ {least} đến {most}, đang là “{raw}”")
        return int(raw)

    def flag(self, name: str, default: bool) -> bool:
        raw = self.text(name, "yes" if default else "no").lower()
        if raw not in {"yes", "no", "true", "false", "1", "0"}:
            raise ConfigError(f"{PREFIX}{name}: cần yes hoặc no, đang là “{raw}”")
        return raw in {"yes", "true", "1"}

    def address(self, name: str, default: str) -> str:
        raw = self.text(name, default)
        try:
            return str(ip_address(raw))
        except ValueError as error:
            raise ConfigError(f"{PREFIX}{name}: cần một địa chỉ IP, đang là “{raw}”") from error


@dataclass(frozen=True, slots=True)
class _Place:
    """Where data and keys lie: the festival's own place, the demo's, or the one of a rehearsal. `copy`: its database."""

    demo: bool
    rehearsal: bool
    instance: Path
    url: str
    copy: str

    @classmethod
    def read(cls, env: Mapping[str, str], read: _Reader) -> _Place:
        demo, rehearsal = read.flag("DEMO", False), read.flag("REHEARSAL", False)
        instance = Path(read.text("INSTANCE", str(ROOT / "instance"))).resolve() / ("demo" if demo else "")
        instance = instance / (REHEARSAL if rehearsal else "")
        _refuse_unwritable("INSTANCE", instance)
        url = _database(env, read, instance, demo=demo)
        copy = _postgresql(read.text("REHEARSAL_DATABASE_URL", ""))
        if copy and (copy == url or not copy.startswith("postgresql")):
            raise ConfigError(
                f"{PREFIX}REHEARSAL_DATABASE_URL: cần postgresql://… của một cơ sở dữ liệu khác, riêng cho tổng duyệt"
            )
        own = copy or f"sqlite:///{instance / 'festival.sqlite3'}"
        return cls(demo, rehearsal, instance, own if rehearsal else url, copy)


def _database(env: Mapping[str, str], read: _Reader, instance: Path, *, demo: bool) -> str:
    """The database of the real festival, or the demo's own; without a setting the embedded one in `instance`."""
    name = f"{PREFIX}DEMO_DATABASE_URL" if demo else "DATABASE_URL"
    given = read.text("DEMO_DATABASE_URL", "")
    if not demo:
        given = env.get("DATABASE_URL", "").strip()
    url = given or f"sqlite:///{instance / 'festival.sqlite3'}"
    url = _postgresql(url)
    if not url.startswith(DATABASE_SCHEMES) or url == "sqlite:///":
        raise ConfigError(f"{name}: cần sqlite:////đường/dẫn/tệp hoặc postgresql://…")
    return url


def _postgresql(url: str) -> str:
    return "postgresql://" + url.removeprefix("postgres://") if url.startswith("postgres://") else url


def _away(read: _Reader, *, unused: bool) -> str:
    """Where sealed copies go; nothing of the demo or of a rehearsal leaves the machine."""
    raw = read.text("AWAY", "")
    if raw and not PLACE.fullmatch(raw):
        raise ConfigError(f"{PREFIX}AWAY: cần /đường/dẫn/thư/mục hoặc ssh://tài-khoản@máy/thư/mục, đang là “{raw}”")
    return "" if unused else raw


def _keys(read: _Reader, instance: Path, *, kept: bool) -> dict[str, Any]:
    """Both keys, given or kept, and where the pass key came from. `kept`: whatever is given, those of `instance`."""
    secret_key, given = read.text("SECRET_KEY", ""), read.text("PASS_KEY", "")
    if kept:
        secret_key = given = ""
    secret_key = secret_key or _kept_key(instance, "secret.key")[0]
    pass_key, made = (given, False) if given else _kept_key(instance, "pass.key")
    if len(secret_key) < 32:
        raise ConfigError(f"{PREFIX}SECRET_KEY: cần ít nhất 32 ký tự ngẫu nhiên")
    try:
        pass_bytes = bytes.fromhex(pass_key)
    except ValueError as error:
        raise ConfigError(f"{PREFIX}PASS_KEY: cần 64 chữ số hex") from error
    if len(pass_bytes) < 32:
        raise ConfigError(f"{PREFIX}PASS_KEY: cần ít nhất 64 chữ số hex")
    return {
        "secret_key": secret_key,
        "pass_key": pass_bytes,
        "pass_key_file": None if given else instance / "pass.key",
        "pass_key_made": made,
    }


def _token(given: str) -> str:
    """A token nobody guesses, or none."""
    if given and (len(given) < 32 or not given.isascii() or not given.isprintable() or " " in given):
        raise ConfigError(
            f"{PREFIX}METRICS_TOKEN: cần ít nhất 32 chữ và số không dấu, không khoảng trống, ví dụ openssl rand -hex 32"
        )
    return given


def _dotenv(path: Path) -> dict[str, str]:
    """Lines `NAME=value` of a .env file; blank lines and # comments are passed over."""
    if not path.is_file():
        return {}
    values: dict[str, str] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals:
            raise ConfigError(f".env dòng {number}: cần TÊN=giá trị")
        values[name.strip()] = value.strip().strip("\"'")
    return values


def _shared(read: _Reader, instance: Path, url: str, *, apart: bool) -> dict[str, Any]:
    """The folder that machines have in common, and its mark; with the embedded database there is one machine."""
    given = read.text("SHARED", "")
    if apart or url.startswith("sqlite"):
        if given and not apart:
            raise ConfigError(
                f"{PREFIX}SHARED: nhiều máy chỉ dùng chung được PostgreSQL; đặt DATABASE_URL hoặc bỏ thiết lập này"
            )
        return {}
    folder = Path(given).resolve() if given else None
    if folder is not None:
        _refuse_unwritable("SHARED", folder)
    return {"shared_folder": folder, "shared_mark": _kept_key(folder or instance, "shared.mark")[0]}


def _refuse_unwritable(name: str, folder: Path) -> None:
    """Keys, backups, counts, files and the embedded database are written there, by every process."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigError(f"{PREFIX}{name}: không tạo được thư mục {folder} ({error.strerror})") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ConfigError(
            f"{PREFIX}{name}: không ghi được vào thư mục {folder}. Chạy bằng đúng tài khoản (thường là festival) "
            "hoặc cho tài khoản này quyền ghi"
        )


def _kept_key(instance: Path, name: str) -> tuple[str, bool]:
    """The key in `instance/<name>`, made on the first start (64 hex digits, mode 600), and whether it was made now."""
    path = instance / name
    made = False
    if not path.exists():
        # Exclusive creation: two processes starting together must end with one key, not one each.
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "w", encoding="ascii") as out:
                out.write(secrets.token_hex(32))
                out.flush()
                os.fsync(out.fileno())
            made = True
    return path.read_text(encoding="ascii").strip(), made
