"""Which posts has the office written, how did each read before, and which pictures go with it?"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from festival.core.database import Base
from festival.core.types import EnumText, JsonText


class Post(Base):
    """One post. `version`: its newest text; `shown`: the text the public reads, NULL while it reads none; `step` grows with
    each saving and each showing. `slug` is its address for good, whatever the title becomes.

    `typed_key`: of the form it was begun in, so that one press too many makes no second one. `down_why`: why it was taken down.
    """

    __tablename__ = "post"

    id: Mapped[int] = mapped_column(primary_key=True)
    festival_id: Mapped[int] = mapped_column(ForeignKey("festival.id"))
    typed_key: Mapped[str] = mapped_column(unique=True)
    slug: Mapped[str] = mapped_column(unique=True)
    version: Mapped[int]
    shown: Mapped[int | None]
    step: Mapped[int]
    first_shown_at: Mapped[datetime | None]
    shown_at: Mapped[datetime | None]
    down_why: Mapped[str] = mapped_column(default="")
    away_at: Mapped[datetime | None]  # since when a draft, which nobody was ever shown, is put away

    __table_args__ = (
        CheckConstraint("version > 0 AND step > 0", name="counted"),
        CheckConstraint("shown IS NULL OR (shown > 0 AND shown <= version)", name="shown_is_written"),
        CheckConstraint("shown IS NULL OR (shown_at IS NOT NULL AND down_why = '')", name="shown_since"),
        CheckConstraint("away_at IS NULL OR (shown IS NULL AND first_shown_at IS NULL)", name="away_is_draft"),
        Index("ix_post_festival", "festival_id"),
    )


class PostVersion(Base):
    """A text of a post as it was saved; `pictures`: which, in their order, with the words of each ({"picture", "alt",
    "caption", "width", "height"}). `sha256`: of all of it.
    """

    __tablename__ = "post_version"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    version: Mapped[int]
    title: Mapped[str]
    summary: Mapped[str]
    body: Mapped[str]  # Markdown
    pictures: Mapped[list[dict[str, Any]]] = mapped_column(JsonText)
    sha256: Mapped[str]
    at: Mapped[datetime]
    by_user: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        UniqueConstraint("post_id", "version"),
        CheckConstraint("version > 0", name="version_counted"),
        CheckConstraint("title <> ''", name="title_given"),
    )


class PostPicture(Base):
    """A picture somebody put to a post. `children`: a child can be recognised in it; then `agreed` says who agreed."""

    __tablename__ = "post_picture"

    id: Mapped[int] = mapped_column(primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id"))
    children: Mapped[bool]
    agreed: Mapped[str] = mapped_column(default="")
    put_at: Mapped[datetime]
    put_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    __table_args__ = (
        CheckConstraint("NOT children OR agreed <> ''", name="children_agreed"),
        Index("ix_post_picture_post", "post_id"),
    )


class PictureSize(StrEnum):
    """How large a picture is sent: in a list, on a phone, on a wide screen."""

    SMALL = "small"
    MIDDLE = "middle"
    LARGE = "large"


class PostPictureFile(Base):
    """A picture in one size, made anew by the program."""

    __tablename__ = "post_picture_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    picture_id: Mapped[int] = mapped_column(ForeignKey("post_picture.id", ondelete="CASCADE"))
    size: Mapped[PictureSize] = mapped_column(EnumText(PictureSize))
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]

    __table_args__ = (UniqueConstraint("picture_id", "size"),)
