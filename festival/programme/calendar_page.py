"""The published programme of a stage for calendars: an address to subscribe to."""

from __future__ import annotations

from flask import Response
from flask.typing import ResponseReturnValue

from festival.core.web.access import public
from festival.core.web.errors import NotFound
from festival.editions.queries import the_festival
from festival.programme.calendars import announced_turns, turns_calendar
from festival.programme.met import hidden_entries
from festival.programme.routes import bp
from festival.programme.snapshot import snapshot


@bp.get("/programme/stages/<stage>.ics")
@public
def stage_calendar(stage: str) -> ResponseReturnValue:
    """All turns of a stage; a calendar that subscribes follows each version."""
    view = snapshot().view()
    if view is None:
        raise NotFound()
    names = {block.lines[0].stage: block.stage_name for day in view.days for block in day.blocks}
    if stage not in names:  # one that all turns have left says so
        festival_id = the_festival().id
        names = announced_turns(festival_id, view.version).stages(hidden_entries(festival_id))
    if stage not in names:
        raise NotFound()

    def draw() -> str:
        called = f"{view.facts.short_name}: {names[stage]}"
        return turns_calendar(view, the_festival().id, called, lambda _entry, on: on == stage).decode()

    answer: Response = snapshot().page(view, f"/programme/stages/{stage}.ics", draw, mimetype="text/calendar")
    answer.headers["Content-Disposition"] = f'inline; filename="{stage}.ics"'
    return answer
