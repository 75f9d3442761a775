"""Account ids in a text: who shows a request to others may not want to show whose account it is for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

_FOUND = re.compile(
    r"""
      (?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])  # a UUID, as of a KMS key
    | (?<![0-9A-Za-z])[a-z]{2,12}-[0-9a-f]{17}(?![0-9A-Za-z])                              # a resource, as fs-0123...
    | (?<![0-9])(?P<account>[0-9]{12})(?![0-9])
    """,
    re.VERBOSE,
)
_DOCUMENTED = ("111122223333", "444455556666", "777788889999", "123456789012")
"""The account ids of AWS's own examples, which belong to nobody."""


def hide_account_ids(text: str) -> str:
    """Return a text with a made-up account id in place of each account id, the same one for the same account.

    An account id is a run of exactly twelve digits, wherever it stands: in an ARN, in a bucket's name, by itself.
    Other numbers stay, and so do UUIDs and resource ids that happen to hold twelve digits in a row.

    Example::

        >>> hide_account_ids("arn:aws:iam::246813579246:role/Analyst, s3://sagemaker-eu-west-1-246813579246")
        'arn:aws:iam::111122223333:role/Analyst, s3://sagemaker-eu-west-1-111122223333'
    """
    made_up = _made_up()
    names: dict[str, str] = {}

    def hidden(found: re.Match[str]) -> str:
        account = found["account"]
        if account is None:
            return found[0]
        if account not in names:
            names[account] = next(made_up)
        return names[account]

    return _FOUND.sub(hidden, text)


def _made_up() -> Iterator[str]:
    yield from _DOCUMENTED
    for number in itertools.count():
        made = f"{number:04d}" * 3
        if made not in _DOCUMENTED:
            yield made
