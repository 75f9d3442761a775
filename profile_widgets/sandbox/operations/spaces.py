"""Spaces: describe and list."""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import Listing, contains, equals

_LISTING = Listing(
    answer="Spaces",
    members=(
        "DomainId",
        "SpaceName",
        "Status",
        "CreationTime",
        "LastModifiedTime",
        "SpaceSettingsSummary",
        "SpaceSharingSettingsSummary",
        "OwnershipSettingsSummary",
        "SpaceDisplayName",
    ),
    filters={"DomainIdEquals": equals("DomainId"), "SpaceNameContains": contains("SpaceName")},
    sort_keys={"CreationTime": "CreationTime", "LastModifiedTime": "LastModifiedTime"},
)


@operation("DescribeSpace")
def describe_space(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a space, its owner included."""
    return account.store.get("space", request["DomainId"], request["SpaceName"]).detail


@operation("ListSpaces")
def list_spaces(account: Account, request: Request) -> Answer:
    """Return a page of spaces with short forms of their settings."""
    answer = _LISTING.answer_to(request, account.store, "space")
    for row in answer["Spaces"]:
        _summarise(account, row)
    return answer


def _summarise(account: Account, row: Answer) -> None:
    detail = account.store.get("space", row["DomainId"], row["SpaceName"]).detail
    settings = detail.get("SpaceSettings", {})
    summary = {name: settings[name] for name in ("AppType", "SpaceStorageSettings") if name in settings}
    row["SpaceSettingsSummary"] = summary
    if "SpaceSharingSettings" in detail:
        row["SpaceSharingSettingsSummary"] = dict(detail["SpaceSharingSettings"])
    if "OwnershipSettings" in detail:
        row["OwnershipSettingsSummary"] = dict(detail["OwnershipSettings"])
