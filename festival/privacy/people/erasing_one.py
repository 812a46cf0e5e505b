"""How is one person, or one family, erased by request: away at once, then wholly, and again after an old copy came back?

First they leave (`leave`): the agreements end, so the names are on no public page and no device within one polling time. Then,
when no judging is open for an entry of theirs and nothing is held, names become numbers and the rest goes (`erase_now`). What was
granted and could not be done at once is done by the worker (`erase_waiting`). The list of erasures is written first.
"""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import select, update

from config import Config
from festival.acts import forgetting as acts
from festival.consent.models import Consent, ConsentPurpose
from festival.consent.rules import says_name
from festival.core import erasure, ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.files import store
from festival.core.names import fold
from festival.core.security_log import SecurityKind, note
from festival.core.transaction import reading, transaction
from festival.editions import retention
from festival.judging.comments.forgetting import forget_comments
from festival.logistics.sleeping import lodging
from festival.passes.issue import retire_passes
from festival.privacy import erasing, sweeping
from festival.privacy.erasing import MEMBER
from festival.privacy.models import AskedFor, PrivacyRequest, RequestState
from festival.privacy.people import erasing_outsider, redacting
from festival.privacy.people.redacting import Strings
from festival.registration import decisions, leaving
from festival.registration.agreeing import touch, withdraw_consent
from festival.registration.asked_changes import deciding
from festival.registration.asked_changes.models import ChangeState
from festival.registration.asked_changes.queries import changes_of
from festival.registration.kept import copies
from festival.registration.signing.forgetting import forget_unsigned
from festival.results.petitions.forgetting import forget_photos
from festival.roster.asked import rules_of_family
from festival.roster.families import family_by_id
from festival.roster.models import Departure, Entry, EntryPerson, Family, FamilyState, Person
from festival.roster.shown.public_names import numbered

OVER = (FamilyState.WITHDRAWN, FamilyState.REJECTED)


def entries_of(family: Family, person: Person | None) -> list[int]:
    """The entries that bear the name or in which the person is, or was before leaving."""
    own = list(db.session.scalars(select(Entry.id).where(Entry.family_id == family.id)))
    people = [person.id] if person else [one.id for one in family.members]
    found = set(db.session.scalars(select(EntryPerson.entry_id).where(EntryPerson.person_id.in_(people))))
    left = db.session.scalars(select(Departure.entries).where(Departure.person_id.in_(people))).all()
    led = person is None or person.representative
    for entries in left:
        found |= {each["entry"] for each in entries if "entry" in each}
        led = led or any("next" in each for each in entries)
    return sorted(found | set(own)) if led else sorted(found)


def held_back(family: Family, person: Person | None) -> tuple[list[str], str]:
    """What an erasure waits for: contests in which judging is open, and why everything of the edition is held."""
    kept = retention.kept(family.delegation.festival)
    return redacting.judged(entries_of(family, person)), kept.held


def leave(family: Family, person: Person | None, how: str) -> bool:
    """Out of entries, gates' lists and public pages now. False when nobody would be left who can answer for the family."""
    rules = rules_of_family(family)
    if person is not None and family.state not in OVER:
        return leaving.take_back(rules, family, person, ConsentPurpose.TAKING_PART, how)
    if person is None and family.state not in OVER:
        decisions.withdraw_family(rules, family, None, how)
    for one in [person] if person else family.members:
        for purpose in ConsentPurpose:
            withdraw_consent(rules, family, one, purpose, how)
    return True


