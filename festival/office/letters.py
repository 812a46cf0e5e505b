"""Which letter does the organiser get of the ledger? One each night with its heads, and one whenever a check finds something.

A head that lies in a mailbox cannot be changed together with the database: with it, `flask ledger verify --head` sees a
ledger that was cut or written anew. The letter names no mark, no person and no row.
"""

from __future__ import annotations

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select

from config import Config
from festival.core.database import db
from festival.core.ledger import LedgerHead
from festival.core.post.mail import send_mail
from festival.core.seal.checks import CheckCause, LedgerCheck

OF_THE_ORGANISER = "vi"


def tell_of_check(check: LedgerCheck) -> None:
    """Written in the transaction that keeps the outcome; without `FESTIVAL_ORGANISER_EMAIL` nobody is written to."""
    config: Config = current_app.config["FESTIVAL"]
    if not config.organiser_email or (check.clean and check.cause is not CheckCause.NIGHTLY):
        return
    heads = db.session.execute(
        select(LedgerHead.stream, LedgerHead.size, LedgerHead.hash).order_by(LedgerHead.stream)
    ).all()
    if not heads:
        return
    with force_locale(OF_THE_ORGANISER):
        send_mail(
            config.organiser_email,
            _("Sổ ghi: mọi bảng khớp với sổ") if check.clean else _("Sổ ghi: CÓ CHỖ KHÔNG KHỚP, cần xem ngay"),
            "ledger_check.txt",
            check=check,
            heads=heads,
        )
