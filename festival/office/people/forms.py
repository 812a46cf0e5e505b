"""What is asked of one new account, with the delegations of an officer in the same form?"""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, SelectMultipleField, StringField, TelField
from wtforms.validators import DataRequired, Length, Optional, Regexp, ValidationError

from festival.accounts.actions import CODE_DAYS
from festival.accounts.roles import Role
from festival.accounts.words import ROLE_WORDS
from festival.core.phones import phone
from festival.core.sentence import Sentence
from festival.core.web.forms import Form, choices_of
from festival.core.web.i18n import say
from festival.roster.models import Delegation

DAY_CHOICES = [(str(days), _l("%(n)s ngày", n=days)) for days in CODE_DAYS]


class NewAccountForm(Form):
    """An account the organiser makes; the person sets the password by a one-time code."""

    name = StringField(_l("Họ và tên"), [DataRequired(_l("Nhập họ và tên.")), Length(max=120)])
    login = StringField(
        _l("Tên đăng nhập"),
        [
            Optional(),
            Length(max=80),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_l("Chỉ dùng chữ không dấu, số, dấu chấm và gạch nối.")),
        ],
    )
    phone = TelField(_l("Số điện thoại"), [Optional()])
    roles = SelectMultipleField(
        _l("Vai trò"),
        [DataRequired(_l("Chọn ít nhất một vai trò."))],
        choices=choices_of((role.value, words) for role, words in ROLE_WORDS.items()),
    )
    delegations = SelectMultipleField(_l("Đoàn phụ trách"), choices=[])
    days = SelectField(_l("Mã QR dùng được trong"), choices=choices_of(DAY_CHOICES), default="1")

    def offer(self, delegations: Sequence[Delegation]) -> None:
        """The delegations an officer may be given."""
        self.delegations.choices = choices_of((each.code, each.name) for each in delegations)

    def validate_phone(self, field: TelField) -> None:
        """A Vietnamese number."""
        outcome = phone(field.data or "")
        if isinstance(outcome, Sentence):
            raise ValidationError(say(outcome))

    def validate_delegations(self, field: SelectMultipleField) -> None:
        """Only who registers families is given a delegation."""
        if field.data and Role.OFFICER.value not in (self.roles.data or []):
            words = _l("Chỉ công chức văn hóa - xã hội phụ trách đoàn. Chọn thêm vai trò này, hoặc bỏ chọn đoàn.")
            raise ValidationError(words)
