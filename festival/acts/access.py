"""Whose act is it, and may it be changed now? Somebody else's is not found."""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from festival.acts.asking import asking_of, writes_now
from festival.contests.models import Contest
from festival.contests.queries import entries_told
from festival.core.database import db
from festival.core.web.access import Actor
from festival.core.web.errors import Conflict, NotFound
from festival.core.web.i18n import moment
from festival.editions.queries import the_festival
from festival.roster import delegations
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState

OFFICE = ("office", "stage")  # who works at the festival is bound by no hour
OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


def _one(query: Select[Entry]) -> Entry:
    loaded = query.options(
        joinedload(Entry.contest).joinedload(Contest.festival), joinedload(Entry.family), joinedload(Entry.delegation)
    )
    found = db.session.scalars(loaded).one_or_none()
    if found is None or not found.contest.has_order:
        raise NotFound()
    return found


def family_entries(family_id: int) -> Select[Entry]:
    """The acts a family may know of."""
    own = select(Entry).join(Entry.contest).where(Entry.family_id == family_id, entries_told())
    return own.where(Entry.state != EntryState.WITHDRAWN)


def entry_of_family(actor: Actor, code: str) -> Entry:
    """One of the family's own acts."""
    return _one(family_entries(actor.family_id or 0).where(Entry.code == code))


def entry_of_officer(actor: Actor, delegation: str, code: str) -> tuple[Delegation, Entry]:
    """An act of the officer's own delegation, a mixed team's too."""
    found = delegations.delegation_of(actor, delegation)
    own = select(Entry).join(Entry.contest).where(Entry.delegation_id == found.id, Entry.code == code, entries_told())
    return found, _one(own)


def entry_of_office(code: str) -> Entry:
    """An act of the current edition."""
    own = select(Entry).join(Entry.contest).where(Contest.festival_id == the_festival().id, Entry.code == code)
    return _one(own)


def why_closed(entry: Entry, how: str) -> str:
    """Why nothing can be written here now, in words; "" when it can."""
    if entry.state is EntryState.WITHDRAWN or (entry.family is not None and entry.family.state in OVER):
        return str(_("Tiết mục này không còn dự thi nên không sửa được. Những gì đã ghi vẫn còn."))
    if how in OFFICE:
        return ""
    asking = asking_of(entry.contest_id)
    if writes_now(entry.contest, asking):
        return ""
    if not asking.asked:
        return str(_("Phần thi này hiện không hỏi gì về tiết mục."))
    if asking.until is not None:
        words = _(
            "Đã hết giờ nhận (%(until)s). Những gì đã ghi vẫn còn; cần sửa thì gọi Ban Tổ chức.",
            until=moment(asking.until),
        )
        return str(words)
    return str(_("Phần thi đã khóa điểm nên không sửa tiết mục được nữa."))


def writable(entry: Entry, how: str) -> None:
    """Conflict, in words, when it cannot be changed now."""
    closed = why_closed(entry, how)
    if closed:
        raise Conflict(closed)


def family_of(entry: Entry) -> Family:
    """The family whose act it is. NotFound for a mixed team."""
    if entry.family is None:
        raise NotFound()
    return entry.family
