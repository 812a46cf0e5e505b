"""What is published of a contest's result in the moment it is public, and again when an amendment changed it?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.editions.rules.kinds import PublishedRule
from festival.judging.contest_rules import public_at_once
from festival.results.current import bare_hash, current_table, standings_hash, tallies_as_signed
from festival.results.models import StandingAmendment
from festival.results.proof.awarded import awards_told
from festival.results.proof.hashed import awards_hash
from festival.results.proof.lines import NewProof, publish
from festival.results.proof.models import ProofKind


def publish_result(contest: Contest, streams: Sequence[str], by: int | None) -> None:
    """Of a published contest: the hash of its prizes, of its places where its rules publish them (as signed, then after each
    amendment), and the heads of its ledgers. Nothing before it is published.
    """
    if contest.state is not ContestState.PUBLISHED:
        return
    heads = ledger.heads(streams)
    content = {
        "awards": awards_hash(awards_told([contest.id])[contest.id]),
        "standings": _standings(contest) if _shows_places(contest) else [],
        "heads": [[stream, heads[stream].size, heads[stream].hash] for stream in sorted(heads)],
    }
    publish(contest.festival, [NewProof(ProofKind.RESULT, content, contest.code)], by)


def _shows_places(contest: Contest) -> bool:
    """Where they are not public a hash of them would be guessed: a contest of ten throws has few results."""
    return public_at_once(contest) or contest.published != PublishedRule.PRIZES


def _standings(contest: Contest) -> list[str]:
    later = db.session.scalars(
        select(StandingAmendment.standings)
        .where(StandingAmendment.contest_id == contest.id)
        .order_by(StandingAmendment.ordinal)
    )
    signed = standings_hash(current_table(tallies_as_signed([contest])[contest.id]))
    return [signed, *(bare_hash((at["entry"], at["state"], at["place"], at["value"]) for at in each) for each in later)]
