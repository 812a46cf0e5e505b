"""What may be typed to let a device in?"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField
from wtforms.validators import DataRequired, Length, ValidationError

from festival.core.numbers import typed_number
from festival.core.web.forms import Form, choices_of
from festival.devices.handlers import DeviceRole
from festival.devices.words import ENROLLED_ROLES, ROLE_WORDS


class EnrolmentForm(Form):
    """What the device will be for; a judge's tablet belongs to the judge. Offered is what the account may let in."""

    role = RadioField(
        _l("Máy dùng để làm gì"),
        [DataRequired(_l("Chọn việc của máy."))],
        choices=[],
    )
    station = StringField(_l("Nơi đặt máy"), [Length(max=60)])
    user_id = SelectField(_l("Giám khảo"), coerce=lambda value: typed_number(str(value or "")), validate_choice=False)

    def __init__(self, roles: Collection[DeviceRole], judges: Collection[tuple[int, str]], **more: Any) -> None:
        offered = [role for role in ENROLLED_ROLES if role in roles]
        super().__init__(**{"role": offered[0].value if offered else "", **more})
        self.role.choices = choices_of((role.value, ROLE_WORDS[role]) for role in offered)
        self.user_id.choices = choices_of([("", "—"), *((str(number), name) for number, name in judges)])

    def validate_station(self, field: StringField) -> None:
        """A gate without a name could not be named to the second gate."""
        if self.role.data != DeviceRole.JUDGE and not (field.data or "").strip():
            raise ValidationError(_("Nhập nơi đặt máy, ví dụ: Cổng 1."))

    def validate_user_id(self, field: SelectField) -> None:
        """A score sheet is somebody's."""
        known = {choice.value for choice in field.choices}
        if self.role.data == DeviceRole.JUDGE and (not field.data or str(field.data) not in known):
            raise ValidationError(_("Chọn giám khảo sẽ dùng máy này."))
