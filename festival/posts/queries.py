"""Which posts does the public read, which ones does the office see, and how did a post read before?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from festival.accounts.models import User
from festival.core.database import db
from festival.editions.models import EditionIs, EditionState
from festival.posts.models import Post, PostVersion
from festival.posts.typed import PlacedPicture


@dataclass(frozen=True, slots=True)
class PublicPost:
    """A post as a list shows it; its body is read when its page is drawn."""

    id: int
    slug: str
    version: int
    title: str
    summary: str
    pictures: tuple[PlacedPicture, ...]
    first_shown_at: datetime
    changed_at: datetime | None  # shown in another text since


def public_posts() -> tuple[PublicPost, ...]:
    """All that are shown, of every edition that is not put away, the newest first. One statement."""
    put_away = select(EditionState.festival_id).where(EditionState.state == EditionIs.PUT_AWAY)
    shown = (
        select(Post, PostVersion.title, PostVersion.summary, PostVersion.pictures)
        .join(PostVersion, and_(PostVersion.post_id == Post.id, PostVersion.version == Post.shown))
        .where(Post.festival_id.not_in(put_away))
        .order_by(Post.first_shown_at.desc(), Post.id.desc())
    )
    return tuple(
        PublicPost(
            id=post.id,
            slug=post.slug,
            version=post.shown or 0,
            title=title,
            summary=summary,
            pictures=tuple(PlacedPicture(**each) for each in pictures),
            first_shown_at=post.first_shown_at or post.shown_at,
            changed_at=post.shown_at if post.shown_at != post.first_shown_at else None,
        )
        for post, title, summary, pictures in db.session.execute(shown)
    )


def body_of(post_id: int, version: int) -> str:
    """The Markdown of one text; "" when it is gone."""
    wanted = select(PostVersion.body).where(PostVersion.post_id == post_id, PostVersion.version == version)
    return db.session.scalar(wanted) or ""


@dataclass(frozen=True, slots=True)
class ListedPost:
    """A line of the office's list."""

    post: Post
    title: str
    at: datetime


def listed_posts(festival_id: int) -> list[ListedPost]:
    """All of an edition, the last one that was written first."""
    wanted = (
        select(Post, PostVersion.title, PostVersion.at)
        .join(PostVersion, and_(PostVersion.post_id == Post.id, PostVersion.version == Post.version))
        .where(Post.festival_id == festival_id)
        .order_by(PostVersion.at.desc(), Post.id.desc())
    )
    return [ListedPost(*row) for row in db.session.execute(wanted)]


@dataclass(frozen=True, slots=True)
class SavedText:
    """One saving: which, when, by whom."""

    version: int
    title: str
    at: datetime
    by: str


def saved_texts(post: Post) -> Sequence[SavedText]:
    """All savings of a post, the newest first."""
    wanted = (
        select(PostVersion.version, PostVersion.title, PostVersion.at, User.name)
        .outerjoin(User, User.id == PostVersion.by_user)
        .where(PostVersion.post_id == post.id)
        .order_by(PostVersion.version.desc())
    )
    return [SavedText(version, title, at, by or "") for version, title, at, by in db.session.execute(wanted)]
