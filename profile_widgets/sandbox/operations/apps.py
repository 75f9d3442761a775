"""Apps that run, or ran, for a user profile or in a space."""

from __future__ import annotations

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import Listing, equals
from profile_widgets.sandbox.refusals import in_use, invalid
from profile_widgets.sandbox.state import Resource, key_of

_LISTING = Listing(
    answer="Apps",
    members=(
        "DomainId",
        "UserProfileName",
        "SpaceName",
        "AppType",
        "AppName",
        "Status",
        "CreationTime",
        "ResourceSpec",
    ),
    filters={
        "DomainIdEquals": equals("DomainId"),
        "UserProfileNameEquals": equals("UserProfileName"),
        "SpaceNameEquals": equals("SpaceName"),
    },
)


def running_apps(account: Account, profile: Resource) -> list[Resource]:
    """Return the apps InService of a profile: its own and those in spaces that it owns."""
    owned = {
        space.key
        for space in account.store.all("space")
        if key_of(space.detail["DomainId"], space.detail.get("OwnershipSettings", {}).get("OwnerUserProfileName", ""))
        == profile.key
    }
    return [
        app
        for app in account.store.all("app")
        if app.status == "InService" and (_user_key(app) == profile.key or _space_key(app) in owned)
    ]


def _user_key(app: Resource) -> tuple[str, ...]:
    return key_of(app.detail["DomainId"], app.detail.get("UserProfileName", ""))


def _space_key(app: Resource) -> tuple[str, ...]:
    return key_of(app.detail["DomainId"], app.detail.get("SpaceName", ""))


@operation("DescribeApp")
def describe_app(account: Account, request: Request) -> Answer:
    """Return everything that is stored of an app."""
    owner = _owner(request)
    return account.store.get("app", request["DomainId"], *owner, request["AppType"], request["AppName"]).detail


def _owner(request: Request) -> tuple[str, str]:
    given = [(m, request[m]) for m in ("UserProfileName", "SpaceName") if m in request]
    if len(given) != 1:
        raise invalid("Exactly one of UserProfileName and SpaceName is required.")
    return given[0]


@operation("DeleteApp")
def delete_app(account: Account, request: Request) -> Answer:
    """Stop an app; it stays in the list as Deleted."""
    app = account.store.get("app", request["DomainId"], *_owner(request), request["AppType"], request["AppName"])
    if app.status != "InService":
        raise in_use(f"App {app.detail['AppName']} is in status {app.status}.")
    account.store.begin(app, "Deleting", account.delay, "Deleted", {})
    return {}


@operation("ListApps")
def list_apps(account: Account, request: Request) -> Answer:
    """Return a page of apps, deleted ones included."""
    if "UserProfileNameEquals" in request and "SpaceNameEquals" in request:
        raise invalid("UserProfileNameEquals and SpaceNameEquals can not be specified together.")
    return _LISTING.answer_to(request, account.store, "app")
