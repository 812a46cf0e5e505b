"""How are all passes made anew, a bounded number in a transaction, so that a kill in the middle costs nothing?

What is still to do is read from the passes themselves: those issued up to a certain one that are still valid. So the same
call again goes on where the last one ended, and of two at once none makes a pass twice.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, func, select, update

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.transaction import transaction
from festival.editions.models import Festival
from festival.passes import letters
from festival.passes.making import NewPass, make_passes
from festival.passes.models import Pass
from festival.passes.tokens import owner_of
from festival.roster.models import Delegation, Family, Person
from festival.roster.steps import note, stream

A_TRANSACTION = 100


def latest(festival_id: int) -> int:
    """The last pass issued so far: what "all of them" means when somebody presses the button."""
    return db.session.scalar(select(func.max(Pass.id)).where(Pass.festival_id == festival_id)) or 0


def left(festival_id: int, until: int) -> int:
    """How many passes up to that one are still to be made anew."""
    return db.session.scalar(select(func.count(Pass.id)).where(_to_do(festival_id, until))) or 0


def _to_do(festival_id: int, until: int) -> ColumnElement[bool]:
    return and_(Pass.festival_id == festival_id, Pass.replaced_at.is_(None), Pass.id <= until)


def renew_all(festival: Festival, until: int, reason: str, by: int | None, most: int | None = None) -> int:
    """Make passes up to `until` anew, a transaction for each hundred; answers how many. `most` bounds a request."""
    done = 0
    while most is None or done < most:
        with transaction():
            rows = db.session.scalars(
                select(Pass).where(_to_do(festival.id, until)).order_by(Pass.id).limit(A_TRANSACTION).with_for_update()
            ).all()
            renew(festival, rows, reason, by, new_link=False)
        if not rows:
            break
        done += len(rows)
    return done


def renew(festival: Festival, rows: Sequence[Pass], reason: str, by: int | None, *, new_link: bool) -> list[Pass]:
    """A new issue for each of these valid passes; the old ones become tombstones, families with an address are told."""
    last = _last_issues(rows)
    retire(rows)
    made = make_passes([NewPass(old.festival_id, *owner_of(old), last[owner_of(old)] + 1) for old in rows])
    told(festival, made, "pass.reissued", reason, by, new_link=new_link)
    return made


def retire(rows: Sequence[Pass]) -> None:
    """They open no gate any more; gates still know them."""
    db.session.execute(
        update(Pass).where(Pass.id.in_([row.id for row in rows])).values(replaced_at=now()),
        execution_options={"synchronize_session": False},
    )


def _last_issues(rows: Sequence[Pass]) -> dict[tuple[str, int], int]:
    """The highest number of each owner: after a way back it is not that of the valid pass."""
    found: dict[tuple[str, int], int] = {}
    for name, column in (("family", Pass.family_id), ("delegation", Pass.delegation_id), ("person", Pass.person_id)):
        owners = [owner for kind, owner in map(owner_of, rows) if kind == name]
        if owners:
            query = select(column, func.max(Pass.issue)).where(column.in_(owners)).group_by(column)
            found |= {(name, int(owner or 0)): issue for owner, issue in db.session.execute(query)}
    return found


def told(festival: Festival, rows: Sequence[Pass], kind: str, reason: str, by: int | None, *, new_link: bool) -> None:
    """The ledger says of each pass that another one is in force now, families are told by letter."""
    families = {
        family.id: family
        for family in db.session.scalars(
            select(Family).where(Family.id.in_([row.family_id for row in rows if row.family_id]))
        )
    }
    codes = _codes(Delegation, [row.delegation_id for row in rows]) | _codes(Person, [row.person_id for row in rows])
    for row in rows:
        payload = {"issue": row.issue, "reason": reason, "by": by}
        if row.family_id is not None:
            family = families[row.family_id]
            note(festival, kind, family, family.version, {"family": family.name, **payload})
            letters.send_renewed(family, festival, row, new_link=new_link)
        else:
            owner, owner_id = owner_of(row)
            ledger.append(stream(festival), kind, {owner: codes[owner, owner_id]}, payload)


def _codes(model: type[Delegation | Person], ids: Sequence[int | None]) -> dict[tuple[str, int], str]:
    wanted = [each for each in ids if each is not None]
    if not wanted:
        return {}
    name = "delegation" if model is Delegation else "person"
    return {
        (name, row.id): row.code for row in db.session.execute(select(model.id, model.code).where(model.id.in_(wanted)))
    }
