"""What of a picture that a phone took is kept: the pixels turned upright, and nothing else.

Where it was taken, by which phone and when goes with the file's own bytes, which are thrown away. A file that is no picture,
or one that would fill the memory when it is opened, is refused.
"""

from __future__ import annotations

import warnings
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

LONGEST = 2000  # pixels of the longer side: handwriting stays readable
MOST_PIXELS = 60_000_000
QUALITY = 80
FORMATS = ("JPEG", "PNG", "WEBP")


class NotAPicture(ValueError):
    """Nobody can look at it."""


def kept_photo(content: bytes) -> bytes:
    """A JPEG of at most LONGEST pixels a side, without anything the phone wrote into it."""
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
