"""Cut the whole lists that moto gives into pages, as AWS does.

Some of moto's lists have no pages at all, others have small ones, or tokens that count rows for everyone to see. So
moto is asked for all of a list, and the cutting is done here, with one kind of token for all services.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any, Literal

from profile_widgets.sandbox.exchange import Question, Reply
from profile_widgets.sandbox.pages import FORMS, PageForm, json_object
from profile_widgets.sandbox.refusals import ACCOUNT_ID, Refusal
from profile_widgets.sandbox.seed import storage

CUT_HERE = frozenset(FORMS) - {"s3:ListBucket", "iam:ListRoles", "pricing:GetProducts"}
"""The lists that moto gives and this module cuts; S3 pages its objects itself."""

_ALL = 1_000_000
_MOTO_PAGES = frozenset(
    {"elasticfilesystem:DescribeFileSystems", "secretsmanager:ListSecrets", "fsx:DescribeFileSystems"}
)
"""The lists that moto cuts unless it is told a large number."""

Aliases = Literal["all", "some without keys", "none"]
"""Which of AWS's own aliases an account has."""

_FSX_MADE = 1_767_366_000.0
_USED_BY_AWS = ("alias/aws/ebs", "alias/aws/elasticfilesystem", "alias/aws/s3", "alias/aws/secretsmanager")
"""The aliases of AWS's own keys that the account has used."""


def cut(action: str, question: Question, ask: Callable[[Question], Reply]) -> Reply:
    """Return one page of a list; refuse a number out of bounds and a token that was not given out for this list."""
    form = FORMS[action]
    size = form.size_of(question)
    start = start_of(form, question)
    _refuse_names_with_pages(action, form.parameters(question))
    everything = str(_ALL) if form.written != "json" else _ALL
    whole = ask(form.asking(question, **{form.token: None, form.size: everything if action in _MOTO_PAGES else None}))
    if whole.status >= 300:
        return whole
    end = None if size is None else start + size
    page, count = form.answering(whole, "", slice(start, end))
    if end is None or end >= count:
        return page
    return form.answering(page, token_after(form, question, end))[0]


def start_of(form: PageForm, question: Question) -> int:
    """Return how many rows were given already, as the request's token says; refuse a token of another list."""
    token = form.parameters(question).get(form.token)
    if token is None:
        return 0
    try:
        digest, start = json.loads(base64.b64decode(str(token), validate=True))
    except (ValueError, TypeError) as error:
        raise Refusal(*form.bad_token) from error
    if digest != _digest(form, question) or not isinstance(start, int) or start < 0:
        raise Refusal(*form.bad_token)
    return start


def token_after(form: PageForm, question: Question, end: int) -> str:
    """Return the token of the page that begins after so many rows; it fits FSx's pattern, the strictest."""
    text = json.dumps([_digest(form, question), end])
    return base64.b64encode(text.ljust(-(-len(text) // 3) * 3).encode()).decode()


def _digest(form: PageForm, question: Question) -> str:
    asked = {k: v for k, v in form.parameters(question).items() if k not in (form.token, form.size)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()[:12]


def _refuse_names_with_pages(action: str, parameters: Mapping[str, Any]) -> None:
    """Refuse, as EC2 does, things asked for by their ids and in pages at once."""
    ids = next((name.partition(".")[0] for name in parameters if ".1" in name and not name.startswith("Filter")), "")
    if action.startswith("ec2:") and ids and not {"MaxResults", "NextToken"}.isdisjoint(parameters):
        raise Refusal(
            "InvalidParameterCombination", f"The parameter {ids}s cannot be used with the parameter MaxResults"
        )


def completed(action: str, reply: Reply, aliases: Aliases) -> Reply:
    """Return the whole of a list with what AWS tells and moto leaves out."""
    complete = _COMPLETE.get(action)
    if complete is None or reply.status >= 300:
        return reply
    answer = json_object(reply.body)
    complete(answer, aliases)
    headers = tuple(header for header in reply.headers if header[0].lower() != "content-length")
    return Reply(reply.status, headers, json.dumps(answer).encode())


def _keys_of_aliases(answer: dict[str, Any], kept: Aliases) -> None:
    """Leave AWS's own aliases as they are, take them out, or take away the keys that the account has not used.

    An alias of AWS's is there before its key: then it has no TargetKeyId.
    """
    rows = answer.get("Aliases", [])
    for alias in [row for row in rows if row["AliasName"].startswith("alias/aws/")]:
        if kept == "none":
            rows.remove(alias)
        elif kept == "some without keys" and alias["AliasName"] not in _USED_BY_AWS:
            alias.pop("TargetKeyId", None)


def _sizes(answer: dict[str, Any], _kept: Aliases) -> None:
    """Let the file systems of the seed be as large as it says."""
    sizes = {system["id"]: system["bytes"] for system in storage.EFS_FILE_SYSTEMS}
    for system in answer.get("FileSystems", ()):
        size = sizes.get(system["FileSystemId"], 6144)
        system["SizeInBytes"].update(Value=size, ValueInStandard=size)


def _states(answer: dict[str, Any], _kept: Aliases) -> None:
    """Let every file system of FSx have an owner, an age and a state."""
    for system in answer.get("FileSystems", ()):
        known = {"OwnerId": ACCOUNT_ID, "CreationTime": _FSX_MADE, "Lifecycle": "AVAILABLE", "StorageType": "SSD"}
        system.update({name: value for name, value in known.items() if not system.get(name)})


_COMPLETE: Mapping[str, Callable[[dict[str, Any], Aliases], None]] = {
    "kms:ListAliases": _keys_of_aliases,
    "elasticfilesystem:DescribeFileSystems": _sizes,
    "fsx:DescribeFileSystems": _states,
}
