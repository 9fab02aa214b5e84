"""The endpoint answers exactly what the contract names, tells errors in one shape, and never an address."""

from __future__ import annotations

import re
import threading
from datetime import UTC, datetime
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notices.api import Api, batch
from notices.api.app import Api as App
from notices.api.endpoint import Endpoint
from notices.api.lookups import LONGEST_BODY, Lookups
from notices.api.problem import ProblemReply
from notices.api.question import FIELDS, MOST_QUESTIONS
from notices.api.replies import BatchReply, HealthReply, LookupReply, RulesReply
from tests.endpoint import GERMAN, MARKED, NOW, RUSSIAN, Client, service_for, write_rules

PRIVATE = "192.168.7.7"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return write_rules(tmp_path_factory.mktemp("site") / "rules")


@pytest.fixture
def service(folder):
    return service_for(folder)


@pytest.fixture
def client(service):
    return Client(service)


def rules_shown(reply):
    return [notice["rule"] for notice in reply["notices"]]


@pytest.mark.parametrize(
    ("query", "candidates", "certainty", "shown"),
    [
        pytest.param(f"ip={RUSSIAN}", ["RU"], "known", True, id="a Russian address"),
        pytest.param(f"ip={GERMAN}", ["DE"], "known", False, id="a German address"),
        pytest.param(f"ip={PRIVATE}", ["world"], "unknown", True, id="a private address"),
        pytest.param("region=UA-43", ["UA-43"], "known", True, id="Crimea"),
        pytest.param("region=UA-43&region=RU", ["UA-43", "RU"], "known", True, id="two candidates"),
        pytest.param("region=UA-14", ["UA-14"], "contested", True, id="a part of it"),
        pytest.param("region=UA-30", ["UA-30"], "known", False, id="Kyiv"),
        pytest.param("region=UA", ["UA"], "coarse", True, id="Ukraine"),
        pytest.param("region=unknown", ["world"], "unknown", True, id="unknown"),
        pytest.param("region=tor", ["world"], "anonymous", True, id="Tor"),
        pytest.param("region=vpn&region=DE", ["world"], "anonymous", True, id="a VPN in Germany"),
    ],
)
def test_a_look_up_decides_for_the_visitor_that_it_names(client, query, candidates, certainty, shown):
    """Who is named by address or by region gets the decision that a page would make."""
    answer = client.get(f"/notices/lookup?{query}")
    assert answer.status == 200
    location = answer.json["location"]
    assert (location["candidates"], location["certainty"]) == (candidates, certainty)
    assert ("ru-warning" in rules_shown(answer.json)) is shown


def test_the_answer_has_the_shape_of_the_contract(client, service):
    """Every field stands where sites look for it."""
    reply = client.get("/notices/lookup?region=RU&language=ru&explain=1").json
    assert list(reply) == [
        "ruleset", "location", "at", "until", "variant", "action", "features", "notices", "explain"
    ]  # fmt: skip
    assert reply["ruleset"] == {"digest": service.snapshot().digest, "loaded_at": "2026-11-22T12:00:00Z"}
    assert reply["ruleset"]["digest"].startswith("sha256:")
    assert reply["location"] == {"candidates": ["RU"], "certainty": "known", "source": "query"}
    assert (reply["at"], reply["until"], reply["action"]) == ("2026-11-22T12:00:00Z", None, "notice")
    assert reply["features"] == {"share": "hide"}
    assert re.fullmatch("[0-9a-f]{8}", reply["variant"])
    notice = reply["notices"][0]
    assert notice["html"].startswith("<aside")
    assert notice["html"].isascii()
    assert {name: notice[name] for name in notice if name != "html"} == {
        "rule": "ru-warning",
        "sure": True,
        "level": "warning",
        "at": ["after-article"],
        "language": "ru",
        "direction": "ltr",
        "title": None,
        "text": "За пересылку могут наказать.",
        "link": {"href": "https://courier.example/safety", "label": "Подробнее"},
        "law": ["Criminal Code art. 284.1"],
    }
    assert reply["explain"][0]["rule"] == "ru-warning"
    assert (reply["explain"][0]["outcome"], reply["explain"][0]["reason"]) == ("shown", "MATCH")
    msgspec.convert(reply, LookupReply)


def test_explain_is_there_only_where_it_is_asked_for(client):
    """Reasons cost time, and are for those who ask."""
    assert "explain" not in client.get("/notices/lookup?region=RU").json
    assert "explain" not in client.get("/notices/lookup?region=RU&explain=0").json


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        pytest.param("region=DE&tag=gambling", True, id="tag"),
        pytest.param("region=DE&tag=politics&tag=gambling", True, id="one of several tags"),
        pytest.param("region=DE&tag=politics", False, id="another tag"),
        pytest.param("region=DE", False, id="no tag stated"),
        pytest.param("region=FR&tag=gambling", False, id="the exception"),
    ],
)
def test_a_look_up_states_only_the_facts_that_it_names(client, query, shown):
    """A page fact that nobody named matches nothing."""
    assert ("de-tagged" in rules_shown(client.get(f"/notices/lookup?{query}").json)) is shown


