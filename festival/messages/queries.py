"""What is announced now to whoever reads this page, and what has been announced so far?"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import ColumnElement, and_, false, or_, select
from sqlalchemy.orm import joinedload

from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.messages.models import Announcement, AnnouncementState, Audience
from festival.messages.spoken import WITHDRAWN_SHOWN
from festival.programme.notices import News
from festival.roster.models import Entry, EntryPerson, EntryState, Family, Person
from festival.schedule.models import Act, Session, Stage
from festival.schedule.published.standing import standing

__all__ = ["News", "news_for", "news_of_delegation", "news_of_family", "news_of_stage", "public_news"]

MOST = 5


def news_for(festival_id: int, delegation_id: int | None = None, entry_ids: Collection[int] = ()) -> list[News]:
    """What those of this delegation and of these entries should read now, the newest first, what is withdrawn last."""
    codes = select(Entry.code).where(Entry.id.in_(entry_ids)) if entry_ids else None
    of_entries = Announcement.entry_code.in_(codes) if codes is not None else false()
    return _news(festival_id, or_(Announcement.delegation_id == delegation_id, of_entries))


def public_news(festival_id: int) -> tuple[News, ...]:
    """What everybody reads."""
    return tuple(_news(festival_id, false()))


def news_of_family(family: Family) -> list[News]:
    """For all, for its delegation, for its own entries and those of a team one of it is in."""
    in_team = (
        select(EntryPerson.entry_id)
        .join(Person, Person.id == EntryPerson.person_id)
        .where(Person.family_id == family.id)
    )
    own = select(Entry.code).where(or_(Entry.family_id == family.id, Entry.id.in_(in_team)))
    for_it = or_(Announcement.delegation_id == family.delegation_id, Announcement.entry_code.in_(own))
    return _news(family.festival_id, for_it)


def news_of_delegation(festival_id: int, delegation_id: int) -> list[News]:
    """For all, for the delegation, and for every act of it: the head is who calls them together."""
    own = select(Entry.code).where(Entry.delegation_id == delegation_id)
    for_it = or_(Announcement.delegation_id == delegation_id, Announcement.entry_code.in_(own))
    return _news(festival_id, for_it)


def news_of_stage(festival_id: int, code: str) -> list[News]:
    """For all, and for the acts of a stage: its manager says it to them."""
    plan = standing(festival_id)
    if plan is not None:
        called = [entry for entry, place in plan.places.items() if place.session.stage == code]
        return _news(festival_id, Announcement.entry_code.in_(called))
    acts = (
        select(Entry.code)
        .join(Act, Act.entry_id == Entry.id)
        .join(Session, Session.id == Act.session_id)
        .join(Stage, Stage.id == Session.stage_id)
        .where(Stage.festival_id == festival_id, Stage.code == code)
    )
    return _news(festival_id, Announcement.entry_code.in_(acts))


def _news(festival_id: int, besides: ColumnElement[bool]) -> list[News]:
    at = now()
    standing = or_(
        Announcement.state == AnnouncementState.STANDING,
        and_(Announcement.state == AnnouncementState.WITHDRAWN, Announcement.changed_at > at - WITHDRAWN_SHOWN),
    )
    rows = db.session.scalars(
        select(Announcement)
        .where(
            Announcement.festival_id == festival_id,
            Announcement.until > at,
            standing,
            or_(Announcement.audience == Audience.ALL, besides),
        )
        .options(joinedload(Announcement.delegation))
        .order_by(
            Announcement.state == AnnouncementState.WITHDRAWN, Announcement.made_at.desc(), Announcement.id.desc()
        )
        .limit(MOST)
    ).all()
    names = entry_names(rows)
    return [news_of(row, names) for row in rows]


def news_of(row: Announcement, names: dict[str, str]) -> News:
    """One announcement as its readers see it."""
    return News(
        row.id,
        row.version,
        row.words,
        to_whom(row, names),
        row.made_at,
        row.until,
        row.changed_at,
        row.state is AnnouncementState.WITHDRAWN,
    )


def to_whom(row: Announcement, names: dict[str, str]) -> str:
    """The delegation or the act, "" for everybody; a code when the act has left the festival."""
    if row.delegation is not None:
        return row.delegation.name
    return names.get(row.entry_code, row.entry_code)


def entry_names(rows: Iterable[Announcement]) -> dict[str, str]:
    """How the acts are called that these announcements are for."""
    codes = {row.entry_code for row in rows if row.entry_code}
    if not codes:
        return {}
    return {
        row.code: row.name for row in db.session.execute(select(Entry.code, Entry.name).where(Entry.code.in_(codes)))
    }


def announcements(festival_id: int) -> list[Announcement]:
    """All of an edition, the newest first."""
    return list(
        db.session.scalars(
            select(Announcement)
            .where(Announcement.festival_id == festival_id)
            .options(joinedload(Announcement.delegation))
            .order_by(Announcement.made_at.desc(), Announcement.id.desc())
        )
    )


def acts_meant(contest: Contest, typed: str) -> list[Entry]:
    """The enrolled entries of a contest that a number or a part of a name means."""
    enrolled = select(Entry).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
    wanted = fold(typed)
    found = db.session.scalars(enrolled.order_by(Entry.number, Entry.id)).all()
    if wanted.isdigit():
        return [entry for entry in found if entry.number == int(wanted)]
    exact = [entry for entry in found if fold(entry.name) == wanted]
    return exact or [entry for entry in found if wanted and wanted in fold(entry.name)]
