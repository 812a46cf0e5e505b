"""What do all the festivals of one worker share, though each test has one of its own?

What two of them would make alike is made once: addresses, templates, statements in the words of a database. A server has one festival and keeps all of this for its whole life; here a life is one test.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule

from festival.accounts import passwords

STATEMENTS = 3_000
# The real cost is a fifth of a second for each hash and each look; test_passwords holds it, all others need only the form.
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)

_rules: dict[object, tuple[Any, ...]] = {}
_compile = Rule.compile
_statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)


def share(folder: Path) -> None:
    """From now on, in this process; compiled templates lie in `folder`, for all workers."""
    folder.mkdir(exist_ok=True)
    passwords._hasher = CHEAP
    Flask.jinja_options = {"bytecode_cache": _Templates(str(folder))}
    Rule.compile = _kept_rule  # type: ignore[method-assign]
    for dialect in (PGDialect_psycopg, SQLiteDialect_pysqlite):
        dialect.__eq__ = _alike  # type: ignore[method-assign, assignment]
        dialect.__hash__ = _kind  # type: ignore[method-assign, assignment]
        dialect.engine_created = classmethod(_keep_statements)  # type: ignore[method-assign, assignment]


class _Templates(FileSystemBytecodeCache):
    """Compiled templates; what this worker has read once it does not read again."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self._read: dict[tuple[str, str], Any] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        which = (bucket.key, bucket.checksum)
        if which not in self._read:
            super().load_bytecode(bucket)
            if bucket.code is None:
                return
            self._read[which] = bucket.code
        bucket.code = self._read[which]


def _kept_rule(rule: Rule) -> None:
    """The parts of an address, what is read of it, and the functions that build it."""
    key = (rule.rule, rule.subdomain, rule.merge_slashes, tuple(sorted((rule.defaults or {}).items())))
    if key not in _rules:
        _compile(rule)
        built = rule._build.__func__, rule._build_unknown.__func__  # type: ignore[attr-defined]
        _rules[key] = rule._parts, rule._trace, rule._converters, rule.arguments, *built
        return
    rule._parts, rule._trace, rule._converters, rule.arguments, build, build_unknown = _rules[key]
    rule._build, rule._build_unknown = build.__get__(rule, None), build_unknown.__get__(rule, None)


def _kind(dialect: Dialect) -> int:
    return hash(type(dialect))


def _alike(one: Dialect, other: object) -> bool:
    """Whether both say a statement in the same words: the same kind and release of a database."""
    return type(one) is type(other) and _release(one) == _release(other)


def _release(dialect: object) -> object:
    return getattr(dialect, "server_version_info", None)


def _keep_statements(_dialect: type[Dialect], engine: Engine) -> None:
    """A statement is put into words once for all databases of a kind, not once for each."""
    engine._compiled_cache = _statements
