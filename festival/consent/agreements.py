"""How is an agreement written down, and ended?

Consent rows are added and ended, never changed: it must be provable later what stood when (Law 91/2025/QH15).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import select, update

from festival.consent.models import Consent, ConsentPurpose, ConsentRefusal, ConsentText
from festival.consent.rules import PROVES, SELF
from festival.consent.texts import CONSENT_WORDS
from festival.core.clock import now
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.driver.rows import insert_rows, json_rows
from festival.core.sentence import Sentence
from festival.core.statements import insert_or_pass, table
from festival.core.transaction import open_connection

_TEXTS = table(ConsentText)

# Each registration asks these.
_SELECT_TEXTS = Prepared(lambda _database: select(_TEXTS.c.id, _TEXTS.c.purpose, _TEXTS.c.version))
_GIVE = Prepared(
    lambda database: insert_rows(
        table(Consent), database, ("person_id", "text_id", "purpose", "given_by", "given_as"), ("method", "given_at")
    ).on_conflict_do_nothing()
)


def give(given: Sequence[tuple[int, ConsentPurpose, str, str]], method: str) -> None:
    if not given:
        return
    texts = _text_ids({item[1] for item in given})
    rows = [
        {
            "person_id": person_id,
            "text_id": texts[purpose],
            "purpose": purpose,
            "given_by": by,
            "given_as": as_who,
        }
        for person_id, purpose, by, as_who in given
    ]
    _GIVE(open_connection(), {"rows": json_rows(rows), "method": method, "given_at": now()})


def end_unproved(person_id: int) -> None:
    """What earlier releases took for father's or mother's agreement to a child's being published gives way to a proved one."""
    db.session.execute(
        update(Consent)
        .where(
            Consent.person_id == person_id,
            Consent.purpose == ConsentPurpose.PUBLISH,
            Consent.withdrawn_at.is_(None),
            Consent.given_as != SELF,
            Consent.method.not_in(PROVES),
        )
        .values(withdrawn_at=now())
        .execution_options(synchronize_session=False)
    )


def refuse(person_id: int, purpose: ConsentPurpose, by: str, as_who: str, method: str) -> bool:
    """Somebody who was asked said no; False when that stands already."""
    values = {
        "person_id": person_id,
        "text_id": _text_ids({purpose})[purpose],
        "purpose": purpose,
        "said_by": by,
        "said_as": as_who,
        "method": method,
        "said_at": now(),
        "ended_at": None,
    }
    insert = insert_or_pass(ConsentRefusal).values(values).on_conflict_do_nothing().returning(ConsentRefusal.id)
    return db.session.execute(insert).scalar_one_or_none() is not None


def end_refusal(person_id: int, purpose: ConsentPurpose) -> None:
    """Who said no has said yes."""
    db.session.execute(
        update(ConsentRefusal)
        .where(
            ConsentRefusal.person_id == person_id,
            ConsentRefusal.purpose == purpose,
            ConsentRefusal.ended_at.is_(None),
        )
        .values(ended_at=now())
        .execution_options(synchronize_session=False)
    )


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
    rows = _SELECT_TEXTS(open_connection(), {})
    return {row.purpose: row.id for row in rows if row.purpose in wanted and row.version == wanted[row.purpose][0]}
