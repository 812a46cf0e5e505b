"""What becomes of an edition's posts on the day its data is erased? The public reads them no more; words and pictures go."""

from __future__ import annotations

from sqlalchemy import Text, cast, delete, literal, select, update

from festival.core.database import db
from festival.editions.models import Festival
from festival.posts.models import Post, PostPicture, PostPictureFile, PostVersion

GONE = "–"  # where a column must hold something


def forget_posts(festival: Festival) -> None:
    """The rows of posts and their savings stay, by number; the pictures go."""
    own = Post.festival_id == festival.id
    posts = select(Post.id).where(own)
    pictures = select(PostPicture.id).where(PostPicture.post_id.in_(posts))
    for statement in (
        update(Post).where(own).values(shown=None, down_why="", slug=literal("bai-so-") + cast(Post.id, Text)),
        update(PostVersion)
        .where(PostVersion.post_id.in_(posts))
        .values(title=GONE, summary=GONE, body=GONE, pictures=[]),
        delete(PostPictureFile).where(PostPictureFile.picture_id.in_(pictures)),
        delete(PostPicture).where(PostPicture.post_id.in_(posts)),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
