"""How do the standings of signed minutes become others? By an amendment of two people, read back beside the old ones first.

Chair and secretary, each believed, a number of its own, a reason; the corrections go into the amendment and leave sheets,
measures and the signed standings as they are. From then on the new awards are in force; the old ones stay readable in the
amendment. Wrong again: a further amendment; one that was a mistake is taken back by a further one. Of two amendments made
on the same reading only one is stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from festival.contests.actions import held_contest
from festival.contests.models import Contest, ContestState
from festival.contests.summed.parts import unlike
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.text import line
from festival.core.web.errors import BadInput, Conflict, NotFound, Overtaken
from festival.judging.tally import Tally
from festival.papers import keeping
from festival.papers.keeping import AmendmentFacts, PaperSubject, StandingChange
from festival.papers.models import SignedPaper
from festival.results.amended.corrections import Corrections, corrected, read_corrections, wrong_places
from festival.results.amended.history import Moved, moved
from festival.results.amended.words import entered, special_words
from festival.results.amending import UNSTATED, Amendable, Amended, not_theirs, publish_amended, signers
from festival.results.amendments.specials import Specials, specials_after, specials_now, wanted_specials
from festival.results.current import (
    bare_hash,
    bare_standings,
    current_table,
    prize_names,
    tallies_as_signed,
    tally_for_result,
    written_value,
)
from festival.results.ladder.lock import WrongPeople
from festival.results.ladder.people import noted
from festival.results.ladder.sign import keep_paper
from festival.results.ladder.states import reached, results_stream
from festival.results.ladder.steps import paper_number, stated_reason
from festival.results.models import Award, StandingAmendment
from festival.results.petitions.grounds import StatedGround, stand_on
from festival.results.sums.guards import hold_components
from festival.results.sums.parts import fresh_parts, is_sum
from festival.results.table import ContestTable

AWARD_KEPT = ("entry_id", "delegation_id", "prize", "position", "special", "name", "delegation")


@dataclass(frozen=True, slots=True)
class Proposed:
    """An amendment that could be stored, checked and not stored: what is read back. `ordinal`: which it would be."""

    ordinal: int
    corrections: Corrections
    before: ContestTable
    after: ContestTable
    said: tuple[Sentence, ...]
    moved: tuple[Moved, ...]
    specials: tuple[Specials, Specials]  # before and after


def last_ordinal(subject: PaperSubject) -> int:
    """How many amendments of its standings there are."""
    return db.session.scalar(select(func.count()).select_from(StandingAmendment).where(own_of(subject))) or 0


def own_of(subject: PaperSubject) -> Any:
    """Which amendments are of this subject."""
    if subject.contest_id is not None:
        return StandingAmendment.contest_id == subject.contest_id
    return (StandingAmendment.festival_id == subject.festival_id) & StandingAmendment.contest_id.is_(None)


def corrections_before(contest_id: int, ordinal: int) -> Corrections:
    """What was in force when this amendment was not there yet: the one before it, else the signed record."""
    wanted = select(StandingAmendment.corrections).where(
        StandingAmendment.contest_id == contest_id, StandingAmendment.ordinal < ordinal
    )
    kept = db.session.scalar(wanted.order_by(StandingAmendment.ordinal.desc()).limit(1))
    return Corrections() if kept is None else read_corrections(kept)


def as_components_say(contest: Contest, corrections: Corrections) -> Corrections:
    """The corrections; of a sum with what its components bring now, where its signed minutes say otherwise."""
    if not is_sum(contest):
        return corrections
    signed, now = tallies_as_signed([contest])[contest.id], fresh_parts([contest])[contest.id].parts
    new = {each.code: now[each.id] for each in signed.appearances if each.id in now}
    held = {each.code: signed.parts.get(each.id, ()) for each in signed.appearances}
    return replace(corrections, parts={code: parts for code, parts in new.items() if unlike(parts, held[code])})


def proposed(contest: Contest, corrections: Corrections) -> Proposed:
    """What would follow; BadInput when the new standings cannot stand as they are."""
    if not reached(contest, ContestState.SIGNED):
        raise Conflict(_("Biên bản chưa ký: mở lại phần thi rồi sửa, không cần đính chính."))
    tally = tally_for_result(contest)
    in_force = corrections_before(contest.id, 2**31)
    if in_force == corrections:
        raise BadInput(_("Chưa có gì được sửa. Ghi điểm, kết quả, hạng hoặc giải đúng vào ô cần sửa."))
    amended = corrected(tallies_as_signed([contest])[contest.id], corrections)
    _refuse_half_a_sheet(amended, corrections)
    before, after = current_table(tally), current_table(amended)
    _refuse_unfinished(after, corrections)
    specials = specials_now(contest.id), specials_after(contest.id, corrections)
    names = {each.code: each.name for each in amended.appearances}
    said = (*entered(tally, amended, in_force, corrections), *special_words(names, *specials))
    if not said and in_force.parts == corrections.parts:
        raise BadInput(_("Mọi chỗ ghi giống như đang có: chưa có gì được sửa."))
    ordinal = 1 + last_ordinal(PaperSubject(contest.festival_id, contest.id))
    told = moved(bare_standings(before), bare_standings(after), specials=specials)
    return Proposed(ordinal, corrections, before, after, said, told, specials)


def _refuse_half_a_sheet(amended: Tally, corrections: Corrections) -> None:
    """A judge who gave no sheet gets a whole one or none; who is tied to the family's unit gives none."""
    by_code = {each.code: each for each in amended.appearances}
    for entry, judge_id, _criterion in corrections.marks:
        pair = judge_id, by_code[entry].id
        if pair in amended.tied:
            raise BadInput(_("Giám khảo này không chấm %(name)s vì có quan hệ với đơn vị.", name=by_code[entry].name))
        if len(amended.sheets[pair].marks) < len(amended.criteria):
            raise BadInput(_("Phiếu thêm cho %(name)s cần điểm của mọi tiêu chí.", name=by_code[entry].name))


