"""Is what somebody typed a reason that another person can read later?"""

from __future__ import annotations

from flask_babel import gettext as _

from festival.checkin.purposes.gate_bodies import REASON_LEAST, REASON_MOST
from festival.core.text import clean
from festival.core.web.errors import BadInput


def reason_typed(text: str) -> str:
    """The same bounds as for what a gate says; BadInput for none."""
    reason = " ".join(clean(text).split())
    if not REASON_LEAST <= len(reason) <= REASON_MOST:
        raise BadInput(_("Lý do: viết từ 3 đến 200 chữ, để người khác hiểu về sau."))
    return reason
