"""The evening on the screens: the order changed, a rehearsal, steps and a step back, an end taken back, a script printed."""

from __future__ import annotations

from festival.ceremony.reveal import running, script
from festival.ceremony.reveal.reading import in_order, steps_for
from festival.ceremony.reveal.steps import digest_of
from festival.core.transaction import transaction
from festival.editions.queries import the_festival


def revealed(staff: int) -> None:
    """What is released stands on the screens."""
    with transaction():
        festival = the_festival()
        codes = [each.code for each in in_order(festival.id)]
        running.set_order(festival, [*codes[1:], codes[0]], 0, staff)
        running.start(festival, True, staff)
        running.move(festival, 3, 1, staff)
        running.end(festival, 2, staff)
    with transaction():
        festival = the_festival()
        running.start(festival, False, staff)
        running.move(festival, 2, 1, staff)
        running.move(festival, 1, 2, staff)
        running.end(festival, 3, staff)
        running.resume(festival, 4, staff)
        script.print_script(festival, staff)
    with transaction():
        festival = the_festival()
        running.set_order(festival, [], 1, staff)
    with transaction():
        festival = the_festival()
        running.confirm(festival, digest_of(steps_for(festival, practice=False)), 5, staff)
