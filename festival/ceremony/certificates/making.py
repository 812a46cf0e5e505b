"""How are certificates drawn: some at once, all of an edition by the worker, and a sheet to try the places with?

The worker's archive has a PDF for each contest, of at most `A_FILE` certificates each, and goes on after a kill with the next file.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

from flask_babel import gettext as _

from festival.ceremony.certificates.keeping import layout_in_force
from festival.ceremony.certificates.layout import PAPERS, CertificateLayout, layout_of
from festival.ceremony.certificates.lines import WHOLE, Certificate, CertificateGroup, certificates_of
from festival.core.names import fold
from festival.core.web.errors import NotFound
from festival.core.work.making import Maker, Plan
from festival.documents import paper
from festival.documents.paper_process import pdf_apart
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code

KIND = "certificates"
TEMPLATE = "ceremony/certificates/certificate.typ"
A_FILE = 500
# Drawn at this hour of the day the festival ends, so that the same certificates are the same bytes.
HOUR = 12


def said(certificate: Certificate) -> dict[str, str]:
    """Its lines as they are printed."""
    prize = certificate.prize if certificate.special else _("Giải %(prize)s", prize=certificate.prize)
    contest = _("Phần thi %(name)s", name=certificate.contest) if certificate.contest else _("Toàn đoàn")
    title = f"«{certificate.title}»" if certificate.title else ""
    number = _("Số: %(number)s", number=certificate.number) if certificate.number else ""
    return {
        "number": number,
        "name": certificate.name,
        "delegation": certificate.delegation,
        "award": prize,
        "contest": contest,
        "title": title,
    }


def sample() -> Certificate:
    """Made up: to look at, and to lay a test sheet over a bought form."""
    return Certificate(
        0, "", _("Gia đình Nguyễn Thị Mẫu"), _("Đoàn huyện Mẫu"), "Nhất", "Tài năng gia đình", _("Bài hát mẫu"), "01/QĐ-BTC", special=False
    )  # fmt: skip


def values(
    festival: str, layout: CertificateLayout, lines: Sequence[dict[str, str]], *, trial: bool = False
) -> dict[str, Any]:
    """What the template reads. `trial`: with the boxes of the lines and a ruler."""
    return {
        "festival": festival,
        "layout": layout.to_json(),
        "size": list(PAPERS[layout.paper]),
        "lines": list(lines),
        "trial": trial,
        "certifies": _("chứng nhận"),
        "certificate": _("GIẤY CHỨNG NHẬN"),
        "won": _("đã đạt"),
        "trial_words": _(
            "Tờ in thử. In đúng khổ giấy, tỉ lệ 100 %; đặt lên phôi, soi dưới ánh sáng; thước chia mi-li-mét."
        ),
    }


def drawn_at(festival: Festival) -> datetime:
    """The moment that the PDF says of itself."""
    return datetime(festival.ends_on.year, festival.ends_on.month, festival.ends_on.day, HOUR, tzinfo=UTC)


def some(festival: Festival, certificates: Sequence[Certificate]) -> bytes:
    """These as one PDF."""
    layout, _version = layout_in_force(festival)
    return pdf_apart(TEMPLATE, values(festival.name, layout, [said(each) for each in certificates]), drawn_at(festival))


def trial(festival: Festival) -> bytes:
    """The sheet to try the places with."""
    layout, _version = layout_in_force(festival)
    return pdf_apart(TEMPLATE, values(festival.name, layout, [said(sample())], trial=True), drawn_at(festival))


def sample_picture(festival: Festival) -> bytes:
    """What a certificate looks like now, for the page."""
    layout, _version = layout_in_force(festival)
    (page,) = paper.png(TEMPLATE, values(festival.name, layout, [said(sample())]), ppi=64)
    return paper.few_colours(page, 32)


def plan_of(festival: Festival, groups: Sequence[CertificateGroup] | None = None) -> dict[str, Any]:
    """Everything that is printed, as JSON."""
    layout, _version = layout_in_force(festival)
    found = certificates_of(festival) if groups is None else groups
    return {
        "festival": festival.name,
        "layout": layout.to_json(),
        "at": drawn_at(festival).isoformat(),
        "files": [
            {"name": name, "lines": [said(each) for each in batch]}
            for number, group in enumerate((each for each in found if each.certificates), 1)
            for name, batch in _files(number, group)
        ],
    }


def _files(number: int, group: CertificateGroup) -> Iterator[tuple[str, tuple[Certificate, ...]]]:
    plain = "toan-doan" if group.code == WHOLE else "-".join(fold(group.name).split())[:60]
    whole = group.certificates
    for part, at in enumerate(range(0, len(whole), A_FILE), 1):
        which = f"-{part}" if len(whole) > A_FILE else ""
        yield f"{number:02d}-{plain}{which}.pdf", whole[at : at + A_FILE]


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    return plan_of(festival)


def _make(plan: Plan, start: int, _until: int) -> bytes:
    given = values(plan["festival"], layout_of(plan["layout"]), plan["files"][start]["lines"])
    return pdf_apart(TEMPLATE, given, datetime.fromisoformat(plan["at"]))


MAKER = Maker(
    KIND,
    _plan,
    lambda plan: len(plan["files"]),
    _make,
    steps_a_piece=1,
    named=lambda plan, at: str(plan["files"][at]["name"]),
)
