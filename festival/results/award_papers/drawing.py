"""What stands on a proposal or a decision about awards, and how is it drawn, as PDF and as a document to edit? Vietnamese, whoever prints it.

In the form of the state's papers. The awards are those of the signed minutes, or of the amendment in force; the grounds name
these papers by number and day. Number and day of the paper itself are left open for the office that gives them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from festival.contests.models import Contest
from festival.contests.queries import contests
from festival.core.canonical import canonical_json
from festival.core.clock import local
from festival.core.database import db
from festival.core.transaction import once
from festival.core.web.i18n import day as day_words
from festival.documents import paper
from festival.documents.docx import Block, DocxTable, Para, docx
from festival.documents.state_paper import CODE_DIGITS, letterhead
from festival.editions.models import Festival
from festival.papers.models import PaperKind, PaperState, SignedPaper
from festival.papers.prints import DrawnPrint
from festival.papers.scans.award_sheets import SheetKind
from festival.results.award_papers.said import SheetSaid, vnd_in_words, written_vnd
from festival.results.models import Award

WIDTHS, WIDTHS_PAID = (1, 7, 6, 4), (1, 6, 5, 3, 3)
TYPES = {SheetKind.PROPOSAL: "TTr-BTC", SheetKind.DECISION: "QĐ-BTC"}


@dataclass(frozen=True, slots=True)
class SheetMaterial:
    """The awards and the signed papers of an edition, read at once."""

    festival: Festival
    contests: Sequence[Contest]
    awards: Mapping[int | None, Sequence[Award]]  # by contest, None: of the whole delegation
    papers: Mapping[int | None, Sequence[tuple[PaperKind, str, datetime]]]

    def names(self) -> list[str]:
        """The names of the awards there are, in the order of the contests."""
        rows = [row for each in (*(c.id for c in self.contests), None) for row in self.awards.get(each, ())]
        return list(dict.fromkeys(row.prize for row in rows))


def material(festival: Festival) -> SheetMaterial:
    """In three statements, however many contests there are; once a transaction."""
    return once(("award_papers", festival.id), lambda: _read(festival))


def _read(festival: Festival) -> SheetMaterial:
    awards: dict[int | None, list[Award]] = {}
    own = select(Award).where(Award.festival_id == festival.id)
    for row in db.session.scalars(own.order_by(Award.special, Award.position, Award.id)):
        awards.setdefault(row.contest_id, []).append(row)
    kept = select(SignedPaper.contest_id, SignedPaper.kind, SignedPaper.number, SignedPaper.signed_at).where(
        SignedPaper.festival_id == festival.id,
        SignedPaper.delegation_id.is_(None),
        SignedPaper.signed_at.is_not(None),
        SignedPaper.state.in_((PaperState.SIGNED, PaperState.REPLACED)),
    )
    papers: dict[int | None, list[tuple[PaperKind, str, datetime]]] = {}
    for found in db.session.execute(kept.order_by(SignedPaper.id)):
        papers.setdefault(found.contest_id, []).append((found.kind, found.number, found.signed_at))
    return SheetMaterial(festival, contests(festival.id), awards, papers)


def draw_sheet(
    given: SheetMaterial, kind: SheetKind, codes: Sequence[str], whole: bool, said: SheetSaid, number: int, at: datetime
) -> DrawnPrint:
    """The paper as it would be printed now."""
    with force_locale("vi"):
        values = _values(given, kind, codes, whole, said)
        drawn = _digest(values)
        code = str(_("Tờ số %(number)s, mã %(code)s", number=number, code=drawn[:CODE_DIGITS]))
        shown = values | {"code": code}
        content = paper.pdf("results/papers/awards.typ", shown, at=at)
        edited = docx(_blocks(shown), title=values["title"], footer=code, at=at)
    return DrawnPrint(number, at, drawn, content, edited)


def sheet_digest(given: SheetMaterial, kind: SheetKind, codes: Sequence[str], whole: bool, said: SheetSaid) -> str:
    """Of what the paper would say now."""
    with force_locale("vi"):
        return _digest(_values(given, kind, codes, whole, said))


def _digest(values: Mapping[str, Any]) -> str:
    return sha256(canonical_json(values)).hexdigest()


def _values(
    given: SheetMaterial, kind: SheetKind, codes: Sequence[str], whole: bool, said: SheetSaid
) -> dict[str, Any]:
    festival, proposal = given.festival, kind is SheetKind.PROPOSAL
    organiser = festival.organiser or str(_("Ban Tổ chức"))
    chosen: list[Contest | None] = [each for each in given.contests if each.code in set(codes)]
    if whole:
        chosen.append(None)
    paid = bool(said.amounts)
    listed = [each for each in chosen if given.awards.get(each.id if each else None)]
    rows = [row for each in listed for row in given.awards[each.id if each else None]]
    money = sum(said.amounts.get(row.prize, 0) for row in rows)
    return {
        "title": str(_("Tờ trình") if proposal else _("Quyết định")),
        "under": str(_("Về việc trao giải %(festival)s", festival=festival.name)),
        "organ": organiser.upper(),
        "number": f"Số: ……/{TYPES[kind]}",
        "place_and_day": str(
            _("%(place)s, ngày …… tháng …… năm %(year)s", place=said.place or "……", year=festival.starts_on.year)
        ),
        "to": str(_("Kính gửi: %(who)s", who=said.to)) if proposal else "",
        "grounds": _grounds(given, chosen, said),
        "decides": "" if proposal else str(_("QUYẾT ĐỊNH:")),
        "opening": str(
            _("%(organiser)s kính trình xem xét, quyết định trao giải cho các gia đình, đơn vị có tên sau đây:", organiser=organiser)
            if proposal
            else _("Điều 1. Trao giải cho các gia đình, đơn vị có tên sau đây:")
        ),
        "tables": [_table(each, given.awards[each.id if each else None], said.amounts) for each in listed],
        "widths": list(WIDTHS_PAID if paid else WIDTHS),
        "total": _total(len(rows), money),
        "articles": _articles(said, organiser, proposal, paid),
        "receivers": [str(_("Nơi nhận:")), *(f"- {each};" for each in said.receivers), str(_("- Lưu: VT."))],
        "signer": [said.title.upper(), str(_("(Ký, ghi rõ họ tên, đóng dấu)")), said.signer],
    }  # fmt: skip


def _grounds(given: SheetMaterial, chosen: Sequence[Contest | None], said: SheetSaid) -> list[str]:
    found = [f"{each};" for each in said.grounds]
    for contest in chosen:
        for kind, number, at in given.papers.get(contest.id if contest else None, ()):
            values = {"number": number, "day": day_words(local(at)), "contest": contest.name if contest else ""}
            if contest is None:
                words = _("Căn cứ Biên bản số %(number)s ngày %(day)s về kết quả toàn đoàn;", **values)
            elif kind is PaperKind.AMENDMENT:
                words = _("Căn cứ Biên bản đính chính số %(number)s ngày %(day)s, phần thi %(contest)s;", **values)
            else:
                words = _(
                    "Căn cứ Biên bản số %(number)s ngày %(day)s của Ban Giám khảo phần thi %(contest)s;", **values
                )
            found.append(str(words))
    return found


def _table(contest: Contest | None, rows: Sequence[Award], amounts: Mapping[str, int]) -> dict[str, Any]:
    head = [_("STT"), _("Gia đình, đơn vị"), _("Đoàn"), _("Giải")] + ([_("Tiền thưởng (đồng)")] if amounts else [])
    lines = []
    for place, row in enumerate(rows, start=1):
        line = [str(place), row.name or "–", (row.delegation or "–") if row.entry_id else "", row.prize]
        if amounts:
            line.append(written_vnd(amounts[row.prize]) if row.prize in amounts else "–")
        lines.append(line)
    return {
        "title": contest.name if contest else str(_("Toàn đoàn")),
        "head": [str(each) for each in head],
        "rows": lines,
    }


def _total(awards: int, money: int) -> str:
    if not money:
        return str(_("Tổng số: %(n)s giải.", n=awards))
    return str(
        _("Tổng số: %(n)s giải; tiền thưởng %(money)s đồng (Bằng chữ: %(words)s).", n=awards, money=written_vnd(money), words=vnd_in_words(money))
    )  # fmt: skip


def _articles(said: SheetSaid, organiser: str, proposal: bool, paid: bool) -> list[str]:
    if proposal:
        return [str(_("%(organiser)s kính trình xem xét, quyết định.", organiser=organiser))]
    money = (
        [str(_("Điều 2. Tiền thưởng kèm theo giải ghi tại Điều 1, chi từ kinh phí tổ chức ngày hội."))] if paid else []
    )
    last = 2 + len(money)
    return [
        *money,
        str(_("Điều %(n)s. Quyết định này có hiệu lực kể từ ngày ký. Các gia đình, đơn vị có tên tại Điều 1 và các bộ phận liên quan chịu "
              "trách nhiệm thi hành.", n=last)),
    ]  # fmt: skip


# ------------------------------------------------------------------------------------------- as a document


def _blocks(values: Mapping[str, Any]) -> list[Block]:
    """The same as paragraphs and tables."""
    blocks: list[Block] = [
        letterhead(((values["organ"], True), (values["number"], False)), values["place_and_day"]),
        Para(values["title"].upper(), "center", bold=True, points=14, space=12),
        Para(values["under"], "center", bold=True),
    ]
    if values["to"]:
        blocks.append(Para(values["to"], "center", space=9))
    blocks += [Para(each, italic=True, space=3) for each in values["grounds"]]
    if values["decides"]:
        blocks.append(Para(values["decides"], "center", bold=True, space=9))
    blocks.append(Para(values["opening"], space=6))
    for each in values["tables"]:
        blocks.append(Para(each["title"], bold=True, space=9, keep=True))
        rows = [tuple((Para(text, "center", bold=True, points=11),) for text in each["head"])]
        for cells in each["rows"]:
            aligned = ("center", "left", "left", "left", "right")
            rows.append(tuple((Para(text, aligned[at], points=11),) for at, text in enumerate(cells)))
        blocks.append(DocxTable(tuple(values["widths"]), tuple(rows), head=1))
    title, how, name = values["signer"]
    receivers, *who = values["receivers"]
    feet = (
        (Para(receivers, bold=True, italic=True, points=12), *(Para(each, points=11) for each in who)),
        (
            Para(title, "center", bold=True),
            Para(how, "center", italic=True, points=11),
            *(Para("") for _line in range(4)),
            Para(name, "center", bold=True),
        ),
    )
    return [
        *blocks,
        Para(values["total"], bold=True, space=6),
        *(Para(each, space=6) for each in values["articles"]),
        Para("", points=6, keep=True),
        DocxTable((5, 6), (feet,), lines=False),
    ]
