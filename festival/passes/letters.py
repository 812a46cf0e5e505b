"""Which letter does a family get when its pass or its link is another from now on?"""

from __future__ import annotations

from flask_babel import force_locale
from flask_babel import gettext as _

from festival.core import qr
from festival.core.post.mail import language_of, send_mail
from festival.core.post.outbox import Attachment
from festival.editions.models import Festival
from festival.passes import tokens
from festival.passes.models import Pass
from festival.roster.links.of_families import link_code
from festival.roster.models import Family


def send_renewed(family: Family, festival: Festival, row: Pass | None, *, new_link: bool) -> None:
    """The pass in force now with its picture (`row`), and the link; nothing without an address."""
    if not family.email:
        return
    attached = [Attachment("ma-qr-gia-dinh.png", "image/png", qr.png(tokens.qr_text(row)))] if row else []
    with force_locale(language_of(family.email)):
        send_mail(
            family.email,
            _("Thẻ mới của gia đình") if row else _("Liên kết mới của gia đình"),
            "pass_renewed.txt",
            attached,
            about=family.code,
            family=family,
            festival=festival,
            typed=tokens.typed_of(row) if row else "",
            link=link_code(family),
            new_link=new_link,
        )
