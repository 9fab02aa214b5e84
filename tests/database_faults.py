"""Damage done to location databases, and what becomes of who opens them; run as a process, because it may die.

``python -m tests.database_faults FILE [FLIPS [STEP]]`` prints one JSON object of counts.
"""

from __future__ import annotations

import faulthandler
import hashlib
import ipaddress
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path

import maxminddb_rust

from notices.errors import DatabaseError
from notices.gazetteer import Gazetteer
from notices.geo.database import open_database
from notices.geo.locate import Locator
from notices.loader.built_in import built_in
from notices.settings import Settings


def addresses(path):
    """The first address of every network of the good file, and some at even steps."""
    with maxminddb_rust.open_database(path, maxminddb_rust.MODE_MEMORY) as reader:
        found = [network.network_address for network, _ in reader]
    return found + [ipaddress.IPv4Address(number << 22) for number in range(0, 1024, 8)]


def locator(database):
    """What asks a database while serving."""
    tables = built_in()
    return Locator(Settings.from_keywords(rules="."), [database], Gazetteer(tables.labels, tables.contested))


class Survey:
    """Opens damaged variants of the file at *good*, each under one name in a folder of its own, and counts."""

    def __init__(self, good, folder):
        self.content = good.read_bytes()
        self.path = folder / good.name
        self.sum = folder / f"{good.name}.sha256"
        self.addresses = addresses(good)
        database = open_database(good)
        self.right = [database.look_up(address) for address in self.addresses]
        self.found = Counter()

    def open(self, what, content):
        """Open *content* and, where that is let in, ask it everything; nothing but a refusal may come of it."""
        self.path.write_bytes(content)
        try:
            database = open_database(self.path)
        except DatabaseError as error:
            assert str(error).startswith(f"{self.path.name}: ")
            self.found[f"{what}: refused"] += 1
            return
        answers = [database.look_up(address) for address in self.addresses]
        asked = locator(database)
        for address in self.addresses[::10]:
            asked.locate_address(str(address))
        same = answers == self.right
        self.found[f"{what}: {'answered rightly' if same else 'answered wrongly'}"] += 1
        self.found["look-ups"] += len(answers)
        self.found["look-ups that failed"] += database.failures

    def flip(self, count, seed):
        """*count* variants with one flipped bit."""
        dice = random.Random(seed)
        for _ in range(count):
            changed = bytearray(self.content)
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
            self.open("flipped bit", changed)

    def cut(self, step):
        """The file cut at every *step*-th byte."""
        for length in range(0, len(self.content), step):
            self.open("cut", self.content[:length])

    def flip_guarded(self, count, seed):
        """The same flips beside the ``.sha256`` of the good file."""
        self.sum.write_text(f"{hashlib.sha256(self.content).hexdigest()}  {self.path.name}\n")
        dice = random.Random(seed)
        for _ in range(count):
            changed = bytearray(self.content)
            changed[dice.randrange(len(changed))] ^= 1 << dice.randrange(8)
            self.open("flipped bit beside its .sha256", changed)
        self.open("whole beside its .sha256", self.content)
        self.sum.unlink()


def main(path, flips=1000, step=1):
    faulthandler.enable()
    with tempfile.TemporaryDirectory() as folder:
        survey = Survey(Path(path), Path(folder))
        survey.cut(int(step))
        survey.flip(int(flips), 20261123)
        survey.flip_guarded(int(flips), 20261123)
    print(json.dumps(survey.found))


if __name__ == "__main__":
    main(*sys.argv[1:])
