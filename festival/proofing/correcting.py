"""What was corrected by pen on a sheet is typed in: which names were typed otherwise, and may each be written?

A box bears the digest of the name it showed, so only what was typed otherwise is looked at, and a name that somebody else
has corrected meanwhile is told beside it. Everything is looked at before anything is written; each correction then goes
through the house's own renaming (`registration.renaming`), which writes only while the old name still stands there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask_babel import gettext as _
from sqlalchemy import select

from festival.core.database import db
from festival.core.names import name_fault, nfc, too_long
from festival.core.sentence import Sentence
from festival.core.web.errors import Overtaken
from festival.core.web.i18n import say
from festival.editions.models import Festival
from festival.proofing.names import NO_TEAM, NameKind, SheetName, digest_of
from festival.proofing.sheets import names_of
from festival.registration import renaming
from festival.roster.models import Delegation

BOX = "n"
SEEN_DIGITS = 8
LONGEST_TITLE = 200
RENAMES = {
    NameKind.HEAD: renaming.name_head,
    NameKind.MEMBER: renaming.rename_person,
    NameKind.ENTRY: renaming.rename_team,
    NameKind.TITLE: renaming.retitle_act,
}


@dataclass(slots=True)
class TypedNames:
    """What came of the boxes: how many names were written, or why none was. Texts and words by key."""

    written: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    faults: dict[str, str] = field(default_factory=dict)
    overtaken: dict[str, str] = field(default_factory=dict)
    gone: list[str] = field(default_factory=list)  # typed for a name that is not there any more

    @property
    def refused(self) -> bool:
        return bool(self.faults or self.overtaken or self.gone)


def box(name: SheetName) -> str:
    """What the box of a name is called."""
    return f"{BOX}.{name.key}.{name.digest[:SEEN_DIGITS]}"


def correct(delegation_id: int, boxes: Mapping[str, str], by: int | None) -> TypedNames:
    """Write what was typed otherwise, all or nothing. Overtaken when a name changes at this very moment."""
    db.session.execute(select(Delegation.id).where(Delegation.id == delegation_id).with_for_update())
    delegation = db.session.get_one(Delegation, delegation_id, populate_existing=True)
    current = {each.key: each for each in names_of(delegation) if each.editable}
    typed = TypedNames()
    for name, text in boxes.items():
        if name.startswith(f"{BOX}.") and name.count(".") == 3:
            _prefix, kind, code, seen = name.split(".")
            _look(typed, f"{kind}.{code}", seen, nfc(text), current)
    if typed.refused:
        return typed
    for key, text in typed.texts.items():
        _write(delegation.festival, current[key], text, by)
        typed.written += 1
    return typed


def _look(typed: TypedNames, key: str, seen: str, text: str, current: Mapping[str, SheetName]) -> None:
    if digest_of(key, text)[:SEEN_DIGITS] == seen:
        return
    now = current.get(key)
    if now is None:
        typed.gone.append(text)
        return
    if text == nfc(now.text):
        return  # somebody else typed the same
    typed.texts[key] = text
    fault = _fault(now.kind, text)
    if fault is not None:
        typed.faults[key] = say(fault)
    elif now.digest[:SEEN_DIGITS] != seen:
        typed.overtaken[key] = str(
            _("Người khác vừa sửa thành «%(name)s». Bấm lưu lần nữa thì ghi theo tên đang gõ.", name=now.text)
        )


def _fault(kind: NameKind, text: str) -> Sentence | None:
    """Why this is no name; a head and a title may be left open."""
    if kind is NameKind.MEMBER or (kind is NameKind.HEAD and text):
        return name_fault(text)
    if kind is NameKind.ENTRY and not text:
        return NO_TEAM
    return too_long(text, LONGEST_TITLE)


def _write(festival: Festival, name: SheetName, text: str, by: int | None) -> None:
    if not RENAMES[name.kind](festival, name.code, name.text, text, by):
        raise Overtaken()
