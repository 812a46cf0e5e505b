"""In which words does a reader see an announcement, in a page and over the wire?"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from festival.core.clock import local, now
from festival.core.web.i18n import clock, moment
from festival.programme.notices import News


def heading(news: News) -> str:
    """What stands over the words: since when, that it was corrected, that it does not hold any more."""
    changed = None if news.changed_at is None else when(news)
    if news.withdrawn:
        return str(_("Thông báo này đã rút lúc %(when)s, không còn hiệu lực", when=changed))
    if changed is not None:
        return str(_("Thông báo của Ban Tổ chức, đã sửa lúc %(when)s", when=changed))
    return str(_("Thông báo của Ban Tổ chức, %(when)s", when=when(news)))


def when(news: News) -> str:
    """The hour, with the day when it is another one."""
    said = news.changed_at or news.at
    return clock(said) if local(said).date() == local(now()).date() else moment(said)


def tone(news: News) -> str:
    """How it looks."""
    return "quiet" if news.withdrawn else "warn"


def as_json(items: Iterable[News]) -> list[dict[str, Any]]:
    """For static/js/news.js, in the reader's language."""
    return [
        {
            "id": each.id,
            "version": each.version,
            "heading": heading(each),
            "to": each.to,
            "words": each.words,
            "tone": tone(each),
            "until_ms": int(each.until.timestamp() * 1000),
        }
        for each in items
    ]


def as_text(news: News, festival: str) -> str:
    """To copy into a group."""
    to = _("Gửi %(to)s:", to=news.to) if news.to else ""
    head = _("THÔNG BÁO – %(festival)s", festival=festival)
    if news.withdrawn:
        head = _("RÚT THÔNG BÁO – %(festival)s (thông báo dưới đây không còn hiệu lực)", festival=festival)
    elif news.changed_at is not None:
        head = _("THÔNG BÁO ĐÃ SỬA – %(festival)s", festival=festival)
    foot = "" if news.withdrawn else _("(Có hiệu lực đến %(until)s.)", until=moment(news.until))
    return "\n".join(line for line in (head, to, news.words, foot) if line)
