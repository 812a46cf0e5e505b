"""Which pages of signed papers are kept, which are in use, and on what do amendments stand? Pages by the bytes there are; of erased ones by the digest that stays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, select

from festival.core.database import db
from festival.core.seal.compare import Key
from festival.papers.models import SignedPaper
from festival.papers.prints import digest_there
from festival.papers.returned import pages_digest
from festival.papers.scans.award_sheets import AwardSheet
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.results.petitions.models import AmendmentGround, Petition


def scans(whose: int, own: ColumnElement[bool]) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each use of a sending under its number."""
    kept = select(SignedScanPage.scan_id, SignedScanPage.page, SignedScanPage.content, SignedScanPage.sha256).where(
        SignedScanPage.scan_id.in_(select(SignedScanUse.scan_id).where(own))
    )
    pages: dict[int, list[tuple[int, str]]] = defaultdict(list)
    for row in db.session.execute(kept.order_by(SignedScanPage.scan_id, SignedScanPage.page)):
        pages[row.scan_id].append((row.page, digest_there(row.content, row.sha256)))
    use = SignedScanUse
    wanted = select(
        use.id,
        use.kind,
        use.scan_id,
        use.paper_id,
        use.points_id,
        use.shown,
        use.reason,
        use.changed_by,
        SignedScan.put_by,
        SignedScan.sheet_id,
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


def sheets(festival_id: int) -> Iterator[tuple[Key, Mapping[str, Any]]]:
    """Each proposal and decision that was printed under its number, with the digests of the bytes there are."""
    row_of = AwardSheet
    wanted = select(
        row_of.id, row_of.kind, row_of.number, row_of.contests, row_of.whole, row_of.said, row_of.content, row_of.sha256,
        row_of.editable, row_of.editable_sha256, row_of.drawn, row_of.printed_by,
    ).where(row_of.festival_id == festival_id)  # fmt: skip
    for row in db.session.execute(wanted):
        values = row._asdict()
        number, content, editable = (values.pop(name) for name in ("id", "content", "editable"))
        for name, kept in (("sha256", content), ("editable_sha256", editable)):
            values[name] = digest_there(kept, values[name])
        yield (festival_id, number), {**values, "kind": row.kind.value}
