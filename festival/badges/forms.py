"""What is asked of somebody outside families, in the words of the page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TelField
from wtforms.validators import DataRequired

from festival.badges.lists import BadgeDesk
from festival.badges.people import Outsider, TypedOutsider, read
from festival.badges.queries import look_of
from festival.core.clock import today
from festival.core.web.forms import Form, choices_of
from festival.core.web.i18n import say

NOT_OF_OFFICERS = ("rank", "seat")


class OutsiderForm(Form):
    """One person of a list. Order of rank and seat are the organiser's to give."""

    name = StringField(_l("Họ và tên"), [DataRequired(_l("Nhập họ và tên."))])
    badge = SelectField(_l("Lớp thẻ"), [DataRequired()], choices=[], validate_choice=False)
    honorific = StringField(_l("Xưng hô"))
    title = StringField(_l("Chức danh, việc làm"))
    rank = StringField(_l("Thứ tự giới thiệu"))
    seat = StringField(_l("Chỗ ngồi"))
    phone = TelField(_l("Số điện thoại"))
    birth = StringField(_l("Ngày sinh hoặc năm sinh"))

    def offer(self, desk: BadgeDesk, kept: Outsider | None = None) -> None:
        """The classes of this list, and the one somebody has already, whoever gave it."""
        looks = [look_of(badge) for badge in desk.classes] + [look_of(kind.base, kind) for kind in desk.kinds]
        choices = [(look.key, look.word) for look in looks]
        if kept is not None and kept_key(kept) not in {key for key, _word in choices}:
            choices.append((kept_key(kept), _l("Giữ lớp thẻ đang có")))
        self.badge.choices = choices_of(choices)
        if not desk.organiser:
            for name in NOT_OF_OFFICERS:
                del self[name]

    def show(self, kept: Outsider) -> None:
        """What is known already."""
        for name in ("name", "honorific", "title", "phone"):
            self[name].data = getattr(kept, name)
        self.badge.data = kept_key(kept)
        self.birth.data = str(kept.birth or "")
        if "rank" in self:
            self.rank.data, self.seat.data = str(kept.rank or ""), kept.seat

    def read(self, desk: BadgeDesk, kept: Outsider | None = None) -> Outsider | None:
        """The person as typed; None when a field is at fault, which then says so."""
        chosen = self.badge.data or ""
        own = (kept.badge, kept.kind) if kept is not None and chosen == kept_key(kept) else desk.chosen(chosen)
        texts = {field.short_name: field.data or "" for field in self if field.short_name != "badge"}
        if kept is not None and not desk.organiser:
            texts |= {"rank": str(kept.rank or ""), "seat": kept.seat}
        who, faults = read(TypedOutsider(**texts), *own, today(), desk.festival.starts_on)
        for name, fault in faults:
            field = self[name]
            field.errors = [*field.errors, say(fault)]
        return None if faults else who


def kept_key(kept: Outsider) -> str:
    """What the field of the class sends for somebody."""
    return kept.kind or kept.badge
