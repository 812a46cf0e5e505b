"""How is something said of an act, corrected, and taken back to what stood before?

A version is a row of its own and is never changed, so what stood before is always there to be looked at and put back; putting
it back is a new version. Two people at once: the second is told. The title that stands is the entry's, which programme, judges
and minutes read; it changes by the same door as a correction after the proof.
"""

from __future__ import annotations

from dataclasses import asdict, replace

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from festival.acts.facts import ActFacts
from festival.acts.models import ActVersion
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import NotFound, Overtaken
from festival.editions.models import Festival
from festival.registration.renaming import retitle_act
from festival.roster.models import Entry
from festival.roster.steps import stream


def about(entry: Entry, **more: object) -> dict[str, object]:
    """What a line of the ledger is about: the act, and whose."""
    return {"entry": entry.code, **({"family": entry.family.code} if entry.family else {}), **more}


def versions_of(entry_id: int) -> list[ActVersion]:
    """All that was ever said, the newest first."""
    rows = select(ActVersion).where(ActVersion.entry_id == entry_id).order_by(ActVersion.version.desc())
    return list(db.session.scalars(rows))


def facts_of(entry: Entry, row: ActVersion | None) -> ActFacts:
    """What stands; the title is the entry's."""
    if row is None:
        return ActFacts(title=entry.title)
    return replace(facts_then(row), title=entry.title)


def facts_then(row: ActVersion) -> ActFacts:
    """What was said in a version."""
    return ActFacts(row.title, row.genre, row.minutes, row.props, row.microphones, row.words, row.said)


def tell(festival: Festival, entry: Entry, facts: ActFacts, seen: int, was: str, how: str, by: int | None) -> bool:
    """A new version; False when it says what stands already. `seen`, `was`: version and title the writer saw. Overtaken."""
    standing = next(iter(versions_of(entry.id)), None)
    if (standing.version if standing else 0) != seen or entry.title != was:
        raise Overtaken()
    if facts_of(entry, standing) == facts:
        return False
    if facts.title != was:
        if not retitle_act(festival, entry.code, was, facts.title, by):
            raise Overtaken()
        db.session.refresh(entry, ["title"])
    row = ActVersion(
        entry_id=entry.id,
        family_id=entry.family_id,
        version=seen + 1,
        told_how=how,
        told_by=by,
        told_at=now(),
        **asdict(facts),
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
    except IntegrityError as taken:
        raise Overtaken() from taken
    payload = {**asdict(facts), "how": how, "by": by}
    ledger.append(stream(festival), "act.told", about(entry, number=row.version), payload)
    return True


def go_back(festival: Festival, entry: Entry, number: int, seen: int, was: str, how: str, by: int | None) -> bool:
    """What an earlier version said stands again, as a new version."""
    earlier = next((row for row in versions_of(entry.id) if row.version == number), None)
    if earlier is None:
        raise NotFound()
    return tell(festival, entry, facts_then(earlier), seen, was, how, by)
