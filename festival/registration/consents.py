"""Who agreed for whom, to which words, how, and who took it back?

Consent rows are added and ended, never changed: it must be provable later what stood when (Law 91/2025/QH15).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, update

from festival.core.clock import now
from festival.core.database import db
from festival.core.sentence import Sentence
from festival.registration.consent_rules import standing
from festival.registration.household import Member
from festival.registration.models import (
    Consent,
    ConsentPurpose,
    ConsentText,
    Family,
    Person,
)
from festival.registration.queries import Rules
from festival.registration.words import CONSENT_WORDS
from festival.registration.writing import insert_or_pass, note, run, table

_TEXTS = table(ConsentText)
_SELECT_TEXTS = select(_TEXTS.c.id, _TEXTS.c.purpose, _TEXTS.c.version)


def record_consent(
    rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, given_by: str, given_as: str, method: str
) -> None:
    """Somebody agrees for a person; a consent that stands already is left as it was first given."""
    give([(person.id, purpose, given_by, given_as)], method)
    version = _touch(family)
    payload = {"person": person.name, "purpose": str(purpose), "by": given_by, "as": given_as, "how": method}
    note(rules.festival, "consent.given", family, version, payload)


def withdraw_consent(rules: Rules, family: Family, person: Person, purpose: ConsentPurpose, by: str) -> bool:
    """Take a consent back; answers whether there was one."""
    found = db.session.scalars(
        update(Consent)
        .where(Consent.person_id == person.id, Consent.purpose == purpose, Consent.withdrawn_at.is_(None))
        .values(withdrawn_at=now())
        .returning(Consent.id)
    ).all()
    if found:
        payload = {"person": person.name, "purpose": str(purpose), "by": by}
        note(rules.festival, "consent.withdrawn", family, _touch(family), payload)
    return bool(found)


def _touch(family: Family) -> int:
    """What a family lacks has changed, so a reviewer who looked before must look again."""
    version = db.session.scalar(
        update(Family)
        .where(Family.id == family.id)
        .values(version=Family.version + 1)
        .returning(Family.version)
        .execution_options(synchronize_session=False)
    )
    return version or 0


def end_agreements(people: Sequence[tuple[int, Member]]) -> None:
    """What a household no longer says is agreed to does not stand any more: a tick that was a mistake, a corrected birth."""
    for person_id, member in people:
        kept = [ConsentPurpose(purpose) for purpose, _by, _as_who in standing(member.name, member.agreements)]
        agreed_otherwise = (Consent.purpose == ConsentPurpose.TAKING_PART) & (
            Consent.given_as != member.agreement.as_who
        )
        db.session.execute(
            update(Consent)
            .where(
                Consent.person_id == person_id,
                Consent.withdrawn_at.is_(None),
                Consent.purpose.not_in(kept) | agreed_otherwise,
            )
            .values(withdrawn_at=now())
            .execution_options(synchronize_session=False)
        )


def record_agreements(people: Sequence[tuple[int, Member]], method: str) -> None:
    """Write down everything the members' agreements say; what stands already is left as it was first given."""
    given = [
        (person_id, ConsentPurpose(purpose), by, as_who)
        for person_id, member in people
        for purpose, by, as_who in standing(member.name, member.agreements)
    ]
    give(given, method)


def give(given: Sequence[tuple[int, ConsentPurpose, str, str]], method: str) -> None:
    if not given:
        return
    at = now()
    texts = _text_ids({item[1] for item in given})
    rows = [
        {
            "person_id": person_id,
            "text_id": texts[purpose],
            "purpose": purpose,
            "given_by": by,
            "given_as": as_who,
            "method": method,
            "given_at": at,
        }
        for person_id, purpose, by, as_who in given
    ]
    run(insert_or_pass(Consent).on_conflict_do_nothing(), rows)


def _text_ids(purposes: Iterable[ConsentPurpose]) -> dict[ConsentPurpose, int]:
    """The rows of the present words; made by the first who agrees to them."""
    wanted = {purpose: CONSENT_WORDS[purpose] for purpose in purposes}
    found = _known_texts(wanted)
    for purpose in wanted.keys() - found.keys():
        version, text = wanted[purpose]
        # what somebody agrees to is kept word for word, in the source language
        values = {"purpose": purpose, "version": version, "body": str(text)}
        db.session.execute(insert_or_pass(ConsentText).values(**values).on_conflict_do_nothing())
    return found if len(found) == len(wanted) else _known_texts(wanted)


def _known_texts(wanted: Mapping[ConsentPurpose, tuple[int, Sentence]]) -> dict[ConsentPurpose, int]:
    rows = db.session.execute(_SELECT_TEXTS)
    return {row.purpose: row.id for row in rows if row.purpose in wanted and row.version == wanted[row.purpose][0]}
