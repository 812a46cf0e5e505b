"""What was sent of a paper, as its page shows it; and what a form of such a page holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, request
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import aliased

from config import Config
from festival.accounts.models import User
from festival.core.database import db
from festival.core.numbers import typed_number
from festival.core.web.errors import BadInput
from festival.papers.returned import PageFormat
from festival.papers.scans.models import SignedScan, SignedScanPage, SignedScanUse
from festival.registration.signing.scans import FIELD, SentPages, sent_pages
from festival.results.models import DelegationPoints


@dataclass(frozen=True, slots=True)
class Sending:
    """One sending as the page shows it."""

    use: SignedScanUse
    at: datetime
    by: str
    changed_by: str
    pages: tuple[tuple[int, PageFormat], ...]
    points: int | None  # the number of the points whose document it is


def sendings(own: ColumnElement[bool]) -> list[Sending]:
    """Newest first."""
    sender, changer = aliased(User), aliased(User)
    rows = db.session.execute(
        select(SignedScanUse, SignedScan.put_at, sender.name, changer.name, DelegationPoints.number)
        .join(SignedScan, SignedScan.id == SignedScanUse.scan_id)
        .outerjoin(sender, sender.id == SignedScan.put_by)
        .outerjoin(changer, changer.id == SignedScanUse.changed_by)
        .outerjoin(DelegationPoints, DelegationPoints.id == SignedScanUse.points_id)
        .where(own)
        .order_by(SignedScanUse.id.desc())
    ).all()
    wanted = select(SignedScanPage.scan_id, SignedScanPage.page, SignedScanPage.format)
    pages: dict[int, list[tuple[int, PageFormat]]] = {}
    for page in db.session.execute(
        wanted.where(SignedScanPage.scan_id.in_([row[0].scan_id for row in rows])).order_by(SignedScanPage.page)
    ):
        pages.setdefault(page.scan_id, []).append((page.page, page.format))
    return [
        Sending(use, at, by or "", last or "", tuple(pages.get(use.scan_id, ())), number)
        for use, at, by, last, number in rows
    ]


def by_points(found: Iterable[Sending]) -> Mapping[int, list[Sending]]:
    """Documents of points, by the number of these."""
    by_number: dict[int, list[Sending]] = defaultdict(list)
    for each in found:
        if each.points is not None:
            by_number[each.points].append(each)
    return by_number


def typed_pages() -> SentPages:
    """The files that were chosen. BadInput when there are none, or one is no picture."""
    config: Config = current_app.config["FESTIVAL"]
    sent = sent_pages(request.files.getlist(FIELD), config.instance)
    if sent is None:
        raise BadInput(_("Chưa chọn tệp. Chụp hoặc quét các trang đã ký rồi gửi."), field=FIELD)
    return sent


def typed_whole(name: str) -> int:
    """A number that the page itself wrote."""
    number = typed_number(request.form.get(name, ""))
    if number is None:
        raise BadInput()
    return number