@pytest.mark.parametrize(
    ("query", "languages"),
    [
        pytest.param("language=ru", ["ru"], id="the first language is the page's"),
        pytest.param("language=ru&language=en", ["ru"], id="the first of several"),
        pytest.param("language=ru&page-language=en", ["en", "ru"], id="the page's own"),
        pytest.param("", ["en", "ru"], id="nobody stated one"),
    ],
)
def test_texts_are_chosen_by_the_languages_named(client, query, languages):
    """``page-language`` is the first ``language`` unless it is named."""
    reply = client.get(f"/notices/lookup?region=RU&{query}").json
    assert [notice["language"] for notice in reply["notices"]] == languages


def test_the_instant_can_be_chosen(client):
    """What was shown, and what will be, can be asked for."""
    before = client.get("/notices/lookup?region=RU&at=2024-02-19T20:59:59Z").json
    assert (rules_shown(before), before["until"]) == ([], "2024-02-19T21:00:00Z")
    assert rules_shown(client.get("/notices/lookup?region=RU&at=2024-02-19T21:00:00Z").json) != []
    assert client.get("/notices/lookup?region=RU&at=2024-02-20T00:00:00+03:00").json["at"] == "2024-02-19T21:00:00Z"


def test_without_a_visitor_the_caller_is_meant(client):
    """The caller's own address decides, and the answer does not hold it."""
    answer = client.get("/notices/lookup", peer=RUSSIAN)
    assert answer.json["location"] == {"candidates": ["RU"], "certainty": "known", "source": "database"}
    assert rules_shown(answer.json) == ["ru-warning", "ru-warning"]
    assert RUSSIAN.encode() not in answer.body


@pytest.mark.parametrize(
    ("query", "peer", "language"),
    [
        pytest.param("tag=gambling", GERMAN, "de", id="the caller's languages"),
        pytest.param("tag=gambling&language=en", GERMAN, "en", id="languages named"),
        pytest.param("tag=gambling&region=DE", PRIVATE, "en", id="a named visitor gets none of the caller's"),
        pytest.param(f"tag=gambling&ip={GERMAN}", PRIVATE, "en", id="nor does an address"),
    ],
)
def test_whose_languages_count(client, query, peer, language):
    """Where the caller is meant their browser's languages count; who asks for somebody else lends them none."""
    reply = client.get(f"/notices/lookup?{query}", peer=peer, ACCEPT_LANGUAGE="de-AT, en;q=0.1").json
    assert [notice["language"] for notice in reply["notices"]] == [language]


def test_a_browsers_languages_say_nothing_of_the_page(client):
    """A look-up states only the facts that it names: the page's language is not one of the caller's headers."""
    reply = client.get("/notices/lookup", peer=RUSSIAN, ACCEPT_LANGUAGE="ru").json
    assert [notice["language"] for notice in reply["notices"]] == ["en", "ru"]


def test_the_caller_is_the_peer_that_the_server_saw(client, folder):
    """``ProxyFix`` outside of us changes nothing, and a header from an untrusted peer is not believed."""
    app = Api(service_for(folder))
    environ = {
        "REMOTE_ADDR": GERMAN,
        "werkzeug.proxy_fix.orig": {"REMOTE_ADDR": RUSSIAN},
        "PATH_INFO": "/notices/lookup",
    }
    body = b"".join(app({**environ, "REQUEST_METHOD": "GET"}, lambda *_: None))
    assert msgspec.json.decode(body)["location"]["candidates"] == ["RU"]
    spoofed = client.get("/notices/lookup", peer=GERMAN, X_FORWARDED_FOR=RUSSIAN)
    assert spoofed.json["location"]["candidates"] == ["DE"]


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        pytest.param("ip=203.0.113.777", ["ip"], id="no address"),
        pytest.param("ip=0313.0.0161.7", ["ip"], id="an octal address"),
        pytest.param("ip=192.0.2.1&region=UA", ["region"], id="address and region"),
        pytest.param("region=ZZ", ["region"], id="no country"),
        pytest.param("region=UA-99", ["region"], id="no subdivision"),
        pytest.param("region=Crimea", ["region"], id="a name for a code"),
        pytest.param("region=UA&language=russian-", ["language"], id="no language"),
        pytest.param("region=UA&page-language=_", ["page-language"], id="no page language"),
        pytest.param("language=ru&language=Ukrainian&page-language=english", ["language", "page-language"], id="names"),
        pytest.param("url=javascript:alert(1)", ["url"], id="another scheme"),
        pytest.param("url=//courier.example/", ["url"], id="no scheme"),
        pytest.param("publisher=example-courrier", ["publisher"], id="no such publisher"),
        pytest.param("surface=front", ["surface"], id="no such surface"),
        pytest.param("published=yesterday", ["published"], id="no date"),
        pytest.param("at=now", ["at"], id="no instant"),
        pytest.param("regions=UA", ["regions"], id="no such parameter"),
        pytest.param("region=ZZ&language=_&url=x&publisher=x&at=x&published=x",
                     ["region", "language", "url", "at", "publisher", "published"], id="all at once"),
    ],
)  # fmt: skip
def test_what_cannot_be_used_is_a_problem_that_names_the_parameters(client, query, parameters):
    """One shape of error (RFC 9457), every parameter of no use named."""
    answer = client.get(f"/notices/lookup?{query}")
    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    problem = msgspec.json.decode(answer.body, type=ProblemReply, strict=True)
    assert (problem.status, problem.title) == (400, "Bad Request")
    assert [fault.parameter for fault in problem.errors] == parameters
    assert all(fault.detail for fault in problem.errors)
    assert problem.detail


