"""Git repositories that the account has associated with SageMaker: describe and list."""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import CREATION_TIMES, Listing, after, before, contains

_LISTING = Listing(
    answer="CodeRepositorySummaryList",
    members=("CodeRepositoryName", "CodeRepositoryArn", "CreationTime", "LastModifiedTime", "GitConfig"),
    filters={
        **CREATION_TIMES,
        "LastModifiedTimeBefore": before("LastModifiedTime"),
        "LastModifiedTimeAfter": after("LastModifiedTime"),
        "NameContains": contains("CodeRepositoryName"),
    },
    sort_keys={
        "Name": "CodeRepositoryName",
        "CreationTime": "CreationTime",
        "LastModifiedTime": "LastModifiedTime",
    },
)


@operation("DescribeCodeRepository")
def describe_code_repository(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a repository."""
    return account.store.get("code-repository", request["CodeRepositoryName"]).detail


@operation("ListCodeRepositories")
def list_code_repositories(account: Account, request: Request) -> Answer:
    """Return a page of repositories, by name unless told otherwise."""
    return _LISTING.answer_to(request, account.store, "code-repository")
