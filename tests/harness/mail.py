"""Where do the letters of a test go? To a real SMTP server on this machine that keeps them."""

from __future__ import annotations

import ssl
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller

from tests.harness.served import free_port


class PostBox:
    """Listens on a free loopback port; `letters` holds what arrived, in order."""

    def __init__(
        self, tls: ssl.SSLContext | None = None, *, from_the_first_byte: bool = False, let_in: Any = None
    ) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        how: dict[str, Any] = {"ssl_context": tls} if from_the_first_byte else {"tls_context": tls}
        if let_in is not None:  # who asks for a password; the library thinks of TLS from the first byte as of none
            plain = tls is None or from_the_first_byte
            how |= {"authenticator": let_in, "auth_require_tls": not plain}
        self._controller = Controller(self, hostname="127.0.0.1", port=free_port(), **how)

    def start(self) -> None:
        """Begin to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stop listening."""
        self._controller.stop()

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._controller.port)

    async def handle_DATA(self, _server: object, _session: object, envelope: Any) -> str:
        """Keep one letter (the name is the library's)."""
        letter = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 OK"