@pytest.mark.parametrize(
    ("wrong", "advice"),
    [
        pytest.param("host", "write url", id="host"),
        pytest.param("uri", "write url", id="uri"),
        pytest.param("link", "write url", id="link"),
        pytest.param("address", "write ip or url", id="address"),
        pytest.param("client_ip", "write ip", id="underscores"),
        pytest.param("lang", "write language", id="lang"),
        pytest.param("Country", "write region", id="a capital"),
        pytest.param("date", "write at", id="date"),
        pytest.param("gpc", "write sec-gpc", id="gpc"),
        pytest.param("tags", "the nearest is tag", id="plural"),
        pytest.param("page_language", "the nearest is page-language", id="underscore"),
        pytest.param(
            "frobnicate",
            "they are ip, region, language, page-language, url, tag, section, mention, published, publisher, surface, "
            "sec-gpc, at, explain",
            id="like none",
        ),
    ],
)
def test_a_wrong_name_is_answered_with_the_one_that_is_meant(client, wrong, advice):
    """Names that the same thing has elsewhere come before the nearest spelling: host is not section."""
    expected = [{"parameter": wrong, "detail": f"there is no such parameter; {advice}"}]
    assert client.get(f"/notices/lookup?{wrong}=x").json["errors"] == expected
    batch = client.post({"questions": [{wrong: "x"}]}).json
    assert batch["answers"][0]["problem"]["errors"] == expected


def test_a_publisher_that_is_near_is_named(client):
    """The error says which of the declared ones was meant."""
    problem = client.get("/notices/lookup?publisher=example-courrier").json
    assert "the nearest is example-courier" in problem["errors"][0]["detail"]


SECRET = "203.0.113.99"


@pytest.mark.parametrize("name", [*FIELDS, "x", SECRET])
@pytest.mark.parametrize("value", [SECRET, f"{SECRET}x", f"http://{SECRET}:x/", f"[{SECRET}", f"::ffff:{SECRET}"])
def test_no_answer_holds_an_address(client, caplog, name, value):
    """Wherever somebody puts an address, in a query or in a batch, it comes back nowhere."""
    found = [
        client.get(
            f"/notices/lookup?{name}={value}&explain=1" if name != "explain" else f"/notices/lookup?{name}={value}"
        ),
        client.post({"questions": [{name: value}, {name: [value]}]}),
        client.get("/notices/lookup", peer=SECRET),
        client.get("/notices/health"),
        client.get("/notices/metrics"),
    ]
    assert not any(SECRET.encode() in answer.body for answer in found)
    assert not any(SECRET in str(answer.pairs) for answer in found)
    assert SECRET not in caplog.text


def test_a_batch_answers_in_order_and_tells_equal_decisions_once(client):
    """Answers stand as they were asked; what is the same is there once; a bad question spoils only its own answer."""
    questions = [
        {"region": "RU"}, {"region": ["DE"]}, {"region": ["XX"]}, {"region": ["RU"]}, {"ip": RUSSIAN},
        {"region": ["RU"], "language": ["ru"]}, {"region": "AT", "explain": 1},
    ]  # fmt: skip
    answer = client.post({"questions": questions})
    assert answer.status == 200
    reply = answer.json
    msgspec.convert(reply, BatchReply)
    assert list(reply) == ["ruleset", "decisions", "answers"]
    assert [found.get("decision") for found in reply["answers"]] == [0, 1, None, 0, 0, 2, 3]
    assert reply["answers"][2]["problem"]["errors"][0]["parameter"] == "region"
    assert reply["answers"][4] == {
        "decision": 0,
        "location": {"candidates": ["RU"], "certainty": "known", "source": "database"},
        "until": None,
    }
    assert [decision["action"] for decision in reply["decisions"]] == ["notice", "none", "notice", "notice"]
    assert list(reply["decisions"][0]) == ["variant", "action", "features", "notices"]
    assert ["explain" in found for found in reply["answers"]] == [False] * 6 + [True]


def test_a_batch_gives_reasons_in_bounds(client, monkeypatch):
    """Reasons are as many as rules times questions: beyond the bound a question gets its problem, the others theirs."""
    monkeypatch.setattr(batch, "MOST_REASONS", 4)
    explained = {"region": "RU", "explain": 1}
    reply = client.post({"questions": [explained] * 3 + [{"region": "RU"}, explained]}).json
    assert [len(found.get("explain", ())) for found in reply["answers"]] == [2, 2, 0, 0, 0]
    assert [found.get("decision") for found in reply["answers"]] == [0, 0, None, 0, None]
    (fault,) = reply["answers"][2]["problem"]["errors"]
    assert (fault["parameter"], fault["detail"]) == (
        "explain",
        "a batch gives at most 4 reasons; send its questions in parts",
    )
    assert len(client.get("/notices/lookup?region=RU&explain=1").json["explain"]) == 2


@pytest.mark.parametrize(
    ("query", "question"),
    [
        pytest.param("region=UA", {"region": ["UA"]}, id="a country"),
        pytest.param("region=UA-43&region=RU&tag=gambling", {"region": ["UA-43", "RU"], "tag": "gambling"}, id="lists"),
        pytest.param("region=DE&tag=gambling", {"region": "DE", "tag": ["gambling"]}, id="single values"),
    ],
)
def test_a_batch_says_what_single_look_ups_say(client, query, question):
    """Both ways of asking give the same answers."""
    single = client.get(f"/notices/lookup?{query}").json
    batch = client.post({"questions": [question]}).json
    united = batch["answers"][0] | batch["decisions"][0] | {"ruleset": batch["ruleset"]}
    assert single == {name: united[name] for name in united if name != "decision"} | {"at": single["at"]}


