"""How does an outsider's script learn what the API takes and gives?

A small registry: each room describes its doors with the pydantic models they read and write. Where a door is, what stands in its
address and who may open it is read from the routes themselves, so the document cannot say another thing than the house does; it is
OpenAPI 3.1. The libraries that do this write documents a fuzzer refuses or load pages from a CDN (docs/decisions).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema
from werkzeug.routing import Rule

from festival.core.web.access import Policy, policy_of
from festival.core.web.errors import JSON_DOORS
from festival.core.web.wire import RefusalOut

JSON, FORM, BYTES = "application/json", "application/x-www-form-urlencoded", "application/octet-stream"
# `<code>`, `<int:number>`, `<int(max=9):number>`: the kind, the name.
_PART = re.compile(r"<(?:([^:>]*):)?(\w+)>")
_WORDS = {
    400: "Không đọc được",
    401: "Chưa gắn máy, hoặc chưa đăng nhập",
    403: "Không có quyền",
    404: "Không tìm thấy",
    409: "Không còn hiệu lực",
    413: "Quá lớn",
    422: "Đọc được nhưng chưa ghi được",
    429: "Thử quá nhiều lần",
    503: "Chưa sẵn sàng",
}
_CAME_AS = {
    "device": {"type": "http", "scheme": "bearer", "description": "Mã của máy đã gắn (POST /api/v1/enrol)"},
    "user": {"type": "apiKey", "in": "cookie", "name": "signin", "description": "Tài khoản đã đăng nhập"},
    "family": {"type": "apiKey", "in": "cookie", "name": "family", "description": "Liên kết riêng của gia đình"},
    "head": {"type": "apiKey", "in": "cookie", "name": "head", "description": "Liên kết của trưởng đoàn"},
}


@dataclass(frozen=True, slots=True)
class Door:
    """One operation; `takes` None = no body, `kind` its media type; `gives` None = an answer without a body."""

    summary: str
    takes: type[BaseModel] | None
    gives: type[BaseModel] | None
    kind: str
    status: int
    codes: tuple[int, ...]
    told: dict[int, type[BaseModel]]
    parameters: tuple[dict[str, Any], ...]


_doors: dict[tuple[str, str], Door] = {}
_named: set[type[BaseModel]] = set()


def name(shape: type[BaseModel]) -> None:
    """A shape that others point at by its name only."""
    _named.add(shape)


def describe(
    method: str,
    path: str,
    summary: str,
    takes: type[BaseModel] | None,
    gives: type[BaseModel] | None,
    *,
    kind: str = JSON,
    status: int = 200,
    codes: Iterable[int] = (),
    told: dict[int, type[BaseModel]] | None = None,
    parameters: Iterable[dict[str, Any]] = (),
) -> None:
    """Add a door to the document; `path` as its route is written. Refusals of its policy are added, `codes` are its own; `told`: other answers."""
    _doors[path, method] = Door(summary, takes, gives, kind, status, tuple(codes), told or {}, tuple(parameters))


def in_scope(rule: Rule) -> bool:
    """Whether a route belongs into the document."""
    return rule.rule.startswith(JSON_DOORS)


def document() -> dict[str, Any]:
    """The whole document, the same for every call."""
    models: set[type[BaseModel]] = {RefusalOut, *_named}
    for door in _doors.values():
        models |= {each for each in (door.takes, door.gives, *door.told.values()) if each is not None}
    wanted = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    _names, schemas = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    paths: dict[str, dict[str, Any]] = {}
    for rule in sorted(current_app.url_map.iter_rules(), key=lambda rule: rule.rule):
        for method in sorted(rule.methods or ()):
            told = _doors.get((rule.rule, method.lower()))
            policy = policy_of(current_app.view_functions[rule.endpoint])
            if told is not None and policy is not None:
                paths.setdefault(_address(rule), {})[method.lower()] = _operation(rule, method.lower(), told, policy)
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ngày hội Gia đình tiêu biểu", "version": "1"},
        "paths": paths,
        "components": {"schemas": schemas["$defs"], "securitySchemes": _CAME_AS},
    }


def _operation(rule: Rule, method: str, door: Door, policy: Policy) -> dict[str, Any]:
    refused = {*door.codes}
    if policy.kind != "anonymous":
        refused |= {401, 403}
    if rule.arguments:
        refused.add(404)
    if method == "post":
        refused |= {400, 413}
    operation: dict[str, Any] = {
        "summary": door.summary,
        "operationId": f"{method}{_address(rule).removeprefix('/api/v1').replace('/', '_').replace('{', '').replace('}', '')}",
        "responses": {
            str(door.status): _answer("Đã nhận" if method == "post" else "Trả lời", door.gives),
            **{str(code): _answer(_WORDS[code], RefusalOut) for code in sorted(refused)},
            **{str(code): _answer(_WORDS[code], model) for code, model in door.told.items()},
        },
    }
    if door.takes is not None or door.kind == BYTES:
        schema = {"type": "string", "format": "binary"} if door.takes is None else _ref(door.takes)
        operation["requestBody"] = {"required": True, "content": {door.kind: {"schema": schema}}}
    parameters = [_in_address(rule, name) for name in sorted(rule.arguments)] + list(door.parameters)
    if parameters:
        operation["parameters"] = parameters
    if policy.kind != "anonymous":
        operation["security"] = [{policy.kind: []}]
    return operation


def _address(rule: Rule) -> str:
    """`/api/v1/stage/<code>/day` is `/api/v1/stage/{code}/day`."""
    return _PART.sub(r"{\2}", rule.rule)


def _in_address(rule: Rule, name: str) -> dict[str, Any]:
    whole = (name, True) in ((found[2], (found[1] or "").startswith("int")) for found in _PART.finditer(rule.rule))
    schema: dict[str, Any] = {"type": "integer", "minimum": 0} if whole else {"type": "string", "minLength": 1}
    return {"name": name, "in": "path", "required": True, "schema": schema}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _answer(words: str, model: type[BaseModel] | None) -> dict[str, Any]:
    return {"description": words, **({"content": {JSON: {"schema": _ref(model)}}} if model is not None else {})}
