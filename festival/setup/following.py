"""What follows from changed rules for what is registered, planned and judged already? Said before anything is saved."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from festival.core.database import db
from festival.core.sentence import Sentence
from festival.editions.models import Festival
from festival.editions.queries import rules
from festival.editions.rules.ruleset import Ruleset
from festival.setup.following_contests import of_contests
from festival.setup.following_dates import of_dates
from festival.setup.following_quotas import of_delegations, of_quotas


def follows(code: str, after: Ruleset) -> Iterator[Sentence]:
    """One sentence for each thing that would stand outside the changed rules; reads inside the door's transaction.

    As many statements for 80 delegations and 600 families as for one.
    """
    festival = db.session.scalars(select(Festival).where(Festival.code == code)).one_or_none()
    if festival is None or not festival.ruleset:
        return
    before = rules(festival)
    yield from of_dates(festival, before.festival, after.festival)
    yield from of_quotas(festival, before, after)
    yield from of_delegations(festival, before, after)
    yield from of_contests(festival, before, after)