def test_an_empty_list_is_stated_and_a_missing_one_is_not(folder, tmp_path):
    """A page without tags is known to have none; a page of which nothing is said may have any."""
    text = """
defaults: {timezone: UTC, language: en}
rules:
  untagged:
    title: All but opinion
    kind: courtesy
    status: active
    where: [world]
    pages: {tags: [news], except: {tags: [opinion]}}
    text: {en: Read on.}
    owner: desk
    review-by: 2027-02-01
"""
    client = Client(service_for(write_rules(tmp_path / "rules", text)))
    reply = client.post({"questions": [{"tag": [], "explain": 1}, {"explain": 1}]}).json
    assert [answer["explain"][0]["reason"] for answer in reply["answers"]] == ["PAGE", "FACT_MISSING"]


#: Each states one thing otherwise than its neighbours: what questions share must not run together.
UNLIKE = [
    {"region": "RU"},
    {"region": ["RU"]},
    {"region": ["RU", "UA-43"]},
    {"region": "RU", "at": "2024-01-01"},
    {"region": "RU", "publisher": "other-paper"},
    {"region": "RU", "language": "en"},
    {"region": "RU", "language": ["en"], "page-language": "ru"},
    {"region": "RU", "explain": 1},
    {"region": "DE"},
    {"region": "DE", "tag": "gambling"},
    {"region": "DE", "tag": ["gambling", "sport"], "language": "de"},
    {"region": "FR", "tag": ["gambling"]},
    {"region": "DE", "url": "https://other.example/news/1?x=1", "tag": "gambling"},
    {"region": "DE", "url": "/news/1", "tag": "gambling"},
    {"region": "DE", "url": "no address", "tag": "gambling"},
    {"ip": RUSSIAN},
    {"ip": GERMAN, "tag": "gambling"},
    {"ip": GERMAN, "region": "RU"},
    {"ip": "300.1.2.3"},
    {"region": "QQ", "at": "soon"},
    {"tag": "gambling"},
    {},
    {"region": "unknown"},
    {"region": "tor"},
    {"strange": 1},
    "no question",
]


def test_what_questions_of_a_batch_share_is_not_mixed_up(client):
    """Asked together, twice over and with others between, every question gets the answer that it gets alone."""
    headers = {"peer": RUSSIAN, "ACCEPT_LANGUAGE": "ru", "SEC_GPC": "1"}

    def ask(questions):
        batch = client.post({"questions": questions}, **headers).json
        return [
            answer | batch["decisions"][answer["decision"]] | {"decision": None} if "decision" in answer else answer
            for answer in batch["answers"]
        ]

    alone = [ask([question])[0] for question in UNLIKE]
    good = [number for number, question in enumerate(UNLIKE) if "problem" not in alone[number]]
    assert len(good) == len(UNLIKE) - 6
    assert ask([UNLIKE[number] for number in (*good, *reversed(good))]) == [alone[n] for n in (*good, *reversed(good))]
    assert ask([*UNLIKE, *reversed(UNLIKE)]) == [*alone, *reversed(alone)]


def test_explained_answers_of_a_batch_keep_their_own_places(client):
    """What is remembered of a place that a batch has done with is never taken for that of another."""
    regions = ["RU", "DE", "FR", "US-CA", "BY", "KZ", "UA-43", "AT", "JP", "BR"] * 20
    reply = client.post({"questions": [{"region": region, "explain": 1} for region in regions]}).json
    assert [answer["location"]["candidates"] for answer in reply["answers"]] == [[region] for region in regions]


EVER = "{until: 2099-01-01}"
PAGED = """
defaults: {timezone: UTC, language: en, publisher: courier}
publishers:
  courier: {name: {en: The Courier}, hosts: [courier.example]}
  other: {name: {en: The Other}, hosts: ["*.other.example"]}
regions:
  joined: {title: Joined, include: [DE, {code: JP, from: 2026-06-01}, {code: FR, from: 2026-11-25}]}
rules:
""" + "".join(
    f"""
  by-{name}:
    title: By {name}
    kind: courtesy
    status: active
    where: [{where}]
    pages: {pages}
    when: {when}
    text: {{en: "{{publisher}} says {name}.", ru: "{name}"}}
    owner: desk
    review-by: 2027-02-01
"""
    for name, where, pages, when in (
        (
            "host",
            "RU, DE",
            "{hosts: [courier.example, '*.other.example'], except: {paths: [/opinion/**]}}",
            "{from: 2020-01-01}",
        ),
        ("path", "joined", "{paths: [/news/**, /a/*/c]}", EVER),
        ("tag", "world", "{tags: [war, vote]}", "{from: 2026-02-01, until: 2026-11-24}"),
        ("publisher", "DE, FR", "{publishers: [other]}", EVER),
        ("language", "RU, FR", "{languages: [ru], surfaces: [article]}", "{until: 2026-12-01}"),
        ("signal", "DE, RU", "{signals: {sec-gpc: true}, tags: [vote]}", "{from: 2026-11-26}"),
    )
)
REGION = st.sampled_from(["RU", "DE", "FR", "JP"]) | st.just(["RU", "UA-43"])
FACTS = {
    "url": st.sampled_from(
        [
            "/news/1",
            "/a/b/c",
            "https://courier.example/opinion/2",
            "https://courier.example/1",
            "https://www.other.example/news",
            "http://x.example",
        ]
    ),
    "tag": st.lists(st.sampled_from(["war", "vote", "sport"]), max_size=3) | st.just("war"),
    "publisher": st.sampled_from(["courier", "other"]),
    "language": st.sampled_from(["ru", "en"]),
    "page-language": st.sampled_from(["ru-RU", "de"]),
    "surface": st.sampled_from(["article", "home"]),
    "sec-gpc": st.sampled_from(["0", "1"]),
    "at": st.sampled_from(["2026-01-01", "2026-11-22T12:00:00Z", "2027-01-01"]),
}


