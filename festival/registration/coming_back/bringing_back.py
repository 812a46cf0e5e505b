"""How does a withdrawn family take part again as if it had not been withdrawn?

It stands again as it stood: a draft is a draft, one that waited waits, an approved one is approved. Then its places are taken by
the same conditional statements as at an approval, so that of two who want the last place one gets it; its number of
the draw is its own still; its card opens the gate again (`passes.taking_back`), and where the key of the passes has
changed since, there is a new one. Contests that are closed meanwhile went on without it and are told by name.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import exists, select, update
from sqlalchemy.exc import IntegrityError

from festival.contests.models import Contest, ContestState
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import N_, Sentence
from festival.passes.issue import issue_pass, lock_passes, passes_of
from festival.passes.models import Pass
from festival.passes.taking_back import of_this_key
from festival.passes.tokens import typed_of
from festival.registration import phases
from festival.registration.coming_back.who_may import Road, why_not
from festival.registration.decisions import REGISTERED_ANEW, restore_family
from festival.registration.kept import copies
from festival.registration.letters import send_back_again
from festival.registration.locked.withdrawn import locked_at_withdrawal
from festival.registration.outcomes import Bound
from festival.roster.links import of_families
from festival.roster.models import Entry, EntryPerson, EntryState, Family, FamilyState
from festival.roster.outcomes import Done, QuotaFull, Stale
from festival.roster.places import NoPlace, enrol_entries, lock_delegation, take_family_place
from festival.roster.rules import Rules
from festival.roster.steps import note, step


@dataclass(frozen=True, slots=True)
class BackAgain:
    """It takes part as before: in which state, whether the card is the old one, contests that went on without it."""

    version: int
    state: FamilyState
    new_card: bool = False
    closed: tuple[str, ...] = ()


def hindrance(family: Family, asks: Road) -> Sentence | None:
    """Why the withdrawal of this family may not be undone by this door now; None when it may."""
    if family.state is not FamilyState.WITHDRAWN:
        return None
    if copies.forgotten(Family.id == family.id):
        return copies.FORGOTTEN
    return why_not(
        asks, Road(family.withdrawn_road or Road.OFFICE), open_now=phases.ground_of(family.delegation_id).open
    )


def bring_back(
    rules: Rules, family: Family, version: int, reason: str, by: int | None, asks: Road = Road.OFFICE
) -> BackAgain | Stale | Bound | QuotaFull:
    """Undo the withdrawal with everything that went with it, or nothing and why."""
    lock_delegation(family)
    state = db.session.scalar(select(Family.withdrawn_from).where(Family.id == family.id)) or FamilyState.DRAFT
    barred = hindrance(family, asks)
    if barred is not None:
        return Bound((barred,))
    if state is not FamilyState.APPROVED:
        outcome = restore_family(rules, family, version, reason, by, to=state)
        return BackAgain(outcome.version, state) if isinstance(outcome, Done) else outcome
    try:
        with db.session.begin_nested():
            done = step(
                family,
                version,
                (FamilyState.WITHDRAWN,),
                state=state,
                decided_at=now(),
                withdrawn_from=None,
                withdrawn_road=None,
            )
            if isinstance(done, Stale):
                return done
            take_family_place(family)
            closed = _stand_again(family)
            enrol_entries(family)
    except NoPlace as undo:
        return undo.outcome
    except IntegrityError:
        return Bound((REGISTERED_ANEW,))
    card, new_card = _card_again(family)
    payload = {"family": family.name, "reason": reason, "by": by, "issue": card.issue}
    note(rules.festival, "registration.restored", family, done.version, payload, road=str(asks), to=str(state))
    send_back_again(family, rules.festival, typed_of(card), of_families.link_code(family), new_card=new_card)
    return BackAgain(done.version, state, new_card, closed)


def _stand_again(family: Family) -> tuple[str, ...]:
    """What was withdrawn with the family waits for its place, in contests that are still open, and in those that were locked
    with the family in them; answers the others.
    """
    somebody = exists().where(EntryPerson.entry_id == Entry.id)
    gone = (Entry.family_id == family.id, Entry.state == EntryState.WITHDRAWN, somebody)
    before = Contest.code.in_(locked_at_withdrawal(family))
    stands = select(Contest.id).where(
        Contest.festival_id == family.festival_id, (Contest.state == ContestState.OPEN) | before
    )
    db.session.execute(
        update(Entry)
        .where(*gone, Entry.contest_id.in_(stands))
        .values(state=EntryState.PROPOSED)
        .execution_options(synchronize_session=False)
    )
    names = select(Contest.name).join(Entry, Entry.contest_id == Contest.id).where(*gone).order_by(Contest.position)
    return tuple(db.session.scalars(names))


def _card_again(family: Family) -> tuple[Pass, bool]:
    """The card that ended with the withdrawal is good again; a new one where today's key did not make it."""
    lock_passes("family", family.id)
    last = db.session.scalars(
        select(Pass).where(passes_of("family", family.id)).order_by(Pass.replaced_at.desc(), Pass.issue.desc()).limit(1)
    ).first()
    if last is None or not of_this_key(last):
        return issue_pass("family", family.id, family.festival_id), True
    db.session.execute(
        update(Pass).where(Pass.id == last.id).values(replaced_at=None).execution_options(synchronize_session=False)
    )
    return last, False


NUMBER_KEPT = N_("Số báo danh giữ như cũ: %(numbers)s.", "numbers_kept")
NUMBER_ASKED = N_(
    "Chưa có số báo danh ở: %(contests)s. Phần thi này đã bốc thăm, hãy bốc thăm bổ sung.", "numbers_to_draw"
)


def of_the_draw(family_id: int) -> tuple[Sentence, ...]:
    """What the draw says of a family that came back: the numbers it has, and where lots were drawn without it."""
    drawn = exists().where(Entry.contest_id == Contest.id, Entry.number.is_not(None)).correlate(Contest)
    rows = db.session.execute(
        select(Contest.name, Entry.number, drawn.label("drawn"))
        .join(Entry, Entry.contest_id == Contest.id)
        .where(Entry.family_id == family_id, Entry.state == EntryState.ENROLLED)
        .order_by(Contest.position)
    ).all()
    kept = [f"{row.name} {row.number}" for row in rows if row.number is not None]
    asked = [row.name for row in rows if row.number is None and row.drawn]
    return (
        *((NUMBER_KEPT.filled(numbers=", ".join(kept)),) if kept else ()),
        *((NUMBER_ASKED.filled(contests=", ".join(asked)),) if asked else ()),
    )
