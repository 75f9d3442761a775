"""Studio lifecycle configurations: describe and list."""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import CREATION_TIMES, Listing, after, before, contains, equals

_LISTING = Listing(
    answer="StudioLifecycleConfigs",
    members=(
        "StudioLifecycleConfigArn",
        "StudioLifecycleConfigName",
        "CreationTime",
        "LastModifiedTime",
        "StudioLifecycleConfigAppType",
    ),
    filters={
        **CREATION_TIMES,
        "ModifiedTimeBefore": before("LastModifiedTime"),
        "ModifiedTimeAfter": after("LastModifiedTime"),
        "NameContains": contains("StudioLifecycleConfigName"),
        "AppTypeEquals": equals("StudioLifecycleConfigAppType"),
    },
    sort_keys={
        "CreationTime": "CreationTime",
        "LastModifiedTime": "LastModifiedTime",
        "Name": "StudioLifecycleConfigName",
    },
    descending=True,
)


@operation("DescribeStudioLifecycleConfig")
def describe_studio_lifecycle_config(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a lifecycle configuration, its script included."""
    return account.store.get("studio-lifecycle-config", request["StudioLifecycleConfigName"]).detail


@operation("ListStudioLifecycleConfigs")
def list_studio_lifecycle_configs(account: Account, request: Request) -> Answer:
    """Return a page of lifecycle configurations."""
    return _LISTING.answer_to(request, account.store, "studio-lifecycle-config")
