"""Which signed lists, communes of delegations and families on their lists must there be after these lines of a ledger? Pure."""

from __future__ import annotations

from typing import Any

from festival.core.seal.compare import Key, RecordedRows, RecordLine


class SigningRecord:
    """The lines about lists to sign, replayed. A sheet that was printed and never signed is told by none."""

    def __init__(self) -> None:
        self.lists = RecordedRows("signing_list")
        self.pages = RecordedRows("list_page")  # by list and sending
        self.communes = RecordedRows("delegation_commune")
        self.placed = RecordedRows("family_commune")
        self.rule = RecordedRows("signing_rule")

    def take(self, line: RecordLine) -> None:
        """The next line."""
        said = line.subject
        match line.kind:
            case "signing.signed":
                self._becomes(line, said["replaces"], "replaced")
                letter = self._letter(line)
                self.lists.put(
                    line, (said["delegation"], said["list"]), state="signed", sha256=said["sha256"], **letter
                )
            case "signing.corrected":
                self.lists.change(line, (said["delegation"], said["list"]), **self._letter(line))
            case "signing.taken_back":
                self._becomes(line, said["list"], "annulled")
                self._becomes(line, said["restores"], "signed")
            case "signing.reinstated":
                self._becomes(line, said["replaces"], "replaced")
                self._becomes(line, said["list"], "signed")
            case "signing.communes":
                self._communes(line)
            case "signing.placed":
                for family, unit in said["families"].items():
                    if unit:
                        self.placed.put(line, (family,), unit=unit)
                    else:
                        self.placed.drop((family,))
            case "signing.asked":
                self.rule.put(line, ("",), required=said["required"])
            case _:
                pass

    def _letter(self, line: RecordLine) -> dict[str, Any]:
        said = line.subject
        self.pages.put(line, (said["delegation"], said["list"], said["turn"]), pages=said["pages"])
        letter = {"turn": said["turn"], "letter_number": said["number"], "letter_day": said["day"]}
        return {**letter, "signer": line.says("signer")}

    def _becomes(self, line: RecordLine, which: object, state: str) -> None:
        if which is not None:
            key: Key = (line.subject["delegation"], which)  # type: ignore[assignment]
            self.lists.change(line, key, state=state)

    def _communes(self, line: RecordLine) -> None:
        said = line.subject
        for key in [key for key in self.communes.rows if key[0] == said["delegation"]]:
            self.communes.drop(key)
        for place, unit in enumerate(said["communes"], start=1):
            self.communes.put(line, (said["delegation"], unit), position=place)
        for family in said["off"]:
            self.placed.drop((family,))
