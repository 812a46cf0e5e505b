"""How does a picture come to a post? Made anew in three sizes, with words for those who do not see it, and an answer about children."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import undefer

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.documents.photo import SizedPhoto, sized_photo
from festival.documents.sent_photos import sent_photo
from festival.editions.models import Festival
from festival.posts.models import PictureSize, Post, PostPicture, PostPictureFile
from festival.posts.typed import MOST_PICTURES, PlacedPicture, alt_fault
from festival.posts.writing import as_typed, version_of, write_post

LARGEST = 12 * 1024 * 1024  # bytes as they are sent
# Pixels of the longer side, and quality: a list of six stays below 30 KB, one picture on a phone below 60 KB.
SIZES = {PictureSize.SMALL: (160, 60), PictureSize.MIDDLE: (640, 62), PictureSize.LARGE: (1200, 70)}
Sizes = dict[PictureSize, SizedPhoto]


def picture_sizes(content: bytes) -> Sizes:
    """The picture as it is kept, made outside of any transaction; refused in words when it is none."""
    if not content:
        raise BadInput(_("Chưa chọn ảnh. Chọn một ảnh rồi gửi lại."))
    whole = sent_photo(content, LARGEST, chosen=True)
    return {size: sized_photo(whole, longest, quality) for size, (longest, quality) in SIZES.items()}


def add_picture(
    festival: Festival,
    post: Post,
    sizes: Sizes,
    words: tuple[str, str],
    agreed: str | None,
    seen: int,
    by: int | None,
) -> None:
    """It stands last in the newest text. `words`: for those who do not see it, and the caption; `agreed`: None when no child
    can be recognised, else who agreed.
    """
    alt, caption = words
    if wrong := alt_fault(alt, caption):
        raise BadInput(say(wrong))
    if agreed is not None and not 0 < len(agreed) <= 300:
        raise BadInput(_("Trong ảnh có trẻ em thì ghi ai đã đồng ý và giấy đồng ý ở đâu, nhiều nhất 300 chữ cái."))
    typed = as_typed(version_of(post, post.version))
    if len(typed.pictures) >= MOST_PICTURES:
        raise Conflict(_("Một bài có nhiều nhất %(n)s ảnh. Bỏ bớt một ảnh rồi thêm.", n=MOST_PICTURES))
    row = PostPicture(post_id=post.id, children=agreed is not None, agreed=agreed or "", put_at=now(), put_by=by)
    db.session.add(row)
    db.session.flush()
    digests = {size: sha256(each.content).hexdigest() for size, each in sizes.items()}
    for size, each in sizes.items():
        db.session.add(PostPictureFile(picture_id=row.id, size=size, content=each.content, sha256=digests[size]))
    large = sizes[PictureSize.LARGE]
    placed = PlacedPicture(row.id, alt, caption, large.width, large.height)
    ledger.append(
        f"decisions:{festival.code}",
        "post.picture",
        {"post": post.id, "picture": row.id, "children": row.children, "sha256": digests, "by": by},
        {"agreed": row.agreed},
    )
    write_post(festival, post, replace(typed, pictures=(*typed.pictures, placed)), seen, by)


def picture_file(picture_id: int, size: PictureSize, post: Post | None = None) -> PostPictureFile:
    """Its bytes in one size; `post`: only if it is one of this post's. NotFound."""
    wanted = select(PostPictureFile).options(undefer(PostPictureFile.content))
    wanted = wanted.where(PostPictureFile.picture_id == picture_id, PostPictureFile.size == size)
    if post is not None:
        wanted = wanted.join(PostPicture, PostPicture.id == PostPictureFile.picture_id)
        wanted = wanted.where(PostPicture.post_id == post.id)
    found = db.session.scalars(wanted).one_or_none()
    if found is None:
        raise NotFound()
    return found