@pytest.fixture(scope="module")
def paged(tmp_path_factory):
    return Client(service_for(write_rules(tmp_path_factory.mktemp("paged") / "rules", PAGED)))


@settings(max_examples=30, deadline=None)
@given(questions=st.lists(st.fixed_dictionaries({"region": REGION}, optional=FACTS), min_size=1, max_size=12))
def test_any_batch_says_what_single_look_ups_say(paged, questions):
    """Pages that share facts, hosts, paths, tags or nothing at all: each gets the answer that it gets alone."""
    batch = paged.post({"questions": questions}).json
    for question, found in zip(questions, batch["answers"], strict=True):
        single = paged.get(f"/notices/lookup?{urlencode(question, doseq=True)}").json
        assert batch["decisions"][found["decision"]] == {name: single[name] for name in DECIDED}
        assert (found["location"], found["until"]) == (single["location"], single["until"])


@pytest.mark.parametrize("own_first", [True, False], ids=["own first", "own last"])
def test_only_questions_about_the_caller_take_what_the_caller_sends(paged, own_first):
    """A question that names a region is about somebody else, who sends no signal, also beside one that does not."""
    other = {"region": "RU", "tag": "vote", "at": "2027-01-01"}
    own = {"tag": "vote", "at": "2027-01-01"}
    questions = [own, other] if own_first else [other, own]
    batch = paged.post({"questions": questions}, peer=RUSSIAN, SEC_GPC="1").json
    shown = [rules_shown(batch["decisions"][answer["decision"]]) for answer in batch["answers"]]
    assert shown == ([["by-signal"], []] if own_first else [[], ["by-signal"]])


@pytest.mark.parametrize("order", [1, -1], ids=["excepted last", "excepted first"])
def test_a_batch_tells_excepted_pages_apart(paged, order):
    """Two pages of one site, of which one is excepted from a rule, get what each gets alone."""
    urls = ["https://courier.example/1", "https://courier.example/opinion/2"][::order]
    batch = paged.post({"questions": [{"region": "RU", "url": url, "at": "2027-01-01"} for url in urls]}).json
    shown = [rules_shown(batch["decisions"][answer["decision"]]) for answer in batch["answers"]]
    assert shown == [["by-host"], []][::order]


DECIDED = ("variant", "action", "features", "notices")


def test_a_full_batch_is_answered_and_one_more_is_refused(client):
    """A thousand questions, as the contract says, and not one more."""
    full = client.post({"questions": [{"region": "RU"}] * MOST_QUESTIONS})
    assert (full.status, len(full.json["answers"]), len(full.json["decisions"])) == (200, MOST_QUESTIONS, 1)
    more = client.post({"questions": [{"region": "RU"}] * (MOST_QUESTIONS + 1)})
    assert (more.status, more.json["errors"][0]["parameter"]) == (400, "questions")


@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        pytest.param(b"{", {}, 400, id="torn JSON"),
        pytest.param(b"[]", {}, 400, id="no object"),
        pytest.param(b"{}", {}, 400, id="no questions"),
        pytest.param(b'{"questions": [], "x": 1}', {}, 400, id="something else"),
        pytest.param(b"\xff\xfe", {}, 400, id="no UTF-8"),
        pytest.param(b"", {}, 400, id="nothing"),
        pytest.param(b'{"questions": []}', {"CONTENT_TYPE": "text/plain"}, 415, id="another type"),
        pytest.param(b'{"questions": []}', {"CONTENT_TYPE": ""}, 415, id="no type"),
        pytest.param(b'{"questions": []}', {"CONTENT_TYPE": "application/json; charset=utf-8"}, 200, id="a charset"),
        pytest.param(b'{"questions": []}', {"CONTENT_LENGTH": ""}, 411, id="no length"),
        pytest.param(b'{"questions": []}', {"CONTENT_LENGTH": str(LONGEST_BODY + 1)}, 413, id="too long by its header"),
        pytest.param(b" " * (LONGEST_BODY + 1), {}, 413, id="too long"),
        pytest.param(b'{"questions": []}', {"CONTENT_LENGTH": "18"}, 400, id="shorter than it says"),
    ],
)
def test_a_body_of_no_use_is_told_apart(client, body, headers, status):
    """Each way in which a batch can be wrong has its status, and the same shape of error."""
    answer = client.post(body, **headers)
    assert answer.status == status
    if status != 200:
        assert msgspec.json.decode(answer.body, type=ProblemReply).status == status


def test_a_body_nested_without_end_is_told(client):
    """Where Python's stack is too small for it (before 3.14) the body is refused, else its one question is."""
    answer = client.post(b'{"questions": ' + b"[" * 200_000 + b"]" * 200_000 + b"}")
    if answer.status == 200:
        assert ["problem" in one for one in answer.json["answers"]] == [True]
    else:
        assert (answer.status, msgspec.json.decode(answer.body, type=ProblemReply).status) == (400, 400)


