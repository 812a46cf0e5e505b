"""What has the planner to keep of contests whose entries drew their session first?"""

from __future__ import annotations

from dataclasses import replace

from festival.schedule import queries
from festival.schedule.drawn.changed import divided
from festival.schedule.queries import Material


def drawn_material(festival_id: int, given: Material | None = None) -> Material:
    """`queries.material` (`given`, where it has been read), each drawn session with the entries that drew it alone."""
    given = queries.material(festival_id) if given is None else given
    blocks = {draw.contest.code: draw.blocks for draw in queries.draws(festival_id).values() if draw.blocks}
    acts, sessions = divided(given.acts, given.sessions, blocks)
    return replace(given, acts=acts, sessions=sessions)