def erase_now(family_id: int, person_code: str, *, sweep: bool = True) -> bool:
    """Erase; answers whether the files are clean as well, or the worker has to go on. The caller has looked at `held_back`."""
    with reading():
        family = family_by_id(family_id)
        festival, code = family.delegation.festival.code, family.code
    erasure.remember(festival, f"person:{person_code}" if person_code else f"family:{code}")
    config: Config = current_app.config["FESTIVAL"]
    sweeping.mark(at_night=not config.is_sqlite)
    with transaction():
        family = family_by_id(family_id)
        person = next((one for one in family.members if one.code == person_code), None)
        if (person_code and person is None) or not family.folded or (person and not person.folded):
            return True
        files = _erase(family, person)
        _close(family, person_code)
        version = touch(family)
        about: dict[str, object] = {"family": code, "version": version}
        if person_code:
            about["person"] = person_code
        name = db.session.scalar(select(Family.name).where(Family.id == family.id))
        ledger.append(f"decisions:{festival}", "privacy.erased", about, {} if person_code else {"family": name})
        note(SecurityKind.ERASURE, {"family": code, "what": "person" if person_code else "family"})
    db.session.remove()
    for key in files:
        store.remove(key)
    return sweeping.sweep() if sweep and config.is_sqlite else False


def _close(family: Family, person_code: str) -> None:
    """Every standing request of theirs is over with it."""
    own = (PrivacyRequest.family_id == family.id) & PrivacyRequest.closed_at.is_(None)
    if person_code:
        own &= PrivacyRequest.person_code == person_code
    for row in db.session.scalars(select(PrivacyRequest).where(own)).all():
        row.state, row.closed_at = RequestState.DONE, now()
        subject = {"request": row.code, "family": family.code}
        ledger.append(
            f"decisions:{family.delegation.festival.code}", "privacy.done", subject, {"outcome": "", "by": None}
        )


def _erase(family: Family, person: Person | None) -> list[str]:
    """Answers which files have to go once this is written."""
    label = numbered(family.festival_id)[family.id]
    entries = entries_of(family, person)
    strings = _strings(family, person, label)
    redacting.number_entries(_bearing(family, person, entries), dict.fromkeys(entries, label))
    address = "" if person else family.email
    # Statements change what is loaded too: who is called what is asked before anything goes.
    if person is None:
        _empty_family(family, label)
        forget_comments(entries)
        files = acts.forget_family(family.id)
    else:
        files = acts.forget_person(entries, family.id, strings.names)
        _leave_no_name(family, person, label)
    forget_photos(entries, family.id)
    people = [person] if person else family.members
    for one in people:
        _empty_person(one)
    lodging.take_away(family.delegation.festival, people, None)
    redacting.empty_own_rows([one.id for one in people], family.id)
    _forget_changes(family)
    redacting.say_numbers(strings)
    _forget_who_agreed(family, strings)
    forget_unsigned(family.delegation_id)
    redacting.forget_letters(strings, address)
    db.session.flush()
    redacting.forget_lines(strings)
    return files


def _strings(family: Family, person: Person | None, label: str) -> Strings:
    people = [person] if person else family.members
    names = {one.name: f"{MEMBER}{one.position}" for one in people}
    own = select(Entry.name).where(Entry.family_id == family.id)
    for name in {family.name, *db.session.scalars(own)}:
        if person is None or says_name(name, person.name):
            names[name] = label
    others = {one.phone for one in people} | ({family.phone, family.email} if person is None else set())
    if person is not None:
        others -= {family.phone}
    codes = [one.code for one in people] + ([family.code] if person is None else [])
    return Strings(names, tuple(others - {""}), tuple(codes))


def _bearing(family: Family, person: Person | None, entries: list[int]) -> list[int]:
    """The entries of the family that say the name; a mixed team bears its delegation's."""
    rows = db.session.execute(
        select(Entry.id, Entry.name, Entry.title).where(Entry.id.in_(entries), Entry.family_id == family.id)
    )
    return [
        row.id
        for row in rows
        if person is None or says_name(row.name, person.name) or says_name(row.title, person.name)
    ]


def _empty_person(one: Person) -> None:
    nobody: dict[str, Any] = {
        "name": f"{MEMBER}{one.position}", "folded": "", "relation": "", "sex": None, "birth_year": None, "born_on": None,
        "phone": "", "needs": "",
    }  # fmt: skip
    db.session.execute(update(Person).where(Person.id == one.id).values(nobody))


