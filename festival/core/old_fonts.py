"""Is this Vietnamese as it should be, or did it come through an old font, a wrong decoding or a lost keyboard?

Pure. Names pasted from old files arrive as codes of TCVN3 (.VnTime: `TrÇn V¨n KiÓm`) or VNI (VNI-Times:
`Traàn Vaên Kieåm`), as UTF-8 read as Windows-1252 (`Tráº§n`), or with a question mark for each letter that was lost. What can
be recognised is offered repaired; nobody writes it without being told. The code tables are those of TCVN 5712:1993 (VN3) and of
the VNI fonts for Windows.

A text counts as garbled when it holds a letter that Vietnamese does not have, or a word no Vietnamese syllable looks like, and
the repaired text has neither: a Khmer or Chinese name, which is no Vietnamese syllable either, stays what it is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from festival.core.names import TONES, name_fault, nfc
from festival.core.sentence import N_, Sentence
from festival.core.text import clean, cut


class Garbling(StrEnum):
    """How a text was damaged, or only how it is written."""

    TCVN3 = "tcvn3"
    VNI = "vni"
    DECODED_WRONGLY = "decoded_wrongly"
    LOST = "lost"  # letters became "?": they cannot be guessed
    CAPITALS = "capitals"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Repair:
    """What is offered instead of a text; `text` is "" where letters are lost. `certain`: the text cannot stay as it is."""

    garbling: Garbling
    text: str

    @property
    def certain(self) -> bool:
        """Damaged, against merely written in capitals or small letters."""
        return self.garbling not in (Garbling.CAPITALS, Garbling.SMALL)


SOFT_HYPHEN = "\xad"  # nothing to everybody, the letter ư of TCVN3
_LONGEST = 200  # characters that are looked at; a name has at most 80 letters, and wrongly decoded three times as many

_HOW = {
    Garbling.TCVN3: N_("“%(text)s” viết bằng phông chữ cũ (TCVN3, .VnTime). Có lẽ là “%(right)s”.", "name_garbled"),
    Garbling.VNI: N_("“%(text)s” viết bằng phông chữ cũ (VNI). Có lẽ là “%(right)s”.", "name_garbled"),
    Garbling.DECODED_WRONGLY: N_("“%(text)s” đã hỏng chữ khi chép sang. Có lẽ là “%(right)s”.", "name_garbled"),
}
_LOST_LETTERS = N_("“%(text)s” đã mất chữ (thành dấu “?”). Hãy gõ lại họ và tên.", "name_lost")


def written_fault(value: object) -> Sentence | None:
    """Why this may not be written down as a person's name, the letters of old fonts included; None when it may.

    Where the right name can be told it is the sentence's value `right`: it is offered, never put in its place silently.
    """
    found = repair(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if found is None or not found.certain:
        return name_fault(value)
    shown = cut(nfc(str(value)), 40)
    if found.garbling is Garbling.LOST:
        return name_fault(value) or _LOST_LETTERS.filled(text=shown)
    if name_fault(found.text) is not None:
        return name_fault(value) or _LOST_LETTERS.filled(text=shown)
    return _HOW[found.garbling].filled(text=shown, right=found.text)


def offered(value: object) -> str:
    """The name that may stand instead of this one: repaired, or only with its capitals where names have them; "" for none."""
    found = repair(value) if isinstance(value, str) and len(value) <= _LONGEST else None
    return found.text if found is not None and found.text and name_fault(found.text) is None else ""


def arriving(text: str) -> str:
    """A clean text (`core.text`) of a field for a name: the ư of TCVN3 is kept in what was written in that font, and only there."""
    plain = clean(text)
    if SOFT_HYPHEN in text and len(text) <= _LONGEST:
        whole = SOFT_HYPHEN.join(clean(part) for part in text.split(SOFT_HYPHEN))
        found = repair(whole)
        if found is not None and found.garbling is Garbling.TCVN3:
            return whole
    return plain


# Code point of a VN3 font → letter; the letters with a tone have one code for both cases (the H fonts draw capitals).
_TCVN3 = dict(
    zip(
        "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊË®ÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô\xadõö÷øùúûüýþ¡¢£¤¥¦§",
        "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵĂÂÊÔƠƯĐ",
        strict=True,
    )
)
# A vowel with the sign that follows it; then single letters.
_VNI_AFTER = {
    "a": dict(zip("ùøûõïêéèúüëâáàåãä", "áàảãạăắằẳẵặâấầẩẫậ", strict=True)),
    "e": dict(zip("ùøûõïâáàåãä", "éèẻẽẹêếềểễệ", strict=True)),
    "o": dict(zip("ùøûõïâáàåãä", "óòỏõọôốồổỗộ", strict=True)),
    "ô": dict(zip("ùøûõï", "ớờởỡợ", strict=True)),
    "u": dict(zip("ùøûõï", "úùủũụ", strict=True)),
    "ö": dict(zip("ùøûõï", "ứừửữự", strict=True)),
    "y": dict(zip("ùøûõ", "ýỳỷỹ", strict=True)),
}
_VNI_ALONE = dict(zip("ôöñæóòîíì", "ơưđỉĩịỵíì", strict=True))

# Codes of TCVN3 that are no letters at all.
_SIGNS = set("µ¶·¸¹¨»¼½¾©®¬¡¢£¤¥¦§«")
# Of these, the ones that stand in no name of any language.
_NO_NAME_HAS = set("¬µ¶¹¼½¾¡¢£¤¥¦§")
_LETTERS = set("aăâbcdđeêfghijklmnoôơpqrstuưvwxyz")
_ONSET = "ngh|ng|nh|gh|gi|kh|ph|qu|th|tr|ch|[bcdđghklmnpqrstvx]"
_VOWELS = (
    "uyê|uya|uyu|iêu|yêu|uây|uôi|ươi|ươu|oai|oay|oao|oeo|uao|"
    "ai|ao|au|ay|âu|ây|eo|êu|ia|iê|iu|oa|oă|oe|oi|oo|ôi|ơi|ua|uâ|uê|ui|uô|uơ|uy|ưa|ưi|ươ|ưu|yê|"
    "[aăâeêioôơuưy]"
)
_SYLLABLE = re.compile(rf"(?:{_ONSET})?(?:{_VOWELS})(?:ch|ng|nh|[cmnpt])?")
_LOST = re.compile(r"(?<=\w)[?\ufffd]|[?\ufffd](?=\w)")


@lru_cache(maxsize=64)  # what is wrong with a name and what it should be are asked one after the other
def repair(text: str) -> Repair | None:
    """What this name probably is; None when it is well written, or strange in no way that is known."""
    if _LOST.search(text):
        return Repair(Garbling.LOST, "")
    again = _decoded_again(text)
    if again is not None:
        return Repair(Garbling.DECODED_WRONGLY, _as_written(again))
    if not _plausible(text):
        fonts = [(Garbling.VNI, _from_vni)] if _is_vietnamese_script(text) else list(_FONTS)
        for garbling, read in fonts:
            found = nfc(read(text))
            if found != nfc(text) and (
                _plausible(found) or (garbling is Garbling.TCVN3 and _plainly_tcvn3(text, read))
            ):
                return Repair(garbling, _as_written(found))
    plain = nfc(text)
    if len(plain.split()) > 1 and any(letter.isalpha() for letter in plain):
        if plain == plain.upper():
            return Repair(Garbling.CAPITALS, _as_written(plain))
        if plain == plain.lower():
            return Repair(Garbling.SMALL, _as_written(plain))
    return None


def _as_written(text: str) -> str:
    """A name with capitals where names have them, if it was all capitals or all small; else as it is."""
    plain = nfc(text)
    if plain not in (plain.upper(), plain.lower()):
        return plain
    return " ".join("-".join(part.capitalize() for part in word.split("-")) for word in plain.split())


def _is_vietnamese_script(text: str) -> bool:
    """Whether every letter is one of the alphabet's, with or without a tone. TCVN3 always leaves others."""
    marks = unicodedata.normalize("NFD", text.casefold())
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    return (
        "\xad" not in text
        and all(letter in _LETTERS for letter in plain if letter.isalpha())
        and not set(text) & _SIGNS
    )


