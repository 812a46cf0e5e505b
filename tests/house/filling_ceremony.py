"""What pages of the order of the ceremony are opened with: both orders, an award with who gives it, a printed sheet of each kind."""

from __future__ import annotations

from festival.ceremony.order import writing
from festival.ceremony.order.models import CeremonyPart, CeremonySheet
from festival.ceremony.order.reading import tonight
from festival.ceremony.order.sheets import print_sheet
from festival.ceremony.order.stage import AwardGiver
from festival.core.transaction import transaction
from festival.editions.queries import the_festival

OF, SHEET = CeremonyPart.OPENING, CeremonySheet.RECEPTION


def ceremony(by: int | None) -> dict[str, object]:
    """By the names in addresses, the same when it is asked for again."""
    with transaction():
        festival = the_festival()
        call, _plan = tonight(festival).calls[0]
        if not writing.written(festival.id)[OF][1]:
            for part in (CeremonyPart.OPENING, CeremonyPart.CLOSING):
                writing.take_usual(festival, part, 0, by)
            writing.add_giver(festival, call, False, AwardGiver(name="Ông Danh Trao Giải"), (), 0, by)
    with transaction():
        for sheet in CeremonySheet:
            print_sheet(the_festival(), sheet, by)
    return {"of": OF.value, "item": 1, "award": call.code, "sheet": SHEET.value}