def test_one_question_nested_without_end_spoils_only_itself(client):
    """What is deep in one question is that question's problem."""
    deep = b'{"questions": [{"tag": ' + b"[" * 500 + b"]" * 500 + b'}, {"region": "RU"}]}'
    answers = client.post(deep).json["answers"]
    assert ("problem" in answers[0], "decision" in answers[1]) == (True, True)


def test_a_body_without_a_length_is_read_where_the_server_ends_it(service):
    """Chunked bodies come without a length; the server that unpacks them says so."""
    api, body = Api(service), b'{"questions": [{"region": "RU"}]}'

    class Trickle:
        def __init__(self, data):
            self.data = data

        def read(self, size):
            piece, self.data = self.data[:3], self.data[3:]
            return piece

    def ask(data):
        found = []
        environ = {"REQUEST_METHOD": "POST", "PATH_INFO": "/notices/lookup", "CONTENT_TYPE": "application/json",
                   "wsgi.input_terminated": True, "wsgi.input": Trickle(data)}  # fmt: skip
        return msgspec.json.decode(b"".join(api(environ, lambda status, _: found.append(status)))), found[0]

    reply, status = ask(body)
    assert (status, len(reply["answers"])) == ("200 OK", 1)
    assert ask(b" " * (LONGEST_BODY + 2))[1].startswith("413")


def test_work_in_flight_is_bounded_for_the_process(service, monkeypatch):
    """When too many questions are in flight, more are put off with the time to come back, whoever asks."""
    api = Api(service)
    lookups = Lookups(service, capacity=3)
    endpoint = Endpoint(service, "/notices", {"lookup": "/notices/lookup"})
    monkeypatch.setattr(endpoint, "_routes", {"/notices/lookup": {"GET": lookups.get, "POST": lookups.post}})
    monkeypatch.setattr(api, "_endpoint", endpoint)
    client = Client(service)
    client.app = api
    with lookups._gate.work(2):
        assert client.get("/notices/lookup?region=RU").status == 200
        busy = client.post({"questions": [{"region": "RU"}] * 2})
        assert (busy.status, busy.headers["retry-after"]) == (503, "1")
        with lookups._gate.work(1):
            assert client.get("/notices/lookup?region=RU").status == 503
    assert client.post({"questions": [{"region": "RU"}] * 3}).status == 200
    assert client.post({"questions": [{"region": "ZZ"}] * 3}).status == 200


def test_threads_give_back_what_they_took(service):
    """After many look-ups at once the gate is as wide as before."""
    lookups = Lookups(service, capacity=5)

    def ask():
        for _ in range(20):
            lookups.get({"QUERY_STRING": "region=RU"})

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lookups._gate._free == 5


def test_a_body_larger_than_the_gate_is_the_only_one_that_never_passes(service):
    """A full batch passes a gate that nothing else is in."""
    questions = msgspec.json.encode({"questions": [{"region": "RU"}] * MOST_QUESTIONS})
    assert Client(service).post(questions).status == 200


@pytest.mark.parametrize("path", ["/lookup?region=RU", "/rules", "/health", "/metrics", "/openapi.json"])
def test_answers_are_not_stored_and_not_guessed_at(client, path):
    """An answer is for the one who asked, now, and of the type that it says."""
    answer = client.get(f"/notices{path}")
    assert answer.status == 200
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-length"] == str(len(answer.body))


def test_head_is_get_without_the_body(client):
    """Who asks for the head gets the head."""
    get, head = client.get("/notices/lookup?region=RU"), client.ask("HEAD", "/notices/lookup?region=RU")
    assert (head.status, head.body, head.headers) == (200, b"", get.headers)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        pytest.param("DELETE", "/notices/lookup", "GET, HEAD, OPTIONS, POST", id="look-up"),
        pytest.param("POST", "/notices/health", "GET, HEAD, OPTIONS", id="health"),
        pytest.param("PUT", "/notices/key", "GET, HEAD, OPTIONS", id="key"),
    ],
)
def test_another_method_is_told_what_is_allowed(client, method, path, allowed):
    """405 names the methods, and OPTIONS asks for them."""
    answer = client.ask(method, path)
    assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert answer.headers["content-type"] == "application/problem+json"
    assert client.ask("OPTIONS", path).headers["allow"] == allowed


def test_only_the_exact_paths_are_the_endpoints(service):
    """Public notices are a section of newspapers: everything else below the prefix is the site's."""
    api = Api(service)
    assert sorted(path for path in api.paths if not path.endswith(".css")) == [
        "/notices/health", "/notices/key", "/notices/lookup", "/notices/metrics", "/notices/openapi.json",
        "/notices/rules",
    ]  # fmt: skip
    for path in (
        "/notices",
        "/notices/",
        "/notices/lookup/",
        "/notices/Lookup",
        "/notices/2026/weddings",
        "/lookup",
        "",
    ):
        assert not api.handles(path)
    for path in api.paths:
        assert api.handles(path)


@pytest.mark.parametrize(
    ("prefix", "path"),
    [pytest.param("/legal/notes", "/legal/notes/lookup", id="another prefix"), pytest.param(None, None, id="none")],
)
def test_the_prefix_is_the_sites_choice(folder, prefix, path):
    """Another prefix moves all of it, and none serves nothing."""
    api = Api(service_for(folder, url_prefix=prefix))
    assert not api.handles("/notices/lookup")
    assert (path in api.paths) is (path is not None)