def _refuse_unfinished(after: ContestTable, corrections: Corrections) -> None:
    if (wrong := wrong_places(after, corrections.places)) is not None:
        raise BadInput(_("Thứ hạng chưa khớp ở hạng %(place)s: ghi đủ hạng của mọi tiết mục bị đổi chỗ.", place=wrong))
    if after.unsettled:
        names = ", ".join(after.appearances[each.entry].name for each in after.unsettled)
        raise BadInput(
            _("Sửa như vậy thì chưa có kết quả hợp lệ: %(names)s. Ghi hạng, hoặc lý do không xếp hạng.", names=names)
        )
    placed = set(corrections.places)
    waiting = [entry for come in after.waiting_rungs for entry in come.entries if entry not in placed]
    if waiting:
        names = ", ".join(after.appearances[entry].name for entry in waiting)
        raise BadInput(
            _(
                "Sửa như vậy thì bằng điểm, chờ chấm lại hoặc bốc thăm: %(names)s. Ghi hạng của từng tên này.",
                names=names,
            )
        )
    if after.prizes.questions:
        asked = [entry for question in after.prizes.questions for entry in question.entries]
        names = ", ".join(after.appearances[entry].name for entry in asked)
        raise BadInput(_("Đồng hạng nằm giữa hai mức giải: %(names)s. Ghi giải của từng tiết mục này.", names=names))


def amend_standings(
    contest_id: int,
    corrections: Corrections,
    number: str,
    reason: str,
    chair_id: int,
    secretary_id: int,
    *,
    seen: int | None = None,
    takes_back: int | None = None,
    ground: StatedGround = UNSTATED,
) -> Amended | WrongPeople:
    """Store it. Both people were proved before; `seen`: which amendment it was read back as."""
    hold_components(contest_id)
    contest = held_contest(contest_id)
    said = proposed(contest, corrections)
    what = Amendable(
        PaperSubject(contest.festival_id, contest.id),
        results_stream(contest),
        {"contest": contest.code, "contest_id": contest.id},
        contest.code,
        [contest],
    )
    if why := not_theirs(what, chair_id, secretary_id):
        return WrongPeople(why)
    refuse_overtaken(said.ordinal, seen)
    keep_paper(contest.id)
    facts = _facts(what, number, reason, said, (chair_id, secretary_id), takes_back, ground)
    before, after = bare_standings(said.before), bare_standings(said.after)
    wanted = [*_wanted(contest, said.after), *wanted_specials(contest, said.after, said.specials[1])]
    awards = replace_awards(_own_awards(contest.id), wanted)
    paper = keeping.replace_paper(what.subject, facts[0], facts[1], chair_id, secretary_id)
    row = StandingAmendment(
        festival_id=contest.festival_id,
        contest_id=contest.id,
        ordinal=said.ordinal,
        corrections=corrections.kept(),
        before=before,
        standings=after,
        specials_before=said.specials[0],
        specials=said.specials[1],
        takes_back=takes_back,
    )
    digest = bare_hash((each["entry"], each["state"], each["place"], each["value"]) for each in after)
    return stored(row, what, paper, facts[1].reason, awards, (chair_id, secretary_id), digest, ground)


def refuse_overtaken(ordinal: int, seen: int | None) -> None:
    """What was read back is no more what would be stored."""
    if seen is not None and seen != ordinal:
        raise Overtaken(_("Vừa có một biên bản đính chính khác. Mở lại trang, xem kết quả đang có hiệu lực rồi sửa."))


