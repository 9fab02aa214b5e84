"""The endpoint's description in OpenAPI 3.1, made of the same models that validate questions and hold answers."""

from __future__ import annotations

from functools import cache
from http import HTTPStatus
from typing import Any

import msgspec

from notices import __version__
from notices.fragment import STYLE_SHEET_NAME

from .lookups import LONGEST_BODY
from .problem import MEDIA_TYPE, ProblemReply
from .question import BatchRequest, Question
from .replies import BatchReply, HealthReply, LookupReply, RulesReply

#: The formats of Prometheus, of which the request's Accept header chooses.
_EXPOSITIONS = ("text/plain", "application/openmetrics-text")
_REFERENCE = "#/components/schemas/{name}"
_PROBLEMS = {
    HTTPStatus.BAD_REQUEST: "The question cannot be understood; errors name the parameters, and no value is repeated.",
    HTTPStatus.NOT_FOUND: "There is nothing at this path.",
    HTTPStatus.METHOD_NOT_ALLOWED: "The path does not answer this method; Allow names those that it does.",
    HTTPStatus.LENGTH_REQUIRED: "The body has no Content-Length.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: f"The body is longer than {LONGEST_BODY} bytes.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is not application/json.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "The service failed; its log says where.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too many look-ups are in flight; Retry-After says when to try again.",
}


@cache
def document(prefix: str) -> dict[str, Any]:
    """The OpenAPI document of an endpoint under *prefix*."""
    models = (Question, BatchRequest, LookupReply, BatchReply, RulesReply, HealthReply, ProblemReply)
    _, schemas = msgspec.json.schema_components(models, ref_template=_REFERENCE)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Notices",
            "version": __version__,
            "summary": "Which legal notices a reader is to see, by where the reader is.",
            "description": "No answer holds an address, and none is kept. Answers are no legal advice.",
        },
        "servers": [{"url": prefix}],
        "paths": _paths(schemas["Question"]),
        "components": {"schemas": schemas, "responses": {s.name: _problem(text) for s, text in _PROBLEMS.items()}},
    }


def _paths(question: dict[str, Any]) -> dict[str, Any]:
    busy = HTTPStatus.SERVICE_UNAVAILABLE
    body = {"required": True, "content": {"application/json": {"schema": _reference(BatchRequest)}}}
    posting = (HTTPStatus.LENGTH_REQUIRED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
    get = _operation("lookUp", "Decide for the caller, or for the visitor that the parameters name", LookupReply)
    get["parameters"] = _parameters(question)
    get["responses"] |= _refusals(HTTPStatus.BAD_REQUEST, busy)
    post = _operation("lookUpMany", "Decide many questions at once", BatchReply) | {"requestBody": body}
    post["responses"] |= _refusals(HTTPStatus.BAD_REQUEST, *posting, busy)
    return {
        "/lookup": {"get": get, "post": post},
        "/key": {"get": _key()},
        "/rules": {"get": _operation("listRules", "Public facts of the active rules", RulesReply)},
        "/health": {"get": _health()},
        "/metrics": {"get": _text("readMetrics", "Counts for Prometheus, by rule and outcome only", *_EXPOSITIONS)},
        "/openapi.json": {"get": _text("describe", "This document", "application/json")},
        f"/{STYLE_SHEET_NAME}": {
            "get": _text("styleSheet", "How notices look; never changes under its name", "text/css")
        },
    }


def _operation(name: str, summary: str, reply: type[msgspec.Struct]) -> dict[str, Any]:
    answer = {"description": summary, "content": {"application/json": {"schema": _reference(reply)}}}
    refused = _refusals(HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR)
    return {"operationId": name, "summary": summary, "responses": {"200": answer} | refused}


def _text(name: str, summary: str, *media_types: str) -> dict[str, Any]:
    answer = {"description": summary, "content": {media_type: {} for media_type in media_types}}
    refused = _refusals(HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR)
    return {"operationId": name, "summary": summary, "responses": {"200": answer} | refused}


def _health() -> dict[str, Any]:
    operation = _operation("readHealth", "Whether what is served is what is on the disk", HealthReply)
    failing = {"description": "Rules or a database on the disk are refused; what was good is served"}
    operation["responses"]["503"] = failing | {"content": operation["responses"]["200"]["content"]}
    return operation


def _key() -> dict[str, Any]:
    schema = {"type": "string", "pattern": "^[0-9a-f]{8}$"}
    text = "equal for all visitors who are shown the same on every page now"
    header = {"description": text, "required": True, "schema": schema}
    answer = {"description": "What a cache may key pages on before it knows them", "headers": {"Notices-Key": header}}
    refused = _refusals(HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.INTERNAL_SERVER_ERROR)
    return {"operationId": "readKey", "summary": "The caller's key", "responses": {"204": answer} | refused}


def _parameters(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields of a question as query parameters; lists are repeats."""
    return [_parameter(name, dict(schema)) for name, schema in question["properties"].items()]


def _parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    description, examples = schema.pop("description", ""), schema.pop("examples", [])
    choices = [choice for choice in schema.get("anyOf", [schema]) if choice.get("type") != "null"]
    lists = [choice for choice in choices if choice.get("type") == "array"]
    enums = [
        {"enum": [value for value in choice["enum"] if isinstance(value, str)]}
        for choice in choices
        if "enum" in choice
    ]
    parameter = {"name": name, "in": "query", "description": description, "schema": (lists or enums or choices)[0]}
    return parameter | ({"example": str(examples[0]) if enums else examples[0]} if examples else {})


def _refusals(*statuses: HTTPStatus) -> dict[str, Any]:
    return {str(status.value): {"$ref": f"#/components/responses/{status.name}"} for status in statuses}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {MEDIA_TYPE: {"schema": _reference(ProblemReply)}}}


def _reference(model: type[msgspec.Struct]) -> dict[str, str]:
    return {"$ref": _REFERENCE.format(name=model.__name__)}
