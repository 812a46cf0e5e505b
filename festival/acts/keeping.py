"""Which track plays and which photo shows for an act: put, replaced by a newer one, handed over on USB, put back, taken away?

One of each kind stands; earlier ones are kept until the festival's last day is over and can be put back. The row of the entry
is held while one takes another's place, so two that come at the same moment both are kept and the later stands.
"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from sqlalchemy import func, select, update

from festival.acts.models import ActFile, ActFileKind
from festival.acts.telling import about
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now, today
from festival.core.database import db
from festival.core.files import store
from festival.core.files.store import Stored
from festival.core.transaction import transaction
from festival.core.web.errors import BadInput, Conflict, NotFound
from festival.documents.sent_photos import sent_photo
from festival.editions.models import Festival
from festival.roster.models import Entry
from festival.roster.steps import stream

USB = "usb"
LARGEST_PHOTO = 12 * 1024 * 1024


def files_of(entry_id: int) -> list[ActFile]:
    """All files of an act, the newest first."""
    own = select(ActFile).where(ActFile.entry_id == entry_id)
    return list(db.session.scalars(own.order_by(ActFile.kind, ActFile.number.desc())))


def standing_files(entry_ids: Iterable[int]) -> dict[tuple[int, ActFileKind], ActFile]:
    """What stands for each of these acts. One statement."""
    own = select(ActFile).where(ActFile.entry_id.in_(list(entry_ids)), ActFile.standing)
    return {(row.entry_id, row.kind): row for row in db.session.scalars(own)}


def readable_photo(content: bytes) -> bytes:
    """The picture as it is kept, made outside of any transaction; refused in words when it is none."""
    if not content:
        raise BadInput(_("Chưa chọn ảnh. Chọn một ảnh rồi gửi lại."))
    return sent_photo(content, LARGEST_PHOTO, chosen=True)


def keep(festival: Festival, entry: Entry, row: ActFile) -> ActFile:
    """A new file stands in the place of the one before. `row` says what it is and who sends it."""
    _hold(entry)
    most = select(func.max(ActFile.number)).where(ActFile.entry_id == entry.id, ActFile.kind == row.kind)
    row.entry_id, row.family_id, row.number = entry.id, entry.family_id, (db.session.scalar(most) or 0) + 1
    row.standing, row.put_at = True, now()
    _step_aside(entry.id, row.kind)
    db.session.add(row)
    db.session.flush()
    payload = {
        "name": row.name,
        "format": row.format,
        "size": row.size,
        "sha256": row.sha256,
        "length_ms": row.length_ms,
        "how": row.put_how,
        "by": row.put_by,
    }
    ledger.append(stream(festival), "act.file_kept", _about(entry, row), payload)
    return row


def file_row(kind: ActFileKind, stored: Stored, form: str, name: str, how: str, by: int | None) -> ActFile:
    """What a stored file is for."""
    return ActFile(
        kind=kind,
        key=stored.key,
        format=form,
        name=name,
        size=stored.size,
        sha256=stored.sha256,
        put_how=how,
        put_by=by,
    )


def note_usb(festival: Festival, entry: Entry, by: int | None) -> ActFile:
    """The track was handed over at the sound desk."""
    standing = standing_files([entry.id]).get((entry.id, ActFileKind.TRACK))
    if standing is not None and standing.format == USB:
        raise Conflict(_("Đã ghi nhận USB của tiết mục này rồi."))
    return keep(festival, entry, ActFile(kind=ActFileKind.TRACK, key=None, format=USB, put_how="stage", put_by=by))


def take_away(festival: Festival, entry: Entry, number: int, kind: ActFileKind, by: int | None) -> None:
    """It stands no more (the wrong file); it is kept, and can be put back."""
    row = _row(entry, kind, number)
    if not row.standing:
        raise Conflict(_("Tệp này đã được bỏ rồi."))
    row.standing = False
    db.session.flush()
    ledger.append(stream(festival), "act.file_taken_away", _about(entry, row), {"by": by})


def put_back(festival: Festival, entry: Entry, number: int, kind: ActFileKind, by: int | None) -> None:
    """An earlier one stands again, in place of the one that stands."""
    row = _row(entry, kind, number)
    if row.standing:
        raise Conflict(_("Tệp này đang được dùng rồi."))
    if row.key is None and row.format != USB:
        raise Conflict(_("Tệp này đã xóa theo hạn lưu nên không đặt lại được. Gửi lại tệp."))
    _step_aside(entry.id, kind)
    row.standing = True
    db.session.flush()
    ledger.append(stream(festival), "act.file_put_back", _about(entry, row), {"by": by})


def _hold(entry: Entry) -> None:
    db.session.execute(select(Entry.id).where(Entry.id == entry.id).with_for_update())


def _step_aside(entry_id: int, kind: ActFileKind) -> None:
    db.session.execute(
        update(ActFile)
        .where(ActFile.entry_id == entry_id, ActFile.kind == kind, ActFile.standing)
        .values(standing=False)
    )


def _about(entry: Entry, row: ActFile) -> dict[str, object]:
    return about(entry, kind=row.kind.value, number=row.number)


def _row(entry: Entry, kind: ActFileKind, number: int) -> ActFile:
    _hold(entry)
    own = select(ActFile).where(ActFile.entry_id == entry.id, ActFile.kind == kind, ActFile.number == number)
    row = db.session.scalars(own.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound()
    return row


# ------------------------------------------------------------------------------------------------ what goes when


def keys_held() -> list[str]:
    """Every file a row holds."""
    return list(db.session.scalars(select(ActFile.key).where(ActFile.key.is_not(None))))


def forget_earlier() -> int:
    """The worker's chore: when the last day of a festival is over, files that do not stand go; their rows stay."""
    over = select(Entry.id).join(Contest).join(Festival).where(Festival.ends_on < today())
    earlier = select(ActFile).where(ActFile.entry_id.in_(over), ~ActFile.standing, ActFile.key.is_not(None))
    keys = []
    with transaction():
        for row in db.session.scalars(earlier):
            keys.append(row.key or "")
            row.key = None
    for key in keys:
        store.remove(key)
    return len(keys)
