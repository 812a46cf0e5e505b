"""Acts before the day: asked about, written, corrected, taken back; tracks sent, replaced, handed over on USB, put back."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from festival.acts import asking, keeping, reminding, telling
from festival.acts.facts import ActAsk, ActFacts
from festival.acts.models import ActFileKind
from festival.contests.models import Contest
from festival.core.clock import now
from festival.core.database import db
from festival.core.files import store
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.roster.models import Entry, EntryState


def told(festival_id: int, staff: int) -> None:
    """Of two acts of the first contest; the hour is extended meanwhile."""
    with transaction():
        festival = db.session.get_one(Festival, festival_id)
        contest = db.session.scalars(select(Contest).where(Contest.code == "tai-nang")).one()
        seen = asking.asking_of(contest.id).version
        asking.set_asking(festival, contest, (ActAsk.TITLE, ActAsk.TRACK), now() + timedelta(days=1), seen, staff)
        asking.set_asking(festival, contest, tuple(ActAsk), now() + timedelta(days=2), seen + 1, staff)
        own = select(Entry).where(Entry.contest_id == contest.id, Entry.state == EntryState.ENROLLED)
        first, second = db.session.scalars(own.order_by(Entry.id.desc()).limit(2))
        for entry in (first, second):
            was = entry.title
            telling.tell(festival, entry, ActFacts(title="Điệu lý quê em", minutes=4), 0, was, "link", None)
        telling.tell(festival, first, ActFacts(title="Điệu lý", minutes=5), 1, "Điệu lý quê em", "office", staff)
        telling.go_back(festival, first, 1, 2, "Điệu lý", "officer", staff)
        reminding.remind(festival, reminding.still_open(festival.id), staff)
        for name in ("mot.mp3", "hai.mp3"):
            row = keeping.file_row(ActFileKind.TRACK, store.put([name.encode()], 7), "mp3", name, "officer", staff)
            keeping.keep(festival, first, row)
        keeping.note_usb(festival, first, staff)
        keeping.put_back(festival, first, 1, ActFileKind.TRACK, staff)
        photo = keeping.file_row(ActFileKind.PHOTO, store.put([b"\xff\xd8\xff"], 3), "jpeg", "", "link", None)
        keeping.keep(festival, second, photo)
        keeping.take_away(festival, second, 1, ActFileKind.PHOTO, staff)
