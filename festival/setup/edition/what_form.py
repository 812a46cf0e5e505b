"""What may be typed in the first step, and how does it become the `festival` of the rule document?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from festival.core.sentence import Sentence
from festival.core.text import line
from festival.core.web.forms import Form
from festival.core.web.i18n import say
from festival.editions.rules.document import LONGEST_TEXT
from festival.setup.days import typed_day, written_day
from festival.setup.edition.naming import LONGEST
from festival.setup.pieces import Piece

DAYS = ("starts_on", "ends_on", "registration_closes_on", "data_kept_until")
TEXTS = ("name", "short_name", "ordinal", "theme", "organiser", "host", "venue", "help_line")
RESERVED = frozenset({"new"})  # /office/setup/new is no edition
AS_A_DAY = _l("Ghi ngày như 14/6/2024.")


def _cleaned(value: str | None) -> str | None:
    return line(value) if isinstance(value, str) else value


def _text(words: object, *more: object) -> StringField:
    return StringField(words, [*more, Length(max=LONGEST_TEXT)], filters=[_cleaned])


class WhatForm(Form):
    """Name, days, place, who organises; the days in words people write."""

    name = _text(_l("Tên ngày hội, như trên giấy tờ"), DataRequired(_l("Nhập tên ngày hội.")))
    starts_on = StringField(_l("Ngày khai mạc"), [DataRequired(_l("Ghi ngày khai mạc, ví dụ 14/6/2024."))])
    ends_on = StringField(_l("Ngày bế mạc"))
    registration_closes_on = StringField(_l("Hạn đăng ký"))
    organiser = _text(_l("Cơ quan tổ chức, đứng tên trên giấy tờ"), DataRequired(_l("Nhập cơ quan tổ chức.")))
    venue = _text(_l("Địa điểm"))
    host = _text(_l("Đơn vị đăng cai"))
    theme = _text(_l("Chủ đề"))
    short_name = _text(_l("Tên gọn, dùng ở đầu trang"))
    ordinal = _text(_l("Lần thứ"))
    help_line = _text(_l("Số điện thoại hỗ trợ"))
    data_kept_until = StringField(_l("Giữ dữ liệu cá nhân đến hết ngày"))
    commune_contest = BooleanField(_l("Đây là hội thi cấp xã"))

    def validate_starts_on(self, field: StringField) -> None:
        """A day."""
        _day(field)

    def validate_ends_on(self, field: StringField) -> None:
        """Empty, or a day not before the first."""
        ends, starts = _day(field), typed_day(self.starts_on.data or "")
        if ends and starts and ends < starts:
            raise ValidationError(
                _(
                    "Ngày bế mạc %(end)s trước ngày khai mạc %(start)s. Xem lại hai ngày.",
                    end=_said(ends),
                    start=_said(starts),
                )
            )

    def validate_registration_closes_on(self, field: StringField) -> None:
        """Empty, or a day not after the first."""
        closes, starts = _day(field), typed_day(self.starts_on.data or "")
        if closes and starts and closes > starts:
            raise ValidationError(
                _(
                    "Hạn đăng ký %(end)s sau ngày khai mạc %(start)s. Chọn ngày sớm hơn.",
                    end=_said(closes),
                    start=_said(starts),
                )
            )

    def validate_data_kept_until(self, field: StringField) -> None:
        """Empty, or a day after the last."""
        kept = _day(field)
        ends = typed_day(self.ends_on.data or "") or typed_day(self.starts_on.data or "")
        if kept and ends and kept <= ends:
            raise ValidationError(_("Ngày này phải sau ngày bế mạc %(end)s.", end=_said(ends)))

    def piece(self, held: Mapping[str, Any]) -> Piece:
        """`held` with what was typed; what was left empty is not said, so defaults hold."""
        typed: dict[str, Any] = {key: self[key].data or None for key in TEXTS}
        for key in DAYS:
            day = typed_day(self[key].data or "")
            typed[key] = day.isoformat() if day else None
        typed["ends_on"] = typed["ends_on"] or typed["starts_on"]
        typed["commune_contest"] = True if self.commune_contest.data else None
        return {key: value for key, value in {**held, **typed}.items() if value is not None}

    def told(self, faults: Mapping[str, Sequence[Sentence]]) -> bool:
        """Put what the reader of rule files says beside its fields; whether every fault has found one."""
        found = True
        for key, reasons in faults.items():
            field = self._fields.get(key)
            if field is None:
                found = False
                continue
            field.errors = [*field.errors, *(say(each) for each in reasons)]
        return found


class NewForm(WhatForm):
    """The same for an edition that is not there yet: its code, once and for all."""

    code = StringField(
        _l("Mã, dùng trong địa chỉ"),
        [
            Optional(),
            Length(max=LONGEST),
            Regexp(r"^[a-z0-9]+(-[a-z0-9]+)*$", message=_l("Mã chỉ gồm chữ thường không dấu, số và dấu gạch nối.")),
        ],
        filters=[_cleaned],
    )

    def validate_code(self, field: StringField) -> None:
        """No word that is an address of its own."""
        if field.data in RESERVED:
            raise ValidationError(_("Chọn mã khác: mã này là địa chỉ của một trang."))


def written(festival: Mapping[str, Any]) -> dict[str, Any]:
    """What stands in the fields for the `festival` of a document."""
    days = {key: written_day(festival.get(key)) for key in DAYS}
    if days["ends_on"] == days["starts_on"]:
        days["ends_on"] = ""  # a festival of one day moves by its one day
    texts = {key: str(festival.get(key) or "") for key in TEXTS}
    return texts | days | {"commune_contest": bool(festival.get("commune_contest"))}


def unlike(form: WhatForm, festival: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The fields in which what was typed is not what stands now: their name, and what stands."""
    found = []
    for key, stands in written(festival).items():
        typed = form[key].data
        if key == "ends_on" and typed_day(typed or "") == typed_day(form.starts_on.data or ""):
            typed = ""
        if key in DAYS:
            same = typed_day(typed or "") == typed_day(stands) if typed and stands else (typed or "") == stands
        else:
            same = (typed or "") == stands if key != "commune_contest" else bool(typed) == stands
        if not same:
            shown = (_("có") if stands else _("không")) if key == "commune_contest" else stands or _("để trống")
            found.append((str(form[key].label.text), shown))
    return found


def _day(field: StringField) -> date | None:
    if not (field.data or "").strip():
        return None
    day = typed_day(field.data)
    if day is None:
        raise ValidationError(str(AS_A_DAY))
    return day


def _said(day: date) -> str:
    return written_day(day.isoformat())
