"""What does a contest ask of its acts, what was said of each act in which version, which files came with it?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class ActFileKind(StrEnum):
    """What a file is for."""

    TRACK = "track"
    PHOTO = "photo"


class ActAsking(Base):
    """What the acts of a contest are asked for, and until when."""

    __tablename__ = "act_asking"

    contest_id: Mapped[int] = mapped_column(ForeignKey("contest.id"), primary_key=True)
    asked: Mapped[list[str]] = mapped_column(JsonText)  # codes of facts.ActAsk; none: nothing is asked
    until: Mapped[datetime | None]  # families and officers write until then; None: until the contest is locked
    version: Mapped[int] = mapped_column(default=1)


class ActVersion(Base):
    """What was said of an act: never changed, the highest version stands."""

    __tablename__ = "act_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))  # the entry's; NULL = mixed team
    version: Mapped[int]
    title: Mapped[str] = mapped_column(default="")  # as it was then; the one that stands is the entry's
    genre: Mapped[str] = mapped_column(default="")
    minutes: Mapped[int | None]
    props: Mapped[str] = mapped_column(default="")
    microphones: Mapped[int | None]
    words: Mapped[str] = mapped_column(default="")  # two lines for the MC
    said: Mapped[str] = mapped_column(default="")  # how the names are said
    told_how: Mapped[str]  # link | officer | office
    told_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    told_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("entry_id", "version"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("minutes IS NULL OR minutes BETWEEN 1 AND 240", name="minutes_plausible"),
        CheckConstraint("microphones IS NULL OR microphones BETWEEN 0 AND 50", name="microphones_plausible"),
        Index("ix_act_version_family", "family_id"),
    )


class ActFile(Base):
    """A track or a photo; a track without a key was handed over on a USB stick. One of a kind stands for an act."""

    __tablename__ = "act_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    family_id: Mapped[int | None] = mapped_column(ForeignKey("family.id"))
    kind: Mapped[ActFileKind] = mapped_column(EnumText(ActFileKind))
    number: Mapped[int]  # 1, 2, … of its kind
    key: Mapped[str | None] = mapped_column(unique=True)  # in core.files; NULL: USB, or gone after the festival
    format: Mapped[str]  # mp3, m4a, wav, mp4, jpeg; usb
    name: Mapped[str] = mapped_column(default="")  # as whoever sent it called it
    size: Mapped[int] = mapped_column(default=0)
    sha256: Mapped[str] = mapped_column(default="")
    length_ms: Mapped[int] = mapped_column(default=0)
    standing: Mapped[bool] = mapped_column(default=True)
    put_how: Mapped[str]  # link | officer | office | stage
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    put_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("entry_id", "kind", "number"),
        CheckConstraint("number > 0 AND size >= 0 AND length_ms >= 0", name="counted"),
        CheckConstraint("format IN ('mp3', 'm4a', 'wav', 'mp4', 'jpeg', 'usb')", name="format_known"),
        Index(
            "uq_act_file_standing", "entry_id", "kind", unique=True,
            sqlite_where=text("standing"), postgresql_where=text("standing"),
        ),
        Index("ix_act_file_family", "family_id"),
    )  # fmt: skip


class ActReminder(Base):
    """When a family was last reminded of acts that are still open, and how often."""

    __tablename__ = "act_reminder"

    family_id: Mapped[int] = mapped_column(ForeignKey("family.id", ondelete="CASCADE"), primary_key=True)
    reminded_at: Mapped[datetime]
    times: Mapped[int]


class ActUpload(Base):
    """A track that is on its way in parts; whoever holds the token may send them."""

    __tablename__ = "act_upload"

    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"))
    code: Mapped[str] = mapped_column(unique=True)  # the folder of its parts
    token_hash: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    size: Mapped[int]
    put_how: Mapped[str]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    begun_at: Mapped[datetime]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        CheckConstraint("size > 0", name="size_some"),
        Index("ix_act_upload_entry", "entry_id"),
    )
