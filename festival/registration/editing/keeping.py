"""How does what somebody types stay on the server until it is sent, each field as it was typed?

A draft is reached in one of two ways: behind a link by its own token (a family's form, a family's change), or by the officer
who types it. What is kept is the form itself, so that a year nobody can read comes back as it was typed. `part`: a draft of
several pages keeps each page's fields apart.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, exists, select, update
from sqlalchemy.orm.attributes import set_committed_value

from festival.core.clock import now
from festival.core.database import db
from festival.core.driver.prepared import Prepared
from festival.core.secrets import new_token, token_hash
from festival.core.statements import insert_or_pass, table
from festival.core.text import cut
from festival.core.transaction import open_connection, transaction
from festival.core.types import JsonText, UtcTime
from festival.core.web.errors import NotFound
from festival.registration.models import RegistrationDraft
from festival.roster.household import Household, cleaned, from_json, to_json
from festival.roster.models import Family

LIFETIME = timedelta(days=60)
WHOLE = "household"  # the part of a draft that is typed on one page
MOST_FIELDS = 1000  # of one part: forty people with all that is asked of them
LONGEST = 2000  # a field; every form says so of far less

Typed = dict[str, list[str]]

# Every step of every form asks these, so they are put together once.
_IS_BEHIND = (
    RegistrationDraft.token_hash == bindparam("token"),
    RegistrationDraft.family_id.is_not_distinct_from(bindparam("family")),
    RegistrationDraft.expires_at > bindparam("at", type_=UtcTime()),
)
_BEHIND = select(RegistrationDraft).where(*_IS_BEHIND)
_BEHIND_HELD = _BEHIND.with_for_update().execution_options(populate_existing=True)
_OF_TOKEN = Prepared(
    lambda _database: select(
        RegistrationDraft.festival_id,
        RegistrationDraft.content,
        exists().where(Family.submission_key == bindparam("key")).label("sent"),
    ).where(*_IS_BEHIND)
)
_DRAFT = table(RegistrationDraft)
_EMPTY = Prepared(
    lambda _database: (
        update(_DRAFT)
        .where(_DRAFT.c.id == bindparam("of_draft"))
        .values(content=bindparam("nothing", type_=JsonText()), version=_DRAFT.c.version + 1)
    )
)

_A_FIELD = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")  # a code of a person or contest may be in it
# Of every form, and nobody typed them.
_OF_THE_PAGE = frozenset({"csrf_token", "once", "version", "seen", "tail", "do", "child"})


def sweep() -> int:
    """Forget forms nobody went on with: they hold names and phones. Answers how many went."""
    with transaction():
        forms = db.session.scalars(
            delete(RegistrationDraft).where(RegistrationDraft.expires_at <= now()).returning(RegistrationDraft.id)
        ).all()
        return len(forms)


def begin(
    festival_id: int, *, family: Family | None = None, delegation_id: int | None = None, owner_id: int | None = None
) -> tuple[RegistrationDraft, str]:
    """A draft and the token that leads to it. An officer has one draft of a family: begun twice it is the first."""
    token, at = new_token(), now()
    made = db.session.scalar(
        insert_or_pass(RegistrationDraft)
        .values(
            festival_id=festival_id,
            family_id=family.id if family else None,
            delegation_id=family.delegation_id if family else delegation_id,
            owner_id=owner_id,
            base_version=family.version if family else None,
            token_hash=token_hash(token),
            content={"delegation": "", "household": to_json(Household()), "typed": {}},
            version=1,
            created_at=at,
            expires_at=at + LIFETIME,
        )
        .on_conflict_do_nothing()
        .returning(RegistrationDraft.id)
    )
    if made is None:
        found = officers(owner_id, family_id=family.id if family else None)
        if found is None:
            raise NotFound()
        return found, token
    return db.session.get_one(RegistrationDraft, made), token


def behind(token: str, *, family_id: int | None = None, lock: bool = False) -> RegistrationDraft:
    """The draft a token leads to: of no registered family, or of this one. NotFound when it is unknown or too old."""
    draft = db.session.scalar(
        _BEHIND_HELD if lock else _BEHIND, {"token": token_hash(token), "family": family_id, "at": now()}
    )
    if draft is None:
        raise NotFound()
    return draft


def of_token(token: str, key: str) -> tuple[int, Household, bool]:
    """The edition and the people of the form that a token leads to, before anything is held. NotFound.

    The last says whether it has become a family, under the key of a form.
    """
    values = {"token": token_hash(token), "family": None, "at": now(), "key": key}
    found = _OF_TOKEN(open_connection(), values)
    if not found:
        raise NotFound()
    return found[0].festival_id, from_json(found[0].content["household"]), bool(found[0].sent)


def officers(
    owner_id: int | None, *, family_id: int | None = None, draft_id: int | None = None, lock: bool = False
) -> RegistrationDraft | None:
    """What an officer types: of a registered family, or the draft of this number. None when there is none of this officer's."""
    if owner_id is None or (family_id is None) == (draft_id is None):
        return None
    which = RegistrationDraft.family_id == family_id if family_id else RegistrationDraft.id == draft_id
    return _one(RegistrationDraft.owner_id == owner_id, which, lock=lock)


