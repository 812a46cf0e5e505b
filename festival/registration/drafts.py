"""How does a form between its steps wait on the server?"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select, update

from festival.core import secrets
from festival.core.clock import now
from festival.core.database import db
from festival.core.secrets import new_token, token_hash
from festival.core.transaction import transaction
from festival.core.web.errors import NotFound
from festival.registration.models import RegistrationDraft
from festival.roster.household import Household, cleaned, to_json

DRAFT_LIFETIME = timedelta(days=60)


def sweep() -> int:
    """Forget forms nobody went on with: they hold names and phones. Answers how many went."""
    with transaction():
        forms = db.session.scalars(
            delete(RegistrationDraft).where(RegistrationDraft.expires_at <= now()).returning(RegistrationDraft.id)
        ).all()
        return len(forms)


def start_draft(festival_id: int) -> str:
    """An empty form kept on the server; answers the token of its link."""
    token = new_token()
    at = now()
    db.session.add(
        RegistrationDraft(
            festival_id=festival_id,
            token_hash=token_hash(token),
            content={"delegation": "", "household": to_json(Household())},
            created_at=at,
            expires_at=at + DRAFT_LIFETIME,
        )
    )
    db.session.flush()
    return token


def save_draft(draft: RegistrationDraft, delegation: str, household: Household, *, doubtful: bool = False) -> None:
    """Keep what was typed so far; `doubtful`: hardly by a person."""
    db.session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
        .values(
            content={"delegation": delegation, "household": to_json(cleaned(household)), "doubtful": doubtful},
            version=RegistrationDraft.version + 1,
        )
    )


def clear_draft(draft: RegistrationDraft) -> None:
    """The form has become a family: its copy of the data goes, the link stays to lead there."""
    db.session.execute(
        update(RegistrationDraft)
        .where(RegistrationDraft.id == draft.id)
        .values(content={"delegation": "", "household": to_json(Household())})
    )


def draft_of(token: str, *, lock: bool = False) -> RegistrationDraft:
    """The unfinished form behind a link; locked when it is about to change. NotFound when it is unknown or too old."""
    query = select(RegistrationDraft).where(
        RegistrationDraft.token_hash == secrets.token_hash(token), RegistrationDraft.expires_at > now()
    )
    draft = db.session.scalar(query.with_for_update() if lock else query)
    if draft is None:
        raise NotFound()
    return draft
