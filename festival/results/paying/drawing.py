"""What stands on a list to sign, and how is it drawn, as PDF and as a workbook of the same values? Vietnamese, whoever prints it.

Landscape, its heading on every page; over several pages each says what it adds up to and what it carries over. The columns for
the identity card, the account and the hand stay blank: nothing of them is known here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from itertools import accumulate
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.core.canonical import canonical_json
from festival.documents import paper
from festival.documents.state_paper import CODE_DIGITS
from festival.documents.xlsx_writing import new_book
from festival.editions.models import Festival
from festival.papers.prints import DrawnPrint
from festival.results.award_papers.said import vnd_in_words, written_vnd
from festival.results.paying.kinds import TaxRule
from festival.results.paying.sums import ListSaid, PaidLine, PaySum, taxed, total, written_halves


def draw_list(
    festival: Festival, of: int, said: ListSaid, lines: Sequence[PaidLine], number: int, at: datetime
) -> DrawnPrint:
    """The paper as it would be printed now. `lines`: those that count, in their order."""
    with force_locale("vi"):
        values = _values(festival, of, said, lines)
        drawn = _digest(values)
        code = str(
            _("Danh sách số %(list)s, bản in %(number)s, mã %(code)s", list=of, number=number, code=drawn[:CODE_DIGITS])
        )
        shown = values | {"code": code}
        return DrawnPrint(number, at, drawn, paper.pdf("results/papers/paying.typ", shown, at=at), _workbook(shown, at))


def list_digest(festival: Festival, of: int, said: ListSaid, lines: Sequence[PaidLine]) -> str:
    """Of what the paper would say now."""
    with force_locale("vi"):
        return _digest(_values(festival, of, said, lines))


def tax_words(rule: TaxRule) -> str:
    """The rule in one sentence; "" where nothing is kept back."""
    if not rule.milli:
        return ""
    values = {"rate": percent(rule.milli), "start": written_vnd(rule.start)}
    if not rule.start:
        return str(_("Khấu trừ thuế thu nhập cá nhân %(rate)s %% trên toàn bộ khoản chi.", **values))
    if rule.above:
        return str(
            _("Khấu trừ thuế thu nhập cá nhân %(rate)s %% trên phần vượt %(start)s đồng mỗi lần nhận.", **values)
        )
    return str(
        _(
            "Khấu trừ thuế thu nhập cá nhân %(rate)s %% trên toàn bộ khoản chi từ %(start)s đồng mỗi lần trở lên.",
            **values,
        )
    )


def percent(milli: int) -> str:
    """10000 → 10; 7500 → 7,5."""
    whole, part = divmod(milli, 1000)
    return f"{whole},{part:03d}".rstrip("0") if part else str(whole)


def _digest(values: Mapping[str, Any]) -> str:
    return sha256(canonical_json(values)).hexdigest()


def _values(festival: Festival, of: int, said: ListSaid, lines: Sequence[PaidLine]) -> dict[str, Any]:
    organiser = festival.organiser or str(_("Ban Tổ chức"))
    priced, kept_back = any(each.rate is not None for each in lines), taxed(lines)
    whole = total(lines)
    return {
        "list": of,
        "title": said.title,
        "under": festival.name,
        "organ": organiser,
        "place_and_day": str(
            _("%(place)s, ngày …… tháng …… năm %(year)s", place=said.place or "……", year=festival.starts_on.year)
        ),
        "grounds": [f"{each};" for each in said.grounds],
        **_columns(said.unit, priced, kept_back),
        "rows": [_row(at, each, priced, kept_back) for at, each in enumerate(lines, start=1)],
        "up_to": list(accumulate(each.sum.net for each in lines)) if priced else [],
        "sums": _sums(whole, priced, kept_back),
        "total": _total(said, lines, whole, priced),
        "notes": _notes(said, lines, kept_back),
        "words": [str(_("Tổng cộng")), str(_("Cộng trang")), str(_("Mang sang"))],
        "signers": [[title, str(_("(Ký, ghi rõ họ tên)")), name] for title, name in said.signers],
    }


def _columns(unit: str, priced: bool, kept_back: bool) -> dict[str, Any]:
    """Heads, widths, which columns are figures, and in which one the money stands that is handed over (-1: there is none)."""
    heads: list[tuple[str, int, bool]] = [
        (str(_("STT")), 7, False),
        (str(_("Họ và tên")), 38, False),
        (str(_("Nội dung")), 23, False),
        (str(_("Đơn vị")), 34, False),
    ]
    if priced:
        heads.append((str(_("Mức chi (đồng)")), 20, True))
    heads.append((str(_("Số %(unit)s", unit=unit)), 10, True))
    if priced:
        heads.append((str(_("Thành tiền (đồng)")), 23, True))
    if kept_back:
        heads += [(str(_("Thuế TNCN (đồng)")), 20, True), (str(_("Thực nhận (đồng)")), 23, True)]
    money = len(heads) - 1 if priced else -1
    if priced:
        heads += [(str(_("Số CCCD")), 22, False), (str(_("Số tài khoản, ngân hàng")), 25, False)]
    heads.append((str(_("Ký nhận")), 22, False))
    return {
        "head": [each[0] for each in heads],
        "widths": [each[1] for each in heads],
        "figures": [each[2] for each in heads],
        "money_in": money,
    }


def _row(at: int, each: PaidLine, priced: bool, kept_back: bool) -> list[str]:
    said, money = each.said, each.sum
    cells = [str(at), said.name, said.role, said.place]
    if priced:
        cells.append(written_vnd(each.rate) if each.rate is not None else "–")
    cells.append(written_halves(said.halves))
    if priced:
        cells.append(written_vnd(money.amount))
    if kept_back:
        cells += [written_vnd(money.tax), written_vnd(money.net)]
    return cells + [""] * (3 if priced else 1)


def _sums(whole: PaySum, priced: bool, kept_back: bool) -> list[str]:
    """Below the columns of money, from the one of the amounts on."""
    if not priced:
        return []
    return [written_vnd(each) for each in ((whole.amount, whole.tax, whole.net) if kept_back else (whole.amount,))]


def _total(said: ListSaid, lines: Sequence[PaidLine], whole: PaySum, priced: bool) -> str:
    if not priced:
        halves = written_halves(sum(each.said.halves for each in lines))
        return str(
            _("Tổng số: %(n)s %(unit)s cho %(people)s người, đơn vị.", n=halves, unit=said.unit, people=len(lines))
        )
    values = {"money": written_vnd(whole.net), "words": vnd_in_words(whole.net)}
    if whole.tax:
        return str(_("Tổng số tiền thực nhận: %(money)s đồng. Bằng chữ: %(words)s.", **values))
    return str(_("Tổng số tiền: %(money)s đồng. Bằng chữ: %(words)s.", **values))


def _notes(said: ListSaid, lines: Sequence[PaidLine], kept_back: bool) -> list[str]:
    notes = [tax_words(said.tax)] if kept_back and said.tax.milli else []
    if kept_back:
        notes.append(str(_("Thuế làm tròn đến đồng, từ nửa đồng trở lên tính là một đồng.")))
    for at, each in enumerate(lines, start=1):
        if each.said.tax is not None:
            values = {"n": at, "rate": percent(each.said.tax), "why": each.said.why}
            notes.append(str(_("Dòng %(n)s: thuế %(rate)s %%, %(why)s.", **values)))
    return notes


# ------------------------------------------------------------------------------------------- as a workbook


def _workbook(values: Mapping[str, Any], at: datetime) -> bytes:
    """The same cells; money as numbers, so that the accountant can go on with them."""
    book, out = new_book(values["title"], values["code"])
    book.set_properties({"title": values["title"], "subject": values["code"], "created": at.replace(tzinfo=None)})
    bold = book.add_format({"bold": True})
    border = {"border": 1, "valign": "vcenter", "text_wrap": True}
    head, cell = book.add_format({**border, "bold": True, "align": "center"}), book.add_format(border)
    number, summed = (book.add_format({**border, "num_format": "#,##0", "bold": strong}) for strong in (False, True))
    sheet = book.add_worksheet(str(_("Danh sách")))
    above = [values["organ"], values["title"], values["under"], *values["grounds"]]
    for row, words in enumerate(above):
        sheet.write_string(row, 0, words, bold if row < 2 else None)
    first = len(above) + 1
    for column, words in enumerate(values["head"]):
        sheet.write_string(first, column, words, head)
        sheet.set_column(column, column, max(5, values["widths"][column] * 2 // 3))
    figures = values["figures"]
    last = first + len(values["rows"]) + 1
    for row, cells in enumerate(values["rows"], start=first + 1):
        for column, words in enumerate(cells):
            if figures[column] and (figure := _figure(words)) is not None:
                sheet.write_number(row, column, figure, number)
            else:
                sheet.write_string(row, column, words, cell)
    if values["sums"]:
        start = values["money_in"] - len(values["sums"]) + 1
        sheet.write_string(last, 1, values["words"][0], bold)
        for column, words in enumerate(values["sums"], start=start):
            sheet.write_number(last, column, _figure(words) or 0, summed)
    for row, words in enumerate([values["total"], *values["notes"], values["code"]], start=last + 2):
        sheet.write_string(row, 0, words)
    for place, (title, how, name) in enumerate(values["signers"]):
        for row, words in enumerate((title, how, "", "", name), start=last + 5 + len(values["notes"])):
            sheet.write_string(row, 1 + 2 * place, words, bold if words == title else None)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(first)
    sheet.freeze_panes(first + 1, 2)
    book.close()
    made: bytes = out.getvalue()
    return made


def _figure(words: str) -> int | Decimal | None:
    """1.500.000 as the number it is; 1,5 of a column that counts halves."""
    whole, _comma, part = words.replace(".", "").partition(",")
    if not whole.isdigit():
        return None
    return Decimal(f"{whole}.{part}") if part else int(whole)
