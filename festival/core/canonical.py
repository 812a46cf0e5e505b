"""Which bytes stand for a JSON value, always and everywhere the same?

RFC 8785 (JSON Canonicalization Scheme) for the values this program hashes: objects, arrays, strings,
booleans, null and integers within ±(2^53 − 1). Floats are refused rather than formatted: marks, times and
counts are integers here, and a float in a ledger is a mistake.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

LARGEST_INTEGER = 2**53 - 1


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False, allow_nan=False).encode


def canonical_json(value: object, errors: str = "strict") -> bytes:
    """UTF-8 bytes of `value`; raises TypeError for a type and ValueError for a number outside the scheme.

    So does half of a surrogate pair in a text, unless `errors` says otherwise.
    """
    return _encode(_ordered(value)).encode("utf-8", errors)


def _ordered(value: object) -> object:
    """The same value with its keys in order, once every part of it is known to be allowed."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise ValueError(f"integer outside the exact range of JSON: {value}")
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise TypeError(f"object key is not a string: {key!r}")
        # RFC 8785 3.2.3 sorts keys by UTF-16 code units, which differs from code points above U+FFFF.
        keys = sorted(value) if all(map(str.isascii, value)) else sorted(value, key=_utf16)
        return {key: _ordered(value[key]) for key in keys}
    if isinstance(value, Sequence) and not isinstance(value, (bytes, bytearray)):
        return [_ordered(item) for item in value]
    raise TypeError(f"not a canonical JSON value: {type(value).__name__}")


def _utf16(key: str) -> bytes:
    return key.encode("utf-16-be", "surrogatepass")
