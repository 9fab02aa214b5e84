"""Damage done to good rule files: bytes, lines, values, YAML's tricks, and whole files; every step from a seed.

``python -m tests.rule_faults COUNT SEED`` serves under load while COUNT damaged folders come and go, and prints one
JSON object of counts; it stops at the first promise that does not hold.
"""

from __future__ import annotations

import json
import logging
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from wsgiref.util import setup_testing_defaults

from notices.errors import RulesetError
from notices.folder import load_folder
from notices.service.unfinished import PATIENCE
from notices.wsgi import NoticesMiddleware
from tests.endpoint import OTHER_TEXT, RULES, Client, service_for
from tests.sites import App, database
from tests.small_rules import SMALL_RULES

REFERENCE = (Path(__file__).parent.parent / "docs" / "reference" / "rules.yaml").read_text("utf-8")
GOOD = (RULES, OTHER_TEXT, SMALL_RULES, REFERENCE)
VALUES = ["[]", "{}", "null", "~", "true", "no", "NO", "0", "-1", "1e999", "0x1F", "017", ".inf", ".nan", "2026-02-30",
          "2024-02-20", "9999-12-31", "0000-00-00", "12:30:45", "''", '""', "[[[[]]]]", "{a: {b: {c: d}}}", "*nowhere",
          "&a [*a]", "!!python/object/apply:os.system [id]", "!!binary aGVsbG8=", "!!set {a}", "!custom x", "<<", "@x",
          "`x`", "%x", "| \n  x", "> \n  x", "'unclosed", '"unclosed', "[unclosed", "{unclosed", "\u202ertl",
          "x" * 70_000, "é" * 1000, "\x00", "\x85", "\u2028", "\ufeff", "\U0001f600", "\ud83d",
          "\u0430ctive", "[RU, DE]", "[world]", "[EU]", "XX", "retired", "active", "draft", "courtesy"]  # fmt: skip
BLOCKS = [
    "---\n", "...\n", "--- {}\n", "%YAML 1.3\n---\n", "%TAG ! tag:x,2000:\n---\n", "? [a, b]\n: c\n",
    "<<: {rules: {}}\n", "rules: {}\n", "rules:\n", "regions: {x: {title: X, include: [RU], as-of: 2026-01-01}}\n",
    "defaults: {language: fr}\n", "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nd: [*c, *c, *c]\n",
    "bomb: &b0 [x]\n" + "".join(f"b{n}: &b{n} [{', '.join([f'*b{n - 1}'] * 9)}]\n" for n in range(1, 12)),
    "deep: " + "[" * 5000 + "]" * 5000 + "\n", "deep: " + "{a: " * 300 + "1" + "}" * 300 + "\n", "<<<<<<< HEAD\n",
    "=======\n", ">>>>>>> theirs\n", "#" * 5000 + "\n", "\t\n", "x" * 1_100_000 + "\n", "key: " + "'" + "\n",
]  # fmt: skip


