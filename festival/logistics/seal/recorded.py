"""Which meals, portions, stays, rooms and beds must there be after these lines of a festival's ledger? Pure."""

from __future__ import annotations

from festival.core.seal.compare import UNKNOWN, RecordedRows, RecordLine

PORTIONS = ("portions", "vegetarian", "no_pork")
STAY = ("arrives_at", "place", "vehicle", "nights_from", "nights_until", "bring", "bus_home", "version")


class LogisticsRecord:
    """The lines of logistics, replayed. `beds_unsure`: a line that said who sleeps where is erased."""

    def __init__(self) -> None:
        self.meals = RecordedRows("meal")
        self.portions = RecordedRows("meal_portions")
        self.stays = RecordedRows("delegation_stay")
        self.edition = RecordedRows("edition_stay")
        self.rooms = RecordedRows("lodging_room")
        self.beds = RecordedRows("lodging_bed")
        self.beds_unsure = False

    def take(self, line: RecordLine) -> None:
        """The next line."""
        match line.kind:
            case "logistics.meal":
                said = {name: line.says(name) for name in ("day", "kind", "closes_at", "removed")}
                self.meals.put(line, (line.subject["meal"],), **said)
            case "logistics.portions":
                key = (line.subject["meal"], line.subject["delegation"])
                self.portions.put(line, key, **{name: line.says(name) for name in PORTIONS})
            case "logistics.stay":
                self.stays.put(line, (line.subject["delegation"],), **{name: line.says(name) for name in STAY})
            case "logistics.edition_stay":
                said = {name: line.says(name) for name in ("bring", "bus_home", "version")}
                self.edition.put(line, ("all",), **said)
            case "logistics.room_gone":
                self.rooms.drop((line.subject["room"],))
            case "logistics.room":
                said = {name: line.says(name) for name in ("house", "name", "beds")}
                self.rooms.put(line, (line.subject["room"],), **said)
            case "logistics.beds":
                self._beds(line)
            case _:
                pass

    def _beds(self, line: RecordLine) -> None:
        places = line.says("places")
        if places is UNKNOWN:
            self.beds_unsure = True
            return
        for person, room in places:
            if room is None:
                self.beds.drop((person,))
            else:
                self.beds.put(line, (person,), room=room)
