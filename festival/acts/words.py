"""In which words do pages say what is asked of an act, who wrote it, what a file is?"""

from __future__ import annotations

from festival.acts.facts import ASKED_WORDS
from festival.acts.models import ActFile
from festival.core.sentence import N_, Sentence
from festival.documents.media_refusals import clock

HOW_WORDS = {
    "link": N_("gia đình"),
    "officer": N_("cán bộ"),
    "office": N_("Ban Tổ chức"),
    "stage": N_("bàn âm thanh"),
}
USB_WORDS = N_("Đã nhận USB")
PHOTO_WORDS = N_("Ảnh, %(size)s KB")
TRACK_WORDS = N_("%(format)s, dài %(length)s")
ASKED = {asked.value: words for asked, words in ASKED_WORDS.items()}


def file_words(row: ActFile) -> Sentence:
    """What a file is, in a line."""
    if row.format == "usb":
        return USB_WORDS
    if row.format == "jpeg":
        return PHOTO_WORDS.filled(size=-(-row.size // 1024))
    return TRACK_WORDS.filled(format=row.format.upper(), length=clock(row.length_ms))
