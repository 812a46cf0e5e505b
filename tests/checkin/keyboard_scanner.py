"""What does a keyboard scanner send to the browser? Real key events, as they come in each kind of keyboard.

By Chromium's own protocol: an event that a script makes would neither write into a field nor press a button.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import ClassVar, Literal

from playwright.sync_api import CDPSession, Page

Keyboard = Literal["plain", "composing", "shifted", "vietnamese", "hidden", "numpad"]
KEYBOARDS: tuple[Keyboard, ...] = ("plain", "composing", "shifted", "vietnamese", "hidden", "numpad")
ENDS = {"Enter": (13, "\r"), "Tab": (9, ""), "": (0, "")}
EVERY_S = 0.006  # from key to key, on the event's own clock: what a slow machine needs to send them does not count
_SHIFTED = ")!@#$%^&*("
_VIETNAMESE = "đăâêô\u0300\u0309\u0303\u0301\u0323"


@dataclass
class KeyboardScanner:
    """Types a text into whatever has the focus of `page`, and Enter, Tab or nothing behind it."""

    page: Page
    cdp: CDPSession = field(init=False)
    # Of all scanners: what another one has just sent may lie a little ahead of the clock, and keys that come right behind a code are its tail.
    _at: ClassVar[float] = 0.0

    def __post_init__(self) -> None:
        self.cdp = self.page.context.new_cdp_session(self.page)

    def scan(self, text: str, keyboard: Keyboard = "plain", end: str = "Enter") -> None:
        """One pull of the trigger."""
        KeyboardScanner._at = max(time.time(), self._at + 0.4)
        in_field = self.page.evaluate("document.activeElement?.matches('input:not([type=checkbox]), textarea')")
        composed = ""
        for sign in text:
            if keyboard == "composing" and in_field:
                # the keyboard's own window takes the key and shows what it makes of it
                composed += sign
                self._key("Process", f"Digit{sign}", 229, "")
                place = {"selectionStart": len(composed), "selectionEnd": len(composed)}
                self.cdp.send("Input.imeSetComposition", {"text": composed, **place})
            elif keyboard == "hidden" and in_field:
                self._key("Unidentified", "", 229, "")
                self.cdp.send("Input.insertText", {"text": sign})
            else:
                self._digit(sign, keyboard)
        if composed:
            self.cdp.send("Input.insertText", {"text": composed})
        if end:
            number, written = ENDS[end]
            self._key(end, end, number, written)

    def _digit(self, sign: str, keyboard: Keyboard) -> None:
        number = ord(sign)
        if keyboard == "numpad":
            self._key(sign, f"Numpad{sign}", 96 + int(sign), sign)
        elif keyboard in ("shifted", "vietnamese"):
            written = (_SHIFTED if keyboard == "shifted" else _VIETNAMESE)[int(sign)]
            self._key(written, f"Digit{sign}", number, written, shift=keyboard == "shifted")
        else:
            self._key(sign, f"Digit{sign}", number, sign)

    def _key(self, key: str, code: str, number: int, written: str, *, shift: bool = False) -> None:
        KeyboardScanner._at += EVERY_S
        said = {
            "key": key,
            "code": code,
            "windowsVirtualKeyCode": number,
            "timestamp": self._at,
            "modifiers": 8 * shift,
        }
        down = {"type": "keyDown", "text": written} if written else {"type": "rawKeyDown"}
        self.cdp.send("Input.dispatchKeyEvent", {**said, **down})
        self.cdp.send("Input.dispatchKeyEvent", {**said, "type": "keyUp"})
