"""How does a hub without internet get a certificate phones can be told to trust?

An authority of its own that may speak for this one name only (name constraints), and whose key is thrown away as soon as it
has signed: a phone that trusts it can be deceived about no other address, by nobody. Another certificate is another authority.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from festival.core.clock import local, now

FILES = ("ca.crt", "server.crt", "server.key")
LONGEST_DAYS = 397
_EVERY_ADDRESS = [x509.IPAddress(ip_network(every)) for every in ("0.0.0.0/0", "::/0")]
_HOST = re.compile(r"(?=.{1,64}\Z)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*")


class NotMade(Exception):
    """Why there is no certificate, in words."""


@dataclass(frozen=True, slots=True)
class MadeCertificate:
    """`fingerprint`: what a phone shows of the authority when it is about to trust it."""

    ends: datetime
    fingerprint: str


def make_certificate(
    host: str, addresses: Sequence[IPv4Address | IPv6Address], days: int, into: Path
) -> MadeCertificate:
    """Write `FILES` into the folder; nothing that is there is overwritten."""
    host = host.strip().lower().rstrip(".")
    if _HOST.fullmatch(host) is None:
        raise NotMade(f"«{host}» không phải một tên máy; mẫu: ngayhoi.lan")
    if host.endswith(".local"):
        raise NotMade(
            "Tên đuôi .local điện thoại hỏi theo cách khác, nhiều máy không thấy. Chọn đuôi khác, như ngayhoi.lan"
        )
    there = [name for name in FILES if (into / name).exists()]
    if there:
        raise NotMade(f"{into} đã có {', '.join(there)}. Chọn thư mục khác: điện thoại đang tin chứng chỉ cũ.")
    begins, key, signer = now() - timedelta(hours=12), _key(), _key()  # a phone whose clock is behind takes it too
    ends = now() + timedelta(days=days)
    authority = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Ngày hội Gia đình: {host}"[:64])])
    names: list[x509.GeneralName] = [x509.DNSName(host), *map(x509.IPAddress, addresses)]
    permitted = [x509.DNSName(host), *(x509.IPAddress(ip_network(each)) for each in addresses)]
    ca = (
        _blank(authority, authority, signer, begins, ends)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .add_extension(x509.NameConstraints(permitted, None if addresses else _EVERY_ADDRESS), critical=True)
        .sign(signer, hashes.SHA256())
    )
    server = (
        _blank(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)]), authority, key, begins, ends)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signer.public_key()), critical=False)
        .sign(signer, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    into.mkdir(parents=True, exist_ok=True)
    (into / "server.key").touch(mode=0o600, exist_ok=False)
    (into / "server.key").write_bytes(private)
    (into / "server.crt").write_bytes(server.public_bytes(pem) + ca.public_bytes(pem))
    (into / "ca.crt").write_bytes(ca.public_bytes(pem))
    for public in ("server.crt", "ca.crt"):
        (into / public).chmod(0o644)  # Caddy and whoever carries it to the phones read it
    return MadeCertificate(local(ends), ca.fingerprint(hashes.SHA256()).hex(":").upper())


def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _blank(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePrivateKey, begins: datetime, ends: datetime
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(ends)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )
