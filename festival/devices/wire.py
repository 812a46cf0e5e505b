"""What does a message from a device look like, and is it the one that was signed?

Shapes of POST /api/v1/enrol and POST /api/v1/sync (docs/devices.md). Pydantic and arithmetic, no database.
Version 2 is the present mutation; version 1, which knows no clock offset and no chain, is still accepted, because a
device may come back from a day without network after the server was renewed.
"""

from __future__ import annotations

import gzip
import json
import zlib
from base64 import urlsafe_b64decode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Annotated, Any, Literal

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, TypeAdapter, ValidationError

from festival.core.canonical import canonical_json
from festival.core.text import any_unstorable, clean, cleaned, cut, unstorable
from festival.core.web.wire import CleanShape

MUTATIONS_MAX = 500
CHUNK = 50
UNPACKED_MAX = 8 * 1024 * 1024
BODY_MAX = 64 * 1024
ECHO_MAX = 200
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
LATEST_MS = 4_102_444_800_000  # the year 2100

Count = Annotated[StrictInt, Field(ge=0, le=2**53 - 1)]
Milliseconds = Annotated[StrictInt, Field(ge=0, le=LATEST_MS)]
Mid = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Hash = Annotated[StrictStr, Field(pattern=r"^[0-9a-f]{64}$")]


class _WireShape(BaseModel):
    model_config = ConfigDict(extra="forbid")


class MutationIn(_WireShape):
    """One mutation as it travels."""

    v: Literal[1, 2] = 2
    mid: Mid
    seq: Annotated[StrictInt, Field(ge=1, le=2**53 - 1)]
    kind: Annotated[StrictStr, Field(min_length=1, max_length=40)]
    subject: Annotated[StrictStr, Field(max_length=200)]
    body: dict[str, Any]
    base_version: Count | None = None
    wall_ms: Milliseconds
    offset_ms: Annotated[StrictInt, Field(ge=-LATEST_MS, le=LATEST_MS)] = 0
    prev_hash: Hash | None = None
    sig: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{0,100}$")] | None = None


class SyncIn(_WireShape):
    """A delivery: at most 500 mutations; `known` names the ledger streams whose head the device remembers."""

    v: Literal[1, 2] = 2
    # Each is read by itself; the description says what one looks like.
    mutations: Annotated[
        list[Any],
        Field(max_length=MUTATIONS_MAX, json_schema_extra={"items": {"$ref": "#/components/schemas/MutationIn"}}),
    ]
    known: Annotated[list[Annotated[StrictStr, Field(max_length=80)]], Field(max_length=20)] = []


class VerdictOut(_WireShape):
    """The answer to one mutation."""

    mid: str
    verdict: Literal["applied", "duplicate", "conflict", "quarantined", "rejected"]
    reason: str | None = None
    detail: dict[str, Any] = {}
    ledger: str | None = None


class HeadOut(_WireShape):
    """The end of a ledger stream."""

    stream: str
    size: int
    head: str


class DeviceOut(_WireShape):
    """A device about itself."""

    code: str
    number: int
    name: str
    role: str
    station: str
    page: str
    revoked: bool = False
    waiting: bool = False  # a judge's tablet that its judge has not opened with the own PIN


class FestivalOut(_WireShape):
    """The festival a device belongs to."""

    code: str
    name: str
    rehearsal: bool = False


class SyncOut(_WireShape):
    """The answer to a delivery; a mid missing from `verdicts` was not decided and is sent again."""

    server_ms: int
    device: DeviceOut
    verdicts: list[VerdictOut]
    unanswered: list[str]
    gaps: list[list[int]]
    heads: list[HeadOut]


class ConditionIn(_WireShape):
    """How a device says that it is; null = its browser does not tell. `wall_ms`: its own clock, uncorrected."""

    wall_ms: Milliseconds
    unsent: Count
    battery: Annotated[StrictInt, Field(ge=0, le=100)] | None = None
    storage_used: Annotated[StrictInt, Field(ge=0, le=100)] | None = None
    persisted: StrictBool | None = None


class ConditionOut(_WireShape):
    """It was taken note of."""

    server_ms: int


class StateOut(_WireShape):
    """What a device should know now; `state` is null for a revoked device, and when it must hold no lists."""

    server_ms: int
    device: DeviceOut
    festival: FestivalOut
    heads: list[HeadOut]
    state: dict[str, Any] | None
    forget_ms: int | None = None  # from then on the device holds no lists; null = it is not told


class PublicKey(BaseModel):
    """A P-256 public key as JSON Web Key; members a browser adds are dropped."""

    model_config = ConfigDict(extra="ignore")
    kty: Literal["EC"]
    crv: Literal["P-256"]
    x: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]
    y: Annotated[StrictStr, Field(pattern=r"^[A-Za-z0-9_-]{43}$")]


class EnrolIn(CleanShape):
    """A one-time code, what the phone calls itself and, for a judge's tablet, its public key."""

    code: Annotated[StrictStr, Field(min_length=4, max_length=40)]
    name: Annotated[StrictStr, Field(max_length=80)] = ""
    public_key: PublicKey | None = None


class EnrolOut(_WireShape):
    """The only time the token is shown."""

    device: DeviceOut
    festival: FestivalOut
    token: str
    server_ms: int


class ActivateIn(_WireShape):
    """The judge's own PIN; with the ten digits of the sealed card it is the one to be set."""

    pin: Annotated[StrictStr, Field(max_length=20)]
    card: Annotated[StrictStr, Field(max_length=40)] | None = None


