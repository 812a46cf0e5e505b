"""Is the door of a room opened by anybody but the room itself and the factory? A contract of import-linter's kind.

A door is a module called `routes`, `api`, `cli`, `forms` or `wiring`, and whatever imports a `blueprint`: a page that
another room imports would bring its routes, its forms and its texts with it. `core` is no room: it serves all of them.
"""

from __future__ import annotations

from grimp import ImportGraph
from importlinter import Contract, ContractCheck, fields, output

DOORS = {"routes", "api", "cli", "forms", "wiring"}


class PrivateDoorsContract(Contract):
    """`root`: the package of the rooms. `openers`: modules that may open every door (the factory)."""

    type_name = "private_doors"

    root = fields.StringField()
    openers = fields.SetField(subfield=fields.StringField())

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:
        """Every direct import of a door from outside of its room."""
        rooms = [name for name in graph.find_descendants(str(self.root)) if self._room(name) != "core"]
        doors = {name for name in rooms if name.rsplit(".", 1)[1] in DOORS}
        for blueprint in (name for name in rooms if name.endswith(".blueprint")):
            doors |= graph.find_modules_that_directly_import(blueprint)
        offences = sorted(
            (importer, door)
            for door in doors
            for importer in graph.find_modules_that_directly_import(door)
            if self._room(importer) != self._room(door) and importer not in self.openers
        )
        return ContractCheck(kept=not offences, metadata={"offences": offences})

    def _room(self, module: str) -> str:
        return module.removeprefix(f"{self.root}.").split(".", 1)[0]

    def render_broken_contract(self, check: ContractCheck) -> None:
        """One line an offence."""
        for importer, door in check.metadata["offences"]:
            output.print_error(f"{importer} opens {door}, a door of another room", bold=False)
        output.new_line()