def _empty_family(family: Family, label: str) -> None:
    retire_passes("family", family.id)
    nothing: dict[str, Any] = {
        "name": label, "folded": "", "phone": "", "email": "", "address": "", "introduction": "", "return_reason": "",
        "submission_key": None, "submission_digest": None, "identity": "", "link_hash": None,
    }  # fmt: skip
    db.session.execute(update(Family).where(Family.id == family.id).values(nothing))


def _leave_no_name(family: Family, person: Person, label: str) -> None:
    """A family that goes on is called after who leads it now; one whose only name this was is called by its number."""
    values: dict[str, Any] = {}
    if says_name(family.name, person.name):
        values |= {"name": label, "folded": fold(label), "identity": ""}
    for column in ("introduction", "return_reason"):
        if says_name(getattr(family, column), person.name):
            values[column] = ""
    if values:
        db.session.execute(update(Family).where(Family.id == family.id).values(values))


def _forget_changes(family: Family) -> None:
    """A change holds the whole household twice: none says any more what it was, and one that waits is asked no more."""
    rules = rules_of_family(family_by_id(family.id))
    for told in changes_of(family.id):
        change = told.row
        if change.state is ChangeState.WAITING:
            deciding.take_back(rules, change, None)
        change.stood, change.wanted, change.why, change.reason = {}, {}, "", ""


def _forget_who_agreed(family: Family, strings: Strings) -> None:
    """Who agreed for others stays while one of them takes part: it must be provable. Ended agreements name nobody any more."""
    own = select(Person.id).where(Person.family_id == family.id)
    db.session.execute(
        update(Consent)
        .where(Consent.person_id.in_(own), Consent.given_by.in_(list(strings.names)), Consent.withdrawn_at.is_not(None))
        .values(given_by="")
        .execution_options(synchronize_session=False)
    )


def still_named(family: Family, person: Person) -> list[str]:
    """For whom in the family this person agreed, and who still takes part."""
    query = (
        select(Person.name)
        .join(Consent, Consent.person_id == Person.id)
        .where(
            Person.family_id == family.id, Person.id != person.id, Consent.given_by == person.name,
            Consent.withdrawn_at.is_(None),
        )
        .distinct()
    )  # fmt: skip
    return list(db.session.scalars(query))


def erase_waiting() -> int:
    """The worker's chore: granted erasures whose judging is over meanwhile, and copies whose family agrees no more to be kept."""
    with reading():
        ready = [(family_id, "") for family_id in sorted(copies.forgotten())]
        wanted = PrivacyRequest.state == RequestState.ERASING, PrivacyRequest.kind == AskedFor.ERASE
        for row in db.session.scalars(select(PrivacyRequest).where(*wanted)).all():
            judging, held = held_back(row.family, row.person)
            if not judging and not held:
                ready.append((row.family_id, row.person_code))
    for family_id, person_code in ready:
        erase_now(family_id, person_code)
    return len(ready)


def replay() -> int:
    """What was erased before the copy that is in place now was made stays erased, editions and single ones alike."""
    again = erasing.replay()
    found, outside = [], []
    with reading():
        for line in erasure.erased():
            what, _colon, code = line.what.partition(":")
            if what == "person":
                row = db.session.execute(
                    select(Person.family_id, Person.folded).where(Person.code == code)
                ).one_or_none()
                if row is not None and row.folded and row.family_id is not None:
                    found.append((row.family_id, code))
                elif row is not None and row.folded:
                    outside.append(code)
            elif what == "family":
                family = db.session.execute(select(Family.id, Family.folded).where(Family.code == code)).one_or_none()
                if family is not None and family.folded:
                    found.append((family.id, ""))
    for code in outside:
        erasing_outsider.erase_outsider(code, anew=True)
    for family_id, person_code in found:
        with transaction():
            again_here = family_by_id(family_id)
            one = next((each for each in again_here.members if each.code == person_code), None)
            leave(again_here, one, "paper")
        erase_now(family_id, person_code)
    return again + len(found) + len(outside)
