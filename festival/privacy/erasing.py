"""How is what an edition knows of people erased, once, wholly, and again after an old copy came back?

On the day of the data every name becomes a number ("Gia đình số 3 – Đoàn huyện Hòn Đất"), so that prizes, places and the
ledger go on standing; contact, births, agreements' names, drafts, letters, messages and the payloads of the ledger go.
Devices are shut out, so that they wipe their lists. On the day of the papers the sealed records go too. The list of
erasures is written first (a list that knows too much erases again, harmlessly), the tables in one transaction, the files
after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, delete, func, literal, or_, select, update

from festival.acts import forgetting as acts
from festival.badges.models import BadgeHolder, BadgeImport, BadgeList
from festival.ceremony.report.forgetting import forget_made, forget_typed
from festival.checkin.handouts.models import Handout
from festival.checkin.lost.models import ChildStep
from festival.consent.models import Consent, ConsentRefusal
from festival.contests.models import Contest, Judge
from festival.core import erasure, ledger
from festival.core.clock import now, today
from festival.core.database import Base, db
from festival.core.files import store
from festival.core.ledger import LedgerEntry, LedgerPayload
from festival.core.post.outbox import OutboxMail
from festival.core.security_log import SecurityKind, note
from festival.core.statements import table
from festival.core.transaction import reading, transaction
from festival.editions import retention
from festival.editions.models import EditionState, Festival, Phase, PhaseKind, Retention
from festival.editions.queries import festivals
from festival.editions.retention import Due
from festival.judging.models import RefusedSheet, SheetRevision
from festival.judging.paper.models import (
    BorderCheck,
    BorderTyping,
    SheetConfirmation,
    SlipDecision,
    SlipPhoto,
    SlipTyping,
)
from festival.judging.substituting.models import Substitution
from festival.logistics.models import Allergy, DelegationStay
from festival.messages.models import Announcement
from festival.papers.agreement_sheets import AgreementSheet
from festival.papers.models import SignedPaper
from festival.passes.models import Pass
from festival.posts.forgetting import forget_posts
from festival.privacy import sweeping
from festival.privacy.emptied import (
    GONE,
    emptied_at_gates,
    emptied_of_devices,
    emptied_of_results,
    own_contests,
    own_entries,
    own_sheets,
)
from festival.privacy.models import EthnicGroup, PrivacyRequest
from festival.proofing.models import NameConfirmation
from festival.registration.agreements.models import ParentLink
from festival.registration.asked_changes.models import FamilyChange
from festival.registration.inviting.models import AccountRequest, Invitation
from festival.registration.kept import keeping
from festival.registration.models import FormerRegistration, ImportBatch, RegistrationDraft
from festival.registration.signing.forgetting import emptied_lists
from festival.results.delegations.forgetting import emptied_of_whole
from festival.results.meeting.forgetting import emptied_records
from festival.results.models import Award, PanelDecision, Standing
from festival.results.paying.forgetting import emptied_payments
from festival.results.petitions.forgetting import emptied_petitions
from festival.results.scans.forgetting import emptied_steps
from festival.roster.models import Delegation, Departure, Entry, Family, Person
from festival.roster.shown.public_names import numbered
from festival.roster.teams.models import MixedTeam
from festival.schedule.drawn.forgetting import emptied_draws, emptied_minutes
from festival.schedule.models import Plan
from festival.schedule.wishes.models import Wish, WishKind

MEMBER = "Thành viên số "
AT_ONCE = 500


def erase_due() -> list[tuple[str, str]]:
    """The worker's chore: everything whose day is over; answers which edition and what."""
    with reading():
        on = today()
        due = [
            (festival.code, what)
            for festival in festivals()
            for what in ("data", "papers")
            if retention.kept(festival).due(what, on) is Due.DUE
        ]
    for code, what in due:
        erase(code, what)
    return due


def erase(code: str, what: str) -> bool:
    """Erase an edition's "data" or "papers"; answers whether the files are clean as well, or the worker has to go on."""
    erasure.remember(code, what)
    sweeping.mark()
    with transaction():
        festival = db.session.scalars(select(Festival).where(Festival.code == code).with_for_update()).one()
        files = acts.forget_edition(festival.id) if what == "data" else []
        (_erase_data if what == "data" else _erase_papers)(festival)
        retention.note_erased(festival, what)
        note(SecurityKind.ERASURE, {"festival": code, "what": what})
    db.session.remove()
    for key in files:  # a kill before this leaves files that no row holds: they are swept within a day
        store.remove(key)
    return sweeping.sweep()


