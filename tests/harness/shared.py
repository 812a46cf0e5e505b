"""What do all the festivals of one worker share, though each test has one of its own?

What two of them would make alike is made once: addresses, templates, statements in the words of a database, the list of
static files. A server has one festival and keeps all of this for its whole life; here a life is one test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Engine
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.engine import Dialect
from sqlalchemy.util import LRUCache
from werkzeug.routing import Rule
from werkzeug.routing.rules import RulePart
from whitenoise import WhiteNoise

from config import ROOT

STATEMENTS = 3_000

_builders: dict[object, Callable[..., tuple[str, str]]] = {}
_compile_builder = Rule._compile_builder
_parts: dict[str, tuple[list[RulePart], list[tuple[bool, str]], dict[str, Any]]] = {}
_parse_rule = Rule._parse_rule
_files: dict[tuple[str, str, object], dict[str, Any]] = {}
_add_files = WhiteNoise.add_files
_statements: LRUCache[Any, Any] = LRUCache(STATEMENTS)


def share(folder: Path) -> None:
    """From now on, in this process; compiled templates lie in `folder`, for all workers."""
    folder.mkdir(exist_ok=True)
    Flask.jinja_options = {"bytecode_cache": _Templates(str(folder))}
    Rule._compile_builder = _kept_builder  # type: ignore[method-assign, assignment]
    Rule._parse_rule = _kept_parts  # type: ignore[method-assign]
    WhiteNoise.add_files = _kept_files
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


def _kept_builder(rule: Rule, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
    """The function that builds addresses of a rule."""
    key = (tuple(rule._trace), append_unknown, tuple(sorted((rule.defaults or {}).items())))
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


def _kept_parts(rule: Rule, text: str) -> Iterable[RulePart]:
    """The parts of an address, and what reading it leaves in the rule."""
    if text not in _parts:
        before = len(rule._trace)
        parts = list(_parse_rule(rule, text))
        trace = rule._trace[before:]
        _parts[text] = (parts, trace, {name: rule._converters[name] for variable, name in trace if variable})
        return parts
    parts, trace, converters = _parts[text]
    rule._trace += trace
    rule._converters.update(converters)
    rule.arguments.update(converters)
    return parts


def _kept_files(served: WhiteNoise, root: str, prefix: str | None = None) -> None:
    """The files of this program's own tree; its digest stands in `prefix`."""
    if not Path(root).is_relative_to(ROOT):
        _add_files(served, root, prefix)
        return
    key = (root, str(prefix), served.add_headers_function)
    if key not in _files:
        alone = WhiteNoise(None, max_age=served.max_age, allow_all_origins=served.allow_all_origins)
        alone.add_headers_function = served.add_headers_function
        _add_files(alone, root, prefix)
        _files[key] = alone.files
    served.files.update(_files[key])


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
