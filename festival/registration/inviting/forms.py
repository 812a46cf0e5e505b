"""What does somebody type who asks for an account by an invitation?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, PasswordField, StringField, TelField
from wtforms.validators import DataRequired, EqualTo, Length, ValidationError

from festival.accounts.passwords import weakness
from festival.core.phones import phone
from festival.core.sentence import Sentence
from festival.core.web.forms import Form
from festival.core.web.i18n import say

UNLIKE = _l("Hai lần nhập chưa giống nhau. Nhập lại cả hai.")


class JoinForm(Form):
    """Name, phone, and the password that will open the account."""

    once = HiddenField()
    name = StringField(_l("Họ và tên"), [DataRequired(_l("Ghi họ và tên.")), Length(max=120)])
    phone = TelField(
        _l("Số điện thoại"), [DataRequired(_l("Ghi số điện thoại để Ban Tổ chức gọi xác nhận.")), Length(max=40)]
    )
    password = PasswordField(_l("Mật khẩu"), [DataRequired(_l("Nhập mật khẩu.")), Length(max=200)])
    again = PasswordField(_l("Nhập lại mật khẩu"), [DataRequired(UNLIKE), EqualTo("password", UNLIKE)])

    @property
    def number(self) -> str:
        """The phone as it is kept; only of a form that is valid."""
        return str(phone(self.phone.data))

    def validate_phone(self, field: TelField) -> None:
        """A number that can be called."""
        if isinstance(found := phone(field.data), Sentence):
            raise ValidationError(say(found))

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is guessed first."""
        if why := weakness(field.data or "", self.phone.data or "", self.name.data or ""):
            raise ValidationError(say(why))
