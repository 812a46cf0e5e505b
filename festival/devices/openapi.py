"""How does an outsider's script learn what the API takes and gives?

A small registry: each room describes its doors with the pydantic models it reads and writes; the document is OpenAPI
3.1. The libraries that do this write documents a fuzzer refuses or load pages from a CDN (docs/decisions).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from festival.devices.wire import MutationIn, RefusalOut

_WORDS = {
    400: "Không đọc được",
    401: "Chưa gắn máy",
    403: "Máy không có quyền",
    404: "Không tìm thấy",
    409: "Không còn hiệu lực",
    413: "Quá lớn",
    422: "Đọc được nhưng chưa ghi được",
    429: "Thử quá nhiều lần",
}


@dataclass(frozen=True, slots=True)
class Door:
    """One operation; `takes` None = no body."""

    method: str
    path: str
    summary: str
    takes: type[BaseModel] | None
    gives: type[BaseModel]
    token: bool
    status: int
    codes: tuple[int, ...]
    parameters: tuple[dict[str, Any], ...]


_doors: dict[tuple[str, str], Door] = {}


def describe(
    method: str,
    path: str,
    summary: str,
    takes: type[BaseModel] | None,
    gives: type[BaseModel],
    *,
    token: bool = False,
    status: int = 200,
    codes: Iterable[int] = (),
    parameters: Iterable[dict[str, Any]] = (),
) -> None:
    """Add a door to the document. `token` = needs a device's bearer token."""
    _doors[path, method] = Door(method, path, summary, takes, gives, token, status, tuple(codes), tuple(parameters))


def document() -> dict[str, Any]:
    """The whole document, the same for every call."""
    models = {RefusalOut, MutationIn} | {door.gives for door in _doors.values()}
    models |= {door.takes for door in _doors.values() if door.takes is not None}
    wanted = [(model, "validation") for model in sorted(models, key=lambda model: model.__name__)]
    _names, schemas = models_json_schema(wanted, ref_template="#/components/schemas/{model}")  # type: ignore[arg-type]
    components = schemas["$defs"]
    components["SyncIn"]["properties"]["mutations"]["items"] = _ref(MutationIn)
    paths: dict[str, dict[str, Any]] = {}
    for (path, method), door in sorted(_doors.items()):
        operation: dict[str, Any] = {
            "summary": door.summary,
            "operationId": f"{method}_{path.removeprefix('/api/v1/').replace('/', '_')}",
            "responses": {
                str(door.status): _answer("Đã nhận", door.gives),
                **{str(code): _answer(_WORDS[code], RefusalOut) for code in door.codes},
            },
        }
        if door.takes is not None:
            operation["requestBody"] = {"required": True, "content": {"application/json": {"schema": _ref(door.takes)}}}
        if door.parameters:
            operation["parameters"] = list(door.parameters)
        if door.token:
            operation["security"] = [{"device": []}]
        paths.setdefault(path, {})[method] = operation
    return {
        "openapi": "3.1.0",
        "info": {"title": "Ngày hội Gia đình tiêu biểu", "version": "1"},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"device": {"type": "http", "scheme": "bearer"}},
        },
    }


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model.__name__}"}


def _answer(words: str, model: type[BaseModel]) -> dict[str, Any]:
    return {"description": words, "content": {"application/json": {"schema": _ref(model)}}}
