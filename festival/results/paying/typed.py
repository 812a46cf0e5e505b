"""Is what was typed for a list, a line or a receipt good? BadInput says which box, and what to write in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _

from festival.core.text import line
from festival.core.web.errors import BadInput
from festival.core.web.i18n import day as day_words
from festival.registration.signing.typed import day_of
from festival.results.award_papers.said import MOST_VND, vnd, written_vnd
from festival.results.paying.drawing import percent
from festival.results.paying.kinds import TaxRule
from festival.results.paying.sums import HUNDRED_PERCENT, LineSaid, ListSaid

LONGEST, MOST_GROUNDS = 200, 20
MOST_HALVES = 20_000  # 10 000 portions


def list_typed(form: Mapping[str, str], before: ListSaid, roles: Sequence[str]) -> ListSaid:
    """The whole head of a list; the rate of each role in `rate-1`, `rate-2` … beside its name in `role-1` …"""
    title, unit = (
        _needed(form, "title", _("Ghi tên danh sách.")),
        _needed(form, "unit", _("Ghi đơn vị tính, ví dụ ngày.")),
    )
    grounds = tuple(
        _short(each, "grounds") for each in map(line, form.get("grounds", "").splitlines()) if each.strip(" ;")
    )
    if len(grounds) > MOST_GROUNDS:
        raise BadInput(_("Nhiều nhất %(n)s dòng.", n=MOST_GROUNDS), field="grounds")
    rates = dict(before.rates)
    for place, role in enumerate(roles, start=1):
        if form.get(f"role-{place}") != role:  # the page was drawn before this role came
            continue
        rate = rate_typed(form.get(f"rate-{place}", ""), f"rate-{place}")
        rates = {name: each for name, each in rates.items() if name != role} | ({} if rate is None else {role: rate})
    signers = tuple(
        (
            _short(line(form.get(f"title-{at}", "")), f"title-{at}"),
            _short(line(form.get(f"signer-{at}", "")), f"signer-{at}"),
        )
        for at in range(1, 1 + len(before.signers))
    )
    tax = TaxRule(tax_typed(form.get("tax", ""), "tax") or 0, _start(form.get("start", "")), form.get("above") == "y")
    return ListSaid(
        title,
        unit,
        tax,
        _short(line(form.get("place", "")), "place"),
        tuple(each.strip(" ;") for each in grounds),
        rates,
        signers,
    )


def line_typed(form: Mapping[str, str], *, out: str = "") -> LineSaid:
    """One line. `out`: why it is left out, where it is."""
    tax = tax_typed(form.get("own_tax", ""), "own_tax")
    why = _short(line(form.get("why", "")), "why")
    if tax is not None and not why:
        raise BadInput(
            _("Ghi lý do thuế suất riêng, ví dụ có hợp đồng lao động, có bản cam kết, người không cư trú."), field="why"
        )
    if why and tax is None:
        raise BadInput(_("Có lý do nhưng chưa ghi thuế suất riêng. Miễn thuế thì ghi 0."), field="own_tax")
    return LineSaid(
        _needed(form, "name", _("Ghi họ tên, hoặc tên đơn vị nhận.")),
        _short(line(form.get("role", "")), "role"),
        _short(line(form.get("place", "")), "place"),
        rate_typed(form.get("rate", ""), "rate"),
        halves_typed(form.get("count", ""), "count"),
        tax,
        why,
        out,
    )


def rate_typed(typed: str, field: str) -> int | None:
    """VND for one unit; None for an empty box."""
    rate = vnd(typed)
    if rate is None:
        raise BadInput(
            _(
                "Mức chi là số đồng từ 0 đến %(most)s, ví dụ 300.000; để trống thì theo mức của nội dung.",
                most=written_vnd(MOST_VND),
            ),
            field=field,
        )
    return rate if typed.strip() else None


def halves_typed(typed: str, field: str) -> int:
    """Whole or half units: 2, 1,5."""
    whole, comma, part = line(typed).replace(".", ",").partition(",")
    good = whole.isascii() and whole.isdigit() and len(whole) <= 6 and (part in ("5", "0") if comma else True)
    halves = 2 * int(whole) + (part == "5") if good else 0
    if not 1 <= halves <= MOST_HALVES:
        raise BadInput(
            _("Số lượng là số từ 0,5 đến %(most)s, tính đến nửa: 1; 1,5; 2.", most=written_vnd(MOST_HALVES // 2)),
            field=field,
        )
    return halves


def tax_typed(typed: str, field: str) -> int | None:
    """1/1000 percent; None for an empty box."""
    text = line(typed).removesuffix("%").strip().replace(".", ",")
    if not text:
        return None
    whole, comma, part = text.partition(",")
    good = (
        all(each.isascii() and each.isdigit() for each in (whole, *([part] if comma else [])))
        and len(whole) <= 3
        and len(part) <= 3
    )
    milli = int(whole) * 1000 + int(part.ljust(3, "0") if part else 0) if good else HUNDRED_PERCENT + 1
    if milli > HUNDRED_PERCENT:
        raise BadInput(_("Thuế suất là số phần trăm từ 0 đến 100, ví dụ 10 hoặc 7,5."), field=field)
    return milli


def receipt_typed(form: Mapping[str, str], today: date, *, receiver: str | None = None) -> tuple[str, str, date]:
    """Who received, who paid it out, on which day. `receiver`: known already."""
    day = day_of(form.get("day", ""), _("Ghi ngày nhận như 14/6/2026."))
    if day > today:
        raise BadInput(_("Ngày nhận %(day)s chưa đến. Xem lại ngày ký trên giấy.", day=day_words(day)), field="day")
    who = _needed(form, "receiver", _("Ghi ai đã ký nhận.")) if receiver is None else receiver
    return who, _needed(form, "payer", _("Ghi ai chi, ví dụ thủ quỹ.")), day


def reason_typed(form: Mapping[str, str], words: str, field: str = "reason") -> str:
    """Why something is left out, put away or taken back."""
    return _needed(form, field, words)


def shown_line(said: LineSaid) -> dict[str, Any]:
    """In the boxes of the form."""
    return {
        "name": said.name,
        "role": said.role,
        "place": said.place,
        "rate": "" if said.rate is None else written_vnd(said.rate),
        "tax": "" if said.tax is None else percent(said.tax),
        "why": said.why,
    }


def _start(typed: str) -> int:
    start = vnd(typed)
    if start is None:
        raise BadInput(
            _("Mức bắt đầu khấu trừ là số đồng, ví dụ 2.000.000; để trống thì tính từ đồng đầu tiên."), field="start"
        )
    return start


def _needed(form: Mapping[str, str], field: str, words: str) -> str:
    text = line(form.get(field, ""))
    if not text:
        raise BadInput(words, field=field)
    return _short(text, field)


def _short(text: str, field: str) -> str:
    if len(text) > LONGEST:
        raise BadInput(_("Dài quá %(n)s ký tự. Viết ngắn lại.", n=LONGEST), field=field)
    return text
