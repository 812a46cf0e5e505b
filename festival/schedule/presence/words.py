"""How is it said that the performers of an act have arrived? The same words on the stage's page, the timetable and that of a delegation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from flask_babel import gettext as _

from festival.schedule.presence.performers import Performers


@dataclass(frozen=True, slots=True)
class PresenceSaid:
    """A badge, and who is not there; `words` empty where there is nothing to say."""

    tone: str = "quiet"
    words: str = ""
    away: str = ""


def said(found: Performers | None) -> PresenceSaid:
    """What stands beside an act."""
    if found is None:
        return PresenceSaid()
    if not found.away:
        return PresenceSaid("good", _("Đã đến đủ %(of)s người", of=found.of))
    if not found.here:
        return PresenceSaid("warn", _("Chưa ai đến, cả %(of)s người", of=found.of))
    return PresenceSaid(
        "note",
        _("Đã đến %(here)s/%(of)s người", here=found.here, of=found.of),
        _("Chưa đến: %(names)s", names=", ".join(found.away)),
    )


def said_of(acts: Mapping[int, int], found: Mapping[int, Performers]) -> dict[int, PresenceSaid]:
    """By act; `acts` leads to the entries. Every act that is awaited has its place, also while there is nothing to say."""
    return {act: said(found.get(entry)) for act, entry in acts.items()}


def as_json(said_by_act: Mapping[int, PresenceSaid]) -> dict[str, dict[str, str]]:
    """For a page that is open: by act, only where something is to be said."""
    return {str(act): asdict(each) for act, each in said_by_act.items() if each.words}
