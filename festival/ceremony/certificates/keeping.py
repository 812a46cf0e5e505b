"""Which layout holds, and how does another one take its place?"""

from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import select

from festival.ceremony.certificates.layout import CertificateLayout, layout_of, standard
from festival.ceremony.certificates.models import CertificateLayoutVersion
from festival.core import ledger
from festival.core.clock import now
from festival.core.database import db
from festival.core.statements import insert_or_pass
from festival.core.web.errors import NotFound, Overtaken
from festival.editions.models import Festival
from festival.roster.steps import stream

SHOWN = 20


def layout_in_force(festival: Festival) -> tuple[CertificateLayout, int]:
    """The layout and its version; 0 before anybody has written one."""
    row = db.session.scalars(
        select(CertificateLayoutVersion)
        .where(CertificateLayoutVersion.festival_id == festival.id)
        .order_by(CertificateLayoutVersion.version.desc())
        .limit(1)
    ).first()
    if row is None or row.layout is None:
        return standard_of(festival), row.version if row else 0
    return layout_of(row.layout), row.version


def standard_of(festival: Festival) -> CertificateLayout:
    """What an edition begins with."""
    return standard(festival.organiser, festival.host or festival.venue)


def earlier_layouts(festival: Festival) -> list[CertificateLayoutVersion]:
    """The latest ones, newest first."""
    return list(
        db.session.scalars(
            select(CertificateLayoutVersion)
            .where(CertificateLayoutVersion.festival_id == festival.id)
            .order_by(CertificateLayoutVersion.version.desc())
            .limit(SHOWN)
        )
    )


def write_layout(festival: Festival, layout: CertificateLayout | None, seen: int, by: int | None) -> int:
    """This one from now on; `seen`: the version that was looked at. None is the standard again. Answers the new version."""
    overtaken = _("Người khác vừa sửa mẫu giấy chứng nhận. Xem lại rồi lưu lần nữa; những gì đã nhập vẫn còn.")
    if layout_in_force(festival)[1] != seen:
        raise Overtaken(overtaken)
    kept = None if layout is None else layout.to_json()
    put = insert_or_pass(CertificateLayoutVersion).values(
        festival_id=festival.id, version=seen + 1, layout=kept, at=now(), by_user=by
    )
    done = db.session.execute(
        put.on_conflict_do_nothing(index_elements=["festival_id", "version"]).returning(CertificateLayoutVersion.id)
    ).first()
    if done is None:
        raise Overtaken(overtaken)
    ledger.append(
        stream(festival),
        "certificate_layout.written",
        {"festival": festival.code, "version": seen + 1},
        {"layout": kept, "by": by},
    )
    return seen + 1


def take_again(festival: Festival, version: int, seen: int, by: int | None) -> int:
    """An earlier one, as a version of its own."""
    row = db.session.scalars(
        select(CertificateLayoutVersion).where(
            CertificateLayoutVersion.festival_id == festival.id, CertificateLayoutVersion.version == version
        )
    ).one_or_none()
    if row is None:
        raise NotFound()
    return write_layout(festival, None if row.layout is None else layout_of(row.layout), seen, by)
