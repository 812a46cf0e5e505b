"""What does the organiser type to announce something?"""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import DataRequired, Length, ValidationError

from festival.contests.models import Contest
from festival.core.web.forms import Form, choices_of
from festival.messages.models import Audience
from festival.messages.spoken import LONGEST, Lasting
from festival.roster.models import Delegation

AUDIENCE_WORDS = {
    Audience.ALL: _l("Mọi người"),
    Audience.DELEGATION: _l("Một đoàn"),
    Audience.ENTRY: _l("Những người của một tiết mục"),
}
LASTING_WORDS = {
    Lasting.HOUR: _l("Một giờ"),
    Lasting.THREE_HOURS: _l("Ba giờ"),
    Lasting.TODAY: _l("Đến hết hôm nay"),
    Lasting.FESTIVAL: _l("Đến hết ngày hội"),
    Lasting.TYPED: _l("Đến giờ ghi dưới đây"),
}


class WordsForm(Form):
    """Words and hour: what can be corrected of an announcement."""

    words = TextAreaField(
        _l("Nội dung thông báo"),
        [
            DataRequired(_l("Ghi nội dung thông báo.")),
            Length(max=LONGEST, message=_l("Dài quá 300 chữ cái. Thông báo ngắn mới được đọc hết.")),
        ],
    )
    lasting = RadioField(
        _l("Có hiệu lực"), [DataRequired()], choices=choices_of((k.value, v) for k, v in LASTING_WORDS.items())
    )
    until = StringField(_l("Hết hiệu lực lúc"))


class AnnouncementForm(WordsForm):
    """A new one: also whom it is for."""

    key = HiddenField()
    audience = RadioField(
        _l("Gửi tới"), [DataRequired()], choices=choices_of((k.value, v) for k, v in AUDIENCE_WORDS.items())
    )
    delegation = SelectField(_l("Đoàn"), default="")
    contest = SelectField(_l("Phần thi"), default="")
    act = StringField(_l("Số báo danh hoặc tên tiết mục"), [Length(max=120)])

    def offer(self, delegations: Iterable[Delegation], contests: Iterable[Contest]) -> None:
        """What there is to choose from."""
        self.delegation.choices = choices_of([("", _("(chọn đoàn)")), *((row.code, row.name) for row in delegations)])
        self.contest.choices = choices_of([("", _("(chọn phần thi)")), *((row.code, row.name) for row in contests)])

    def validate_delegation(self, field: SelectField) -> None:
        """Needed when a delegation is meant."""
        if self.audience.data == Audience.DELEGATION and not field.data:
            raise ValidationError(_("Chọn đoàn nhận thông báo."))

    def validate_contest(self, field: SelectField) -> None:
        """Needed when an act is meant."""
        if self.audience.data == Audience.ENTRY and not field.data:
            raise ValidationError(_("Chọn phần thi của tiết mục."))

    def validate_act(self, field: StringField) -> None:
        """Needed when an act is meant."""
        if self.audience.data == Audience.ENTRY and not (field.data or "").strip():
            raise ValidationError(_("Ghi số báo danh, hoặc một phần tên của tiết mục."))
