"""Which secret bytes stand behind a pass, so that it can be printed again and a gate list agrees with the paper?

Both the token and the typed code are derived under the pass key from owner, row and issue number (protocols,
"Secrets"); the database holds only what looks them up. A new issue has new bytes and the old row becomes a tombstone.
Nine digits now and then meet those of another pass: the typed code is then of the next attempt, which stands in the row.
A row without an attempt is of the first form, and is shown and printed as it was.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

from festival.core import secrets
from festival.core.rehearsing.marked import rehearsed
from festival.passes import code, first_form
from festival.passes.models import Pass

Owner = Literal["family", "delegation", "person"]
Secret = Literal["family", "delegation", "person", "blank"]
FIRST = 1  # a blank pass is printed anew as another number, never as another issue


class PassValues(TypedDict):
    """What the database keeps of a pass's codes."""

    list_id: str
    typed_hash: str
    typed_attempt: int


def token(owner: Secret, owner_id: int, issue: int) -> bytes:
    """The 16 bytes of the QR."""
    return secrets.derived_bytes(f"pass-{owner}", owner_id, issue, code.TOKEN_BYTES)


def typed(owner: Secret, owner_id: int, issue: int, attempt: int) -> str:
    """The code below the QR, `482 917 3605`."""
    return code.typed(secrets.derived_bytes(f"typed-{owner}", owner_id, issue, 8, attempt=attempt))


def owner_of(row: Pass) -> tuple[Owner, int]:
    """Whose pass it is."""
    if row.family_id is not None:
        return "family", row.family_id
    if row.delegation_id is not None:
        return "delegation", row.delegation_id
    if row.person_id is not None:
        return "person", row.person_id
    raise ValueError("a pass without an owner")


def secret_of(row: Any) -> tuple[Secret, int, int]:
    """From what its codes are derived: owner and issue, or the blank pass it was claimed by. Plain rows will do."""
    return ("blank", row.blank_id, FIRST) if row.blank_id is not None else (*owner_of(row), row.issue)


def token_of(row: Any) -> bytes:
    """The token of an issued pass."""
    return token(*secret_of(row))


def typed_of(row: Pass) -> str:
    """The typed code of an issued pass, as it stands on its card."""
    owner, owner_id, issue = secret_of(row)
    if row.typed_attempt is None:
        return first_form.typed(secrets.derived_bytes(f"typed-{owner}", owner_id, issue, 8))
    return typed(owner, owner_id, issue, row.typed_attempt)


def qr_text(row: Pass) -> str:
    """What the QR says."""
    return first_form.encode(token_of(row)) if row.typed_attempt is None else _encoded(token_of(row))


def qr_text_of_issue(owner: Owner, owner_id: int, issue: int) -> str:
    """What the QR of a pass will say that is issued in a moment."""
    return _encoded(token(owner, owner_id, issue))


def _encoded(secret: bytes) -> str:
    return code.encode(secret, rehearsal=rehearsed())


def new_pass_values(owner: Secret, owner_id: int, issue: int, attempt: int = 0) -> PassValues:
    """What the database keeps of a new pass; `attempt` counts on where another pass has the same typed code."""
    return {
        "list_id": code.list_id(token(owner, owner_id, issue)),
        "typed_hash": secrets.look_up_hash(typed(owner, owner_id, issue, attempt)),
        "typed_attempt": attempt,
    }
