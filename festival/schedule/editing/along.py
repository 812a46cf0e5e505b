"""What goes with a stage that is taken out, besides its sessions: slots for trying it, its pauses, the contests it takes?

It is said before, and kept with the step, so that it comes back when the step is undone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from festival.contests.models import Contest
from festival.core.clock import local
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.schedule.conflicts import day_clock
from festival.schedule.drawn.trials import trials
from festival.schedule.models import Stage
from festival.schedule.wishes.models import StageTakes, Wish


@dataclass(frozen=True, slots=True)
class GoesAlong:
    """In words, and as plain values: {"trials": [contest, start, minutes], "pauses": [note, from, until], "takes": [contest]}."""

    told: tuple[Sentence, ...]
    kept: dict[str, list[Any]]


def goes_along(stage: Stage) -> GoesAlong:
    """As things stand."""
    tried = [each for each in trials(stage.festival_id) if each.stage.id == stage.id]
    pauses = db.session.scalars(
        select(Wish).where(Wish.stage_id == stage.id, Wish.taken_back_at.is_(None)).order_by(Wish.starts_at, Wish.id)
    ).all()
    takes = db.session.scalars(select(Contest.code).join(StageTakes).where(StageTakes.stage_id == stage.id)).all()
    told = [
        N_(
            "Giờ ráp sân khấu của %(contest)s, từ %(start)s (%(count)s đoàn), mất theo sân khấu.",
            contest=each.contest.name,
            start=day_clock(local(each.row.starts_at)),
            count=len(each.slots),
        )
        for each in tried
    ]
    told += [N_("Giờ nghỉ «%(name)s» ở sân khấu này mất theo sân khấu.", name=each.note) for each in pauses]
    return GoesAlong(
        tuple(told),
        {
            "trials": [
                [each.contest.id, local(each.row.starts_at).isoformat(), each.row.minutes] for each in tried
            ],
            "pauses": [
                [each.note, local(each.starts_at).isoformat(), local(each.ends_at).isoformat()]
                for each in pauses
                if each.starts_at is not None and each.ends_at is not None
            ],
            "takes": sorted(takes),
        },
    )  # fmt: skip
