"""Until when is the public address certified, as a phone that opens it would judge?

Asked by the worker from outside like any visitor: name, chain and end are checked by the machine's own trust, so an address
whose certificate a phone refuses is refused here, with OpenSSL's reason.
"""

from __future__ import annotations

import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import urlsplit

from flask import current_app

from config import Config
from festival.core.pulse.pulses import PulseKind, beat
from festival.core.transaction import transaction

ASKED_EVERY_S = 3600.0
PATIENCE_S = 5.0


def certified_until(url: str, trust: ssl.SSLContext) -> datetime:
    """The end of the certificate at `url` (https). Raises ssl.SSLError when it is not believed, OSError when nobody answers."""
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or 443
    with (
        socket.create_connection((host, port), PATIENCE_S) as plain,
        trust.wrap_socket(plain, server_hostname=host) as secured,
    ):
        ends = (secured.getpeercert() or {}).get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(ends)), UTC)


def look() -> None:
    """Note what was found; an address that does not answer just now says nothing of its certificate."""
    config: Config = current_app.config["FESTIVAL"]
    if not config.public_url.startswith("https://"):
        return
    try:
        said = {"ends": certified_until(config.public_url, ssl.create_default_context()).isoformat()}
    except ssl.SSLCertVerificationError as error:
        said = {"refused": error.verify_message}
    except OSError:
        return
    with transaction():
        beat(PulseKind.CERTIFICATE, said)
