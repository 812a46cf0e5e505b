"""What do all who write about an act do alike: save, send a file, go back? Family, officer and organiser differ in who they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Response, flash, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wsgi import wrap_file

from festival.acts import keeping, telling, uploading
from festival.acts.access import writable
from festival.acts.facts import ActAsk, read_facts
from festival.acts.models import ActFile, ActFileKind
from festival.acts.queries import act_page
from festival.core.database import db
from festival.core.files import parts, store
from festival.core.looks import looked
from festival.core.numbers import typed_number
from festival.core.security_log import SecurityKind
from festival.core.text import line
from festival.core.transaction import reading, transaction
from festival.core.web.errors import BadInput, NotFound
from festival.core.web.i18n import say
from festival.documents.media_refusals import MIME, MediaFormat
from festival.roster.models import Entry

NONE: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class ActDoor:
    """Who writes: how the ledger calls it, which account, how the act is found anew in each transaction."""

    how: str
    by: int | None
    find: Callable[[], Entry]
    template: str
    base: str  # the address of the page; forms stand below it
    begin: str  # where an upload in parts begins


def draw(door: ActDoor, errors: Mapping[str, str] = NONE, typed: Mapping[str, str] | None = None) -> str:
    """The page; what was typed into a form that was refused stays in it."""
    entry = door.find()
    page = act_page(entry, door.how)
    facts = page.line.facts
    values = {name: "" if getattr(facts, name) is None else str(getattr(facts, name)) for name in type(facts).__slots__}
    return render_template(
        door.template,
        door=door,
        page=page,
        entry=entry,
        contest=entry.contest,
        festival=entry.contest.festival,
        values={**values, **(typed or {})},
        errors=errors,
        part_bytes=parts.PART,
        largest=uploading.LARGEST,
    )


def _number(name: str) -> int:
    number = typed_number(request.form.get(name, ""))
    if number is None:
        raise BadInput()
    return number


def _was() -> str:
    return request.form.get("was", "")


def save(door: ActDoor) -> ResponseReturnValue | None:
    """What was typed, as a new version; None when it is written, else the page with what is wrong."""
    with transaction():
        entry = door.find()
        writable(entry, door.how)
        page = act_page(entry, door.how)
        asked = [each for each in ActAsk if each in page.asking.asked]
        facts, faults = read_facts(request.form, asked, page.line.facts, entry.contest.duration_min)
        changed = False
        if not faults:
            festival, seen = entry.contest.festival, _number("version")
            changed = telling.tell(festival, entry, facts, seen, _was(), door.how, door.by)
    if faults:
        db.session.close()
        with reading():
            return draw(door, {name: say(fault) for name, fault in faults.items()}, request.form.to_dict()), 422
    flash(_("Đã lưu tiết mục.") if changed else _("Không có gì thay đổi."), "good" if changed else "note")
    return None


def send_file(door: ActDoor) -> None:
    """A track or a photo in one piece."""
    with reading():
        entry = door.find()
        writable(entry, door.how)
        entry_id = entry.id
    photo, track = request.files.get("photo"), request.files.get("track")
    if photo is not None and photo.filename:
        content = keeping.readable_photo(photo.read(keeping.LARGEST_PHOTO + 1))
        stored = store.put([content], len(content))
        try:
            with transaction():
                entry = door.find()
                writable(entry, door.how)
                row = keeping.file_row(ActFileKind.PHOTO, stored, "jpeg", "", door.how, door.by)
                keeping.keep(entry.contest.festival, entry, row)
        except BaseException:
            store.remove(stored.key)
            raise
        flash(_("Đã giữ ảnh. Vị trí và giờ chụp trong ảnh đã được xóa."), "good")
    elif track is not None and track.filename:
        name = track.filename
        stored = store.put(store.pieces_of(track.stream), request.content_length or 0)
        uploading.put_whole(entry_id, stored, name, door.how, door.by)
        flash(_("Đã giữ nhạc nền. Nghe lại ở dưới để chắc chắn đúng bài."), "good")
    else:
        raise BadInput(_("Chưa chọn tệp nào. Chọn tệp rồi gửi lại."))


def go_back(door: ActDoor, *, facts_too: bool = True) -> None:
    """An earlier version or file stands again, or one that stands is taken away."""
    form = request.form
    with transaction():
        entry = door.find()
        writable(entry, door.how)
        festival = entry.contest.festival
        if "to" in form and facts_too:
            telling.go_back(festival, entry, _number("to"), _number("version"), _was(), door.how, door.by)
            words = _("Đã trở lại bản trước. Bản vừa thay vẫn còn trong danh sách.")
        elif used := next((each for each in ActFileKind if f"use_{each}" in form), None):
            keeping.put_back(festival, entry, _number(f"use_{used}"), used, door.by)
            words = _("Đã dùng lại tệp trước. Tệp vừa thay vẫn còn trong danh sách.")
        elif away := next((each for each in ActFileKind if f"away_{each}" in form), None):
            keeping.take_away(festival, entry, _number(f"away_{away}"), away, door.by)
            words = _("Đã bỏ tệp khỏi tiết mục. Tệp vẫn còn trong danh sách để dùng lại.")
        else:
            raise BadInput()
    flash(words, "good")


def begin(door: ActDoor) -> Response:
    """Begin to send a track in parts, or go on."""
    with transaction():
        entry = door.find()
        writable(entry, door.how)
        begun = uploading.begin(entry, line(request.form.get("name", "")), _number("size"), door.how, door.by)
    answer = jsonify(
        address=f"/api/v1/uploads/{begun.token}", part=parts.PART, there={str(n): d for n, d in begun.there.items()}
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def serve(entry: Entry, kind: str, number: int) -> Response:
    """A track or photo, whole or the part of it a player asks for."""
    row = next((each for each in keeping.files_of(entry.id) if each.kind == kind and each.number == number), None)
    if row is None or row.key is None:
        raise NotFound()
    if row.kind is ActFileKind.PHOTO:
        looked(SecurityKind.READ_CHILDREN, entry=entry.code, what="photo")
    return served(row)


def served(row: ActFile) -> Response:
    """The file of a row that has one."""
    try:
        source = store.opened(row.key or "")
    except (FileNotFoundError, ValueError) as gone:
        raise NotFound(_("Tệp này không còn trên máy chủ. Gửi lại tệp.")) from gone
    kind = "image/jpeg" if row.format == "jpeg" else MIME[MediaFormat(row.format)]
    answer = Response(wrap_file(request.environ, source, store.PIECE), mimetype=kind, direct_passthrough=True)
    answer.content_length = row.size
    answer.headers["Content-Disposition"] = f'inline; filename="{row.kind}-{row.number}.{row.format}"'
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(row.sha256)
    answer.make_conditional(request.environ, accept_ranges=True, complete_length=row.size)
    return answer
