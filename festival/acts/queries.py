"""What do pages and lists read of acts: what stands for many at once, and everything of one?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from festival.acts.access import family_entries, why_closed
from festival.acts.asking import NOTHING, Asking, asking_of, askings
from festival.acts.facts import ActAsk, ActFacts, lacking
from festival.acts.keeping import USB, files_of, standing_files
from festival.acts.models import ActFile, ActFileKind, ActVersion
from festival.acts.telling import facts_of, versions_of
from festival.contests.models import Contest
from festival.core.database import db
from festival.roster.models import Delegation, Entry, EntryState


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act in a list: what is said of it, which track and photo stand, what is asked and missing."""

    entry: Entry
    facts: ActFacts
    track: ActFile | None
    photo: ActFile | None
    lacks: tuple[ActAsk, ...]

    @property
    def by_usb(self) -> bool:
        """The track is on a stick at the sound desk."""
        return self.track is not None and self.track.format == USB


@dataclass(frozen=True, slots=True)
class ActPage:
    """Everything of one act; `closed`: why nothing can be written, in words."""

    line: ActLine
    asking: Asking
    version: int
    versions: Sequence[ActVersion]
    files: Sequence[ActFile]
    closed: str

    @property
    def entry(self) -> Entry:
        """Whose it is."""
        return self.line.entry

    def earlier(self, kind: str) -> list[ActFile]:
        """Files of a kind that do not stand and can be put back."""
        return [row for row in self.files if row.kind == kind and not row.standing and (row.key or row.format == USB)]


def act_lines(entries: Sequence[Entry], asked: Iterable[tuple[int, Asking]]) -> dict[int, ActLine]:
    """By entry. Two statements."""
    ids, by_contest = [each.id for each in entries], dict(asked)
    newest = select(func.max(ActVersion.id)).where(ActVersion.entry_id.in_(ids)).group_by(ActVersion.entry_id)
    told = {row.entry_id: row for row in db.session.scalars(select(ActVersion).where(ActVersion.id.in_(newest)))}
    files = standing_files(ids)
    return {
        each.id: _line(
            each,
            facts_of(each, told.get(each.id)),
            files.get((each.id, ActFileKind.TRACK)),
            files.get((each.id, ActFileKind.PHOTO)),
            by_contest.get(each.contest_id, NOTHING),
        )
        for each in entries
    }


def _line(entry: Entry, facts: ActFacts, track: ActFile | None, photo: ActFile | None, asking: Asking) -> ActLine:
    there = [kind for kind, row in ((ActAsk.TRACK, track), (ActAsk.PHOTO, photo)) if row is not None]
    return ActLine(entry, facts, track, photo, tuple(lacking(facts, asking.asked, there)))


def act_page(entry: Entry, how: str) -> ActPage:
    """Everything of one act, for who works with it as `how` says."""
    versions, files = versions_of(entry.id), files_of(entry.id)
    standing = {row.kind: row for row in files if row.standing}
    newest, asking = next(iter(versions), None), asking_of(entry.contest_id)
    line = _line(
        entry,
        facts_of(entry, newest),
        standing.get(ActFileKind.TRACK),
        standing.get(ActFileKind.PHOTO),
        asking,
    )
    return ActPage(line, asking, newest.version if newest else 0, versions, files, why_closed(entry, how))


def acts_of_family(family_id: int, festival_id: int) -> list[ActLine]:
    """What a family is asked about, or was."""
    own = family_entries(family_id).order_by(Entry.id).options(contains_eager(Entry.contest))
    entries = list(db.session.scalars(own))
    return _asked_of(entries, festival_id)


def acts_of_delegation(delegation: Delegation) -> list[ActLine]:
    """The same of a delegation, mixed teams too."""
    own = (
        select(Entry)
        .join(Entry.contest)
        .where(Entry.delegation_id == delegation.id, Entry.state != EntryState.WITHDRAWN)
        .order_by(Contest.position, Entry.id)
        .options(contains_eager(Entry.contest))
    )
    told = [each for each in db.session.scalars(own) if each.contest.entries_told]
    return _asked_of(told, delegation.festival_id)


def _asked_of(entries: Sequence[Entry], festival_id: int) -> list[ActLine]:
    asked = askings(festival_id) if entries else {}
    wanted = [each for each in entries if each.contest_id in asked and asked[each.contest_id].asked]
    lines = act_lines(wanted, asked.items()) if wanted else {}
    return list(lines.values())


@dataclass(frozen=True, slots=True)
class ContestActs:
    """A contest, what it asks, and how far its acts are."""

    contest: Contest
    asking: Asking
    lines: Sequence[ActLine]

    @property
    def whole(self) -> int:
        """Acts of which nothing is missing."""
        return sum(not each.lacks for each in self.lines)


def contests_with_acts(festival_id: int, only: int | None = None) -> list[ContestActs]:
    """Every contest whose acts appear one after another. A constant number of statements."""
    contests = select(Contest).where(Contest.festival_id == festival_id).order_by(Contest.position)
    rows = [each for each in db.session.scalars(contests) if each.has_order and only in (None, each.id)]
    enrolled = (
        select(Entry)
        .where(Entry.contest_id.in_([each.id for each in rows]), Entry.state == EntryState.ENROLLED)
        .order_by(Entry.number.is_(None), Entry.number, Entry.id)
    )
    entries, asked = list(db.session.scalars(enrolled)), askings(festival_id)
    lines = act_lines(entries, asked.items())
    return [
        ContestActs(
            each,
            asked.get(each.id, NOTHING),
            [lines[entry.id] for entry in entries if entry.contest_id == each.id],
        )
        for each in rows
    ]
