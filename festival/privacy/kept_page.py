"""The public page: what is kept, where, and until when."""

from __future__ import annotations

from flask import current_app, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from config import Config
from festival.core.security_log import KEPT as LOG_KEPT
from festival.core.web.access import public
from festival.core.web.i18n import day
from festival.editions import retention
from festival.editions.queries import the_festival
from festival.privacy.blueprint import bp
from festival.privacy.holdings import KeptUntil, holdings


@bp.get("/privacy/kept")
@public
def kept_page() -> ResponseReturnValue:
    """Drawn from the same lists as the erasure itself."""
    festival = the_festival()
    days = retention.kept(festival)
    config: Config = current_app.config["FESTIVAL"]
    until = {
        KeptUntil.DATA: day(days.data_until),
        KeptUntil.PAPERS: day(days.papers_until),
        KeptUntil.AGREED: _("hai năm sau ngày cuối của ngày hội, hoặc khi rút lại"),
        KeptUntil.ACCOUNT: _("khi còn làm việc cho ngày hội"),
        KeptUntil.COPIES: _("nhiều nhất %(n)s ngày", n=config.backup_days),
        KeptUntil.LOG: _("nhiều nhất %(n)s ngày", n=LOG_KEPT.days),
    }
    return render_template("privacy/kept.html", festival=festival, holdings=holdings(), until=until, days=days)