def replay() -> int:
    """What was erased before the copy that is in place now was made stays erased."""
    again = []
    with reading():
        known = {festival.code: retention.kept(festival) for festival in festivals()}
    for line in erasure.erased():
        if line.what not in ("data", "papers"):
            continue  # one person or family: people.erasing_one
        kept = known.get(line.festival)
        if kept is not None and not (kept.data_erased if line.what == "data" else kept.papers_erased):
            again.append(line)
    for line in again:
        erase(line.festival, line.what)
    return len(again)


# ------------------------------------------------------------------------------------------------ the data


def _erase_data(festival: Festival) -> None:
    keeping.put_aside(festival.id)
    _forget_letters(festival)
    _number_families(festival)
    _number_awards(festival)
    emptying = (
        _emptied,
        emptied_of_devices,
        emptied_at_gates,
        _emptied_paper,
        emptied_of_results,
        emptied_petitions,
        emptied_lists,
        emptied_draws,
    )
    forget_typed(festival)
    forget_posts(festival)
    for model, own, values in (each for emptied in emptying for each in emptied(festival)):
        db.session.execute(update(model).where(own).values(**values).execution_options(synchronize_session=False))
    _strip_notes(SheetRevision, SheetRevision.sheet_id.in_(own_sheets(festival)))
    _strip_notes(RefusedSheet, RefusedSheet.contest_id.in_(own_contests(festival)))
    _number_plans(festival)
    _plain_reasons(festival)
    people = select(Person.id).where(Person.festival_id == festival.id)
    families = select(Family.id).where(Family.festival_id == festival.id)
    db.session.execute(delete(ChildStep).where(ChildStep.festival_id == festival.id))
    db.session.execute(delete(Allergy).where(Allergy.person_id.in_(people)))
    db.session.execute(delete(RegistrationDraft).where(RegistrationDraft.festival_id == festival.id))
    db.session.execute(delete(FormerRegistration).where(FormerRegistration.family_id.in_(families)))
    delegations = select(Delegation.id).where(Delegation.festival_id == festival.id)
    for model in (ImportBatch, AccountRequest):
        db.session.execute(delete(model).where(model.delegation_id.in_(delegations)))
    _forget_badges(festival)
    # Nobody registers with an edition that was erased.
    db.session.execute(delete(Phase).where(Phase.festival_id == festival.id, Phase.kind == PhaseKind.REGISTRATION))
    _forget_payloads(festival)


def _forget_badges(festival: Festival) -> None:
    """Titles and seats of people outside families, and the files that brought them; the people stay, by number."""
    people = select(Person.id).where(Person.festival_id == festival.id)
    nothing = {"honorific": "", "title": "", "seat": "", "identity": "", "version": BadgeHolder.version + 1}
    files = select(BadgeImport.id).join(BadgeList).where(BadgeList.festival_id == festival.id)
    for statement in (
        update(BadgeHolder).where(BadgeHolder.person_id.in_(people)).values(nothing),
        update(BadgeHolder).where(BadgeHolder.import_id.in_(files)).values(import_id=None),
        delete(BadgeImport).where(BadgeImport.id.in_(files)),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))


