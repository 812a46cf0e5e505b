"""What is published of a contest's result in the moment it is public, and again when an amendment changed it?"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from festival.contests.models import Contest, ContestState
from festival.core import ledger
from festival.core.database import db
from festival.core.statements import alone_on
from festival.editions.models import Festival
from festival.editions.rules.kinds import PublishedRule
from festival.judging.contest_rules import public_at_once
from festival.papers.models import WholeMinutes
from festival.results.current import bare_hash, current_table, standings_hash, tallies_as_signed
from festival.results.models import StandingAmendment
from festival.results.proof.awarded import awards_told, whole_awards_told
from festival.results.proof.hashed import awards_hash, whole_hash
from festival.results.proof.lines import NewProof, proof_lines, publish, standing_results
from festival.results.proof.models import ProofKind, ProofLine


def publish_result(contest: Contest, streams: Sequence[str], by: int | None, *, names: bool = False) -> None:
    """Of a published contest: the hash of its prizes, of its places where its rules publish them (as signed, then after each
    amendment), and the heads of its ledgers. Nothing before it is published. `names`: an amendment changed names alone.
    """
    if contest.state is not ContestState.PUBLISHED:
        return
    content = {
        "awards": awards_hash(awards_told([contest.id])[contest.id]),
        "standings": _standings(contest) if _shows_places(contest) else [],
        **_further(streams, names=names),
    }
    publish(contest.festival, [NewProof(ProofKind.RESULT, content, contest.code)], by)


def publish_whole(festival: Festival, stream: str, by: int | None, *, again: bool = False, names: bool = False) -> None:
    """The same of the delegations as a whole, in the moment their prizes are public: with the last contest that brings points,
    or with their minutes. `again`: it was amended. Nobody else publishes meanwhile, so that of two last contests one is the last.
    """
    alone_on(ProofLine)
    counted = _counted(festival.id)
    if not counted or any(each.state is not ContestState.PUBLISHED for each in counted):
        return
    if not again and "" in standing_results(proof_lines(festival.id)):
        return
    if awards := whole_awards_told(festival.id):
        content = {
            "awards": awards_hash(awards),
            "standings": _whole_tables(festival.id) if all(map(_shows_places, counted)) else [],
            **_further([stream], names=names),
        }
        publish(festival, [NewProof(ProofKind.RESULT, content)], by)


def take_back_lines(festival: Festival, codes: Sequence[str], by: int | None) -> None:
    """These contests are not public any more, and the delegations as a whole where one of them brings points: which lines
    said so. Heads that were published stay good.
    """
    alone_on(ProofLine)
    standing = standing_results(proof_lines(festival.id))
    whole = [""] if {each.code for each in _counted(festival.id)} & set(codes) else []
    gone = [code for code in (*codes, *whole) if code in standing]
    if gone:
        publish(festival, [NewProof(ProofKind.TAKEN_BACK, {"line": standing[code]}, code) for code in gone], by)


def _further(streams: Sequence[str], *, names: bool) -> dict[str, object]:
    heads = ledger.heads(streams)
    told = [[stream, heads[stream].size, heads[stream].hash] for stream in sorted(heads)]
    return {"heads": told, **({"names": True} if names else {})}


def _counted(festival_id: int) -> list[Contest]:
    """The contests that the signed minutes of the whole count; none where they are not signed."""
    codes = db.session.scalar(select(WholeMinutes.contests).where(WholeMinutes.festival_id == festival_id))
    own = select(Contest).where(Contest.festival_id == festival_id, Contest.code.in_(codes or ()))
    return list(db.session.scalars(own.execution_options(populate_existing=True)))


def _whole_tables(festival_id: int) -> list[str]:
    """As signed, then after each amendment."""
    later = select(StandingAmendment.standings).where(
        StandingAmendment.festival_id == festival_id, StandingAmendment.contest_id.is_(None)
    )
    signed = db.session.scalars(select(WholeMinutes.standings).where(WholeMinutes.festival_id == festival_id)).one()
    return [whole_hash(each) for each in (signed, *db.session.scalars(later.order_by(StandingAmendment.ordinal)))]


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
