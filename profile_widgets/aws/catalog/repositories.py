"""Git repositories: those that the domain's and the profile's settings name, and SageMaker's own list."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from profile_widgets.aws.catalog.registry import About, Row, kind
from profile_widgets.aws.catalog.source import Paged, Source
from profile_widgets.aws.catalog.words import joined, shown, since, text
from profile_widgets.errors import GatewayError

REPOSITORIES = Paged("ListCodeRepositories", "CodeRepositorySummaryList", contains="NameContains")


@kind(
    "repository",
    noun="repository",
    plural="repositories",
    matters=("domain", "profile"),
    closed=False,
    empty="No repository is used in this domain yet, and SageMaker knows none. Paste the address of one.",
)
async def repositories(source: Source, about: About) -> AsyncIterator[list[Row]]:
    """Yield repositories that are used already, then those that were made known to SageMaker.

    Three lists, each of which may be refused without harm to the others; when all are, the last refusal counts.
    """
    domain, profile = about.get("domain", ""), about.get("profile", "")
    asked = []
    if domain:
        asked.append(("used in this domain", "DescribeDomain", {"DomainId": domain}))
    if domain and profile:
        asked.append(("used by this profile", "DescribeUserProfile", {"DomainId": domain, "UserProfileName": profile}))
    answers = await asyncio.gather(*(source.quietly(source.ask(name, request)) for _, name, request in asked))
    used: dict[str, Row] = {}
    for (where, _, _), answer in zip(asked, answers, strict=True):
        for url in _addresses(answer):
            detail = joined(_whence(url), where)
            used.setdefault(url, Row(value=url, name=_name(url), detail=detail, order=(0, _name(url).casefold())))
    if used:
        yield list(used.values())
    try:
        async for page in source.pages(REPOSITORIES):
            yield [row for row in map(_row, page) if row.value not in used]
    except GatewayError as error:
        if not any(answer is not None for answer in answers):
            raise
        source.broken = True
        source.note(str(error))


def _addresses(node: Any) -> Iterator[str]:
    """Yield the repository addresses anywhere in a document."""
    if isinstance(node, Mapping):
        url = text(node, "RepositoryUrl")
        if url:
            yield url
        for value in node.values():
            yield from _addresses(value)
    elif isinstance(node, list):
        for value in node:
            yield from _addresses(value)


def _name(url: str) -> str:
    """Return what people call a repository: the last part of its address, without user name and password."""
    return shown(url.rstrip("/").rpartition("/")[2].removesuffix(".git")) or shown(url)


def _whence(url: str) -> str:
    """Return the host and the owner of a repository, without user name and password."""
    address = re.split("[?#]", url, maxsplit=1)[0]
    host, slash, path = address.rpartition("://")[2].partition("/")
    owner = path.rstrip("/").rpartition("/")[0]
    return "/".join(part for part in (host.rpartition("@")[2], owner) if part) if slash else ""


def _row(repository: Mapping[str, Any]) -> Row:
    config = repository.get("GitConfig")
    git: Mapping[str, Any] = config if isinstance(config, Mapping) else {}
    name = shown(text(repository, "CodeRepositoryName"))
    branch, url = text(git, "Branch"), text(git, "RepositoryUrl")
    return Row(
        value=url,
        name=name,
        detail=joined(
            _whence(url),
            "known to SageMaker",
            f"branch {branch}" if branch else "",
            since(repository.get("CreationTime")),
        ),
        order=(1, name.casefold()),
    )
