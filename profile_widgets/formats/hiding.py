"""Account ids in a text: who shows a request to others may not want to show whose account it is for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

AWS_IMAGES = frozenset(
    {
        # of SageMaker Distribution, by region: "Code Editor application instances and images", SageMaker's guide
        "885854791233", "053634841547", "542918446943", "238384257742", "523751269255", "245090515133",
        "064688005998", "022667117163", "648430277019", "010972774902", "481561238223", "545423591354",
        "819792524951", "021081402939", "856416204555", "175620155138", "810671768855", "567556641782",
        "564864627153", "370607712162", "523774347010", "358593528301", "080319125002", "674439102856",
        "651871951035", "300992924816", "300993876623",
        # of Studio Classic, by region, as the samples that AWS publishes for its versions of JupyterLab name them
        "081325390199", "429704687514", "742091327244", "236514542706", "559312083959", "493642496378",
        "394103062818", "806072073708", "492261229750", "452832661640", "102112518831", "310906938811",
        "936697816551", "470317259841", "712779665605", "615547856133", "243637512696", "592751261982",
        "782484402741",
    }
)  # fmt: skip
"""The accounts from which AWS gives everybody the images of SageMaker Studio. They are nobody's secret."""

_DATE = r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])(?:[01][0-9]|2[0-3])[0-5][0-9]"
"""The minute at which something was made, as the console writes it into names of roles."""
_ARN = r"arn:aws[a-z-]*:[^:\s\"'\\]*:[^:\s\"'\\]*:"
_OWNER = re.compile(rf"{_ARN}(?P<owner>[0-9]{{12}}):")
_NAMED = re.compile(rf"{_ARN}[0-9]{{12}}:[^\s\"'\\,;<>(){{}}\[\]]*")
_FOUND = re.compile(
    r"""
      (?<![0-9A-Za-z])[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}(?![0-9A-Za-z])  # a UUID, as of a KMS key
    | (?<![0-9A-Za-z])[a-z]{2,12}-[0-9a-f]{17}(?![0-9A-Za-z])                              # a resource, as fs-0123...
    | (?<![0-9A-Za-z])[0-9a-f]{32,}(?![0-9A-Za-z])                                         # a hash
    | (?<![\w-])(?<!s3://)(?<!s3:::)d-[0-9]{12}(?![\w-])                                   # a domain, not a bucket
    | (?<![0-9])(?<![0-9]-)(?P<console>[0-9]{4}-[0-9]{4}-[0-9]{4})(?![0-9])(?!-[0-9])
    | (?<![0-9])(?P<account>[0-9]{12})(?![0-9])
    """,
    re.VERBOSE,
)
_DOCUMENTED = ("111122223333", "444455556666", "777788889999", "123456789012")
"""The account ids of AWS's own examples, which belong to nobody."""


def hide_account_ids(text: str) -> str:
    """Return a text with a made-up account id in place of each account id, the same one for the same account.

    An account id is a run of exactly twelve digits: in an ARN, in any part of a bucket's or another name, by itself;
    and so is the form of AWS's console, ``1234-5678-9012``. What is not known to be something else is hidden, because
    an account told is worse than a number lost. Hidden texts stay as they are when they are hidden again.

    Not hidden are other numbers, UUIDs, hashes and ids of resources (``fs-...``) that happen to hold twelve digits in a
    row; a domain's id, ``d-`` and twelve digits; in an ARN that names an account, a date and time in the resource's
    name (``role/AmazonSageMaker-ExecutionRole-202505200939``), unless the text has an ARN of that account; and the
    accounts of AWS's own images, :data:`AWS_IMAGES`, without which an image could not be found.

    Example::

        >>> hide_account_ids("arn:aws:iam::246813579246:role/Analyst, s3://sagemaker-eu-west-1-246813579246")
        'arn:aws:iam::111122223333:role/Analyst, s3://sagemaker-eu-west-1-111122223333'
        >>> hide_account_ids("account 2468-1357-9246, domain d-998877665544")
        'account 1111-2222-3333, domain d-998877665544'
    """
    made_up = _made_up()
    names: dict[str, str] = {}
    dates = _dates(text)

    def hidden(found: re.Match[str]) -> str:
        account = found["account"] or (found["console"] or "").replace("-", "")
        if not account or account in AWS_IMAGES or found.start() in dates:
            return found[0]
        if account not in names:
            names[account] = next(made_up)
        made = names[account]
        return made if found["account"] else f"{made[:4]}-{made[4:8]}-{made[8:]}"

    return _FOUND.sub(hidden, text)


def _dates(text: str) -> frozenset[int]:
    """Return where a date and time stands in a resource's name."""
    owners = {found["owner"] for found in _OWNER.finditer(text)}
    return frozenset(
        arn.start() + date.start()
        for arn in _NAMED.finditer(text)
        for date in re.finditer(rf"(?<=[-_/])(?<![0-9]){_DATE}(?![0-9A-Za-z])", arn[0])
        if date[0] not in owners
    )


def _made_up() -> Iterator[str]:
    yield from _DOCUMENTED
    for number in itertools.count():
        made = f"{number:04d}" * 3
        if made not in _DOCUMENTED:
            yield made
