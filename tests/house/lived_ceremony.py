"""The order of the ceremony: begun, changed, taken back; guests and keepsakes put in order and marked; an award handed over later; sheets."""

from __future__ import annotations

from festival.ceremony.order import stage, writing
from festival.ceremony.order.models import CeremonyPart, CeremonySheet
from festival.ceremony.order.ranked import KeepsakeMark
from festival.ceremony.order.reading import keepsakes, tonight
from festival.ceremony.order.sheets import print_sheet
from festival.ceremony.order.stage import AwardGiver
from festival.core.transaction import transaction
from festival.editions.queries import the_festival

OPENING, KEEPSAKES = CeremonyPart.OPENING, CeremonyPart.KEEPSAKES


def ordered(staff: int) -> None:
    """After the awards of a contest were released."""
    with transaction():
        festival = the_festival()
        writing.take_usual(festival, OPENING, 0, staff)
        writing.begin_at(festival, OPENING, "19h30", 1, staff)
        writing.move_item(festival, OPENING, 3, 1, 2, staff)
        writing.take_away(festival, OPENING, 2, True, 3, staff)
        writing.restore(festival, OPENING, 2, 4, None)
        codes = [each.code for each in keepsakes(festival.id)]
        writing.put_in_order(festival, KEEPSAKES, codes, codes[-1], 1, 0, staff)
        writing.mark(festival, KEEPSAKES, codes, codes[0], KeepsakeMark.GIVEN, staff)
        writing.mark(festival, KEEPSAKES, codes, codes[0], "", staff)
    with transaction():
        festival = the_festival()
        call = next(each for each, _plan in tonight(festival).calls if each.receivers)
        writing.add_giver(festival, call, False, AwardGiver(name="Bà Danh Thị Trao"), (), 0, staff)
        writing.note_missing(festival, call, False, call.receivers[0].ref, True, "", staff)
        writing.note_handed(festival, call, False, call.receivers[0].ref, True, staff)
        writing.change_plan(festival, call, False, lambda plan: stage.gave_not(plan, plan.givers[0]), None, staff)
    for _again in range(2):
        with transaction():
            print_sheet(the_festival(), CeremonySheet.MC, staff)
