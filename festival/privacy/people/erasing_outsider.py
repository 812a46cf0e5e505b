"""How is somebody outside families erased when they ask, before the day of the data, and again after an old copy came back?

They are off their list already, so no gate knows them and nothing waits for them. The list of erasures is written first.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select, update

from config import Config
from festival.badges.models import BadgeHolder
from festival.core import erasure, ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.security_log import SecurityKind, note
from festival.core.transaction import reading, transaction
from festival.core.web.errors import Conflict, NotFound
from festival.editions import retention
from festival.editions.models import Festival
from festival.logistics import supporting
from festival.logistics.sleeping import lodging
from festival.passes.issue import retire_passes
from festival.privacy import sweeping
from festival.privacy.erasing import MEMBER
from festival.privacy.people import redacting
from festival.privacy.people.redacting import Strings
from festival.roster.models import Departure, Person


def erase_outsider(code: str, *, anew: bool = False) -> bool:
    """Names become a number, the rest goes; answers whether the files are clean as well. NotFound for whoever still stands on a list.

    `anew`: an old copy brought somebody back, who is taken off the list too.
    """
    with reading():
        found = db.session.execute(
            select(Festival, Person.out)
            .join(Person, Person.festival_id == Festival.id)
            .where(Person.code == code, Person.family_id.is_(None))
        ).one_or_none()
        if found is None or not (found.out or anew):
            raise NotFound()
        held_by, festival, held = found.Festival, found.Festival.code, retention.kept(found.Festival).held
    if held:
        raise Conflict(_("Dữ liệu của kỳ này đang được giữ lại, chưa xóa gì: %(why)s", why=held))
    erasure.remember(festival, f"person:{code}")
    config: Config = current_app.config["FESTIVAL"]
    sweeping.mark(at_night=not config.is_sqlite)
    with transaction():
        person = db.session.scalars(select(Person).where(Person.code == code).with_for_update()).one()
        if not person.folded:
            return True
        _erase(person, held_by)
        note(SecurityKind.ERASURE, {"festival": festival, "what": "person"})
    db.session.remove()
    return sweeping.sweep() if config.is_sqlite else False


def _erase(person: Person, edition: Festival) -> None:
    festival = edition.code
    strings = Strings(
        {person.name: f"{MEMBER}{person.position}"}, (person.phone,) if person.phone else (), (person.code,)
    )
    if not person.out:
        at = now()
        db.session.add(Departure(person_id=person.id, entries=[], left_at=at, back_at=None, seen_at=at, seen_by=None))
        ledger.append(f"decisions:{festival}", "badge.removed", {"badge": person.code}, {})
    retire_passes("person", person.id)
    nobody: dict[str, Any] = {
        "name": f"{MEMBER}{person.position}",
        "folded": "",
        "birth_year": None,
        "born_on": None,
        "phone": "",
        "needs": "",
    }
    db.session.execute(update(Person).where(Person.id == person.id).values(nobody))
    db.session.execute(
        update(BadgeHolder)
        .where(BadgeHolder.person_id == person.id)
        .values(honorific="", title="", seat="", identity="", version=BadgeHolder.version + 1)
    )
    for purpose in supporting.HEALTH:
        supporting.take_back(edition, person, purpose, "paper")
    lodging.take_away(edition, [person], None)
    redacting.empty_own_rows([person.id], None)
    redacting.say_numbers(strings)
    redacting.forget_letters(strings, "")
    db.session.flush()
    redacting.forget_lines(strings)
    ledger.append(f"decisions:{festival}", "badge.erased", {"badge": person.code}, {})
