"""How does the organiser type the times of a phase?

One line each, as people write it: 14/6/2024 7:30. No wheel pickers (interface, "Targets").
"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import DataRequired, ValidationError

from festival.core.web.forms import Form
from festival.core.web.moments import read_moment


class PhaseForm(Form):
    """Opening and closing of one phase."""

    opens = StringField(_l("Mở lúc"), [DataRequired(_l("Ghi ngày giờ mở, ví dụ 14/6/2024 7:30."))])
    closes = StringField(_l("Đóng lúc"))

    def validate_opens(self, field: StringField) -> None:
        """A moment."""
        if read_moment(field.data or "") is None:
            raise ValidationError(_("Ghi ngày giờ như 14/6/2024 7:30."))

    def validate_closes(self, field: StringField) -> None:
        """Empty, or a moment after the opening."""
        if not (field.data or "").strip():
            return
        closes, opens = read_moment(field.data), read_moment(self.opens.data or "")
        if closes is None:
            raise ValidationError(_("Ghi ngày giờ như 14/6/2024 7:30, hoặc để trống nếu chưa định."))
        if opens is not None and closes <= opens:
            raise ValidationError(_("Giờ đóng phải sau giờ mở."))
