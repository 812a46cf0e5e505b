"""What arrives when a Vietnamese keyboard is switched on while keys are pressed: the two common ways of typing marks.

As unikey and the phones' keyboards do in their simplest form: a mark's key changes the last letter that can bear it and
disappears. What they do to codes of letters is what matters here, not how well they write Vietnamese.
"""

from __future__ import annotations

import unicodedata

_VOWELS = "aeiouyAEIOUY"
_TONES = {"telex": dict(zip("fsrxj", "\u0300\u0301\u0309\u0303\u0323", strict=True))}
_TONES["vni"] = dict(zip("21345", "\u0300\u0301\u0309\u0303\u0323", strict=True))
_SHAPES = {
    "telex": {"aa": "â", "ee": "ê", "oo": "ô", "dd": "đ", "aw": "ă", "ow": "ơ", "uw": "ư"},
    "vni": {"a6": "â", "e6": "ê", "o6": "ô", "d9": "đ", "a8": "ă", "o7": "ơ", "u7": "ư"},
}


def typed_through(way: str, keys: str) -> str:
    """What stands in the field after these keys; `way` is "telex" or "vni"."""
    written = ""
    for key in keys:
        last = written[-1:]
        shaped = _SHAPES[way].get((last + key).lower())
        tone = _TONES[way].get(key.lower())
        at = next((n for n in range(len(written) - 1, -1, -1) if written[n] in _VOWELS), None) if tone else None
        if shaped is not None:
            written = written[:-1] + (shaped.upper() if last.isupper() else shaped)
        elif tone and at is not None and written[at:].isalpha():
            written = written[:at] + unicodedata.normalize("NFC", written[at] + tone) + written[at + 1 :]
        else:
            written += key
    return written
