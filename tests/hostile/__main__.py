"""Attack a page as a hostile browser would, and print what came of it: ``python -m tests.hostile [URL ...]``."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import nullcontext

from tests.hostile.running import Suite
from tests.hostile.subject import DOMAIN, elsewhere, started

WORDS = """\
Without an address a sandbox, a closed page with visitors before it and a witness on the wire between the two are
started. With addresses, one for each visitor or one for all, that page is attacked: every button on it is pressed, so
let its visitors' profiles be some that may be spoilt. Nobody sees what such a page sends to AWS; its audit does.

  scripts/hostile http://127.0.0.1:8001/ http://127.0.0.1:8002/ --visitors alice,bob
  scripts/hostile http://127.0.0.1:8866/ --header 'X-Forwarded-User: alice' --header 'X-Page-Secret: ...' \\
      --other 'X-Forwarded-User: bob' --other 'X-Page-Secret: ...'"""


def main() -> int:
    """Print the table; the exit status is 0 when every figure is 0 and an allowed change arrived."""
    parser = argparse.ArgumentParser(
        prog="scripts/hostile", description=WORDS, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("urls", nargs="*", metavar="URL", help="a page to attack in place of one that is started")
    parser.add_argument("--short", action="store_true", help="only as much as an ordinary test run does")
    parser.add_argument("--open", action="store_true", help="start an open page, without a policy: it does not hold")
    parser.add_argument("--visitors", default="alice,bob", help="the visitors' names at a given page")
    parser.add_argument("--domain", default=DOMAIN, help="the domain of their profiles (default: the sandbox's)")
    parser.add_argument("--header", action="append", default=[], help="a header that names the first visitor")
    parser.add_argument("--other", action="append", default=[], help="a header that names the second one")
    asked = parser.parse_args()
    began = time.monotonic()

    def say(what: str) -> None:
        print(f"{time.monotonic() - began:6.1f} s  {what} ...", file=sys.stderr, flush=True)

    names = asked.visitors.split(",")
    given = elsewhere(asked.urls, [asked.header, asked.other], asked.domain, names) if asked.urls else None
    with nullcontext(given) if given else started(closed=not asked.open) as subject:
        tally = Suite(subject, short=asked.short, say=say).run()
    print(tally.table())
    return 0 if tally.held else 1


if __name__ == "__main__":
    sys.exit(main())
