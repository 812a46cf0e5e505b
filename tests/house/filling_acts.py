"""What pages of acts are opened with: a contest that asks everything, and acts of which something is said and a track is kept."""

from __future__ import annotations

from sqlalchemy import select

from festival.acts import asking, keeping, telling
from festival.acts.facts import ActAsk, ActFacts
from festival.acts.models import ActFile, ActFileKind
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.files import store
from festival.editions.models import Festival
from festival.roster.models import DelegationOfficer, Entry, Family, FamilyState


def acts(festival: Festival, officer: int) -> dict[str, str]:
    """An act of the first family, and one of the officer's delegation."""
    contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
    seen = asking.asking_of(contest.id).version
    if not seen:
        asking.set_asking(festival, contest, tuple(ActAsk), None, seen, officer)
    entries = select(Entry).join(Family, Family.id == Entry.family_id).order_by(Family.id)
    entries = entries.where(Entry.contest_id == contest.id, Family.state == FamilyState.APPROVED)
    theirs = select(DelegationOfficer.delegation_id).where(DelegationOfficer.user_id == officer)
    own = db.session.scalars(entries.where(Entry.delegation_id.in_(theirs)).limit(1)).first()
    first = db.session.scalars(entries.limit(1)).first()
    for entry in {each for each in (first, own) if each is not None}:
        if db.session.scalar(select(ActFile.id).where(ActFile.entry_id == entry.id)) is None:
            facts = ActFacts(
                title=entry.title, genre="đơn ca", minutes=3, props="hai ghế", words="Một\nHai", said="xa-ruôn"
            )
            telling.tell(festival, entry, facts, 0, entry.title, "officer", officer)
            for name in ("bai.mp3", "bai-moi.mp3"):
                row = keeping.file_row(ActFileKind.TRACK, store.put([b"music"], 5), "mp3", name, "officer", officer)
                keeping.keep(festival, entry, row)
    return {"act": first.code if first else "khong-co", "officer_act": own.code if own else "khong-co"}
