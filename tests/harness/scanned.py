"""Signed papers as a phone takes them: what a release waits for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from io import BytesIO

from PIL import Image
from sqlalchemy import func, select

from festival.contests.models import Contest
from festival.core.database import db
from festival.core.transaction import transaction
from festival.papers.returned import PageFormat
from festival.papers.scans.models import SignedScan
from festival.papers.scans.needed import OF_RESULT, ScanKind
from festival.registration.signing.scans import SentPages, SignedPage
from festival.results.scans import keeping


def photo(shade: int = 200) -> bytes:
    """A JPEG; another number is another picture: its bits are squares that a JPEG cannot blur into one another."""
    made, sheet = BytesIO(), Image.new("L", (64, 64), 255)
    for place in range(16):
        if shade >> place & 1:
            sheet.paste(0, (place % 4 * 16, place // 4 * 16, place % 4 * 16 + 16, place // 4 * 16 + 16))
    sheet.save(made, "JPEG")
    return made.getvalue()


def pages(*shades: int) -> SentPages:
    return SentPages(tuple(SignedPage(PageFormat.JPEG, photo(shade)) for shade in shades))


def scanned(
    contest_ids: Sequence[int],
    kinds: Iterable[ScanKind] = OF_RESULT,
    *,
    whole: bool = False,
    by: int | None = None,
) -> None:
    """Each of them is here: the minutes one by one, one decision of all."""
    with transaction():
        festival_id = db.session.scalars(select(Contest.festival_id).where(Contest.id.in_(contest_ids))).first()
        assert festival_id is not None
        before = db.session.scalar(select(func.max(SignedScan.id))) or 0
        for kind in kinds:
            if kind is ScanKind.DECISION:
                keeping.send(festival_id, kind, contest_ids, whole, pages(10_000 + before), by)
                continue
            for each in contest_ids:
                keeping.send(festival_id, kind, [each], False, pages(20_000 + each), by)
            if whole:
                keeping.send(festival_id, kind, [], True, pages(30_000 + before), by)
