"""Which contests does a result stand on, and which stand on it: a sum on its components, a final on the round before?

Whoever publishes one of them, or takes it back, holds first what it stands on, then itself: so nothing is published on a result
that is taken back in the same moment.
"""

from __future__ import annotations

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core.database import db
from festival.editions.rules.kinds import PublishedRule


def hold_what_it_stands_on(contest_id: int) -> None:
    """Before a contest itself is held for its next step."""
    contest = db.session.get(Contest, contest_id)
    if contest is None:
        return
    own = select(Contest).where(Contest.festival_id == contest.festival_id, Contest.id != contest_id)
    codes = {each["contest"] for each in contest.sum_of or ()}
    if contest.after:
        codes.add(contest.after["contest"])
    if codes:
        held = own.where(Contest.code.in_(codes)).order_by(Contest.id).with_for_update(read=True)
        db.session.execute(held.execution_options(populate_existing=True)).all()


def standing_on(contest: Contest) -> list[Contest]:
    """Contests whose result says something of this one's, the nearest first."""
    rows = select(Contest).where(Contest.festival_id == contest.festival_id).order_by(Contest.position, Contest.id)
    every = list(db.session.scalars(rows))
    found, todo = list[Contest](), [contest]
    while todo:
        below = todo.pop(0)
        new = [each for each in every if each is not contest and each not in found and _stands_on(each, below)]
        found += new
        todo += new
    return found


def out_on_it(contest: Contest, *, the_mc_too: bool) -> list[Contest]:
    """Those of them that are public, where the MC does not read it any more also sums that the MC reads; held."""
    found = standing_on(contest)
    for each in found:
        db.session.refresh(each, with_for_update=True)
    return [
        each
        for each in found
        if each.state is ContestState.PUBLISHED or (the_mc_too and each.sum_of and each.state is ContestState.RELEASED)
    ]


def _stands_on(contest: Contest, below: Contest) -> bool:
    if any(each["contest"] == below.code for each in contest.sum_of or ()):
        return True
    after = contest.after
    tells = contest.published == PublishedRule.MARKS and after is not None and bool(after["weight"])
    return tells and contest.entries_from_id == below.id
