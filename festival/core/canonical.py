"""Which bytes stand for a JSON value, always and everywhere the same?

RFC 8785 (JSON Canonicalization Scheme) for the values this program hashes: objects, arrays, strings,
booleans, null and integers within ±(2^53 − 1). Floats are refused rather than formatted: marks, times and
counts are integers here, and a float in a ledger is a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

LARGEST_INTEGER = 2**53 - 1


def canonical_json(value: object) -> bytes:
    """UTF-8 bytes of `value`; raises TypeError for a type and ValueError for a number outside the scheme."""
    return _text(value).encode("utf-8")


def _text(value: object) -> str:
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"integer outside the exact range of JSON: {value}")
        return str(value)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"object key is not a string: {key!r}")
        # RFC 8785 3.2.3 sorts keys by UTF-16 code units, which differs from code points above U+FFFF.
        members = sorted(value.items(), key=lambda item: item[0].encode("utf-16-be"))
        return "{" + ",".join(f"{_text(key)}:{_text(item)}" for key, item in members) + "}"
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return "[" + ",".join(map(_text, value)) + "]"
    raise TypeError(f"not a canonical JSON value: {type(value).__name__}")
