"""Can a letter be sent to this address? The plain form of RFC 5321: words joined by dots, `@`, a host name with a dot.

Python's own reading of quotes, comments and brackets in an address differs from one patch release to the next, so
whatever has them is refused here, at the doors and once more before a letter leaves.
"""

from __future__ import annotations

import re

from festival.core.names import too_long
from festival.core.sentence import N_, Sentence

_WORD = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"

MAIL_ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")
LONGEST_EMAIL = 120


def email_fault(text: str) -> Sentence | None:
    """Why no letter can go to this address; None for a good one and for none at all."""
    if text and not MAIL_ADDRESS.fullmatch(text):
        return N_("Địa chỉ thư điện tử chưa đúng. Hãy sửa hoặc để trống.", "bad_email")
    return too_long(text, LONGEST_EMAIL)
