"""What was changed last on the day, how is it announced, and can it still be taken back in one step?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from festival.accounts.models import User
from festival.core.database import db
from festival.core.sentence import N_, Sentence, from_json
from festival.core.web.i18n import say
from festival.roster.models import Entry
from festival.schedule.conflicts import clock
from festival.schedule.history.difference import ACTS
from festival.schedule.mending.taking import last_mend

LONGEST = 300  # letters of an announcement
ALL_MOVED = N_("%(why)s. %(n)s tiết mục đổi giờ: xem giờ mới ở trang chương trình.")
SOME_MOVED = N_("%(why)s. Giờ mới: %(who)s.")


@dataclass(frozen=True, slots=True)
class MendTold:
    """The last step of the day, in words; `announcement`: the text that is proposed."""

    step: int
    why: Sentence
    count: int
    version: int
    who: str
    at: datetime
    announcement: str


def last_told(festival_id: int) -> MendTold | None:
    """None when the newest step of the draft is another one: then the board takes steps back."""
    step = last_mend(festival_id)
    if step is None:
        return None
    moved = {
        int(entry): datetime.fromisoformat(after[2])
        for entry, (before, after) in step.changed.get(ACTS, {}).items()
        if after is not None and (before is None or [before[0], before[2]] != [after[0], after[2]])
    }
    names = {
        row.id: row.name for row in db.session.execute(select(Entry.id, Entry.name).where(Entry.id.in_(list(moved))))
    }
    why = from_json(step.said["why"])
    said = [
        f"{names[entry]} {say(clock(at))}"
        for entry, at in sorted(moved.items(), key=lambda each: each[1])
        if entry in names
    ]
    words = say(SOME_MOVED.filled(why=why, who="; ".join(said)))
    if len(words) > LONGEST:
        words = say(ALL_MOVED.filled(why=why, n=len(said)))
    who = db.session.scalar(select(User.name).where(User.id == step.by)) or ""
    return MendTold(step.id, why, len(said), step.said["version"], who, step.at, words)
