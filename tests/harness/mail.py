"""Where do the letters of a test go? To a real SMTP server on this machine that keeps them."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller


class PostBox:
    """Listens on a free loopback port; `letters` holds what arrived, in order."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self._controller = _AnyPort(self, hostname="127.0.0.1", port=0)

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port the system chose."""
        server: Any = self._controller.server
        return int(server.sockets[0].getsockname()[1])

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """Keep one letter (the name is the library's)."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"


class _AnyPort(Controller):
    def _trigger_server(self) -> None:
        """The library knocks at the port it was told, which is 0 here: nothing to knock at."""