def _facts(
    what: Amendable,
    number: str,
    reason: str,
    said: Proposed,
    two: tuple[int, int],
    takes_back: int | None,
    ground: StatedGround,
) -> tuple[str, AmendmentFacts]:
    contest, names = what.contests[0], said.after.appearances
    old = {each.entry: written_value(contest, each.value) for each in said.before.standings}
    new = {each.entry: written_value(contest, each.value) for each in said.after.standings}
    changes = [
        StandingChange(
            names[each.entry].name,
            (place_words(each.place_before), old.get(each.entry, ""), each.prize_before),
            (place_words(each.place), new.get(each.entry, ""), each.prize),
        )
        for each in said.moved
    ]
    return facts_of(what, number, reason, said.said, changes, two, takes_back, ground)


def place_words(place: int | None) -> str:
    """A place as papers write it."""
    return "–" if place is None else str(place)


def facts_of(
    what: Amendable,
    number: str,
    reason: str,
    said: Iterable[Sentence],
    changes: Sequence[StandingChange],
    two: tuple[int, int],
    takes_back: int | None,
    ground: StatedGround,
) -> tuple[str, AmendmentFacts]:
    """The number of the amendment, and what its paper says."""
    number, reason = paper_number(number), stated_reason(line(reason))
    before = keeping.in_force(what.subject)
    if before is None or before.signed_at is None:
        raise NotFound()
    if before.number == number:
        raise BadInput(_("Biên bản đính chính phải có số khác biên bản đang có hiệu lực."))
    taken = ""
    if takes_back is not None:
        wanted = select(StandingAmendment.number).where(own_of(what.subject), StandingAmendment.ordinal == takes_back)
        taken = db.session.scalar(wanted) or ""
    return number, AmendmentFacts(
        before.number,
        before.signed_at,
        reason,
        (),
        signers(*two),
        tuple(said),
        tuple(changes),
        taken,
        ground.said,
    )


def _own_awards(contest_id: int) -> list[Award]:
    return list(db.session.scalars(select(Award).where(Award.contest_id == contest_id).order_by(Award.id)))


def _wanted(contest: Contest, table: ContestTable) -> list[dict[str, Any]]:
    """The prizes of the places."""
    order = list(prize_names(contest))
    return [
        {
            "contest_id": contest.id,
            "festival_id": contest.festival_id,
            "entry_id": table.appearances[each.entry].id,
            "prize": each.prize,
            "position": 1 + order.index(each.prize),
            "special": False,
            "name": table.appearances[each.entry].name,
            "delegation": table.appearances[each.entry].delegation,
        }
        for each in table.prizes.awards
    ]


def replace_awards(held: Sequence[Award], wanted: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The awards that are in force from now on, as the ledger keeps them. Whoever had a prize keeps the name of the paper."""
    names = {each.entry_id or each.delegation_id: (each.name, each.delegation) for each in held}
    given = {(_whose(each), each["prize"], each["special"]) for each in wanted}
    kept = [each for each in held if (each.entry_id or each.delegation_id, each.prize, each.special) in given]
    for each in held:
        if each not in kept:
            db.session.delete(each)
    db.session.flush()
    there = {(each.entry_id or each.delegation_id, each.prize, each.special) for each in kept}
    for values in wanted:
        whose = _whose(values)
        if (whose, values["prize"], values["special"]) not in there:
            row = Award(**values, amended_at=now())
            if whose in names:
                row.name, row.delegation = names[whose]
            db.session.add(row)
            kept.append(row)
    db.session.flush()
    return [{name: getattr(each, name) for name in AWARD_KEPT} for each in kept]


def _whose(values: Mapping[str, Any]) -> int:
    number: int = values["entry_id"] if "entry_id" in values else values["delegation_id"]
    return number


def stored(
    row: StandingAmendment,
    what: Amendable,
    paper: SignedPaper,
    reason: str,
    awards: list[dict[str, Any]],
    two: tuple[int, int],
    digest: str,
    ground: StatedGround,
) -> Amended:
    """The row, its line in the ledger and in the security log."""
    chair_id, secretary_id = two
    stand_on(paper, ground, chair_id, secretary_id)
    row.number, row.reason, row.at, row.paper_id = paper.number, reason, now(), paper.id
    row.by_user, row.with_user = chair_id, secretary_id
    db.session.add(row)
    db.session.flush()
    ledger.append(
        what.stream,
        "standings.amended",
        {
            **what.about,
            **keeping.paper_facts(paper),
            "amendment": row.ordinal,
            "takes_back": row.takes_back,
            "standings_hash": digest,  # here too, so that places are held against the chain where the rest may not be read
        },
        {
            "by": chair_id,
            "with": secretary_id,
            "number": paper.number,
            "reason": reason,
            "corrections": row.corrections,
            "before": row.before,
            "standings": row.standings,
            "specials_before": row.specials_before,
            "specials": row.specials,
            "standings_hash": digest,
            "awards": awards,
            **ground.kept(),
        },
    )
    publish_amended(what, chair_id)
    noted("amend", what.label, chair_id, secretary_id)
    return Amended(paper.id)
