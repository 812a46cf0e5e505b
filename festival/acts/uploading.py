"""How does a track come in, whole or in parts, and when is it the act's?

Whoever may change the act begins an upload and gets a token; parts are sent with it and may be sent again, after a cut too: who
begins the same file anew goes on where it was. At the end the parts become one file, it is played, and only then it stands. The
answer to the end may be lost: asked again it is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from config import Config
from festival.acts.access import writable
from festival.acts.file_names import last_part
from festival.acts.keeping import file_row, keep
from festival.acts.models import ActFile, ActFileKind, ActUpload
from festival.core.clock import now
from festival.core.database import db
from festival.core.files import parts, store
from festival.core.files.store import Stored
from festival.core.secrets import new_token, token_hash
from festival.core.sentence import Sentence
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.core.web.i18n import say
from festival.documents import media_refusals
from festival.documents.media import Played, played
from festival.roster.models import Entry

KEPT = timedelta(days=2)
LARGEST = media_refusals.LARGEST_BYTES


@dataclass(frozen=True, slots=True)
class Begun:
    """The token for the parts, and which have come already with which digest."""

    token: str
    there: dict[int, str]


def begin(entry: Entry, name: str, size: int, how: str, by: int | None) -> Begun:
    """Begin to send a track, or go on with the same one. The caller has looked whether this act may be changed."""
    name = last_part(name)
    if size <= 0:
        raise BadInput(say(media_refusals.EMPTY))
    if size > LARGEST:
        raise BadInput(say(media_refusals.LARGE))
    token = new_token()
    same = select(ActUpload).where(
        ActUpload.entry_id == entry.id,
        ActUpload.name == name,
        ActUpload.size == size,
        ActUpload.put_how == how,
        ActUpload.put_by == by if by is not None else ActUpload.put_by.is_(None),
        ActUpload.done_at.is_(None),
        ActUpload.begun_at > now() - KEPT,
    )
    found = db.session.scalars(same.order_by(ActUpload.id.desc()).limit(1).with_for_update()).first()
    if found is not None:
        found.token_hash, found.begun_at = token_hash(token), now()
        db.session.flush()
        return Begun(token, parts.parts_there(found.code))
    store.room_for(size)
    code = token_hash(new_token())[:32]
    db.session.add(
        ActUpload(
            entry_id=entry.id,
            code=code,
            token_hash=token_hash(token),
            name=name,
            size=size,
            put_how=how,
            put_by=by,
            begun_at=now(),
        )
    )
    db.session.flush()
    return Begun(token, {})


def _upload(token: str) -> ActUpload:
    row = db.session.scalars(select(ActUpload).where(ActUpload.token_hash == token_hash(token))).one_or_none()
    if row is None or row.begun_at < now() - KEPT:
        raise NotFound(_("Lần gửi này đã quá lâu hoặc đã được gửi lại ở nơi khác. Mở lại trang tiết mục rồi gửi lại."))
    return row


def take_part(token: str, number: int, content: bytes, digest: str) -> None:
    """One part."""
    with reading():
        row = _upload(token)
        if row.done_at is not None:
            raise Conflict(_("Tệp này đã gửi xong rồi."))
    parts.keep_part(row.code, number, content, digest, row.size)


def finish(token: str) -> None:
    """All parts are there: one file, played to its end, the act's track."""
    with reading():
        row = _upload(token)
    if row.done_at is not None:
        return
    missing = set(range(parts.parts_of(row.size))) - set(parts.parts_there(row.code))
    if missing:
        raise Conflict(
            _("Còn thiếu %(n)s phần của tệp. Bấm gửi lại: các phần đã tới vẫn còn.", n=len(missing)),
            missing=sorted(missing)[:100],
        )
    stored = store.put(parts.whole(row.code), row.size)
    try:
        checked = _checked(stored, row.name)
        with transaction():
            mine = db.session.scalar(
                update(ActUpload)
                .where(ActUpload.id == row.id, ActUpload.done_at.is_(None))
                .values(done_at=now())
                .returning(ActUpload.id)
            )
            if mine is not None:
                _stands(db.session.get_one(Entry, row.entry_id), stored, checked, row.name, row.put_how, row.put_by)
    except BaseException:
        store.remove(stored.key)
        raise
    if mine is None:  # the same end, asked for twice at once
        store.remove(stored.key)
    parts.forget(row.code)


def put_whole(entry_id: int, stored: Stored, name: str, how: str, by: int | None) -> None:
    """The same of a file that came in one piece, from a page without script."""
    name = last_part(name)
    try:
        checked = _checked(stored, name)
        with transaction():
            _stands(db.session.get_one(Entry, entry_id), stored, checked, name, how, by)
    except BaseException:
        store.remove(stored.key)
        raise


def _checked(stored: Stored, name: str) -> Played:
    config: Config = current_app.config["FESTIVAL"]
    with store.opened(stored.key) as source:
        found = played(source, name, config.instance)
    if isinstance(found, Sentence):
        raise BadInput(say(found))
    return found


def _stands(entry: Entry, stored: Stored, checked: Played, name: str, how: str, by: int | None) -> ActFile:
    writable(entry, how)  # the hour may have passed while it was sent
    row = file_row(ActFileKind.TRACK, stored, checked.format.value, name, how, by)
    row.length_ms = checked.length_ms
    return keep(entry.contest.festival, entry, row)


def forget_old() -> int:
    """The worker's chore: uploads that were begun long ago, finished or not, and their parts."""
    with transaction():
        db.session.execute(delete(ActUpload).where(ActUpload.begun_at < now() - KEPT))
    return parts.forget_old()
