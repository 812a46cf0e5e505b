"""How are people's names of Vietnam read, compared and put in order?"""

from __future__ import annotations

import re
import unicodedata

from festival.core.sentence import N_, Sentence
from festival.core.text import cut, line

ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"

# Combining grave, hook above, tilde, acute, dot below: huyền, hỏi, ngã, sắc, nặng.
TONES = {"\u0300": 1, "\u0309": 2, "\u0303": 3, "\u0301": 4, "\u0323": 5}

_VOWEL_MARKS = {"\u0302", "\u0306", "\u031b"}

# Zero-width characters, and the marks of direction that phones put around a number copied from their contacts.
INVISIBLE = dict.fromkeys(
    (0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, 0x00AD, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
)
_PARTS_OF_EMOJI = dict.fromkeys((0x200D, 0xFE0E, 0xFE0F, 0x20E3, *range(0xE0000, 0xE0080)))

_PLACE = {letter: f"{place:02d}" for place, letter in enumerate(ALPHABET, start=12)}

_PLACE |= {digit: f"{place:02d}" for place, digit in enumerate("0123456789", start=2)}

LONGEST_NAME = 80

_NO_LETTERS_OF_A_NAME = re.compile(r"[\d<>{}=@#%^*|\\/\[\]_+~\x00-\x1f]")


def nfc(text: str) -> str:
    """The form in which a name is stored: clean text (`core.text`) in one line, and nothing invisible at all."""
    return line(line(text).translate(_PARTS_OF_EMOJI))


def fold(text: str) -> str:
    """The form that is searched: `Thuỷ`, `thủy` and `THUY` are all `thuy`; đ is d. Folding twice changes nothing."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    plain = "".join(letter for letter in decomposed.translate(INVISIBLE) if not "\u0300" <= letter <= "\u036f").replace(
        "đ", "d"
    )
    return " ".join(unicodedata.normalize("NFC", plain).split())


def spelling(text: str) -> str:
    """The form two names are the same person's name in: marks count, case and place of the tone do not.

    Each word is its letters (ă, ê, đ … kept) and the number of its tone: `Hòa` and `Hoà` give `hoa1`, `Hoa` gives `hoa0`.
    """
    return " ".join(f"{letters}{tone}" for letters, tone in map(_letters_and_tone, nfc(text).split()))


def name_fault(value: object) -> Sentence | None:
    """Why this is no person's name; None when it is one. The same sentence by form, JSON and Excel."""
    if value is None or value == "":
        return N_("Chưa ghi họ và tên.", "no_name")
    if not isinstance(value, str) or not any(letter.isalpha() for letter in nfc(value)):
        return N_("“%(text)s” không phải họ và tên. Hãy ghi họ tên có dấu.", "bad_name", text=cut(nfc(str(value)), 40))
    if _NO_LETTERS_OF_A_NAME.search(value):
        return N_("Họ và tên “%(text)s” có số hoặc ký hiệu lạ. Hãy chỉ ghi chữ.", "bad_name", text=cut(nfc(value), 40))
    return too_long(value, LONGEST_NAME)


def too_long(text: str, most: int) -> Sentence | None:
    """Why a text does not fit; None when it does."""
    if len(text) <= most:
        return None
    return N_("Dài quá %(most)s ký tự. Hãy rút gọn.", "cell_too_long", most=most)


def given_name(name: str) -> str:
    """What the person is called by: the last word."""
    return nfc(name).rpartition(" ")[2]


def sort_key(name: str) -> str:
    """A text of digits that puts names in Vietnamese order: given name, then middle, then family name.

    Digits only, so that every database and every locale sorts it the same way. A word is two digits a letter,
    `00`, and one digit for the tone; `00` also ends each part, so that a shorter name comes first.
    """
    words = nfc(name).split()
    parts = [words[-1:], words[1:-1], words[:1] if len(words) > 1 else []]
    return "".join("".join(map(_word_key, part)) + "00" for part in parts)


def _word_key(word: str) -> str:
    letters, tone = _letters_and_tone(word)
    return "".join(_PLACE.get(letter) or f"99{ord(letter):07d}" for letter in letters) + f"00{tone}"


def _letters_and_tone(word: str) -> tuple[str, int]:
    """`Thuỷ` → (`thuy`, 2), `Đặng` → (`đăng`, 5): the letters of the alphabet and the tone of the syllable."""
    tone = 0
    kept = []
    for mark in unicodedata.normalize("NFD", unicodedata.normalize("NFKC", word).casefold()):
        if mark in TONES:
            tone = TONES[mark]
        elif mark in _VOWEL_MARKS or not "\u0300" <= mark <= "\u036f":
            kept.append(mark)
    return unicodedata.normalize("NFC", "".join(kept)), tone
