"""The question of a look-up: one model that both validates and documents it (spec: service, section 5)."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Annotated, Any, Literal
from urllib.parse import parse_qsl

import msgspec
from msgspec import Meta

from notices.errors import QuestionError
from notices.page import Surface  # noqa: TC001  msgspec reads the annotations while running

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

#: A batch holds no more questions than this, and none of a question's lists more than so many values.
MOST_QUESTIONS = 1_000
MOST_VALUES = 100
MOST_PAIRS = 500

Flag = Literal["0", "1", 0, 1] | bool
Text = Annotated[str, Meta(min_length=1, max_length=256)]
Url = Annotated[str, Meta(min_length=1, max_length=8_192)]
Texts = Annotated[tuple[Text, ...], Meta(max_length=MOST_VALUES)] | Text


def _takes(description: str, example: Any) -> Meta:
    return Meta(description=description, examples=[example])


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, rename="kebab", gc=False):
    """Who asks, of which page, when. What is not named is not known: a look-up states only the facts that it names."""

    ip: Annotated[Text | None, _takes("the address of a visitor; it is not repeated anywhere", "192.0.2.1")] = None
    region: Annotated[
        Texts | None,
        _takes(
            "where a visitor is: an ISO 3166-1 or 3166-2 code, unknown, tor, vpn or hosting; several are candidates, "
            "united like sources",
            ["UA-43", "RU"],
        ),
    ] = None
    language: Annotated[
        Texts | None, _takes("the visitor's languages as BCP 47 tags, the dearest first", ["ru", "en"])
    ] = None
    page_language: Annotated[
        Text | None, _takes("the page's language as a BCP 47 tag; without it, the first language", "ru")
    ] = None
    url: Annotated[
        Url | None, _takes("the page's address, http or https, or its path alone", "https://courier.example/news/1")
    ] = None
    tag: Annotated[Texts | None, _takes("the page's tags", ["politics"])] = None
    section: Annotated[Texts | None, _takes("the sections that the page stands in", ["news"])] = None
    mention: Annotated[Texts | None, _takes("whom the page mentions", ["example-org"])] = None
    published: Annotated[Text | None, _takes("when the page appeared, a date or RFC 3339", "2026-11-22")] = None
    publisher: Annotated[Text | None, _takes("the publisher, one that the rules declare", "example-courier")] = None
    surface: Annotated[Surface | None, _takes("what kind of page it is", "article")] = None
    sec_gpc: Annotated[Flag | None, _takes("1 where the visitor's browser sends Sec-GPC", 1)] = None
    at: Annotated[
        Text | None,
        _takes("the instant, RFC 3339 with an offset or a date at midnight UTC; now", "2026-11-22T12:00:00Z"),
    ] = None
    explain: Annotated[Flag | None, _takes("1 adds why each active, public rule did or did not apply", 1)] = None

    def __repr__(self) -> str:
        """The names of what is stated, without values: one of them may be an address."""
        return f"Question({', '.join(name for name in self.__struct_fields__ if getattr(self, name) is not None)})"

    @property
    def explained(self) -> bool:
        """Whether reasons are asked for."""
        return self.explain is not None and _truth(self.explain)

    @property
    def gpc(self) -> bool | None:
        """The Sec-GPC signal, None where it is not stated."""
        return None if self.sec_gpc is None else _truth(self.sec_gpc)


class Batch(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A :class:`BatchRequest` as it is read: each question stays as it was sent until it is answered."""

    questions: Annotated[list[msgspec.Raw], Meta(max_length=MOST_QUESTIONS)]


