"""docs/openapi.json, made from the types of the messages.

`python -m resshift_desktop.bridge.server.openapi > docs/openapi.json`
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from resshift_desktop.bridge.protocol import PROTOCOL_HEADER, PROTOCOL_VERSION, STREAM_TYPE
from resshift_desktop.bridge.server import messages as m
from resshift_desktop.bridge.server.model_download import LINES_TYPE

Schema = dict[str, Any]

_BINARY: Schema = {"type": "string", "format": "binary"}
_NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 10**18 - 1}


@dataclass(frozen=True)
class Endpoint:
    """One address and method. `answer` is a message or a media type; `errors` beside those of all."""

    method: str
    path: str
    summary: str
    answer: Any = None
    status: int = 200
    query: type[m.Query] = m.NoQuery
    body: type[m.Body] | str | None = None
    errors: tuple[int, ...] = ()


_JOB = "/v1/jobs/{id}"
_BODY_ERRORS = (408, 411, 413)
_JOB_ERRORS = (404, 409)
_MOVE_ERRORS = _JOB_ERRORS + _BODY_ERRORS

ENDPOINTS = (
    Endpoint("GET", "/v1/health", "Who is there, and whether it is ready", m.Health),
    Endpoint("POST", "/v1/shutdown", "Have the core leave; jobs stay in the queue", status=202),
    Endpoint(
        "POST", "/v1/upscale", "Upscale the pixels of an open picture",
        STREAM_TYPE, 200, m.UpscaleQuery, "application/octet-stream", _BODY_ERRORS,
    ),
    Endpoint(
        "GET", "/v1/events", "What happens, as server-sent events",
        "text/event-stream", 200, m.EventsQuery, errors=(503,),
    ),
    Endpoint("GET", "/v1/jobs", "List jobs", m.JobPage, query=m.JobsQuery),
    Endpoint("POST", "/v1/jobs", "Add picture files", m.Jobs, 201, body=m.NewJobs, errors=_BODY_ERRORS),
    Endpoint(
        "POST", "/v1/jobs/remove", "Forget jobs; their results stay",
        m.QueueState, body=m.JobIds, errors=_BODY_ERRORS,
    ),
    Endpoint("GET", _JOB, "One job", m.WireJob, errors=(404,)),
    Endpoint("DELETE", _JOB, "Forget a job; its result stays", status=204, errors=_JOB_ERRORS),
    Endpoint("POST", f"{_JOB}/pause", "Set a job aside", m.WireJob, errors=_JOB_ERRORS),
    Endpoint("POST", f"{_JOB}/resume", "Queue a paused job again", m.WireJob, errors=_JOB_ERRORS),
    Endpoint("POST", f"{_JOB}/cancel", "Give a job up", m.WireJob, errors=_JOB_ERRORS),
    Endpoint("POST", f"{_JOB}/retry", "Queue a failed or cancelled job again", m.WireJob, errors=_JOB_ERRORS),
    Endpoint(
        "POST", f"{_JOB}/move", "Change a job's place", m.WireJob, body=m.Move, errors=_MOVE_ERRORS
    ),
    Endpoint("GET", f"{_JOB}/tiles", "Which finished tiles there are", m.Tiles, errors=(404,)),
    Endpoint("GET", f"{_JOB}/tiles/{{number}}", "A finished tile, small", "image/jpeg", errors=(404,)),
    Endpoint("POST", "/v1/queue/pause", "Start no further job", m.QueueState),
    Endpoint("POST", "/v1/queue/resume", "Go on", m.QueueState),
    Endpoint("POST", "/v1/queue/clear", "Forget finished jobs", m.QueueState),
    Endpoint("GET", "/v1/models", "Which models there are", m.Models),
    Endpoint(
        "POST", "/v1/models/import", "Make a model of files that are here",
        m.Model, 201, body=m.ImportModel, errors=_BODY_ERRORS,
    ),
    Endpoint("DELETE", "/v1/models/{name}", "Remove a model", status=204, errors=_JOB_ERRORS),
    Endpoint(
        "POST", "/v1/models/{name}/download", "Fetch a published model, told line by line",
        LINES_TYPE, 200, m.DownloadQuery, errors=_JOB_ERRORS,
    ),
)  # fmt: skip


def document() -> Schema:
    """The OpenAPI 3.1 description of the bridge."""
    messages = [m.ErrorAnswer, m.StreamLine, m.DownloadLine]
    for endpoint in ENDPOINTS:
        kinds = (endpoint.query, endpoint.body, endpoint.answer)
        messages += [kind for kind in kinds if isinstance(kind, type) and kind not in messages]
    schemas, components = msgspec.json.schema_components(messages, ref_template="#/components/schemas/{name}")
    references = dict(zip(messages, schemas, strict=True))
    components["StreamLine"] = references[m.StreamLine]
    components["DownloadLine"] = references[m.DownloadLine]
    paths: dict[str, Schema] = {}
    for endpoint in ENDPOINTS:
        operation = _operation(endpoint, references, components)
        paths.setdefault(endpoint.path, {})[endpoint.method.lower()] = operation
    for query in {endpoint.query.__name__ for endpoint in ENDPOINTS}:
        del components[query]  # its fields are the parameters
    for schema in components.values():
        if "description" in schema:
            schema["description"] = " ".join(schema["description"].split())
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "ResShift Desktop: the bridge",
            "version": str(PROTOCOL_VERSION),
            "description": "See bridge.md.",
        },
        "servers": [{"url": "http://127.0.0.1:{port}", "variables": {"port": {"default": "0"}}}],
        "security": [{"token": [], "protocol": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"},
                "protocol": {"type": "apiKey", "in": "header", "name": PROTOCOL_HEADER},
            },
        },
    }


def _operation(endpoint: Endpoint, references: dict[Any, Schema], components: dict[str, Schema]) -> Schema:
    operation: Schema = {
        "summary": endpoint.summary,
        "parameters": [
            *_path_parameters(endpoint.path),
            *_query_parameters(components[endpoint.query.__name__]),
        ],
        "responses": _responses(endpoint, references),
    }
    if endpoint.body is not None:
        operation["requestBody"] = {"required": True, "content": _content(endpoint.body, references)}
    return operation


def _path_parameters(path: str) -> Iterator[Schema]:
    for name in ("id", "number", "name"):
        if f"{{{name}}}" in path:
            schema = {"type": "string", "minLength": 1} if name == "name" else _NUMBER
            yield {"name": name, "in": "path", "required": True, "schema": schema}


def _query_parameters(query: Schema) -> Iterator[Schema]:
    for name, schema in query["properties"].items():
        yield {"name": name, "in": "query", "required": name in query["required"], "schema": schema}


def _responses(endpoint: Endpoint, references: dict[Any, Schema]) -> Schema:
    success: Schema = {"description": HTTPStatus(endpoint.status).phrase}
    if endpoint.answer is not None:
        success["content"] = _content(endpoint.answer, references)
    responses = {str(endpoint.status): success}
    for status in sorted({400, 401, 403, 426, 500, *endpoint.errors}):
        response: Schema = {"description": HTTPStatus(status).phrase}
        if status not in (401, 403):
            response["content"] = _content(m.ErrorAnswer, references)
        responses[str(status)] = response
    return responses


def _content(kind: Any, references: dict[Any, Schema]) -> Schema:
    if isinstance(kind, str):
        return {kind: {"schema": _BINARY}}
    return {"application/json": {"schema": references[kind]}}


if __name__ == "__main__":
    print(json.dumps(document(), indent=1, ensure_ascii=False))