def test_the_style_sheet_never_changes_under_its_name(client, service):
    """Its name holds its hash, so that browsers keep it for good."""
    path = next(path for path in Api(service).paths if path.endswith(".css"))
    assert re.fullmatch(r"/notices/[a-z-]+-[0-9a-f]{8,}\.css", path)
    answer = client.get(path)
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert b"{" in answer.body


def test_the_key_is_the_same_for_all_who_are_shown_the_same(client):
    """Germans and Frenchmen differ by a rule, two Russians do not; the unknown are a kind of their own."""
    keys = {peer: client.get("/notices/key", peer=peer) for peer in (RUSSIAN, "5.255.255.70", GERMAN, PRIVATE)}
    assert {answer.status for answer in keys.values()} == {204}
    found = {peer: answer.headers["notices-key"] for peer, answer in keys.items()}
    assert all(re.fullmatch("[0-9a-f]{8}", key) for key in found.values())
    assert found[RUSSIAN] == found["5.255.255.70"] != found[GERMAN]
    assert all(answer.body == b"" for answer in keys.values())


@pytest.mark.parametrize(
    ("now", "reload", "caching"),
    [
        pytest.param(datetime(2026, 11, 22, 12, tzinfo=UTC), "2s", "private, max-age=4", id="two periods"),
        pytest.param(
            datetime(2024, 2, 19, 20, 59, 58, 500_000, UTC), "2s", "private, max-age=1", id="until it changes"
        ),
        pytest.param(datetime(2026, 11, 22, 12, tzinfo=UTC), "off", "private, max-age=60", id="no reload"),
    ],
)
def test_a_key_may_be_kept_until_it_can_change(folder, now, reload, caching):
    """A cache holds a key no longer than rules and windows let it be true."""
    service = service_for(folder, clock=lambda: now, reload=reload)
    assert Client(service).get("/notices/key", peer=RUSSIAN).headers["cache-control"] == caching
    service.close()


def test_the_public_list_has_the_active_rules_and_their_facts(client):
    """What a reader may know of the rules: where, by which law, since when; nothing of drafts."""
    reply = client.get("/notices/rules").json
    msgspec.convert(reply, RulesReply)
    assert [rule["rule"] for rule in reply["rules"]] == ["ru-warning", "de-tagged"]
    assert reply["rules"][0] == {
        "rule": "ru-warning",
        "title": "Warning for readers in Russia",
        "kind": "reader-safety",
        "action": "notice",
        "regions": {"any": ["RU", "russia-controlled-ukraine"], "except": []},
        "law": ["Criminal Code art. 284.1"],
        "sources": [{"url": "https://example.org/register", "read": "2026-11-01"}],
        "dates": [{"from": "2024-02-19T21:00:00Z", "until": None}],
    }
    assert reply["rules"][1]["regions"] == {"any": ["eu"], "except": ["FR"]}


def test_nothing_public_tells_of_a_confidential_rule(client, service):
    """Its notice is shown under a token; its id, title, law and sources are nowhere."""
    shown = client.get("/notices/lookup?region=AT&explain=1")
    assert [notice["text"] for notice in shown.json["notices"]] == ["A note on this page."]
    token = shown.json["notices"][0]["rule"]
    service.metrics.count_notice(token)
    found = [shown, client.post({"questions": [{"region": "AT", "explain": 1}]})]
    found += [client.get(f"/notices/{path}") for path in ("rules", "health", "metrics", "openapi.json", "key")]
    for answer in found:
        for secret in (b"sealed", b"Sealed", b"Elbonia"):
            assert secret not in answer.body
    assert token not in [reason["rule"] for reason in shown.json["explain"]]


def test_health_is_well_and_says_what_is_live(client, service):
    """A monitor reads which rules are live, how old the data is, and what visitors look like from here."""
    answer = client.get("/notices/health")
    assert answer.status == 200
    health = answer.json
    msgspec.convert(health, HealthReply)
    assert health["status"] == "ok"
    assert health["ruleset"] == {"digest": service.snapshot().digest, "loaded_at": "2026-11-22T12:00:00Z"}
    assert (health["serving_last_good_rules"], health["last_failed_reload"]) == (False, None)
    assert (health["unknown_location_share"], health["untrusted_forwarding_header_seen"]) == (None, False)
    assert health["state_kept"] is None
    [database] = health["databases"]
    assert database["last_failed_reload"] is None
    built = datetime.fromisoformat(database["built"]).date()
    assert database["age_days"] == (NOW.date() - built).days
    assert database["stale"] is (database["age_days"] > 60)


@pytest.mark.parametrize(
    ("days", "stale"), [pytest.param(60, False, id="60 days"), pytest.param(61, True, id="61 days")]
)
def test_data_is_stale_after_sixty_days(folder, days, stale):
    """Old data is said to be old, and serving goes on."""
    from datetime import timedelta

    built = service_for(folder).snapshot().databases[0].info.built
    answer = Client(service_for(folder, clock=lambda: built + timedelta(days=days))).get("/notices/health")
    assert (answer.status, answer.json["databases"][0]["stale"]) == (200, stale)