def _one(*which: ColumnElement[bool], lock: bool) -> RegistrationDraft | None:
    query = select(RegistrationDraft).where(*which, RegistrationDraft.expires_at > now())
    locked = query.with_for_update().execution_options(populate_existing=True)
    return db.session.scalar(locked if lock else query)


def typed(draft: RegistrationDraft, part: str = WHOLE) -> Typed:
    """The fields as they were typed; a box that was unticked and a field nobody touched are not in it."""
    kept: Typed = draft.content.get("typed", {}).get(part, {})
    return kept


def parts(draft: RegistrationDraft) -> list[str]:
    """On which pages something was typed that was not taken yet."""
    return sorted(draft.content.get("typed", {}))


def tried(draft: RegistrationDraft, part: str = WHOLE) -> bool:
    """Whether its sender has asked for this part to be taken: then the page says what is wrong with it."""
    return part in draft.content.get("tried", ())


def keep(
    draft: RegistrationDraft, changes: Mapping[str, Sequence[str]], part: str = WHOLE, *, whole: bool = False,
    try_it: bool | None = None,
) -> int:  # fmt: skip
    """Keep these fields beside those that are there (`whole`: instead of them); no value takes a field away.

    Of two pages at once each keeps what it typed. `try_it`: whether from now on the page says what is wrong. Answers the
    number of the draft's version.
    """
    row = _locked(draft)
    content = dict(row.content)
    fields = {} if whole else dict(content.get("typed", {}).get(part, {}))
    for name, values in changes.items():
        if name not in _OF_THE_PAGE and _A_FIELD.fullmatch(name):
            fields[name] = [cut(value, LONGEST) for value in values[:MOST_FIELDS]]
    kept = dict([(name, values) for name, values in fields.items() if values][:MOST_FIELDS])
    content["typed"] = {**content.get("typed", {}), part: kept}
    if try_it is not None:
        content["tried"] = sorted({*content.get("tried", ()), part} - (set() if try_it else {part}))
    return _write(row, content)


def let_go(draft: RegistrationDraft, part: str = WHOLE) -> int:
    """This part was taken, or is not wanted: nothing typed of it stays."""
    row = _locked(draft)
    content = dict(row.content)
    content["typed"] = {name: fields for name, fields in content.get("typed", {}).items() if name != part}
    content["tried"] = [name for name in content.get("tried", ()) if name != part]
    return _write(row, content)


def save_step(
    draft: RegistrationDraft, part: str, delegation: str, household: Household, *, doubtful: bool,
    removed: int | None = None,
) -> None:  # fmt: skip
    """A page of a family's own form was taken: what it says is the form's now. `doubtful`: hardly by a person.

    `removed`: the place of who was taken off the list; what is being typed of those behind follows them.
    """
    row = _locked(draft)
    content = dict(row.content)
    content |= {"delegation": delegation, "household": to_json(cleaned(household)), "doubtful": doubtful}
    content["typed"] = _behind(content.get("typed", {}), part, removed)
    content["tried"] = sorted(_behind(dict.fromkeys(content.get("tried", ())), part, removed))
    _write(row, content)


def member_part(place: int, people: int) -> str:
    """How the page of one person of a list is called among the parts."""
    return f"member-{place}" if place < people else "member-new"


def _behind(parts: Mapping[str, Any], taken: str, removed: int | None) -> dict[str, Any]:
    kept = {}
    for name, fields in parts.items():
        place = name.removeprefix("member-")
        if name == taken or (removed is not None and place == str(removed)):
            continue
        moves = removed is not None and place.isdecimal() and int(place) > removed
        kept[f"member-{int(place) - 1}" if moves else name] = fields
    return kept


def stand_on(draft: RegistrationDraft, version: int) -> None:
    """What was typed was seen beside this version of the family: it is a change of that one now."""
    _locked(draft).base_version = version
    db.session.flush()


def empty(draft: RegistrationDraft) -> None:
    """The form has become a family: its copy of the data goes, the link stays to lead there. Its row is held already."""
    nothing = {"delegation": "", "household": to_json(Household()), "typed": {}}
    _EMPTY(open_connection(), {"of_draft": draft.id, "nothing": nothing})
    set_committed_value(draft, "content", nothing)
    set_committed_value(draft, "version", draft.version + 1)


def take_away(draft: RegistrationDraft) -> None:
    """What was typed was saved, or is not wanted: the draft ends."""
    db.session.delete(_locked(draft))
    db.session.flush()


def _locked(draft: RegistrationDraft) -> RegistrationDraft:
    """The draft as it is now; nobody else writes to it until the transaction ends."""
    row = _one(RegistrationDraft.id == draft.id, lock=True)
    if row is None:
        raise NotFound()
    return row


def _write(row: RegistrationDraft, content: dict[str, Any]) -> int:
    row.content = content
    row.version += 1
    db.session.flush()
    return row.version
