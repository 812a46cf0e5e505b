"""Which look-up columns does revision 0007 change on purpose, and into what? Codes are kept keyed since then."""

from __future__ import annotations

import hmac
from hashlib import sha256
from typing import Any

from tests.conftest import PASS_KEY

KEYED = {"family": "link_hash", "enrolment_code": "code_hash", "pass": "typed_hash"}


def keyed(table: str, row: dict[str, Any]) -> dict[str, Any]:
    """The row as it stands after 0007: HMAC under the pass key over the SHA-256 that was kept before."""
    column = KEYED.get(table)
    if column is None or row[column] is None:
        return row
    key = hmac.new(PASS_KEY, b"hash\x1flook-up", sha256).digest()
    return {**row, column: hmac.new(key, row[column].encode(), sha256).hexdigest()}
