"""Which secret bytes stand behind a pass, so that it can be printed again and a gate list agrees with the paper?

Both the token and the typed code are derived under the pass key from owner, row and issue number (protocols,
"Secrets"); the database holds only what looks them up. A new issue has new bytes and the old row becomes a tombstone.
"""

from __future__ import annotations

from typing import Any, Literal

from festival.core import secrets
from festival.passes import code
from festival.passes.models import Pass

Owner = Literal["family", "delegation", "person"]
Secret = Literal["family", "delegation", "person", "blank"]
FIRST = 1  # a blank pass is printed anew as another number, never as another issue


def token(owner: Secret, owner_id: int, issue: int) -> bytes:
    """The 16 bytes of the QR."""
    return secrets.derived_bytes(f"pass-{owner}", owner_id, issue, code.TOKEN_BYTES)


def typed(owner: Secret, owner_id: int, issue: int) -> str:
    """The code below the QR, `XXXX-XXXX`."""
    return code.typed(secrets.derived_bytes(f"typed-{owner}", owner_id, issue, 8))


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
    """The typed code of an issued pass."""
    return typed(*secret_of(row))


def qr_text(row: Pass) -> str:
    """What the QR says."""
    return code.encode(token_of(row))


def new_pass_values(owner: Secret, owner_id: int, issue: int) -> dict[str, str]:
    """What the database keeps of a new pass."""
    return {
        "list_id": code.list_id(token(owner, owner_id, issue)),
        "typed_hash": secrets.look_up_hash(typed(owner, owner_id, issue)),
    }
