"""How is a number of points read aloud in Vietnamese, so that a judge hears what was sent?

The reading is the one of school arithmetic in the South: *mươi* after tens, *mốt* for a 1 after *mươi*, *tư* for a 4
after *mươi*, *lăm* for a 5 after any ten, *lẻ* for a skipped ten, *ngàn* for thousand. Decimals are read as a number
after *phẩy*, leading zeros one by one. ``static/js/judge/number-words.js`` does the same on the tablet; both read
``tests/vectors/number_words.json``.
"""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def _below_hundred(n: int) -> str:
    tens, unit = divmod(n, 10)
    if tens == 0:
        return _DIGITS[unit]
    head = "mười" if tens == 1 else f"{_DIGITS[tens]} mươi"
    if unit == 0:
        return head
    if unit == 5:
        return f"{head} lăm"
    if tens > 1 and unit in (1, 4):
        return f"{head} {'mốt' if unit == 1 else 'tư'}"
    return f"{head} {_DIGITS[unit]}"


def _below_thousand(n: int, *, whole_group: bool) -> str:
    hundreds, rest = divmod(n, 100)
    if hundreds == 0 and not whole_group:
        return _below_hundred(rest)
    head = f"{_DIGITS[hundreds]} trăm"
    if rest == 0:
        return head
    return f"{head} lẻ {_DIGITS[rest]}" if rest < 10 else f"{head} {_below_hundred(rest)}"


def whole_in_words(n: int) -> str:
    """0 … 999 999."""
    if not 0 <= n <= 999_999:
        raise ValueError("numbers of points are read up to 999 999")
    thousands, rest = divmod(n, 1000)
    if thousands == 0:
        return _below_thousand(rest, whole_group=False)
    head = f"{_below_thousand(thousands, whole_group=False)} ngàn"
    return head if rest == 0 else f"{head} {_below_thousand(rest, whole_group=True)}"


def points_in_words(milli: int) -> str:
    """8750 → ``tám phẩy bảy mươi lăm``."""
    if milli < 0:
        return f"âm {points_in_words(-milli)}"
    whole, part = divmod(milli, 1000)
    words = whole_in_words(whole)
    if not part:
        return words
    digits = f"{part:03d}".rstrip("0")
    zeros = len(digits) - len(digits.lstrip("0"))
    return f"{words} phẩy " + "không " * zeros + _below_thousand(int(digits), whole_group=False)
