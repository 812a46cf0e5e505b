"""With which pass key were the codes of a database made, and which keys lie beside it?

The database keeps a key's fingerprint: a keyed hash from which the key cannot be computed. A database of an older
release has none and is known by its codes, which are computed here as the rooms make them.
"""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from pathlib import Path

from flask import current_app
from sqlalchemy import Connection, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from config import Config
from festival.core.clock import now
from festival.core.database import Base
from festival.core.disk.private import private_folder, write_private
from festival.core.secrets import CROCKFORD, look_up_hash_under, token_hash
from festival.core.types import EnumText

PURPOSE = b"festival pass key fingerprint 1"
SHOWN = 16
SAMPLE = 20
OLD_KEYS = "old-keys"
KEPT = timedelta(days=30)
NEXT_KEY = "pass.key.next"
UNFINISHED = text("state <> 'former'")
# In words of the databases, not of the models: they are also asked of what an older release has written.
PASSES = text(
    "SELECT family_id, delegation_id, person_id, issue, list_id FROM pass"
    " WHERE replaced_at IS NULL ORDER BY id DESC LIMIT :most"
)
LINKS = text("SELECT id, link_issue, link_hash FROM family WHERE link_hash IS NOT NULL ORDER BY id DESC LIMIT :most")


class KeyState(StrEnum):
    """In force; being brought in by a rotation; put aside by one."""

    CURRENT = "current"
    COMING = "coming"
    FORMER = "former"


class PassKey(Base):
    """A key codes were made with, by its fingerprint; the key itself is never here."""

    __tablename__ = "pass_key"

    id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    state: Mapped[KeyState] = mapped_column(EnumText(KeyState))
    since: Mapped[datetime | None]  # NULL: from the beginning
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        Index("uq_pass_key_state", "state", unique=True, sqlite_where=UNFINISHED, postgresql_where=UNFINISHED),
    )


@dataclass(frozen=True, slots=True)
class Codes:
    """Some codes of a database, by which an older one that has no fingerprint knows its key."""

    passes: Sequence[tuple[str, int, int, str]]  # owner, row, issue, list id
    links: Sequence[tuple[int, int, str]]  # family, issue, hash of the link

    def made_with(self, key: bytes) -> bool:
        """Whether this key made one of them; True when there are none."""
        if not self.passes and not self.links:
            return True
        return any(_list_id(key, owner, row, issue) == list_id for owner, row, issue, list_id in self.passes) or any(
            hashed in (token_hash(link := _link(key, family, issue)), look_up_hash_under(key, link))
            for family, issue, hashed in self.links
        )


def fingerprint(key: bytes) -> str:
    """32 hex digits that name a key without telling it."""
    return hmac.new(key, PURPOSE, sha256).hexdigest()[:32]


def shown(mark: str) -> str:
    """A fingerprint as people compare it: `91c2 07ab 5d3e 88f0`."""
    return " ".join(mark[place : place + 4] for place in range(0, SHOWN, 4))


def _list_id(key: bytes, owner: str, row: int, issue: int) -> str:
    """As passes.tokens and passes.code make it (a test holds them together)."""
    token = hmac.new(key, f"pass-{owner}\x1f{row}\x1f{issue}".encode(), sha256).digest()[:16]
    return sha256(b"id" + token).hexdigest()[:32]


def _link(key: bytes, family: int, issue: int) -> str:
    """As roster.links makes it."""
    number = int.from_bytes(hmac.new(key, f"family-link\x1f{family}\x1f{issue}".encode(), sha256).digest(), "big")
    return "".join(CROCKFORD[(number >> (5 * place)) & 31] for place in range(26))


def in_force(connection: Connection) -> tuple[str | None, str | None]:
    """The fingerprints of the present key and of one that is being brought in; None where there is none."""
    if not connection.dialect.has_table(connection, "pass_key"):
        return None, None
    found = connection.execute(text("SELECT state, fingerprint FROM pass_key WHERE state <> 'former'"))
    rows: dict[str, str] = {row.state: row.fingerprint for row in found}
    return rows.get(KeyState.CURRENT), rows.get(KeyState.COMING)


def codes(connection: Connection) -> Codes:
    """The latest codes of a database, whatever release has written it."""
    if not connection.dialect.has_table(connection, "pass"):
        return Codes((), ())
    rows = connection.execute(PASSES, {"most": SAMPLE})
    links = connection.execute(LINKS, {"most": SAMPLE})
    return Codes([whose(*row) for row in rows], [(row.id, row.link_issue, row.link_hash) for row in links])


def whose(
    family: int | None, delegation: int | None, person: int | None, issue: int, list_id: str
) -> tuple[str, int, int, str]:
    """A row of passes as `Codes` wants it."""
    owner, row = next(
        (name, value)
        for name, value in (("family", family), ("delegation", delegation), ("person", person))
        if value is not None
    )
    return owner, row, issue, list_id


def kept_keys(config: Config) -> list[Path]:
    """Files that may hold the right key when the one in use is another: of a rotation, of a restore."""
    return [config.instance / "pass.key", config.instance / NEXT_KEY, *_put_aside(config)]


def _put_aside(config: Config) -> list[Path]:
    aside = config.instance / OLD_KEYS
    return sorted(aside.glob("*.key")) if aside.is_dir() else []


def keep_key(config: Config, key: bytes) -> Path:
    """Put a key aside, where a start that needs it finds it; the worker throws it away after 30 days."""
    path = private_folder(config.instance / OLD_KEYS) / f"pass-{fingerprint(key)[:SHOWN]}.key"
    write_private(path, key.hex().encode("ascii"))
    return path


def throw_old_keys_away() -> int:
    """As old as a backup may be: what they could open is gone too."""
    config: Config = current_app.config["FESTIVAL"]
    own = fingerprint(config.pass_key)
    over = (now() - KEPT).timestamp()
    gone = [path for path in _put_aside(config) if path.stat().st_mtime < over and fingerprint_of(path) != own]
    for path in gone:
        path.unlink(missing_ok=True)
    return len(gone)


def key_in(path: Path) -> bytes | None:
    """The key a file holds; None when it holds none."""
    try:
        return bytes.fromhex(path.read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def fingerprint_of(path: Path) -> str | None:
    key = key_in(path)
    return None if key is None else fingerprint(key)