class BatchRequest(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Many questions at once, of which a bad one spoils only its own answer."""

    questions: Annotated[list[Question], Meta(max_length=MOST_QUESTIONS)]


#: Every parameter name of a question -> its field.
FIELDS: Mapping[str, msgspec.structs.FieldInfo] = {
    field.encode_name: field for field in msgspec.structs.fields(Question)
}
_MANY = frozenset({"region", "language", "tag", "section", "mention"})
_EXPECTED = {
    "ip": "it must be one IPv4 or IPv6 address",
    "region": "it must be ISO 3166 codes, unknown, tor, vpn or hosting",
    "language": "it must be BCP 47 tags such as pt-BR",
    "page-language": "it must be one BCP 47 tag such as pt-BR",
    "url": "it must be an http or https address of at most 8192 characters, or a path",
    "surface": "it must be one of article, home, section, search, form, comments",
    "sec-gpc": "it must be 1 or 0",
    "explain": "it must be 1 or 0",
    "at": "it must be an instant such as 2026-11-22T12:00:00Z",
    "published": "it must be a date such as 2026-11-22, or an instant such as 2026-11-22T12:00:00Z",
}
#: What a parameter goes by elsewhere -> what it goes by here.
CALLED: Mapping[str, str] = {
    other: name
    for name, others in {
        "url": "host hostname domain site uri href link page permalink path",
        "ip": "addr client-ip ip-address ipv4 ipv6 remote-addr visitor x-forwarded-for",
        "ip or url": "address",
        "region": "cc country country-code geo iso location place province state subdivision territory where",
        "language": "accept-language hl l lang locale",
        "page-language": "content-language page-lang",
        "tag": "keyword keywords topic topics",
        "section": "category rubric",
        "surface": "kind type page-type",
        "published": "pubdate published-at date-published",
        "sec-gpc": "gpc global-privacy-control",
        "at": "as-of date datetime instant now time timestamp when",
        "explain": "debug reason reasons trace verbose why",
    }.items()
    for other in others.split()
}
_LIST = f"it must be texts of 1 to 256 characters, at most {MOST_VALUES}"
_NAME = re.compile(r"[A-Za-z][A-Za-z_-]{0,39}")
_PLACE = re.compile(r"\$\.([a-z-]+)")


def question_from_query(query: str) -> Question:
    """Read the query string of ``GET /lookup``.

    :raises QuestionError: for a name that is none of a question's or a value of no use; no value is repeated.
    """
    facts: dict[str, Any] = {}
    for name, value in _pairs(query):
        if name not in FIELDS:
            raise QuestionError(*_unknown(name))
        if name in _MANY:
            facts.setdefault(name, []).append(value)
        elif name in facts:
            raise QuestionError(name, "it is given more than once")
        else:
            facts[name] = value
    return _converted(facts)


def question_from_json(raw: msgspec.Raw) -> Question:
    """Read one question of a batch.

    :raises QuestionError: as :func:`question_from_query`.
    """
    try:
        facts = msgspec.json.decode(raw)
    except (msgspec.DecodeError, RecursionError):
        raise QuestionError("questions", "each question must be JSON, and not nested without end") from None
    if not isinstance(facts, dict):
        raise QuestionError("questions", "each question must be a JSON object")
    for name in facts:
        if name not in FIELDS:
            raise QuestionError(*_unknown(name))
    return _converted(facts)


def read_batch(body: bytes) -> Sequence[Question | msgspec.Raw]:
    """The questions of a batch; as they were sent where one of them is of no use, so that it spoils only its own.

    :raises msgspec.DecodeError: for a body that is no batch.
    :raises RecursionError: for one that is nested without end.
    """
    try:
        return _ALL_GOOD.decode(body).questions
    except (msgspec.DecodeError, RecursionError):
        return _AS_SENT.decode(body).questions


_ALL_GOOD = msgspec.json.Decoder(BatchRequest)
_AS_SENT = msgspec.json.Decoder(Batch)


def _pairs(query: str) -> list[tuple[str, str]]:
    try:
        # A server hands bytes that nobody percent-encoded over as Latin-1 (PEP 3333).
        query = query.encode("latin-1").decode()
        return parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=MOST_PAIRS)
    except ValueError:
        raise QuestionError(
            "query", f"it must be percent-encoded UTF-8 and hold at most {MOST_PAIRS} parameters"
        ) from None


def _converted(facts: Mapping[str, Any]) -> Question:
    try:
        return msgspec.convert(facts, Question)
    except msgspec.ValidationError as error:
        place = _PLACE.search(str(error))
        name = place[1] if place else "question"
        raise QuestionError(name, _EXPECTED.get(name, _LIST)) from None


def _unknown(name: str) -> tuple[str, str]:
    """Which parameter to name, and the advice; a name that looks like no name may be an address out of place."""
    plain = name[:40].lower().replace("_", "-")
    usual = CALLED.get(plain)
    near = difflib.get_close_matches(plain, FIELDS, n=1, cutoff=0.6)
    advice = f"write {usual}" if usual else f"the nearest is {near[0]}" if near else f"they are {', '.join(FIELDS)}"
    return (name if _NAME.fullmatch(name) else "query", f"there is no such parameter; {advice}")


def _truth(flag: Flag) -> bool:
    return flag in ("1", 1)
