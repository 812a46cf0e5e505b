"""What may be typed to sign in, make an account or set a password?"""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp, ValidationError

from festival.accounts.passwords import weakness
from festival.accounts.pins import is_weak
from festival.accounts.words import ROLE_WORDS
from festival.core.web.forms import Form, choices_of
from festival.core.web.i18n import say

LOGIN_RULES = [
    DataRequired(_l("Nhập tên đăng nhập.")),
    Length(max=80),
    Regexp(r"^[A-Za-z0-9._-]+$", message=_l("Chỉ dùng chữ không dấu, số, dấu chấm và gạch nối.")),
]
UNLIKE = _l("Hai lần nhập chưa giống nhau. Nhập lại cả hai.")


class SignInForm(Form):
    """Login and password."""

    login = StringField(_l("Tên đăng nhập"), [DataRequired(_l("Nhập tên đăng nhập.")), Length(max=80)])
    password = PasswordField(_l("Mật khẩu"), [DataRequired(_l("Nhập mật khẩu.")), Length(max=200)])


class NewPasswordForm(Form):
    """A password, twice; `names` are the login and the name of whose it will be."""

    names: tuple[str, ...] = ()

    password = PasswordField(_l("Mật khẩu mới"), [DataRequired(_l("Nhập mật khẩu mới.")), Length(max=200)])
    again = PasswordField(_l("Nhập lại mật khẩu mới"), [DataRequired(UNLIKE), EqualTo("password", UNLIKE)])

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is guessed first."""
        if why := weakness(field.data or "", *self.names):
            raise ValidationError(say(why))


class OwnPasswordForm(NewPasswordForm):
    """The old one is asked too."""

    old = PasswordField(_l("Mật khẩu hiện nay"), [DataRequired(_l("Nhập mật khẩu hiện nay.")), Length(max=200)])


class OwnPinForm(Form):
    """Six digits, twice, and the password that says whose they are."""

    owner_password = PasswordField(
        _l("Mật khẩu hiện nay"), [DataRequired(_l("Nhập mật khẩu hiện nay.")), Length(max=200)]
    )
    pin = PasswordField(_l("Mã PIN mới"), [DataRequired(_l("Nhập mã PIN gồm 6 chữ số."))])
    pin_again = PasswordField(_l("Nhập lại mã PIN mới"), [DataRequired(UNLIKE), EqualTo("pin", UNLIKE)])

    def validate_pin(self, field: PasswordField) -> None:
        """Six digits that are not everybody's first guess."""
        try:
            weak = is_weak(field.data or "")
        except ValueError as error:
            raise ValidationError(_("Mã PIN gồm đúng 6 chữ số.")) from error
        if weak:
            raise ValidationError(_("Mã PIN này quá dễ đoán (một chữ số lặp lại hoặc dãy liên tiếp). Chọn số khác."))


class AccountForm(Form):
    """Who an account belongs to and what it is for."""

    name = StringField(_l("Họ và tên"), [DataRequired(_l("Nhập họ và tên.")), Length(max=120)])
    roles = SelectMultipleField(
        _l("Vai trò"),
        [DataRequired(_l("Chọn ít nhất một vai trò."))],
        choices=choices_of((role.value, words) for role, words in ROLE_WORDS.items()),
    )


class FirstOrganiserForm(Form):
    """Whoever looks after the festival first: name, login and password at once."""

    name = StringField(_l("Họ và tên"), [DataRequired(_l("Nhập họ và tên.")), Length(max=120)])
    login = StringField(_l("Tên đăng nhập"), LOGIN_RULES)
    password = PasswordField(_l("Mật khẩu"), [DataRequired(_l("Nhập mật khẩu.")), Length(max=200)])
    again = PasswordField(_l("Nhập lại mật khẩu"), [DataRequired(UNLIKE), EqualTo("password", UNLIKE)])

    def validate_password(self, field: PasswordField) -> None:
        """Refuse what is guessed first."""
        if why := weakness(field.data or "", self.login.data or "", self.name.data or ""):
            raise ValidationError(say(why))
