"""What will the public see, before it sees it? For who types on a page, and for who types a command.

A contest that is *công bố ngay* shows a result as soon as it is typed. That a family is disqualified, did not come or gave
up is said about people: it is read back first. A number is corrected as easily as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import click
from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.commands import contest_named
from festival.contests.counting.final_order import places_of
from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import reading
from festival.judging.contest_rules import public_at_once
from festival.judging.models import MeasureState
from festival.judging.words import MEASURE_WORDS
from festival.roster.models import Delegation, Entry


def asks_back(contest: Contest, state: MeasureState) -> bool:
    """Whether noting this state makes it public at once, so that it is confirmed first."""
    return state is not MeasureState.VALID and public_at_once(contest)


def line_of_public(name: str, delegation: str, state: MeasureState) -> str:
    """The line as the public page will show it."""
    return f"{name}, {delegation}: {MEASURE_WORDS[state]}"


def public_order(order: Sequence[Sequence[str]], names: Mapping[str, str]) -> list[str]:
    """A final order read aloud: a line for each entry, with its place."""
    return [f"{place}. {names.get(code, code)}" for place, group in places_of(order) for code in group]


def confirm_public(festival: str | None, contest_code: str, entry_code: str, state: MeasureState, *, yes: bool) -> None:
    """A command asks before a state of an entry becomes public; `--yes` answers beforehand, no answer is a no."""
    with reading():
        contest = contest_named(festival, contest_code)
        row = db.session.execute(
            select(Entry.name, Delegation.name.label("delegation"))
            .join(Delegation, Delegation.id == Entry.delegation_id)
            .where(Entry.code == entry_code, Entry.contest_id == contest.id)
        ).one_or_none()
        if row is None or not asks_back(contest, state):
            return
        said = line_of_public(row.name, row.delegation, state)
    if not yes:
        click.confirm(str(_("Mọi người sẽ thấy ngay: %(line)s. Ghi?", line=said)), abort=True)
