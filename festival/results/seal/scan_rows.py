"""Which pages of signed papers are kept, which are in use, and on what do amendments stand? Pages by the bytes there are; of erased ones by the digest that stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.core.database import db
from festival.core.seal.compare import Key
from festival.papers.models import SignedPaper
from festival.papers.returned import pages_digest
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.results.petitions.models import AmendmentGround, Petition


def scans(whose: int, own: ColumnElement[bool]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each use of a sending under its number."""
    kept = select(SignedScanPage.scan_id, SignedScanPage.page, SignedScanPage.content, SignedScanPage.sha256).where(
        SignedScanPage.scan_id.in_(select(SignedScanUse.scan_id).where(own))
    )
    pages: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in db.session.execute(kept.order_by(SignedScanPage.scan_id, SignedScanPage.page)):
        read = sha256(row.content).hexdigest() if row.content else row.sha256
        pages[row.scan_id].append((row.page, read if read == row.sha256 else f"{read} {row.sha256}"))
    use = SignedScanUse
    wanted = select(
        use.id, use.kind, use.scan_id, use.paper_id, use.shown, use.reason, SignedScan.put_by, use.changed_by
    )
    wanted = wanted.join(SignedScan, SignedScan.id == use.scan_id).where(own)
    for found in db.session.execute(wanted):
        values = found._asdict()
        number = values.pop("id")
        yield (whose, number), {**values, "kind": found.kind.value, "pages": pages_digest(pages[found.scan_id])}


def grounds(whose: int, condition: ColumnElement[bool]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """On what amendments stand, each under its paper."""
    wanted = (
        select(AmendmentGround.paper_id, AmendmentGround.ground, Petition.number)
        .join(SignedPaper, SignedPaper.id == AmendmentGround.paper_id)
        .outerjoin(Petition, Petition.id == AmendmentGround.petition_id)
        .where(condition)
    )
    for row in db.session.execute(wanted):
        yield (whose, row.paper_id), {"ground": row.ground.value, "petition": row.number}
