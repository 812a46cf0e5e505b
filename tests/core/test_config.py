"""Nonsense in the environment stops the program and names the variable."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import Config, ConfigError


def read(tmp_path: Path, **values: str) -> Config:
    return Config.from_environment({"FESTIVAL_INSTANCE": str(tmp_path), **values})


def test_first_start_makes_keys_and_the_second_finds_them(tmp_path: Path) -> None:
    first, second = read(tmp_path), read(tmp_path)
    assert (first.secret_key, first.pass_key) == (second.secret_key, second.pass_key)
    assert len(first.pass_key) == 32
    assert (tmp_path / "pass.key").stat().st_mode & 0o777 == 0o600


def test_secrets_are_not_in_the_repr(tmp_path: Path) -> None:
    config = read(tmp_path, FESTIVAL_SMTP_PASSWORD="quả dừa")
    assert config.secret_key not in repr(config)
    assert "quả dừa" not in repr(config)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FESTIVAL_PORT", "0"),
        ("FESTIVAL_PORT", "năm nghìn"),
        ("FESTIVAL_PORT", "٥٠٠٠"),
        ("FESTIVAL_WORKERS", "-1"),
        ("FESTIVAL_HOST", "localhost"),
        ("FESTIVAL_SECURE_COOKIES", "maybe"),
        ("FESTIVAL_SECRET_KEY", "ngắn"),
        ("FESTIVAL_PASS_KEY", "zz" * 32),
        ("FESTIVAL_PASS_KEY", "ab"),
        ("FESTIVAL_PUBLIC_URL", "ngayhoi.invalid"),
        ("DATABASE_URL", "mysql://x/y"),
        ("DATABASE_URL", "sqlite:///"),
        ("FESTIVAL_WROKERS", "2"),
    ],
)
def test_nonsense_is_refused_by_name(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read(tmp_path, **{name: value})
    assert str(refused.value).startswith(name)


def test_https_address_makes_cookies_secure(tmp_path: Path) -> None:
    assert read(tmp_path, FESTIVAL_PUBLIC_URL="https://ngayhoi.example").secure_cookies
    assert not read(tmp_path).secure_cookies


def test_links_lead_to_the_port_the_server_listens_on(tmp_path: Path) -> None:
    assert read(tmp_path).public_url == "http://127.0.0.1:5000"
    assert read(tmp_path, FESTIVAL_PORT="5119").public_url == "http://127.0.0.1:5119"
    assert read(tmp_path, FESTIVAL_PORT="5119", FESTIVAL_PUBLIC_URL="https://ngayhoi.example/").public_url == (
        "https://ngayhoi.example"
    )