class Mutator:
    """Makes a damaged content from a good one, and says what was done."""

    def __init__(self, seed):
        self.dice = random.Random(seed)

    def damage(self, text):
        kind = self.dice.choice(["bytes", "letters", "lines", "values", "tricks", "good"])
        return kind, getattr(self, kind)(text)

    def bytes(self, text):
        content, dice = bytearray(text.encode()), self.dice
        for _ in range(dice.choice([1, 1, 1, 2, 5])):
            at = dice.randrange(len(content) + 1)
            match dice.randrange(7):
                case 0:
                    content = content[:at]
                case 1:
                    content[at : at + dice.choice([1, 1, 10, 300])] = b""
                case 2:
                    content[at:at] = dice.randbytes(dice.choice([1, 1, 8]))
                case 3 if at < len(content):
                    content[at] ^= 1 << dice.randrange(8)
                case 4:
                    content[at:at] = bytes(content[at // 2 : at // 2 + 400])
                case 5:
                    content = bytearray(dice.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\x00", b"\xc3"]) + content)
                case _:
                    content[at:at] = dice.choice(
                        [b"\r", b"\t", b"\xc2\x85", b"\xe2\x80\xa8", b"\x1b[2J", b"\xf0\x9f\x98"]
                    )
            content = content or bytearray(b"#")
        if dice.random() < 0.05:
            return (
                bytes(content).decode("utf-8", "replace").encode(dice.choice(["utf-16", "utf-32", "cp1251"]), "replace")
            )
        return bytes(content)

    def letters(self, text):
        """A typing mistake: one letter or digit for another."""
        places = [match.start() for match in re.finditer(r"[^\W_]", text)]
        at = self.dice.choice(places)
        return (text[:at] + self.dice.choice("aeo1WЯß") + text[at + 1 :]).encode()

    def lines(self, text):
        lines, dice = text.split("\n"), self.dice
        for _ in range(dice.choice([1, 1, 2, 4])):
            at, other = dice.randrange(len(lines)), dice.randrange(len(lines))
            match dice.randrange(7):
                case 0:
                    del lines[at]
                case 1:
                    lines.insert(other, lines[at])
                case 2:
                    lines[at], lines[other] = lines[other], lines[at]
                case 3:
                    lines[at] = " " * dice.choice([1, 2, 4]) + lines[at]
                case 4:
                    lines[at] = lines[at][dice.choice([1, 2]) :]
                case 5:
                    lines[at] = f"# {lines[at]}"
                case _:
                    lines = lines[:at]
            lines = lines or [""]
        return "\n".join(lines).encode()

    def values(self, text):
        places = list(re.finditer(r"(?<=: )[^\n{\[]+|(?<=[\[, ])[A-Za-z0-9-]+(?=[,\]])", text))
        place = self.dice.choice(places)
        return self._encode(text[: place.start()] + self.dice.choice(VALUES) + text[place.end() :])

    def tricks(self, text):
        lines = text.split("\n")
        at = self.dice.choice([0, len(lines) - 1, self.dice.randrange(len(lines))])
        block = self.dice.choice(BLOCKS)
        return self._encode("\n".join([*lines[:at], *block.rstrip("\n").split("\n"), *lines[at:]]))

    def good(self, text):
        """An edit that editors make: other words, another region, another status."""
        edits = [("Sharing", "Pasting"), ("[RU,", "[BY,"), ("status: active", "status: suspended"),
                 ("title: ", "title: X"), ("legal-desk", "the-desk"), ("priority: 800", "priority: 80"),
                 ("2027-02", "2028-02")]  # fmt: skip
        old, new = self.dice.choice(edits)
        return (text.replace(old, new, 1) + f"# {self.dice.random()}\n").encode()

    def _encode(self, text):
        return text.encode("utf-8", "surrogatepass")


class Broken(Exception):
    """A promise that did not hold; the text says which, and the content can be made again from the seed."""


class Trial:
    """A site that is asked all the time while its rules are damaged."""

    def __init__(self, folder, seed):
        self.folder, self.mutator, self.found = folder / "rules", Mutator(seed), Counter()
        self.folder.mkdir()
        self.write(RULES.encode(), in_place=False)
        proxied = {"trusted_proxies": ["127.0.0.0/8"], "geo_header": {"country": "X-Country"}}
        self.service = service_for(self.folder, state=folder / "state", geoip=[database()], **proxied)
        self.stop, self.faults, self.texts = threading.Event(), [], {}

    def write(self, content, *, in_place):
        """Write the rules as simple tools do, or as careful ones."""
        path = self.folder / "rules.yaml"
        if in_place:
            path.write_bytes(content)
        else:
            path.with_name("rules.new").write_bytes(content)
            path.with_name("rules.new").replace(path)

    def ask(self):
        """Ask for pages and look-ups until the end; whatever is neither right nor whole is noted as a fault."""
        site = NoticesMiddleware(App(), self.service)
        client = Client(self.service)
        while not self.stop.is_set():
            for region in ("RU", "DE", "FR"):
                self.ask_endpoint(client, region)
                self.ask_page(site, region)
            time.sleep(0.01)

    def ask_endpoint(self, client, region):
        reply = client.get(f"/notices/lookup?region={region}&tag=gambling")
        if reply.status != 200:
            self.faults.append(f"a look-up was answered {reply.status}")
            return
        told = json.dumps(reply.json["notices"], sort_keys=True)
        if self.texts.setdefault((reply.json["ruleset"]["digest"], region), told) != told:
            self.faults.append("one ruleset gave two answers")
        self.found["look-ups under load"] += 1

    def ask_page(self, site, region):
        environ = {"HTTP_ACCEPT": "text/html", "HTTP_X_COUNTRY": region, "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        told = []
        page = b"".join(site(environ, lambda status, headers, *_: told.append((status, dict(headers)))))
        shown = page.count(b"<aside") > 0
        if told[0][0] != "200 OK" or not page.endswith(b"</html>") or not page.startswith(b"<!DOCTYPE html>"):
            self.faults.append(f"a page was answered {told[0][0]}, or cut")
        if shown != (told[0][1].get("Notices-Variant") != "00000000"):
            self.faults.append("a page and its variant say different things")
        self.found["pages under load"] += 1

    def step(self):
        """Damage the rules once, and hold the service to what ``check`` says of them."""
        kind, content = self.mutator.damage(self.mutator.dice.choice(GOOD))
        before = self.service.snapshot().digest
        self.write(content, in_place=self.mutator.dice.random() < 0.5)
        for _ in range(2):
            self.service.look()
        try:
            wanted = load_folder(self.folder).ruleset.digest
        except RulesetError:
            self.expect_refusal(before)
            self.found[f"{kind}: refused"] += 1
        else:
            self.expect_live(before, wanted)
            self.found[f"{kind}: live"] += 1
        self.found["damaged folders"] += 1
        if self.faults:
            raise Broken(f"after {self.found['damaged folders']} steps: {self.faults[0]}")

    def expect_refusal(self, before):
        health = Client(self.service).get("/notices/health")
        if self.service.snapshot().digest != before:
            raise Broken("rules that `check` refuses went live")
        failure = health.json["last_failed_reload"]
        if health.status != 503 or failure["resolved_at"] is not None or not failure["problems"]:
            raise Broken("a refusal is not in health")
        for problem in failure["problems"]:
            if problem["path"] != "rules.yaml" or problem["line"] < 1 or problem["column"] < 1 or not problem["code"]:
                raise Broken(f"a problem in health has no place: {problem}")

    def expect_live(self, before, wanted):
        for _ in range(2 * PATIENCE):  # what looks half written is waited for
            if self.service.snapshot().digest == wanted:
                break
            if self.service.snapshot().digest != before:
                raise Broken("rules went live that are not on the disk")
            self.found["looks at what seemed half written"] += 1
            self.service.look()
        if self.service.snapshot().digest != wanted:
            raise Broken("rules that `check` accepts are not live")
        if Client(self.service).get("/notices/health").status != 200:
            raise Broken("health fails though good rules are live")

    def run(self, count):
        thread = threading.Thread(target=self.ask)
        thread.start()
        try:
            for _ in range(count):
                self.step()
        finally:
            self.stop.set()
            thread.join()
        counted = self.service.metrics.exposition("")[0].decode()
        if "notices_failures_total{" in counted:
            raise Broken("a failure inside was counted")
        return self.found


def main(count, seed):
    logging.disable()
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(Trial(Path(folder), int(seed)).run(int(count))))


if __name__ == "__main__":
    main(*sys.argv[1:])
