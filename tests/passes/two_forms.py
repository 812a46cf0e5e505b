"""A fair whose cards were printed before the second form, and two families whose typed codes are the same."""

from __future__ import annotations

import os
from functools import cache

from flask import Flask
from sqlalchemy import select

from festival.core.clock import now
from festival.core.database import db
from festival.core.names import fold
from festival.core.secrets import derived_bytes, look_up_hash
from festival.core.transaction import transaction
from festival.passes import code, first_form
from festival.passes.models import Pass
from festival.passes.tokens import owner_of, typed_of
from festival.roster.models import Delegation, Family, FamilyState, Origin
from tests.devices.kit import Fair

MANY = 200_000


def of_the_first_form(app: Flask, fair: Fair) -> dict[str, tuple[str, str]]:
    """As an upgrade finds passes that an earlier release has issued. Answers (QR, typed code) by list id, made by themselves."""
    printed = {}
    with app.app_context(), transaction():
        for row in db.session.scalars(select(Pass).where(Pass.festival_id == fair.festival_id)):
            owner, owner_id = owner_of(row)
            typed = first_form.typed(derived_bytes(f"typed-{owner}", owner_id, row.issue, 8))
            qr = first_form.encode(derived_bytes(f"pass-{owner}", owner_id, row.issue, 16))
            row.typed_attempt, row.typed_hash = None, look_up_hash(typed)
            assert typed_of(row) == typed
            printed[row.list_id] = (qr, typed)
    return printed


@cache
def alike(app: Flask) -> tuple[int, int]:
    """Two families, found by trying numbers, whose first issue has the same nine digits under the key of the tests."""
    seen: dict[str, int] = {}
    for family in range(1000, MANY):
        typed = code.typed(derived_bytes("typed-family", family, 1, 8, attempt=0))
        if typed in seen:
            return seen[typed], family
        seen[typed] = family
    raise AssertionError("no two alike")


def family_numbered(app: Flask, fair: Fair, number: int) -> None:
    """An approved family with this number, without a pass."""
    with app.app_context(), transaction():
        delegation_id = db.session.scalars(
            select(Delegation.id).where(Delegation.festival_id == fair.festival_id)
        ).one()
        db.session.add(
            Family(
                id=number,
                festival_id=fair.festival_id,
                delegation_id=delegation_id,
                code=os.urandom(8).hex(),
                name=f"Gia đình số {number}",
                folded=fold(f"Gia đình số {number}"),
                phone=f"0913{number:06d}",
                state=FamilyState.APPROVED,
                origin=Origin.OFFICER,
                identity=f"alike-{number}",
                created_at=now(),
            )
        )
