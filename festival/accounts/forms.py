"""What may be typed to sign in, make an account or set a password?"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SelectMultipleField, StringField
from wtforms.validators import DataRequired, EqualTo, Length, Regexp

from festival.accounts.passwords import LEAST_CHARACTERS
from festival.accounts.words import ROLE_WORDS
from festival.core.web.forms import Form, choices_of


class SignInForm(Form):
    """Login and password."""

    login = StringField(_l("Tên đăng nhập"), [DataRequired(_l("Nhập tên đăng nhập.")), Length(max=80)])
    password = PasswordField(_l("Mật khẩu"), [DataRequired(_l("Nhập mật khẩu.")), Length(max=200)])


class NewPasswordForm(Form):
    """A password, twice."""

    password = PasswordField(
        _l("Mật khẩu mới"),
        [
            DataRequired(_l("Nhập mật khẩu mới.")),
            Length(LEAST_CHARACTERS, 200, _l("Mật khẩu cần ít nhất 8 ký tự.")),
        ],
    )
    again = PasswordField(
        _l("Nhập lại mật khẩu mới"), [EqualTo("password", _l("Hai lần nhập chưa giống nhau. Nhập lại cả hai."))]
    )


class AccountForm(Form):
    """Who an account belongs to and what it is for."""

    name = StringField(_l("Họ và tên"), [DataRequired(_l("Nhập họ và tên.")), Length(max=120)])
    roles = SelectMultipleField(
        _l("Vai trò"),
        [DataRequired(_l("Chọn ít nhất một vai trò."))],
        choices=choices_of((role.value, words) for role, words in ROLE_WORDS.items()),
    )


class NewUserForm(AccountForm):
    """An account the organiser makes; the person sets the password by a one-time code."""

    login = StringField(
        _l("Tên đăng nhập"),
        [
            DataRequired(_l("Nhập tên đăng nhập.")),
            Length(max=80),
            Regexp(r"^[A-Za-z0-9._-]+$", message=_l("Chỉ dùng chữ không dấu, số, dấu chấm và gạch nối.")),
        ],
    )
