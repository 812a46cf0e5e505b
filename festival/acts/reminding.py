"""Who is reminded of acts that are asked about and still open, in one act: by letter where an address is known.

A family is reminded at most once in 20 hours, however often the button is pressed and by whom: one statement decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from festival.acts.asking import writes_now
from festival.acts.letters import send_act_reminder
from festival.acts.models import ActReminder
from festival.acts.queries import ActLine, ContestActs, contests_with_acts
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.editions.models import Festival
from festival.roster.links.of_families import link_code
from festival.roster.models import Delegation, Family
from festival.roster.steps import note

APART = timedelta(hours=20)


@dataclass(frozen=True, slots=True)
class ActsReminded:
    """What one act did: by letter, left to be told by hand, reminded too short ago."""

    letters: int = 0
    by_hand: tuple[str, ...] = ()
    lately: int = 0


def still_open(festival_id: int, delegation: Delegation | None = None) -> dict[int, list[ActLine]]:
    """The acts of which something is missing and may still be written, by family; a mixed team has no family to be told."""
    return of_lines(contests_with_acts(festival_id), delegation)


def of_lines(contests: Sequence[ContestActs], delegation: Delegation | None = None) -> dict[int, list[ActLine]]:
    """The same of contests that were read."""
    found: dict[int, list[ActLine]] = {}
    for each in contests:
        for line in each.lines if writes_now(each.contest, each.asking) else ():
            own = delegation is None or line.entry.delegation_id == delegation.id
            if own and line.lacks and line.entry.family_id is not None:
                found.setdefault(line.entry.family_id, []).append(line)
    return found


def remind(festival: Festival, waiting: dict[int, list[ActLine]], by: int | None) -> ActsReminded:
    """Everybody of these; the ledger tells each family."""
    letters, by_hand, lately = 0, [], 0
    families: Sequence[Family] = db.session.scalars(
        select(Family).where(Family.id.in_(waiting)).order_by(Family.id)
    ).all()
    for family in families:
        times = _counted(family)
        if times is None:
            lately += 1
            continue
        note(festival, "act.reminded", family, family.version, {"by": by}, times=str(times))
        if family.email:
            send_act_reminder(family, festival, link_code(family), waiting[family.id])
            letters += 1
        else:
            by_hand.append(family.name)
    return ActsReminded(letters, tuple(by_hand), lately)


def _counted(family: Family) -> int | None:
    at = now()
    insert = insert_or_pass(ActReminder).values(family_id=family.id, reminded_at=at, times=1)
    again = insert.on_conflict_do_update(
        index_elements=["family_id"],
        set_={"reminded_at": at, "times": ActReminder.times + 1},
        where=ActReminder.reminded_at <= at - APART,
    ).returning(ActReminder.times)
    return db.session.execute(again).scalar_one_or_none()


def reminded_words(done: ActsReminded) -> str:
    """What to say of one act."""
    parts = []
    if done.letters:
        parts.append(_("Đã gửi thư cho %(n)s gia đình.", n=done.letters))
    if done.by_hand:
        parts.append(_("Không có thư điện tử, nhắc bằng điện thoại: %(names)s.", names="; ".join(done.by_hand)))
    if done.lately:
        parts.append(_("%(n)s gia đình vừa được nhắc nên chưa nhắc lại.", n=done.lately))
    return " ".join(parts) or str(_("Không còn ai phải nhắc."))
