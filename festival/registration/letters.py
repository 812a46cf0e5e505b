"""Which letter does a family get when its registration has come in?"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.core.outbox import send_mail
from festival.editions.models import Festival
from festival.registration.household import Household


def send_received(household: Household, festival: Festival, link: str) -> None:
    """The receipt with the family's own link, where an address was given."""
    if household.email:
        send_mail(
            household.email,
            _("Đã nhận hồ sơ đăng ký ngày hội"),
            "registration_received.txt",
            name=household.name,
            festival=festival,
            link=link,
        )