def _emptied(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """What goes by one statement a table: which rows, and what stands in their place."""
    own = festival.id
    people = select(Person.id).where(Person.festival_id == own)
    yield Consent, Consent.person_id.in_(people), {"given_by": ""}
    yield ConsentRefusal, ConsentRefusal.person_id.in_(people), {"said_by": ""}
    families = select(Family.id).where(Family.festival_id == own)
    yield ParentLink, ParentLink.family_id.in_(families), {"name": "", "phone": "", "link_hash": None}
    yield AgreementSheet, AgreementSheet.family_id.in_(families), {"photo": None, "reason": GONE}
    nothing = {
        "name": literal(MEMBER) + cast(Person.position, Text), "folded": "", "relation": "", "sex": None,
        "birth_year": None, "born_on": None, "phone": "", "needs": "",
    }  # fmt: skip
    yield Person, Person.festival_id == own, nothing
    yield (
        Family,
        Family.festival_id == own,
        {
            **dict.fromkeys(("folded", "phone", "email", "address", "introduction", "return_reason", "identity"), ""),
            **dict.fromkeys(("submission_key", "submission_digest", "link_hash")),
            "version": Family.version + 1,
        },
    )
    yield Departure, Departure.person_id.in_(people), {"entries": []}
    yield MixedTeam, MixedTeam.entry_id.in_(own_entries(festival)), {"reason": ""}
    yield FamilyChange, FamilyChange.family_id.in_(families), {"stood": {}, "wanted": {}, "why": "", "reason": ""}
    yield Substitution, Substitution.out_family_id.in_(families), {"why": "", "reason": ""}
    given = {"head_name": "", "head_phone": "", "link_hash": None, "extended_until": None, "extended_why": ""}
    yield Delegation, Delegation.festival_id == own, given
    delegations = select(Delegation.id).where(Delegation.festival_id == own)
    yield Invitation, Invitation.delegation_id.in_(delegations), {"link_hash": None}
    yield DelegationStay, DelegationStay.delegation_id.in_(delegations), {"plate": "", "driver_phone": ""}
    yield Pass, (Pass.festival_id == own) & Pass.replaced_at.is_(None), {"replaced_at": now()}
    # What was printed and never signed is no record of anybody.
    unsigned = (SignedPaper.festival_id == own) & SignedPaper.signed_at.is_(None)
    yield SignedPaper, unsigned, {"content": b"", "editable": None, "signers": [], "names": [], "photo": None}
    yield NameConfirmation, NameConfirmation.festival_id == own, {"names": [], "reason": GONE}
    yield EthnicGroup, EthnicGroup.person_id.in_(people), {"group_code": "", "given_by": ""}
    yield PrivacyRequest, PrivacyRequest.festival_id == own, {"said": "", "answer": "", "outcome": ""}
    yield Retention, Retention.festival_id == own, {"held": ""}
    yield EditionState, EditionState.festival_id == own, {"reason": ""}
    yield Announcement, Announcement.festival_id == own, {"words": GONE, "earlier": []}
    yield Wish, (Wish.festival_id == own) & (Wish.kind == WishKind.AWAY), {"note": ""}


def _emptied_paper(festival: Festival) -> Iterable[tuple[type[Base], ColumnElement[bool], dict[str, Any]]]:
    """What was written beside slips of paper and openings; the marks stay, pictures go with the papers."""
    yield Handout, Handout.festival_id == festival.id, {"receiver": "", "reason": ""}
    entries = own_entries(festival)
    yield SlipTyping, SlipTyping.entry_id.in_(entries), {"note": ""}
    yield SlipDecision, SlipDecision.entry_id.in_(entries), {"reason": GONE}
    yield BorderCheck, BorderCheck.contest_id.in_(own_contests(festival)), {"reason": ""}
    overridden = SheetConfirmation.contest_id.in_(own_contests(festival)) & SheetConfirmation.mid.is_(None)
    yield SheetConfirmation, overridden, {"reason": GONE}


def _number_families(festival: Festival) -> None:
    """The name becomes delegation and number, in the family and in its entries; a mixed team bears its delegation's."""
    for family_id, label in numbered(festival.id).items():
        db.session.execute(update(Family).where(Family.id == family_id).values(name=label))
        db.session.execute(update(Entry).where(Entry.family_id == family_id).values(name=label, title=""))
    teams = (Entry.contest_id.in_(own_contests(festival))) & Entry.family_id.is_(None)
    of_delegation = select(Delegation.name).where(Delegation.id == Entry.delegation_id).scalar_subquery()
    called = update(Entry).where(teams).values(name=of_delegation, title="")
    db.session.execute(called.execution_options(synchronize_session=False))


def _number_awards(festival: Festival) -> None:
    """An award bears the number its entry bears now; the name as signed stays on the paper alone."""
    entry = select(Entry.name).where(Entry.id == Award.entry_id).scalar_subquery()
    own = (Award.festival_id == festival.id) & Award.entry_id.is_not(None) & Award.name.is_not(None)
    db.session.execute(update(Award).where(own).values(name=entry).execution_options(synchronize_session=False))


def _number_plans(festival: Festival) -> None:
    """Published plans go on saying who was on when, by number."""
    names = {row.code: row.name for row in db.session.execute(select(Entry.code, Entry.name).join(Contest).where(
        Contest.festival_id == festival.id))}  # fmt: skip
    for plan in db.session.scalars(select(Plan).where(Plan.festival_id == festival.id)):
        acts = [{**act, "name": names.get(act.get("entry"), GONE), "title": ""} for act in plan.content.get("acts", ())]
        content = {**plan.content, "acts": acts}
        db.session.execute(update(Plan).where(Plan.id == plan.id).values(content=content, note=""))


def _plain_reasons(festival: Festival) -> None:
    """Why a place is what it is stays in the template's words; names and what a panel wrote among the values go."""
    rows = select(Standing.id, Standing.reasons).where(Standing.contest_id.in_(own_contests(festival)))
    for row in db.session.execute(rows).all():
        kept = [_without_texts(reason) for reason in row.reasons]
        db.session.execute(update(Standing).where(Standing.id == row.id).values(reasons=kept))


def _without_texts(reason: Any) -> Any:
    if not isinstance(reason, dict):
        return GONE
    values = {name: GONE if isinstance(value, str) else value for name, value in reason.get("values", {}).items()}
    return {**reason, "values": {name: _nested(value) for name, value in values.items()}}


def _nested(value: Any) -> Any:
    return _without_texts(value) if isinstance(value, dict) and "template" in value else value


def _strip_notes(model: type[SheetRevision | RefusedSheet], own: ColumnElement[bool]) -> None:
    """The marks of a sheet stay, what was written beside them does not."""
    for row in db.session.execute(select(model.id, model.content).where(own)).all():
        kept = {key: value for key, value in row.content.items() if key in {"state", "marks", "total", "version"}}
        db.session.execute(update(model).where(model.id == row.id).values(content=kept))


def _forget_letters(festival: Festival) -> None:
    """Letters to this edition's families; all that lie there when no other edition has families with data."""
    others = select(Festival.id).outerjoin(Retention, Retention.festival_id == Festival.id).where(
        Festival.id != festival.id, Retention.data_erased_at.is_(None)
    )  # fmt: skip
    if db.session.scalar(others.limit(1)) is None:
        db.session.execute(delete(OutboxMail))
        return
    own = select(func.lower(Family.email)).where(Family.festival_id == festival.id, Family.email != "")
    # Both databases take a name out of a text literally; a pattern would have to be escaped row by row.
    without = [func.replace(column, Family.name, "") != column for column in (OutboxMail.subject, OutboxMail.body)]
    named = select(OutboxMail.id).join(Family, (Family.festival_id == festival.id) & or_(*without))
    db.session.execute(
        delete(OutboxMail)
        .where(or_(func.lower(OutboxMail.recipient).in_(own), OutboxMail.id.in_(named)))
        .execution_options(synchronize_session=False)
    )


def _forget_payloads(festival: Festival) -> None:
    """What the ledger's lines spoke of. Before 0.4.0 a later edition used the streams of a contest's code again."""
    own = (f"decisions:{festival.code}", f"checkin:{festival.code}", f"results:{festival.code}/delegations")
    for stream in own:
        _forget(stream, _seqs(LedgerPayload.stream == stream))
    names = db.session.scalars(select(Contest.ledger_name).where(Contest.festival_id == festival.id)).all()
    for name in names:
        later = db.session.scalar(
            select(func.min(Festival.created_at))
            .join(Contest, Contest.festival_id == Festival.id)
            .where(Contest.ledger_name == name, Festival.id != festival.id, Festival.created_at > festival.created_at)
        )
        for stream in (f"judging:{name}", f"results:{name}", f"paper:{name}"):
            _forget(stream, _seqs_between(stream, festival.created_at, later))


def _forget(stream: str, seqs: list[int]) -> None:
    for start in range(0, len(seqs), AT_ONCE):
        ledger.erase_payloads(stream, seqs[start : start + AT_ONCE])


def _seqs(own: ColumnElement[bool]) -> list[int]:
    return list(db.session.scalars(select(LedgerPayload.seq).where(own, LedgerPayload.content.is_not(None))))


def _seqs_between(stream: str, since: datetime, until: datetime | None) -> list[int]:
    lines = select(LedgerEntry.seq).where(
        LedgerEntry.stream == stream, LedgerEntry.at_ms >= int(since.timestamp() * 1000)
    )
    if until is not None:
        lines = lines.where(LedgerEntry.at_ms < int(until.timestamp() * 1000))
    return list(db.session.scalars(lines))


# ------------------------------------------------------------------------------------------------ the papers


def _erase_papers(festival: Festival) -> None:
    """What was sealed. The lines of the ledger, with the digest of what was signed, stay."""
    decided = or_(PanelDecision.festival_id == festival.id, PanelDecision.contest_id.in_(own_contests(festival)))
    of_panel = update(PanelDecision).where(decided).values(reason=GONE, names=[])
    db.session.execute(of_panel.execution_options(synchronize_session=False))
    judges = select(Judge.id).where(Judge.contest_id.in_(own_contests(festival)))
    for sealed, nothing in ((SlipPhoto, {"content": b""}), (BorderTyping, {"settled": "", "names": []})):
        of_panel = update(sealed).where(table(sealed).c.judge_id.in_(judges)).values(nothing)
        db.session.execute(of_panel.execution_options(synchronize_session=False))
    emptying = (emptied_minutes, emptied_of_whole, emptied_steps, emptied_records, emptied_payments)
    for model, own, values in (each for emptied in emptying for each in emptied(festival)):
        db.session.execute(update(model).where(own).values(**values).execution_options(synchronize_session=False))
    forget_made(festival)
    papers = update(SignedPaper).where(SignedPaper.festival_id == festival.id)
    db.session.execute(papers.values(content=b"", editable=None, signers=[], reason="", names=[], photo=None))
    # Reasons that were given after the day of the data: for holding the papers back, for a publication by one person.
    db.session.execute(update(Retention).where(Retention.festival_id == festival.id).values(held=""))
    _forget_payloads(festival)
