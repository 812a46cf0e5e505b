"""What goes into the archive of an edition, and has somebody one that says what is true?

One file for whoever keeps the province's records: every paper as it was signed, proposals and decisions as they were printed,
the report as it was made, what is public of the results, the heads of the ledgers, `verify.py`, which holds them together without this program, and a list of the SHA-256 of all of it
(`sha256sum -c MANIFEST.sha256`). Made by the worker; marks of judges, phones and births are not in it.
"""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from config import ROOT
from festival.ceremony.report.models import ReportFile, ReportVersion
from festival.ceremony.report.versions import standing_of, versions_of
from festival.contests.models import Contest
from festival.core import ledger
from festival.core.database import db
from festival.core.rehearsing.marked import paper_mark
from festival.core.security_log import SecurityKind, SecurityNote
from festival.core.web.errors import NotFound
from festival.core.work.making import Maker, Plan
from festival.editions.models import Festival
from festival.editions.queries import festival_by_code
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.papers.scans.award_sheets import AwardSheet, SheetKind
from festival.results.export.edition import export_of
from festival.results.ladder.states import results_stream, whole_stream

KIND = "archive"
LANGUAGE = "vi"
KEPT = timedelta(days=14)
MANIFEST = "MANIFEST.sha256"
NAMES: dict[PaperKind | PaperState, str] = {
    PaperKind.MINUTES: "bien-ban",
    PaperKind.AMENDMENT: "dinh-chinh",
    PaperKind.NAMES: "ten",
    PaperKind.RECEIPT: "giao-nhan",
    PaperState.SIGNED: "da-ky",
    PaperState.REPLACED: "da-thay",
}
SHEETS = {SheetKind.PROPOSAL: "to-trinh", SheetKind.DECISION: "quyet-dinh"}
BEFORE = datetime.fromtimestamp(0, UTC)
LOOKED_AT = 500  # exports of the security log, the newest first


def subject_of(festival: Festival) -> str:
    """What a job of this kind is about."""
    return festival.code


def was_fetched(festival: Festival, contests: Iterable[Contest]) -> bool:
    """Whether somebody has one that was made after the last paper was signed or printed and the last result or report changed."""
    signed = select(func.max(SignedPaper.signed_at)).where(SignedPaper.festival_id == festival.id)
    streams = [whole_stream(festival), *(results_stream(each) for each in contests)]
    changed = select(func.max(ledger.LedgerEntry.at_ms)).where(ledger.LedgerEntry.stream.in_(streams))
    drawn = select(func.max(ReportFile.drawn_at)).join(ReportVersion, ReportVersion.id == ReportFile.report_id)
    drawn = drawn.where(ReportVersion.festival_id == festival.id)
    asked = (each.scalar_subquery() for each in (signed, drawn, changed))
    papers, report, results_ms = db.session.execute(select(*asked)).one()
    since = max(papers or BEFORE, report or BEFORE, datetime.fromtimestamp((results_ms or 0) / 1000, UTC))
    noted = select(SecurityNote.subject).where(SecurityNote.kind == SecurityKind.EXPORT, SecurityNote.at >= since)
    return any(
        said.get("what") == KIND
        and said.get("festival") == festival.code
        and datetime.fromisoformat(said["when"]) >= since
        for said in db.session.scalars(noted.order_by(SecurityNote.id.desc()).limit(LOOKED_AT))
    )


def files_of(festival: Festival) -> dict[str, bytes]:
    """Name in the archive → bytes."""
    told = export_of(festival)
    streams = [each["stream"] for each in told["ledger"]]
    heads = ledger.heads(streams)
    files = {
        "ket-qua.json": (json.dumps(told, ensure_ascii=False, indent=1) + "\n").encode(),
        "dau-so.txt": "".join(f"{name}:{heads[name].size}:{heads[name].hash}\n" for name in sorted(heads)).encode(),
        "verify.py": (ROOT / "verify.py").read_bytes(),
    }
    papers = select(SignedPaper).where(
        SignedPaper.festival_id == festival.id, SignedPaper.state.in_((PaperState.SIGNED, PaperState.REPLACED)), SignedPaper.signed_at.is_not(None)
    )  # fmt: skip
    files |= _report_of(festival) | _sheets_of(festival)
    for each in db.session.scalars(papers.order_by(SignedPaper.id)):
        if each.content:
            ending = "pdf" if each.content.startswith(b"%PDF") else "html"
            files[f"giay-to/{each.id:04d}-{NAMES[each.kind]}-{NAMES[each.state]}.{ending}"] = each.content
        if each.photo:
            files[f"giay-to/{each.id:04d}-{NAMES[each.kind]}-anh.jpg"] = each.photo
    with force_locale(LANGUAGE):
        files["DOC-TRUOC.txt"] = _read_first(festival, len(files)).encode()
    return files


def _report_of(festival: Festival) -> dict[str, bytes]:
    """The documents of the version that stands, as they were drawn."""
    made = standing_of(versions_of(festival.id))
    if made is None:
        return {}
    own = select(ReportFile).where(ReportFile.report_id == made.id).order_by(ReportFile.form)
    found = ((each.form.value, each.content) for each in db.session.scalars(own.options(undefer(ReportFile.content))))
    return {f"bao-cao/ban-{made.number}.{form}": content for form, content in found if content}


def _sheets_of(festival: Festival) -> dict[str, bytes]:
    """Proposals and decisions about awards, those that were replaced too."""
    own = select(AwardSheet).where(AwardSheet.festival_id == festival.id).order_by(AwardSheet.id)
    rows = db.session.scalars(own.options(undefer(AwardSheet.content))).all()
    return {f"giay-to/trao-giai-{each.id:04d}-{SHEETS[each.kind]}.pdf": each.content for each in rows if each.content}


def _read_first(festival: Festival, many: int) -> str:
    said = [
        *filter(None, [paper_mark()]),
        festival.name,
        "",
        _("Hồ sơ lưu của ngày hội, %(n)s tệp:", n=many + 1),
        _("giay-to: giấy tờ như đã ký; tờ đã được thay vẫn có, tên tệp ghi da-thay."),
        _("bao-cao: báo cáo kết quả như đã lập, nếu có."),
        _("ket-qua.json: kết quả đã công bố; dau-so.txt: đầu các sổ ghi kết quả."),
        _("Kiểm tra không tệp nào đổi: sha256sum -c MANIFEST.sha256"),
        _("Tính lại kết quả, chỉ cần Python 3.11: python3 verify.py ket-qua.json $(sed 's/^/--head /' dau-so.txt)"),
        _("Không có trong hồ sơ này: điểm của từng giám khảo, số điện thoại, ngày sinh."),
    ]
    return "\n".join(map(str, said)) + "\n"


def _plan(subject: str) -> Plan:
    festival = festival_by_code(subject)
    if festival is None:
        raise NotFound()
    files = files_of(festival)
    listed = "".join(f"{sha256(files[name]).hexdigest()}  {name}\n" for name in sorted(files))
    files[MANIFEST] = listed.encode()
    return {"files": [{"name": name, "content": b64encode(files[name]).decode("ascii")} for name in sorted(files)]}


def _make(plan: Plan, start: int, _until: int) -> bytes:
    file: dict[str, Any] = plan["files"][start]
    return b64decode(file["content"])


MAKER = Maker(
    KIND,
    _plan,
    lambda plan: len(plan["files"]),
    _make,
    steps_a_piece=1,
    named=lambda plan, at: str(plan["files"][at]["name"]),
    kept=KEPT,
)
