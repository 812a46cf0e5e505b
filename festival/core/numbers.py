"""Which whole number did somebody type? One answer for addresses, forms, commands and what devices send."""

from __future__ import annotations

LONGEST = 15  # digits; more do not fit a whole number of a browser
LARGEST = 2**53 - 1  # what a browser holds exactly, and well inside the whole numbers of both databases


def typed_number(text: str) -> int | None:
    """The digits 0 to 9 and space around them; None for everything else, and for a number nobody means."""
    digits = text.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= LONGEST else None
