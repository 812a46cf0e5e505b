"""Which picture lies beside a slip, or shows the page that a judge signed for a session?

Kept with the festival's data. Another picture takes the place of the one that stands; the earlier one is kept beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, Judge
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.documents.sent_photos import sent_photo
from festival.judging.paper.models import SlipPhoto
from festival.judging.paper.recording import record

LARGEST = 12 * 1024 * 1024  # bytes as the phone sends them


@dataclass(frozen=True, slots=True)
class KeptPhoto:
    """A picture without its bytes."""

    id: int
    judge_id: int
    entry_id: int | None
    session_id: int | None
    kept_at: datetime
    standing: bool


_COLUMNS = (
    SlipPhoto.id, SlipPhoto.judge_id, SlipPhoto.entry_id, SlipPhoto.session_id, SlipPhoto.kept_at, SlipPhoto.standing,
)  # fmt: skip


def standing_photo(judge_id: int, entry_id: int) -> KeptPhoto | None:
    """The picture that lies beside a slip."""
    row = db.session.execute(
        select(*_COLUMNS).where(SlipPhoto.judge_id == judge_id, SlipPhoto.entry_id == entry_id, SlipPhoto.standing)
    ).one_or_none()
    return None if row is None else KeptPhoto(*row)


def photos_of(contest_id: int) -> list[KeptPhoto]:
    """Every picture of a contest, the earlier ones too, in the order in which they were kept."""
    of_contest = select(*_COLUMNS).join(Judge, Judge.id == SlipPhoto.judge_id).where(Judge.contest_id == contest_id)
    return [KeptPhoto(*row) for row in db.session.execute(of_contest.order_by(SlipPhoto.id))]


def photo_bytes(contest_id: int, photo_id: int) -> bytes:
    """What a picture shows; NotFound for another contest's, and for one whose bytes were erased."""
    content = db.session.scalar(
        select(SlipPhoto.content)
        .join(Judge, Judge.id == SlipPhoto.judge_id)
        .where(SlipPhoto.id == photo_id, Judge.contest_id == contest_id)
    )
    if not content:
        raise NotFound()
    return bytes(content)


def readable(content: bytes) -> bytes:
    """The picture as it is kept, made outside of any transaction; refused in words when it is none."""
    if not content:
        raise BadInput(_("Chưa chọn ảnh. Chụp phiếu rồi gửi lại."))
    return sent_photo(content, LARGEST)


def keep_photo(
    contest: Contest,
    judge_id: int,
    content: bytes,
    by: int | None,
    *,
    entry: int | None = None,
    page: int | None = None,
) -> SlipPhoto:
    """A picture of a slip (`entry`) or of a signed page (`page`, its session); the one before stays beside it."""
    earlier = _standing(judge_id, entry, page)
    for each in earlier:
        each.standing = False
    db.session.flush()
    photo = SlipPhoto(
        judge_id=judge_id,
        entry_id=entry,
        session_id=page,
        content=content,
        sha256=sha256(content).hexdigest(),
        kept_by=by,
        kept_at=now(),
        standing=True,
    )
    try:
        db.session.add(photo)
        db.session.flush()
    except IntegrityError as taken:
        raise Overtaken(_("Vừa có người gửi một ảnh khác cho phiếu này. Mở lại trang để xem.")) from taken
    record(contest, "photo.kept", *earlier, photo, judge=judge_id)
    return photo


def drop_photo(contest: Contest, photo_id: int) -> None:
    """The picture lies beside the slip no more (a wrong slip); it is kept, and can be put back."""
    photo = _of(contest, photo_id)
    if not photo.standing:
        raise Conflict(_("Ảnh này đã được bỏ khỏi phiếu rồi."))
    photo.standing = False
    record(contest, "photo.dropped", photo, judge=photo.judge_id)


def put_back_photo(contest: Contest, photo_id: int) -> None:
    """An earlier picture stands again, in place of the one that stands now."""
    photo = _of(contest, photo_id)
    if photo.standing:
        raise Conflict(_("Ảnh này đang ở bên phiếu rồi."))
    earlier = _standing(photo.judge_id, photo.entry_id, photo.session_id)
    for each in earlier:
        each.standing = False
    db.session.flush()
    photo.standing = True
    record(contest, "photo.put_back", *earlier, photo, judge=photo.judge_id)


def _standing(judge_id: int, entry: int | None, page: int | None) -> list[SlipPhoto]:
    own = SlipPhoto.entry_id == entry if entry is not None else SlipPhoto.session_id == page
    return list(db.session.scalars(select(SlipPhoto).where(SlipPhoto.judge_id == judge_id, own, SlipPhoto.standing)))


def _of(contest: Contest, photo_id: int) -> SlipPhoto:
    photo = db.session.scalars(
        select(SlipPhoto)
        .join(Judge, Judge.id == SlipPhoto.judge_id)
        .where(SlipPhoto.id == photo_id, Judge.contest_id == contest.id)
    ).one_or_none()
    if photo is None:
        raise NotFound()
    return photo
