"""What may somebody ask with who has lost the link: the whole phone number, or its end with a name? Never a name alone. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from festival.core.names import fold
from festival.core.phones import phone, searched_digits
from festival.core.sentence import N_, Sentence

FEWEST_DIGITS = 4
MOST_WORDS = 8
# Of a name: one letter would be found in every family.
SHORTEST_WORD = 2


@dataclass(frozen=True, slots=True)
class AskedPhone:
    """A phone number, whole or its end; with its end the folded words of a name that must be found too."""

    digits: str
    whole: bool
    words: tuple[str, ...] = ()


def asked_phone(typed: str, name: str) -> AskedPhone | Sentence:
    """What was typed as something to look for, or what to type instead."""
    if any(character.isalpha() for character in typed):
        return N_("Ô số điện thoại chỉ ghi chữ số. Tên thì gõ ở ô bên cạnh.", "phone_only")
    digits = searched_digits(typed)
    if isinstance(phone(typed), str):
        return AskedPhone(digits, True)
    if len(digits) < FEWEST_DIGITS:
        return N_(
            "Hãy gõ cả số điện thoại đã đăng ký, hoặc ít nhất bốn số cuối kèm tên. Không tìm chỉ bằng tên.",
            "phone_asked",
        )
    words = tuple(word for word in fold(name).split() if len(word) >= SHORTEST_WORD)[:MOST_WORDS]
    if not words:
        return N_("Chỉ có mấy số cuối thì gõ thêm tên, để chắc là đúng người.", "name_asked")
    return AskedPhone(digits, False, words)


def reads_back(phone_number: str, typed: str) -> bool:
    """Whether the four digits that were read back are the last of this phone number."""
    digits = searched_digits(typed)
    return len(digits) == FEWEST_DIGITS and len(phone_number) > FEWEST_DIGITS and phone_number.endswith(digits)
