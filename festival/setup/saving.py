"""How does a page change the rules of an edition?

It puts a piece back into the rule document and the whole document is imported as a file would be: what a page may do and
what a file may do can never differ. What would follow is found by doing it and undoing it.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.statements import alone_on
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, NotFound
from festival.editions.models import Festival
from festival.office.festival_import import FestivalImported, import_festival, read_file
from festival.setup.following import follows
from festival.setup.pieces import Document, mark

Edit = Callable[[Document], Document]
Look = Callable[[Document], object]


class ChangedMeanwhile(Conflict):
    """Somebody saved the same piece after this page was drawn; `theirs` is the piece as it stands now."""

    def __init__(self, theirs: Any) -> None:
        super().__init__(
            _(
                "Người khác vừa lưu phần này. Chưa ghi gì; nội dung đã gõ vẫn ở đây: so với bản hiện có bên cạnh, "
                "sửa lại nếu cần rồi lưu lần nữa."
            )
        )
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Preview:
    """What saving would change, and what follows from it for what is registered, planned and judged."""

    changes: tuple[Sentence, ...]
    follows: tuple[Sentence, ...]


class _PreviewUndone(Exception):
    """A preview is never committed."""


def document_of(code: str) -> Document:
    """The rule document of an edition as it stands, to draw a page from. NotFound."""
    with reading():
        found = db.session.scalars(select(Festival.ruleset).where(Festival.code == code)).one_or_none()
    if found is None:
        raise NotFound()
    return dict(found)


def begin(document: Document) -> FestivalImported:
    """A new edition from its document; inside the door's transaction.

    BrokenRuleset where it is not sound; Conflict where there is an edition of that code.
    """
    file = read_file(written(document))
    alone_on(Festival)  # of two who begin with one code at once, the second is told and changes nothing
    if db.session.scalar(select(Festival.id).where(Festival.code == file.ruleset.festival.code)) is not None:
        raise Conflict(_("Đã có ngày hội mang mã «%(code)s». Chọn mã khác.", code=file.ruleset.festival.code))
    return import_festival(file)


def look_at_beginning(document: Document) -> None:
    """Do what `begin` does and undo it: raises what it raises, writes nothing."""
    try:
        with transaction():
            begin(document)
            raise _PreviewUndone
    except _PreviewUndone:
        return


def save(code: str, edit: Edit, look: Look | None = None, seen: str = "") -> FestivalImported:
    """Change the document of an edition; inside the door's transaction.

    `look` gives the piece the page shows and `seen` its mark when the page was drawn. ChangedMeanwhile when it is another one by
    now; BrokenRuleset naming every fault by its path; Conflict and BadInput as an import has them. Nothing is written then.
    """
    wanted = select(Festival).where(Festival.code == code).with_for_update()
    held = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if held is None:
        raise NotFound()
    document = dict(held.ruleset)
    if look is not None and mark(look(document)) != seen:
        raise ChangedMeanwhile(look(document))
    return import_festival(read_file(written(edit(document))))


def preview(code: str, edit: Edit, look: Look | None = None, seen: str = "") -> Preview:
    """What the same `save` would change and what follows; nothing is written. Raises what `save` raises."""
    found: list[Preview] = []
    try:
        with transaction():
            # read before anything is written: afterwards nothing differs any more
            following = tuple(follows(code, read_file(written(edit(_stated(code)))).ruleset))
            done = save(code, edit, look, seen)
            found.append(Preview(done.changes, following))
            raise _PreviewUndone
    except _PreviewUndone:
        return found[0]


def _stated(code: str) -> Document:
    found = db.session.scalars(select(Festival.ruleset).where(Festival.code == code)).one_or_none()
    if found is None:
        raise NotFound()
    return dict(found)


def written(document: Document) -> bytes:
    """The document as the bytes of a file; exact decimals with at most three places stay what they are."""
    return json.dumps(document, ensure_ascii=False, default=float).encode("utf-8", "surrogatepass")
