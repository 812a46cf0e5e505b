"""What was chosen and typed on the pages of substitutions?"""

from __future__ import annotations

from flask import request
from flask_babel import gettext as _

from festival.core.numbers import typed_number
from festival.core.text import line
from festival.core.web.errors import BadInput

LONGEST_WHY = 600


def chosen() -> str:
    """What the form of the choosing page holds, as its address says it; '' when something was not chosen."""
    reserve, entry = request.args.get("reserve", ""), request.args.get("entry", "")
    if reserve:
        return f"family-{reserve}"
    leaves, comes = request.args.get("out", ""), request.args.get("in", "")
    return f"{entry}-{leaves}-{comes}" if entry and leaves and comes else ""


def typed_why() -> str:
    """The reason, and that who must agree was asked."""
    why = line(request.form.get("why", ""))
    if not why:
        raise BadInput(_("Hãy ghi lý do thay; sổ giữ lại."))
    if len(why) > LONGEST_WHY:
        raise BadInput(_("Lý do dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST_WHY))
    if request.form.get("agreed") != "y":
        raise BadInput(_("Hãy hỏi những người phải đồng ý rồi đánh dấu."))
    return why


def typed_reason() -> str:
    """Why it is refused or undone."""
    reason = line(request.form.get("reason", ""))
    if not reason:
        raise BadInput(_("Hãy ghi lý do, người gửi sẽ đọc."))
    if len(reason) > LONGEST_WHY:
        raise BadInput(_("Lý do dài quá %(most)s ký tự. Hãy rút gọn.", most=LONGEST_WHY))
    return reason


def typed_version() -> int:
    """The version of the family that the page showed."""
    number = typed_number(request.form.get("version", ""))
    if number is None:
        raise BadInput()
    return number
