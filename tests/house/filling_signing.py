"""What pages of lists to sign are opened with: a signed list of the officer's delegation with its page, and a sheet that waits."""

from __future__ import annotations

from io import BytesIO

from PIL import Image
from sqlalchemy import select

from festival.core.clock import today
from festival.core.database import db
from festival.core.transaction import reading, transaction
from festival.papers.signing_lists import PageFormat, SigningList
from festival.registration.signing import lists
from festival.registration.signing.scans import SentPages, SignedPage
from festival.registration.signing.typed import Letter
from festival.roster.delegations import delegation_by_id
from festival.roster.rules import rules_of


def picture(colour: str = "white") -> bytes:
    made = BytesIO()
    Image.new("RGB", (40, 60), colour).save(made, "JPEG")
    return made.getvalue()


def printed(delegation_id: int, by: int | None, key: str = "") -> int:
    """The list of the delegation's own unit, or of this commune, as it is now."""
    with reading():
        delegation = delegation_by_id(delegation_id)
        key = key or delegation.unit.key
        drawing = lists.draw_list(delegation, key, rules_of(delegation.festival))
    with transaction():
        return lists.print_list(delegation_id, key, drawing, by).id


def signed(delegation_id: int, by: int | None, colour: str = "white", number: str = "12/DS-UBND", key: str = "") -> int:
    """The same, back under a letter of today."""
    list_id = printed(delegation_id, by, key)
    with transaction():
        sent = SentPages((SignedPage(PageFormat.JPEG, picture(colour)),))
        lists.sign_list(delegation_id, list_id, Letter(number, today(), "Nguyễn Văn Chủ"), sent, by)
    return list_id


def signings(delegation_id: int, by: int | None) -> dict[str, object]:
    """A signed list; the same when it is asked for again."""
    with reading():
        unit = delegation_by_id(delegation_id).unit.key
        before = db.session.scalar(select(SigningList.id).where(SigningList.delegation_id == delegation_id))
    return {"signing_unit": unit, "signing_list": before or signed(delegation_id, by)}
