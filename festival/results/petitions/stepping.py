"""How is anything done with a petition: held, on the reading it was decided on, noted in its row and in the ledger?"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.web.errors import NotFound, Overtaken
from festival.results.petitions.kinds import PetitionDeed
from festival.results.petitions.models import Petition, PetitionStep
from festival.roster.models import Entry
from festival.roster.steps import stream

STANDS = ("about", "state", "desk", "late", "carried", "told")


def held_petition(petition_id: int, seen: int | None) -> tuple[Petition, int]:
    """The petition until the transaction ends, and how many steps it has. Overtaken when it has more than were seen."""
    wanted = select(Petition).where(Petition.id == petition_id).with_for_update()
    found = db.session.scalars(wanted.execution_options(populate_existing=True)).one_or_none()
    if found is None:
        raise NotFound()
    taken = db.session.scalar(select(func.count()).where(PetitionStep.petition_id == petition_id)) or 0
    if seen is not None and seen != taken:
        raise Overtaken()
    return found, taken


def take(
    petition: Petition,
    taken: int,
    deed: PetitionDeed,
    words: str,
    by: int | None,
    with_user: int | None = None,
    *,
    before: Mapping[str, Any] | None = None,
    paper_id: int | None = None,
    told: bool = False,
) -> PetitionStep:
    """The step, after the row was changed to what it is from now on."""
    row = PetitionStep(
        petition_id=petition.id,
        ordinal=taken + 1,
        deed=deed,
        words=words,
        by_user=by,
        with_user=with_user,
        at=now(),
        before=dict(before or {}),
        paper_id=paper_id,
        told=told,
    )
    db.session.add(row)
    db.session.flush()
    ledger.append(
        stream(petition.delegation.festival),
        f"petition.{deed.value}",
        {"petition": petition.number, "step": row.ordinal},
        {
            "words": words,
            "by": by,
            "with": with_user,
            "before": row.before,
            "paper": paper_id,
            "read_at_once": told,
            **stands(petition),
        },
    )
    return row


def stands(petition: Petition) -> dict[str, Any]:
    """What may change of a petition, as the ledger keeps it."""
    said = {name: value.value if isinstance(value := getattr(petition, name), Enum) else value for name in STANDS}
    return {**said, **subject_codes(petition)}


def subject_codes(petition: Petition) -> dict[str, str]:
    """What it is about by codes; "" where it is about neither."""
    contest = db.session.get(Contest, petition.contest_id) if petition.contest_id else None
    entry = db.session.get(Entry, petition.entry_id) if petition.entry_id else None
    return {"contest": contest.code if contest else "", "entry": entry.code if entry else ""}
