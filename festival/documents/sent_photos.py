"""Is what somebody sent a picture that can be kept? Refused in words when it is not."""

from __future__ import annotations

from flask_babel import gettext as _

from festival.core.web.errors import BadInput, TooLarge
from festival.core.web.i18n import say
from festival.documents.photo import NotAPicture, kept_photo


def sent_photo(content: bytes, largest: int, field: str = "", *, chosen: bool = False) -> bytes:
    """The picture as it is kept, made outside of any transaction. `chosen`: from files, else somebody stands with a camera."""
    if len(content) > largest:
        size = largest // 1024**2
        raise TooLarge(
            _("Ảnh lớn quá %(n)s MB. Chọn ảnh nhỏ hơn rồi gửi lại.", n=size)
            if chosen
            else _("Ảnh lớn quá %(n)s MB. Chụp lại ở cỡ nhỏ hơn.", n=size)
        )
    try:
        return kept_photo(content)
    except NotAPicture as broken:
        if broken.words:
            words = say(broken.words)
        elif chosen:
            words = _("Tệp này không phải là ảnh mở được. Chọn ảnh JPEG, PNG hoặc WebP rồi gửi lại.")
        else:
            words = _("Tệp này không phải là ảnh đọc được. Chụp lại rồi gửi ảnh JPEG hoặc PNG.")
        raise BadInput(words, **({"field": field} if field else {})) from broken
