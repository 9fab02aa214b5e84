"""Every property test of input that strangers or editors write, again and again with new seeds, for a time.

``python -m tests.fuzz [SECONDS]`` goes round the kinds of input until the time is out, and prints how many were tried
of each. What fails is told with its seed, kept in ``.hypothesis/examples``, and tried first by every later run of the
tests; written as an ``@example``, it stays for everybody.
"""

from __future__ import annotations

import random
import re
import subprocess
import sys
import time
from collections import Counter
from itertools import cycle
from pathlib import Path

TREE = Path(__file__).parent.parent
#: Kind of input -> where its properties stand.
KINDS = {
    "addresses": ("test_address.py", "test_locate.py", "test_claims.py", "test_tree.py"),
    "headers": ("test_forwarding.py", "test_geo_headers.py", "test_trust.py", "test_http_etags.py",
                "test_http_facts.py", "test_http_request.py", "test_http_caching.py"),
    "languages and instants": ("test_input_fuzz.py", "test_language.py", "test_loader_dates.py"),
    "URLs": ("test_page_url.py",),
    "questions": ("test_question.py", "test_api.py", "test_attacks.py"),
    "YAML": ("test_document.py", "test_loader_fuzz.py", "test_loader_events.py", "test_schema.py"),
    "Markdown": ("test_markdown.py", "test_fragment.py"),
    "HTML": ("test_inject_soup.py", "test_inject_fast.py"),
    "packed pages": ("test_coding.py",),
    "feeds": ("test_feeds.py", "test_feeds_faults.py"),
}  # fmt: skip
PASSED = re.compile(r"(\d+) passing[^,]*, (\d+) failing")


def tried(names, seed):
    """Inputs tried with one seed, and what pytest told where one of them failed."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-m", "hypothesis"]
    command += ["--hypothesis-show-statistics", f"--hypothesis-seed={seed}", *(f"tests/{name}" for name in names)]
    done = subprocess.run(command, cwd=TREE, capture_output=True, text=True)
    count = sum(int(passed) + int(failed) for passed, failed in PASSED.findall(done.stdout))
    return count, done.stdout if done.returncode else ""


def main(seconds="600"):
    end, counts, failures = time.monotonic() + int(seconds), Counter(), 0
    for kind in cycle(KINDS):
        if time.monotonic() >= end:
            break
        seed = random.randrange(2**32)
        count, told = tried(KINDS[kind], seed)
        counts[kind] += count
        if told:
            failures += 1
            print(f"{kind}, seed {seed}:\n{told}", file=sys.stderr, flush=True)
    for kind, count in counts.items():
        print(f"| {kind} | {count:,} |")
    print(f"| all | {counts.total():,}, {failures} rounds with a failure |")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
