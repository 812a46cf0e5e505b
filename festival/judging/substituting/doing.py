"""How is a substitution asked, carried out, refused, taken back, undone? One row, and a line of the ledger for each step.

The officer asks, the organiser does; whoever does has the same answer of `foreseeing` again, inside the transaction that writes.
A whole family goes and comes by the verbs that withdraw, call up and bring back, so pass, quota, letters and their lines are
theirs. The way back is open until an act of it was on stage.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.core.web.errors import Conflict, NotFound, Overtaken
from festival.core.web.i18n import say
from festival.judging.substituting.entries import chain
from festival.judging.substituting.exchanging import (
    exchange_families,
    exchange_people,
    hold_turns,
    put_again,
    put_aside,
)
from festival.judging.substituting.foreseeing import foresee
from festival.judging.substituting.foreseen import standing_against
from festival.judging.substituting.going import goes_on
from festival.judging.substituting.models import Substitution, SubstitutionKind, SubstitutionState
from festival.judging.substituting.of_family import pairs_of, standing_of
from festival.judging.substituting.wanted import AskedSubstitution, wanted_of
from festival.registration.agreeing import touch
from festival.registration.coming_back.bringing_back import BackAgain, bring_back
from festival.registration.decisions import restore_family, withdraw_family
from festival.registration.outcomes import Bound
from festival.registration.reserves import reserving
from festival.registration.review.decided import said_of
from festival.roster.families import family_by_id
from festival.roster.models import Delegation, Entry, EntryState, Family, FamilyState
from festival.roster.outcomes import Done, QuotaFull
from festival.roster.places import lock_delegation
from festival.roster.rules import Rules
from festival.roster.steps import current, stream
from festival.roster.views import view


def ask(rules: Rules, wanted: AskedSubstitution, version: int, why: str, road: str, by: int | None) -> Substitution:
    """It waits for the organiser. `version`: of the family that gives somebody up, as the page showed it."""
    lock_delegation(wanted.out)
    if current(wanted.out).version != version:
        raise Overtaken()
    _not_barred(foresee(rules, wanted).barred)
    most = select(func.max(Substitution.number)).where(Substitution.delegation_id == wanted.out.delegation_id)
    row = Substitution(
        delegation_id=wanted.out.delegation_id,
        number=(db.session.scalar(most) or 0) + 1,
        kind=wanted.kind,
        entry_id=wanted.entry.id if wanted.entry else None,
        out_family_id=wanted.out.id,
        in_family_id=wanted.into.id,
        out_code=wanted.leaves.code if wanted.leaves else "",
        in_code=wanted.comes.code if wanted.comes else "",
        why=why,
        road=road,
        asked_by=by,
        asked_at=now(),
        state=SubstitutionState.WAITING,
        kept={"vacant": True} if wanted.vacancy else {},
    )
    try:
        with db.session.begin_nested():
            db.session.add(row)
            db.session.flush()
    except IntegrityError:
        raise Conflict(
            _("Đã có một yêu cầu thay như vậy đang chờ Ban Tổ chức. Chờ trả lời, hoặc rút lại yêu cầu ấy.")
        ) from None
    about = {
        "what": row.kind.value,
        "road": road,
        "entry": wanted.entry.code if wanted.entry else "",
        "into": wanted.into.code,
        "leaves": row.out_code,
        "comes": row.in_code,
    }
    _line(rules, row, "substitution.asked", about, {"why": why, "by": by})
    return row


def do(rules: Rules, row: Substitution, by: int | None) -> None:
    """Carry it out. Conflict, with every reason, when something stands against it now."""
    wanted = _held(row)
    _not_barred(foresee(rules, wanted).barred)
    _take(row, SubstitutionState.WAITING, SubstitutionState.DONE, "", by)
    if wanted.kind is SubstitutionKind.PERSON:
        _change_performer(rules, wanted, by)
        held: Sequence[Entry] = ()
    else:
        held = _change_family(rules, row, wanted, by)
    _decided(rules, row, "", by, held)


def refuse(rules: Rules, row: Substitution, reason: str, by: int | None) -> None:
    """The organiser says no, and why."""
    _take(row, SubstitutionState.WAITING, SubstitutionState.REFUSED, reason, by)
    _decided(rules, row, reason, by)


def take_back(rules: Rules, row: Substitution, by: int | None) -> None:
    """Who asked does not ask any more."""
    _take(row, SubstitutionState.WAITING, SubstitutionState.TAKEN_BACK, "", by)
    _decided(rules, row, "", by)


def undo(rules: Rules, row: Substitution, reason: str, by: int | None) -> None:
    """As it was before, while nothing of it was on stage."""
    wanted = _held(row)
    held: Sequence[Entry] = ()
    if wanted.kind is SubstitutionKind.PERSON:
        back = wanted.backwards()
        _not_barred(foresee(rules, back).barred)
        _take(row, SubstitutionState.DONE, SubstitutionState.UNDONE, reason, by)
        _change_performer(rules, back, by)
    else:
        entries = entries_of_row(row)
        _not_barred(undo_barred(row, wanted, entries))
        _take(row, SubstitutionState.DONE, SubstitutionState.UNDONE, reason, by)
        held = _change_back(rules, row, wanted, reason, by)
    _decided(rules, row, reason, by, held)


def undo_barred(row: Substitution, wanted: AskedSubstitution, entries: Sequence[Entry]) -> list[Sentence]:
    """Why the families do not change places again: what was on stage stays."""
    every = select(Entry).where(Entry.family_id == wanted.into.id, Entry.state == EntryState.ENROLLED)
    ids = {each.id for each in entries}
    more = [each for each in db.session.scalars(every.order_by(Entry.id)) if each.id not in ids]
    return standing_against(goes_on([*entries, *more]))


def entries_of_row(row: Substitution) -> list[Entry]:
    """The entries that went on with another family, in the order they were taken over."""
    ids = [pair[0] for pair in row.kept.get("pairs", ())]
    found = {each.id: each for each in db.session.scalars(select(Entry).where(Entry.id.in_(ids)))}
    return [found[each] for each in ids if each in found]


def _held(row: Substitution) -> AskedSubstitution:
    """Locked as an approval locks it; nobody calls the act to the stage meanwhile."""
    lock_delegation(family_by_id(row.out_family_id))
    wanted = wanted_of(row)
    ids = [wanted.entry.id] if wanted.entry else [each.entry.id for each in standing_of(wanted.out, wanted.into)]
    hold_turns(chain(ids))
    return wanted


def _change_performer(rules: Rules, wanted: AskedSubstitution, by: int | None) -> None:
    assert wanted.entry is not None and wanted.leaves is not None and wanted.comes is not None
    exchange_people(rules.festival, wanted.entry, wanted.leaves, wanted.comes, (wanted.out, wanted.into), by)
    for family_id in dict.fromkeys((wanted.out.id, wanted.into.id)):
        touch(family_by_id(family_id))


def _change_family(rules: Rules, row: Substitution, wanted: AskedSubstitution, by: int | None) -> list[Entry]:
    """One withdraws, the entries change hands, the other is called up."""
    out, into = wanted.out, wanted.into
    pairs = [(each.goes_on.entry, each.own.entry) for each in pairs_of(out, into, standing_of(out, into))]
    if not isinstance(withdraw_family(rules, out, None, "office", "office"), Done):
        raise Overtaken()
    aside = put_aside(rules.festival, [goes_on_ for goes_on_, _own in pairs], by)
    for goes_on_, own in pairs:
        exchange_families(rules.festival, goes_on_, own, (EntryState.PROPOSED, EntryState.WITHDRAWN), by)
    into = family_by_id(into.id)
    outcome = reserving.call_up(rules, view(into, rules), into.version, by)
    if not isinstance(outcome, Done):
        raise Conflict(said_of(outcome))
    row.kept = {"pairs": [[goes_on_.id, own.id] for goes_on_, own in pairs], "files": aside}
    db.session.flush()
    return [goes_on_ for goes_on_, _own in pairs]


def _change_back(
    rules: Rules, row: Substitution, wanted: AskedSubstitution, reason: str, by: int | None
) -> list[Entry]:
    """The reserve goes back into reserve, the entries change hands again, the family takes part as before."""
    out, into = wanted.out, wanted.into
    if not isinstance(withdraw_family(rules, into, None, "office", "office"), Done):
        raise Overtaken()
    pairs = []
    for goes_on_id, own_id in row.kept.get("pairs", ()):
        goes_on_, own = db.session.get(Entry, goes_on_id), db.session.get(Entry, own_id)
        if goes_on_ is None or own is None:
            raise NotFound()
        db.session.refresh(goes_on_)
        db.session.refresh(own)
        pairs.append((goes_on_, own))
    now_theirs = [goes_on_ for goes_on_, _own in pairs]
    put_aside(rules.festival, now_theirs, by)
    for goes_on_, own in pairs:
        exchange_families(rules.festival, goes_on_, own, (EntryState.WITHDRAWN, EntryState.WITHDRAWN), by)
    put_again(rules.festival, now_theirs, row.kept.get("files", []), by)
    _into_reserve(rules, into, reason, by)
    out = family_by_id(out.id)
    back = bring_back(rules, out, out.version, reason, by)
    if not isinstance(back, BackAgain):
        raise Conflict(_why_not_back(back))
    return now_theirs


def _into_reserve(rules: Rules, family: Family, reason: str, by: int | None) -> None:
    """Waiting, and accepted in reserve as it was; where it lacks something by now it stands as proposed."""
    restored = restore_family(rules, family, current(family).version, reason, by, to=FamilyState.SUBMITTED)
    if not isinstance(restored, Done):
        raise Conflict(_why_not_back(restored))
    family = family_by_id(family.id)
    if isinstance(reserving.accept(rules, view(family, rules), family.version, by), Done):
        return
    reserving.propose(rules, family, family.version, by, reserve=True)


def _why_not_back(outcome: object) -> str:
    match outcome:
        case Bound(reasons):
            return str(_("Chưa hoàn tác được: %(why)s", why=" ".join(say(each) for each in reasons)))
        case QuotaFull(contest=contest):
            return str(
                _(
                    "Chưa hoàn tác được: không còn chỗ cho gia đình trước (%(where)s).",
                    where=contest or _("chỉ tiêu gia đình"),
                )
            )
        case _:
            return str(
                _("Chưa hoàn tác được: hồ sơ của một trong hai gia đình đã đổi sau lần thay này. Mở hồ sơ để xem.")
            )


def _not_barred(barred: Sequence[Sentence]) -> None:
    if barred:
        raise Conflict(" ".join(say(each) for each in barred))


def _take(row: Substitution, was: SubstitutionState, state: SubstitutionState, reason: str, by: int | None) -> None:
    """Of two who decide at once the second is told."""
    done = db.session.scalar(
        update(Substitution)
        .where(Substitution.id == row.id, Substitution.state == was)
        .values(state=state, reason=reason, decided_by=by, decided_at=now())
        .returning(Substitution.id)
        .execution_options(synchronize_session=False)
    )
    if done is None:
        raise Overtaken()
    db.session.refresh(row)


def _decided(rules: Rules, row: Substitution, reason: str, by: int | None, held: Sequence[Entry] = ()) -> None:
    """`held`: the entries that have another family now."""
    family = select(Family.code).where(Family.id == held[0].family_id) if held else None
    about: dict[str, object] = {"state": row.state.value}
    if family is not None:
        about |= {"entries": [each.code for each in held], "holder": db.session.scalar(family) or ""}
    _line(rules, row, "substitution.decided", about, {"reason": reason, "by": by})


def _line(
    rules: Rules, row: Substitution, kind: str, about: dict[str, object] | dict[str, str], payload: dict[str, object]
) -> None:
    """The line is the family's that gives somebody up; another's version is told by a line of its own."""
    out, into = family_by_id(row.out_family_id), family_by_id(row.in_family_id)
    code = db.session.scalar(select(Delegation.code).where(Delegation.id == row.delegation_id)) or ""
    own = {"delegation": code, "number": row.number}
    ledger.append(
        stream(rules.festival),
        kind,
        {"family": out.code, "version": out.version, **own, **about},
        {**payload, "family": out.name},
    )
    if into.id != out.id and row.kind is SubstitutionKind.PERSON and kind == "substitution.decided":
        ledger.append(
            stream(rules.festival),
            "substitution.lent",
            {"family": into.code, "version": into.version, **own},
            {"family": into.name},
        )
