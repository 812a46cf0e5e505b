"""What was searched for, without the words standing in an address?

An address is kept in histories, logs and chats. So a search is posted, and its door answers with an address that holds
the text sealed (AES-256-GCM under a key of the server): Back, the next page and a second tab work as with any address, and
nobody reads a name in it. A seal that does not open (another server's, a cut address) is an empty search.
"""

from __future__ import annotations

import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as NotBase64

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app, request

from festival.core.text import cut

FIELD = "search"  # of the form that is posted
SEALED = "s"  # of the address
LONGEST = 80  # characters; no name and no number is longer
NONCE_BYTES = 12


def posted_search() -> str | None:
    """What the form asks for, sealed for an address; None when nothing was typed."""
    text = cut(request.form.get(FIELD, "").strip(), LONGEST)
    return sealed(text) if text else None


def sealed(text: str) -> str:
    """The text as an address may hold it: URL-safe, another one each time."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return urlsafe_b64encode(nonce + _cipher().encrypt(nonce, text.encode(), None)).decode().rstrip("=")


def asked_search() -> str:
    """The text that the address holds; "" when there is none or it does not open."""
    asked = request.args.get(SEALED, "")
    try:
        content = urlsafe_b64decode(asked.encode() + b"=" * (-len(asked) % 4))
        return _cipher().decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], None).decode()
    except (InvalidTag, NotBase64, ValueError):
        return ""


def _cipher() -> AESGCM:
    key = HKDF(SHA256(), 32, None, b"search in an address").derive(current_app.config["FESTIVAL"].secret_key.encode())
    return AESGCM(key)
