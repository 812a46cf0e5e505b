"""What of a picture that a phone took is kept: the pixels turned upright, and nothing else.

Where it was taken, by which phone and when goes with the file's own bytes, which are thrown away. A file that is no picture,
or one that would fill the memory when it is opened, is refused.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from festival.core.sentence import N_, Sentence

LONGEST = 2000  # pixels of the longer side: handwriting stays readable
MOST_PIXELS = 60_000_000
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")


HEIC = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")
HEIC_WORDS = N_(
    "Ảnh HEIC của iPhone chưa đọc được ở đây. Trên iPhone: mở Cài đặt, chọn Camera, Định dạng, “Tương thích nhất” rồi chụp lại. Không"
    " chụp lại được thì mở ảnh, chụp màn hình rồi gửi ảnh chụp màn hình.",
    "photo_heic",
)


class NotAPicture(ValueError):
    """Nobody can look at it. `words`: what to do, where it is known what it is."""

    def __init__(self, words: Sentence | None = None) -> None:
        super().__init__()
        self.words = words


def kept_photo(content: bytes) -> bytes:
    """A JPEG of at most LONGEST pixels a side, without anything the phone wrote into it."""
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        raise NotAPicture(HEIC_WORDS)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(BytesIO(content), formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise NotAPicture()
                picture.draft("RGB", (LONGEST, LONGEST))
                upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombWarning) as broken:
        raise NotAPicture() from broken
    except Image.DecompressionBombError as huge:
        raise NotAPicture() from huge
    upright.thumbnail((LONGEST, LONGEST))
    clean = Image.new("RGB", upright.size)
    clean.paste(upright)
    kept = BytesIO()
    clean.save(kept, "JPEG", quality=QUALITY, optimize=True)
    return kept.getvalue()


@dataclass(frozen=True, slots=True)
class SizedPhoto:
    """A JPEG and how large it is."""

    content: bytes
    width: int
    height: int


def sized_photo(kept: bytes, longest: int, quality: int) -> SizedPhoto:
    """A kept photo, at most that many pixels a side; never larger than it was."""
    with Image.open(BytesIO(kept), formats=("JPEG",)) as picture:
        small = picture.convert("RGB")
    small.thumbnail((longest, longest))
    made = BytesIO()
    small.save(made, "JPEG", quality=quality, optimize=True)
    return SizedPhoto(made.getvalue(), small.width, small.height)