def _plausible(text: str) -> bool:
    """Whether every word could be a Vietnamese syllable: letters of the alphabet, at most one tone, the parts in order."""
    return all(_is_syllable(word) for word in re.split(r"[\s'’.-]+", nfc(text)) if word) and "\xad" not in text


def _plainly_tcvn3(text: str, read: Callable[[str], str]) -> bool:
    r"""Whether every word that the font changes is a syllable then, or held signs of it that no name has.

    A Khmer name is no row of Vietnamese syllables: `Danh ThÞ Sa Phol`, `R\xad¬l`.
    """
    changed = [(word, nfc(read(word))) for word in re.split(r"[\s'’.-]+", text) if word]
    changed = [(word, found) for word, found in changed if found.casefold() != word.casefold()]
    return bool(changed) and all(
        _is_syllable(found) or (bool(set(word) & _NO_NAME_HAS) and _is_vietnamese_script(found))
        for word, found in changed
    )


def _is_syllable(word: str) -> bool:
    marks = unicodedata.normalize("NFD", word.casefold())
    tones = [TONES[mark] for mark in marks if mark in TONES]
    plain = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
    # A syllable that ends in c, ch, p or t is spoken sharp or heavy (or has lost its marks), never otherwise.
    fits = len(tones) <= 1 and not (plain.endswith(("c", "ch", "p", "t")) and tones and tones[0] not in (4, 5))
    return fits and set(plain) <= _LETTERS and _SYLLABLE.fullmatch(plain) is not None


def _from_tcvn3(text: str) -> str:
    """A letter with a tone has one code for both cases: a word's first is meant large, in the H fonts every one."""
    found = "".join(_TCVN3.get(letter, letter) for letter in text)
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    if len(plain) > 1 and all(letter.isupper() for letter in plain):
        return found.upper()
    return " ".join(word[:1].upper() + word[1:] for word in found.split())


def _from_vni(text: str) -> str:
    found, at = [], 0
    while at < len(text):
        base, after = text[at], text[at + 1 : at + 2]
        letter = _VNI_AFTER.get(base.lower(), {}).get(after.lower())
        if letter is not None:
            at += 2
        else:
            letter = _VNI_ALONE.get(base.lower(), base.lower())
            at += 1
        found.append(letter.upper() if base.isupper() else letter)
    return "".join(found)


_FONTS = ((Garbling.TCVN3, _from_tcvn3), (Garbling.VNI, _from_vni))


# The byte that Windows-1252, or where it has none ISO 8859-1, shows as this letter.
_BYTES = {bytes([byte]).decode("latin-1"): byte for byte in range(256)}
_BYTES |= {letter: byte for byte in range(256) if (letter := bytes([byte]).decode("cp1252", "ignore"))}


def _decoded_again(text: str) -> str | None:
    """UTF-8 that was read as Windows-1252, once or twice, read as UTF-8 again; None when it was not that."""
    found: str | None = None
    for _ in range(2):
        try:
            text = bytes(map(_BYTES.__getitem__, text)).decode("utf-8")
        except (KeyError, UnicodeDecodeError):
            break
        if text.isascii():
            break
        found = text
    return found