class ActivateOut(_WireShape):
    """Whether the tablet is open now; else why not, how long to wait, and how many tries are left."""

    server_ms: int
    device: DeviceOut
    activated: bool
    reason: str | None = None
    wait_s: int = 0
    left: int | None = None


class UnreadableDelivery(ValueError):
    """The request as a whole cannot be read."""


@dataclass(frozen=True, slots=True)
class Message:
    """A well-formed mutation with its digest; `problem` is why it must be rejected, '' if it need not.

    What no database can hold is rejected for good (`bad_text`): the refusal is kept, without the body.
    """

    wire: MutationIn
    digest: str
    signed_bytes: bytes
    body: dict[str, Any]  # what a room reads: the sent one with its texts cleaned
    problem: str = ""

    @property
    def at(self) -> datetime:
        """The device's clock corrected by its offset."""
        return EPOCH + timedelta(milliseconds=min(max(self.wire.wall_ms + self.wire.offset_ms, 0), LATEST_MS))


@dataclass(frozen=True, slots=True)
class Broken:
    """A mutation without a usable mid or seq: rejected, never stored."""

    mid: str
    why: str


_ENVELOPE = TypeAdapter(SyncIn)
_MUTATION = TypeAdapter(MutationIn)
_WORDS = ("kind", "subject")


def unpacked(raw: bytes, encoding: str) -> bytes:
    """The body, gunzipped if the header says so. Raises Unreadable for broken or bomb-like gzip."""
    if encoding in ("", "identity"):
        return raw
    if encoding != "gzip":
        raise UnreadableDelivery(encoding)
    try:
        inflater = zlib.decompressobj(wbits=31)
        plain = inflater.decompress(raw, UNPACKED_MAX)
    except zlib.error as wrong:
        raise UnreadableDelivery("gzip") from wrong
    if inflater.unconsumed_tail or not inflater.eof:
        raise UnreadableDelivery("gzip")
    return plain


def packed(plain: bytes) -> bytes:
    """The other direction, for scripts and tests."""
    return gzip.compress(plain, 6)


def read_sync(plain: bytes) -> SyncIn:
    """The envelope of a delivery; each mutation is read by `read_mutation`. Raises Unreadable."""
    try:
        sent = json.loads(plain)
        if isinstance(sent, dict) and "known" in sent:
            sent["known"] = cleaned(sent["known"])
        return _ENVELOPE.validate_python(sent)
    except (ValidationError, ValueError, RecursionError) as wrong:
        raise UnreadableDelivery("shape") from wrong


def read_mutation(raw: Any, device_code: str) -> Message | Broken:
    """One mutation of the delivery, with its digest, or what is wrong with it."""
    strange = False
    if isinstance(raw, dict) and any(unstorable(raw[key]) for key in _WORDS if isinstance(raw.get(key), str)):
        raw, strange = raw | {key: clean(raw[key]) for key in _WORDS if isinstance(raw.get(key), str)}, True
    try:
        wire = _MUTATION.validate_python(raw)
    except ValidationError as wrong:
        mid = raw.get("mid", "") if isinstance(raw, dict) else ""
        where = ".".join(str(part) for part in wrong.errors()[0]["loc"]) or "mutation"
        # Echoed as well as it can be: an answer holds no half of a pair, and is no longer than a message may be.
        return Broken(cut(clean(mid), ECHO_MAX) if isinstance(mid, str) else "", cut(clean(where), ECHO_MAX))
    try:
        strange = strange or any_unstorable(wire.body)
        body = cleaned(wire.body)
        signed = signed_bytes(wire, device_code, strange=strange)
    except (TypeError, ValueError, RecursionError):
        return Broken(wire.mid, "body")
    problem = "bad_text" if strange else "too_long" if len(signed) > BODY_MAX else ""
    return Message(wire, sha256(signed).hexdigest(), signed, body, problem)


def signed_bytes(wire: MutationIn, device_code: str, *, strange: bool = False) -> bytes:
    """Canonical JSON (RFC 8785) of everything but the signature, with the device's code.

    The scheme has no bytes for half of a surrogate pair; of a `strange` message they need only be the same each time.
    """
    named = {
        "base_version": wire.base_version,
        "body": wire.body,
        "device": device_code,
        "kind": wire.kind,
        "mid": wire.mid,
        "offset_ms": wire.offset_ms,
        "prev_hash": wire.prev_hash,
        "seq": wire.seq,
        "subject": wire.subject,
        "v": wire.v,
        "wall_ms": wire.wall_ms,
    }
    return canonical_json(named, errors="surrogatepass" if strange else "strict")


def signature_holds(public_key: dict[str, Any], message: Message) -> bool:
    """ECDSA P-256 with SHA-256 over `signed_bytes`; `sig` is r ‖ s in base64url, as WebCrypto gives it."""
    if not message.wire.sig:
        return False
    try:
        raw = urlsafe_b64decode(message.wire.sig + "=" * (-len(message.wire.sig) % 4))
        if len(raw) != 64:
            return False
        key = verifying_key(public_key)
        der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
        key.verify(der, message.signed_bytes, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, ValueError):
        return False
    return True


def verifying_key(jwk: dict[str, Any]) -> ec.EllipticCurvePublicKey:
    """The key of a JWK. Raises ValueError for a point off the curve."""
    x, y = (int.from_bytes(urlsafe_b64decode(jwk[part] + "="), "big") for part in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