def test_health_tells_the_share_of_unknown_visitors(client):
    """Three of four visitors found, one not."""
    for peer in (RUSSIAN, GERMAN, GERMAN, PRIVATE):
        client.get("/notices/lookup", peer=peer)
    assert client.get("/notices/health").json["unknown_location_share"] == 0.25


def test_a_visitor_from_tor_is_not_an_unknown_one(folder):
    """The share of the unknown tells of data that is missing; who hides is found as far as can be."""
    client = Client(service_for(folder, geo_header="cloudflare", trusted_proxies=["10.0.0.0/8"], location="header"))
    for country in ("T1", "XX"):
        client.get("/notices/lookup", peer="10.0.0.1", CF_IPCOUNTRY=country)
    assert client.get("/notices/health").json["unknown_location_share"] == 0.5


def test_health_tells_of_a_forwarding_header_that_nobody_may_believe(client):
    """The usual mistake behind a proxy is seen, without any address."""
    client.get("/notices/lookup", peer=GERMAN)
    assert client.get("/notices/health").json["untrusted_forwarding_header_seen"] is False
    client.get("/notices/lookup", peer=GERMAN, X_FORWARDED_FOR=RUSSIAN)
    answer = client.get("/notices/health")
    assert answer.json["untrusted_forwarding_header_seen"] is True
    assert RUSSIAN.encode() not in answer.body


def test_metrics_are_served_in_the_scrapers_format(client, service):
    """What pages count is read from outside."""
    service.metrics.count_page("changed")
    answer = client.get("/notices/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=")
    assert b'notices_pages_total{outcome="changed"} 1.0' in answer.body


class TestOrigins:
    """Which other sites' pages may read the answers."""

    def test_none_by_default(self, client):
        """Without the setting no other origin reads anything."""
        answer = client.get("/notices/lookup?region=RU", ORIGIN="https://evil.example")
        assert not [name for name in answer.headers if name.startswith("access-control") or name == "vary"]

    def test_those_that_are_named(self, folder):
        """A named origin is allowed by its name, another is not, and caches are told."""
        client = Client(service_for(folder, cors=["https://app.example"]))
        named = client.get("/notices/lookup?region=RU", ORIGIN="https://app.example")
        assert (named.headers["access-control-allow-origin"], named.headers["vary"]) == (
            "https://app.example",
            "Origin",
        )
        other = client.get("/notices/lookup?region=RU", ORIGIN="https://evil.example")
        assert "access-control-allow-origin" not in other.headers
        assert other.headers["vary"] == "Origin"

    def test_all(self, folder):
        """A star allows all."""
        client = Client(service_for(folder, cors="*"))
        assert client.get("/notices/rules", ORIGIN="https://x.example").headers["access-control-allow-origin"] == "*"

    def test_a_batch_is_asked_for_first(self, folder):
        """A browser that wants to send JSON asks before, and is told what it may."""
        client = Client(service_for(folder, cors=["https://app.example"]))
        answer = client.ask(
            "OPTIONS", "/notices/lookup", ORIGIN="https://app.example", ACCESS_CONTROL_REQUEST_METHOD="POST"
        )
        assert answer.status == 204
        assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST"
        assert answer.headers["access-control-allow-headers"] == "Content-Type"


def test_a_failure_of_ours_is_counted_logged_once_and_tells_nothing(service, monkeypatch, caplog):
    """A fault in the engine is a plain 500 of the endpoint's: no trace, no value, and one line in the log."""
    from notices.index import Index

    def broken(*_):
        raise RuntimeError(f"over {SECRET}")

    monkeypatch.setattr(Index, "verdict", broken)
    client = Client(service)
    for _ in range(3):
        answer = client.get(f"/notices/lookup?ip={SECRET}")
        assert answer.status == 500
        assert msgspec.json.decode(answer.body, type=ProblemReply).errors == []
        assert SECRET.encode() not in answer.body
    assert len(caplog.records) == 1
    assert "RuntimeError at tests.test_api:" in caplog.text
    assert SECRET not in caplog.text
    assert b'notices_failures_total{step="endpoint"} 3.0' in client.get("/notices/metrics").body
    assert App is Api


def test_the_text_marked_is_the_rules_own(client):
    """The sample rules of these tests are what is answered from."""
    assert client.get("/notices/lookup?region=RU").json["notices"][0]["text"] == MARKED


VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["RU", "UA-43", "ru", "1", "2026-11-22", "https://a.example/", SECRET, "2026-11-22T12:00:00Z"]),
)


@pytest.fixture(scope="module")
def shared(folder):
    return Client(service_for(folder))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([*FIELDS, "x"]), VALUES), max_size=5))
def test_whatever_is_asked_is_answered_or_told(shared, pairs):
    """No query makes the endpoint fail, and none gets an address back."""
    answer = shared.get(f"/notices/lookup?{urlencode(pairs, errors='surrogatepass')}")
    assert answer.status in (200, 400)
    assert SECRET.encode() not in answer.body


QUESTIONS = st.lists(
    st.dictionaries(st.sampled_from([*FIELDS, "x"]), VALUES | st.lists(VALUES, max_size=2)), max_size=4
)


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200) | QUESTIONS.map(lambda many: msgspec.json.encode({"questions": many})))
def test_whatever_is_sent_is_answered_or_told(shared, body):
    """No body makes the endpoint fail; a batch that is one is answered question by question."""
    answer = shared.post(body)
    assert answer.status in (200, 400)
    assert SECRET.encode() not in answer.body
