"""Small sites for the tests of the running service: a rules folder, settings that touch nothing else, a client."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from io import BytesIO
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import msgspec

from notices.api import Api
from notices.service import Service
from notices.settings import Settings

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DEADLINE = 30.0
#: Addresses that the embedded database puts into a country; they belong to network operators, not to readers.
RUSSIAN, GERMAN = "77.88.8.8", "46.4.0.1"

RULES = """
defaults: {timezone: UTC, language: en, publisher: example-courier}
publishers:
  example-courier: {name: {en: Example Courier}, hosts: [courier.example]}
  other-paper: {name: {en: Other Paper}, hosts: [other.example]}
rules:
  ru-warning:
    title: Warning for readers in Russia
    kind: reader-safety
    status: active
    where: [RU, russia-controlled-ukraine]
    when: {from: 2024-02-20, timezone: Europe/Moscow}
    show: {at: [after-article], level: warning, languages: [page, ru]}
    features: {share: hide}
    priority: 800
    text: {en: "Sharing this may be punished.", ru: "За пересылку могут наказать."}
    link: {href: "https://courier.example/safety", label: {en: Find out more, ru: Подробнее}}
    law: ["Criminal Code art. 284.1"]
    sources: [{url: "https://example.org/register", read: 2026-11-01}]
    owner: legal-desk
    review-by: 2027-02-01
  de-tagged:
    title: Gambling notice
    kind: courtesy
    status: active
    where: {any: [eu], except: [FR]}
    pages: {tags: [gambling]}
    show: {languages: [visitor]}
    text: {en: "Gambling can be addictive.", de: "Glücksspiel kann süchtig machen."}
    owner: legal-desk
    review-by: 2027-02-01
  sealed-order:
    title: The sealed order of Elbonia
    kind: publisher-duty
    status: active
    confidential: true
    where: [AT]
    text: {en: "A note on this page."}
    law: ["Sealed Act 1999"]
    sources: [{url: "https://sealed.example/order"}]
    owner: legal-desk
    review-by: 2027-02-01
  a-draft:
    title: Not yet
    kind: courtesy
    status: draft
    where: [DE]
    text: {en: "Not yet."}
"""
MARKED = "Sharing this may be punished."
#: The same rules with another text for that.
OTHER_TEXT = RULES.replace(MARKED, "Another text.")


def write_rules(folder, text=RULES, name="rules.yaml"):
    """Write a rules folder, each file in one step as careful tools do, and give it back."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.new").write_text(text, encoding="utf-8")
    (folder / f"{name}.new").replace(folder / name)
    return folder


def settings_for(folder, **changes):
    """Settings that read *folder* and keep nothing, unless *changes* say so."""
    return Settings.from_keywords(**{"rules": folder, "state": None, "reload": "off", **changes})


def service_for(folder, *, clock=lambda: NOW, **changes):
    """A service over *folder*; its present is fixed unless *clock* runs."""
    return Service(settings_for(folder, **changes), clock=clock)


class Client:
    """Asks an endpoint through the validator of the WSGI specification."""

    def __init__(self, service):
        self.app = validator(Api(service))

    def ask(self, method, path, body=b"", peer="203.0.113.9", **headers):
        path, _, query = path.partition("?")
        environ = {"REQUEST_METHOD": method, "SCRIPT_NAME": "", "PATH_INFO": path, "QUERY_STRING": query}
        environ["REMOTE_ADDR"] = peer
        if method == "POST":
            environ |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"}
        own = {"CONTENT_TYPE", "CONTENT_LENGTH"}
        environ |= {key if key in own else f"HTTP_{key}": value for key, value in headers.items()}
        environ["wsgi.input"] = BytesIO(body)
        setup_testing_defaults(environ)
        answer = Answer()
        parts = self.app(environ, answer.start)
        answer.body = b"".join(parts)
        getattr(parts, "close", int)()
        return answer

    def get(self, path, **more):
        return self.ask("GET", path, **more)

    def post(self, value, **more):
        body = value if isinstance(value, bytes) else msgspec.json.encode(value)
        return self.ask("POST", "/notices/lookup", body, **more)


class Answer:
    """Status, headers and body of one answer."""

    def start(self, status, headers, exc_info=None):
        self.status, self.headers = int(status[:3]), {name.lower(): value for name, value in headers}
        self.pairs = headers

    @property
    def json(self):
        return msgspec.json.decode(self.body)


def wait_for(claim, deadline=DEADLINE):
    """Wait until *claim* holds, with a deadline that only a failure meets; gives what it gave."""
    end = time.monotonic() + deadline
    while not (found := claim()):
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.005)
    return found
