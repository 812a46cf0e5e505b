"""Can a letter be sent to this address? The plain form of RFC 5321: words joined by dots, `@`, a host name with a dot.

Python's own reading of quotes, comments and brackets in an address differs from one patch release to the next, so
whatever has them is refused here, at the doors and once more before a letter leaves.
"""

from __future__ import annotations

import re

_WORD = r"[\w!#$%&'*+/=?^`{|}~-]+"
_LABEL = r"[^\W_](?:[\w-]*[^\W_])?"

MAIL_ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@{_LABEL}(?:\.{_LABEL})+")
