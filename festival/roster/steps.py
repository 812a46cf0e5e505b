"""How does a family move from state to state under the version that was seen, and how is it noted?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select, update

from festival.core import ledger
from festival.core.database import db
from festival.editions.models import Festival
from festival.roster.models import Family, FamilyState
from festival.roster.outcomes import Done, Stale


def stream(festival: Festival) -> str:
    return f"decisions:{festival.code}"


def note(
    festival: Festival, kind: str, family: Family, version: int, payload: Mapping[str, object], **about: str
) -> None:
    """`about`: what else the line is about, in words that are nobody's (the code of a person, a purpose)."""
    ledger.append(stream(festival), kind, {"family": family.code, "version": version, **about}, payload)


def step(family: Family, version: int, states: Sequence[FamilyState], **values: Any) -> Done | Stale:
    """Move a family on if it is still the version that was seen, in one of the states; else say what it is now."""
    done = db.session.scalar(
        update(Family)
        .where(Family.id == family.id, Family.version == version, Family.state.in_(states))
        .values(version=Family.version + 1, **values)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return Done(done) if done is not None else current(family)


def current(family: Family) -> Stale:
    state, version = db.session.execute(select(Family.state, Family.version).where(Family.id == family.id)).one()
    return Stale(state, version)
