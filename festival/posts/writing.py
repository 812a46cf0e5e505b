"""How is a post begun, written, shown to the public, taken down, shown again, an earlier text taken again, a draft put away?

Every step names the step it has seen: of two at the same moment one wins, the other is told. Nothing is overwritten: a saving
is a version, and the public goes on reading the version it was shown until another is.
"""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.text import unstorable
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.posts.models import Post, PostVersion
from festival.posts.typed import PlacedPicture, PostTyped, slugs


def post_of(festival: Festival, number: int) -> Post:
    """One of this edition. NotFound for any other."""
    own = select(Post).where(Post.id == number, Post.festival_id == festival.id)
    found = db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound()
    return found


def version_of(post: Post, version: int) -> PostVersion:
    """One text of it. NotFound."""
    own = select(PostVersion).where(PostVersion.post_id == post.id, PostVersion.version == version)
    found = db.session.scalars(own).one_or_none()
    if found is None:
        raise NotFound()
    return found


def as_typed(version: PostVersion) -> PostTyped:
    """A kept text as somebody typed it."""
    pictures = tuple(PlacedPicture(**each) for each in version.pictures)
    return PostTyped(version.title, version.summary, version.body, pictures)


def begin_post(festival: Festival, typed_key: str, typed: PostTyped, by: int | None) -> Post:
    """A draft. A form sent twice answers the post it made the first time."""
    _sound(typed)
    for slug in slugs(typed.title):
        row = {
            "festival_id": festival.id,
            "typed_key": typed_key,
            "slug": slug,
            "version": 1,
            "step": 1,
            "down_why": "",
        }
        made = db.session.scalar(insert_or_pass(Post).values(**row).on_conflict_do_nothing().returning(Post.id))
        if made is not None:
            post = db.session.get_one(Post, made)
            _keep(post, typed, by)
            _record(festival, post, "post.begun", by)
            return post
        known = select(Post).where(Post.typed_key == typed_key, Post.festival_id == festival.id)
        if (before := db.session.scalars(known).one_or_none()) is not None:
            return before
    raise Conflict()


def write_post(festival: Festival, post: Post, typed: PostTyped, seen: int, by: int | None) -> bool:
    """This text from now on, for the office; the public reads it when it is shown. Whether anything is other than before."""
    _sound(typed)
    _at_hand(post)
    if version_of(post, post.version).sha256 == typed.digest:
        return False
    _step(post, seen, {"version": post.version + 1})
    _keep(post, typed, by)
    _record(festival, post, "post.written", by)
    return True


def take_version_again(festival: Festival, post: Post, version: int, seen: int, by: int | None) -> None:
    """An earlier text, as a version of its own."""
    if not write_post(festival, post, as_typed(version_of(post, version)), seen, by):
        raise Conflict(_("Bản này đang là bản mới nhất, không có gì để lấy lại."))


def show_post(festival: Festival, post: Post, seen: int, by: int | None) -> None:
    """The newest text goes to the public: for the first time, in the place of the one before, or again after it was taken down."""
    _at_hand(post)
    if post.shown == post.version:
        raise Overtaken(_("Bản này đang được đăng rồi."))
    at = now()
    values = {"shown": post.version, "shown_at": at, "first_shown_at": post.first_shown_at or at, "down_why": ""}
    _step(post, seen, values)
    _record(festival, post, "post.shown", by)


def take_down(festival: Festival, post: Post, why: str, seen: int, by: int | None) -> None:
    """The public reads it no more; it stays here and can be shown again."""
    if post.shown is None:
        raise Overtaken(_("Bài này đang không đăng."))
    if not why or len(why) > 300:
        raise BadInput(_("Ghi lý do gỡ bài, nhiều nhất 300 chữ cái."))
    _step(post, seen, {"shown": None, "down_why": why})
    _record(festival, post, "post.taken_down", by)


def put_away(festival: Festival, post: Post, seen: int, by: int | None) -> None:
    """A draft that was a mistake: out of the list, with all its texts. What the public has read is taken down instead."""
    if post.first_shown_at is not None:
        raise Conflict(_("Bài này đã từng đăng nên không cất được: gỡ bài thì công chúng không đọc nữa."))
    if post.away_at is not None:
        raise Overtaken(_("Bài này đã được cất rồi."))
    _step(post, seen, {"away_at": now()})
    _record(festival, post, "post.put_away", by)


def take_back(festival: Festival, post: Post, seen: int, by: int | None) -> None:
    """It is a draft again, as it was."""
    if post.away_at is None:
        raise Overtaken(_("Bài này đã được lấy lại rồi."))
    _step(post, seen, {"away_at": None})
    _record(festival, post, "post.taken_back", by)


def _at_hand(post: Post) -> None:
    if post.away_at is not None:
        raise Conflict(_("Bài này đang được cất. Bấm «Lấy lại» rồi sửa hoặc đăng."))


def _sound(typed: PostTyped) -> None:
    if wrong := typed.faults():
        raise BadInput(" ".join(say(each) for each in wrong.values()))
    if unstorable(typed.title + typed.summary + typed.body):
        raise BadInput()


def _step(post: Post, seen: int, values: dict[str, Any]) -> None:
    same = update(Post).where(Post.id == post.id, Post.step == seen)
    if db.session.scalar(same.values(**values, step=seen + 1).returning(Post.id)) is None:
        raise Overtaken(_("Người khác vừa sửa bài này. Xem bản mới nhất rồi làm tiếp."))
    db.session.refresh(post)


def _keep(post: Post, typed: PostTyped, by: int | None) -> None:
    db.session.add(
        PostVersion(
            post_id=post.id,
            version=post.version,
            title=typed.title,
            summary=typed.summary,
            body=typed.body,
            pictures=[each.to_json() for each in typed.pictures],
            sha256=typed.digest,
            at=now(),
            by_user=by,
        )
    )
    db.session.flush()


def _record(festival: Festival, post: Post, kind: str, by: int | None) -> None:
    """One line with all that the row then holds, and the digest of its newest text."""
    digest = version_of(post, post.version).sha256
    said = {
        "post": post.id,
        "version": post.version,
        "shown": post.shown,
        "step": post.step,
        "sha256": digest,
        "by": by,
    }
    ledger.append(f"decisions:{festival.code}", kind, said, {"slug": post.slug, "down_why": post.down_why})
