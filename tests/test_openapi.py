"""The description is valid OpenAPI 3.1, and what the endpoint does is what it says."""

from __future__ import annotations

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from openapi_spec_validator import OpenAPIV31SpecValidator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from notices import __version__
from notices.api import Api
from notices.api.openapi import document
from notices.api.question import FIELDS
from tests.endpoint import Client, service_for, write_rules


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    folder = write_rules(tmp_path_factory.mktemp("openapi") / "rules")
    broken = tmp_path_factory.mktemp("broken") / "none.mmdb"
    return service_for(folder, geoip=[broken], cors="*"), service_for(folder)


@pytest.fixture(scope="module")
def described(service):
    return Client(service[1]).get("/notices/openapi.json").json


def schema_errors(described, schema, value):
    """What the reference validator of JSON Schema finds in *value*."""
    registry = Registry().with_resource("urn:doc", Resource(contents=described, specification=DRAFT202012))
    pointed = {"$ref": "urn:doc" + schema["$ref"]} if "$ref" in schema else schema
    validator = Draft202012Validator(pointed, registry=registry, format_checker=FormatChecker())
    return [error.message for error in validator.iter_errors(value)]


def test_it_is_valid_openapi(described):
    """The reference validator of the OpenAPI Initiative's specification has nothing to say."""
    assert described["openapi"].startswith("3.1.")
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_it_describes_every_path_and_no_other(described, service):
    """Prefix and paths together are the endpoint's own list."""
    prefix = described["servers"][0]["url"]
    assert {prefix + path for path in described["paths"]} == set(Api(service[1]).paths)
    assert described["info"]["version"] == __version__


def test_its_parameters_are_those_that_are_read(described):
    """The documented names are the validated ones, repeats as lists."""
    parameters = {parameter["name"]: parameter for parameter in described["paths"]["/lookup"]["get"]["parameters"]}
    assert list(parameters) == list(FIELDS)
    lists = {name for name, parameter in parameters.items() if parameter["schema"].get("type") == "array"}
    assert lists == {"region", "language", "tag", "section", "mention"}
    assert parameters["sec-gpc"]["schema"] == {"enum": ["0", "1"]}
    assert all(parameter["description"] for parameter in parameters.values())


def test_its_examples_are_answered(described, service):
    """Whoever copies the examples gets an answer."""
    client = Client(service[1])
    for parameter in described["paths"]["/lookup"]["get"]["parameters"]:
        example = parameter["example"]
        for value in example if isinstance(example, list) else [example]:
            assert client.get(f"/notices/lookup?{parameter['name']}={value}").status == 200, parameter["name"]


GETS = ["/lookup?region=RU&explain=1", "/lookup?region=AT", "/lookup?region=DE", "/lookup", "/rules", "/health"]
WRONG = ["/lookup?region=ZZ", "/lookup?x=1"]


@pytest.mark.parametrize("which", [0, 1], ids=["without a database", "whole"])
@pytest.mark.parametrize("path", [*GETS, *WRONG])
def test_every_answer_fits_its_schema(described, service, path, which):
    """An independent validator holds good answers and errors to the documented shapes."""
    answer = Client(service[which]).get(f"/notices{path}", ACCEPT_LANGUAGE="ru")
    responses = described["paths"][path.partition("?")[0]]["get"]["responses"]
    response = responses[str(answer.status)]
    if "$ref" in response:
        response = described["components"]["responses"][response["$ref"].rpartition("/")[2]]
    [(media_type, content)] = response["content"].items()
    assert answer.headers["content-type"] == media_type
    assert schema_errors(described, content["schema"], answer.json) == []


@pytest.mark.parametrize("accept", ["", "text/plain", "application/openmetrics-text; version=1.0.0"])
def test_every_format_of_the_metrics_is_described(described, service, accept):
    """Prometheus chooses by its Accept header, and the document names what it may get."""
    answer = Client(service[1]).get("/notices/metrics", ACCEPT=accept)
    documented = described["paths"]["/metrics"]["get"]["responses"]["200"]["content"]
    assert answer.headers["content-type"].partition(";")[0] in documented


def test_every_batch_answer_fits_its_schema(described, service):
    """Decisions, answers and problems of a batch have the documented shapes."""
    questions = [{"region": "RU", "explain": 1}, {"region": ["ZZ"]}, {"tag": []}, {"x": 1}, 5]
    answer = Client(service[1]).post({"questions": questions})
    content = described["paths"]["/lookup"]["post"]["responses"]["200"]["content"]["application/json"]
    assert schema_errors(described, content["schema"], answer.json) == []
    assert ["problem" in found for found in answer.json["answers"]] == [False, True, False, True, True]


@pytest.mark.parametrize(
    ("question", "fits"),
    [
        pytest.param({"region": ["UA-43", "RU"], "sec-gpc": 1, "surface": "article"}, True, id="a question"),
        pytest.param({"region": "UA"}, True, id="one value"),
        pytest.param({"regions": ["UA"]}, False, id="a misspelt name"),
        pytest.param({"surface": "front"}, False, id="no surface"),
        pytest.param({"ip": 5}, False, id="a number"),
        pytest.param({"tag": ["a"] * 101}, False, id="too many"),
    ],
)
def test_the_schema_and_the_service_agree_on_questions(described, service, question, fits):
    """What the documented schema refuses the service refuses, and the other way round."""
    body = described["paths"]["/lookup"]["post"]["requestBody"]["content"]["application/json"]["schema"]
    assert (schema_errors(described, body, {"questions": [question]}) == []) is fits
    [found] = Client(service[1]).post({"questions": [question]}).json["answers"]
    assert ("decision" in found) is fits


def test_every_problem_leads_to_its_description(described, service):
    """A problem's ``type`` is a reference into the document, and its description stands there."""
    client = Client(service[1])
    told = [
        client.get("/notices/lookup?x=1"),
        client.get("/elsewhere"),
        client.ask("DELETE", "/notices/lookup"),
        client.post(b"{}", CONTENT_TYPE="text/plain"),
        client.post(b"{}", CONTENT_LENGTH=""),
        client.post(b"{}", CONTENT_LENGTH="99999999"),
    ]
    assert [answer.status for answer in told] == [400, 404, 405, 415, 411, 413]
    for answer in told:
        where, _, pointer = answer.json["type"].partition("#/components/responses/")
        assert where == "openapi.json"
        assert described["components"]["responses"][pointer]["description"]


def test_the_document_is_made_for_its_prefix():
    """Another prefix is another server in the document."""
    assert document("/legal")["servers"] == [{"url": "/legal"}]
