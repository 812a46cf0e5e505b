"""What does a contest ask of its acts, and until when? The organiser says it, extends it, takes it back."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update

from festival.acts.facts import ActAsk
from festival.acts.models import ActAsking
from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import Overtaken
from festival.editions.models import Festival
from festival.roster.steps import stream


@dataclass(frozen=True, slots=True)
class Asking:
    """As it stands; `version` 0: nobody has said anything."""

    asked: tuple[ActAsk, ...] = ()
    until: datetime | None = None
    version: int = 0

    def open_at(self, at: datetime) -> bool:
        """Whether families and officers may still write."""
        return bool(self.asked) and (self.until is None or at < self.until)


NOTHING = Asking()


def _of(row: ActAsking) -> Asking:
    return Asking(tuple(each for each in ActAsk if each.value in row.asked), row.until, row.version)


def asking_of(contest_id: int) -> Asking:
    """Of one contest."""
    row = db.session.get(ActAsking, contest_id)
    return _of(row) if row is not None else NOTHING


def askings(festival_id: int) -> dict[int, Asking]:
    """Of every contest of an edition that has one."""
    own = select(ActAsking).join(Contest, Contest.id == ActAsking.contest_id).where(Contest.festival_id == festival_id)
    return {row.contest_id: _of(row) for row in db.session.scalars(own)}


def writes_now(contest: Contest, asking: Asking) -> bool:
    """Whether families and officers may write now: asked, before the hour, and the contest is not locked."""
    return contest.state is ContestState.OPEN and asking.open_at(now())


def set_asking(
    festival: Festival, contest: Contest, asked: Collection[ActAsk], until: datetime | None, seen: int, by: int | None
) -> None:
    """Say it, or say it anew. Overtaken when somebody else said something since `seen`."""
    codes = [each.value for each in ActAsk if each in asked]
    if seen == 0:
        values = {"contest_id": contest.id, "asked": codes, "until": until, "version": 1}
        adding = insert_or_pass(ActAsking).values(values).on_conflict_do_nothing(index_elements=["contest_id"])
        version = db.session.scalar(adding.returning(ActAsking.version))
    else:
        version = db.session.scalar(
            update(ActAsking)
            .where(ActAsking.contest_id == contest.id, ActAsking.version == seen)
            .values(asked=codes, until=until, version=seen + 1)
            .returning(ActAsking.version)
            .execution_options(synchronize_session=False)
        )
    if version is None:
        raise Overtaken()
    payload = {"asked": codes, "until": until.isoformat() if until else None, "by": by}
    ledger.append(stream(festival), "act.asked", {"contest": contest.code, "version": version}, payload)
