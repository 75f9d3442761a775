"""User profiles: create, describe, update, list and delete."""

from __future__ import annotations

from typing import Any

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.merging import merged
from profile_widgets.sandbox.operations.apps import running_apps
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.operations.tags import tag_pairs
from profile_widgets.sandbox.paging import Listing, contains, equals
from profile_widgets.sandbox.refusals import in_use, invalid, limit_exceeded
from profile_widgets.sandbox.state import Resource, key_of

PROFILES_PER_DOMAIN = 20_000
"""The quota of user profiles in a domain."""

_CHANGING = ("Pending", "Updating", "Deleting")
_LISTING = Listing(
    answer="UserProfiles",
    members=("DomainId", "UserProfileName", "Status", "CreationTime", "LastModifiedTime"),
    filters={"DomainIdEquals": equals("DomainId"), "UserProfileNameContains": contains("UserProfileName")},
    sort_keys={"CreationTime": "CreationTime", "LastModifiedTime": "LastModifiedTime"},
)


@operation("CreateUserProfile")
def create_user_profile(account: Account, request: Request) -> Answer:
    """Make a user profile; it is Pending first."""
    store = account.store
    domain = store.get("domain", request["DomainId"])
    name = request["UserProfileName"]
    _check_sign_on(domain, request)
    present = store.find("user-profile", request["DomainId"], name)
    if present is not None:
        raise in_use(f"UserProfile {present.detail['UserProfileName']} already exists in domain {request['DomainId']}.")
    if sum(1 for p in store.all("user-profile") if p.key[0] == domain.key[0]) >= PROFILES_PER_DOMAIN:
        raise limit_exceeded(
            "The account-level service limit 'Number of user profiles in a domain' is "
            f"{PROFILES_PER_DOMAIN}, with current utilization of {PROFILES_PER_DOMAIN} and a request delta of 1."
        )
    tags = tag_pairs(request.get("Tags", []))
    profile = store.add(new_profile(account, request))
    profile.tags.update(tags)
    _begin(account, "CreateUserProfile", profile, "Pending", "Failed", {})
    return {"UserProfileArn": profile.arn}


def new_profile(account: Account, request: Request) -> Resource:
    """Return a profile as a create request describes it, with a home directory's uid of its own."""
    store = account.store
    domain_id, name = request["DomainId"], request["UserProfileName"]
    arn = store.arn("user-profile", domain_id, name)
    now = store.instant()
    detail: dict[str, Any] = {
        "DomainId": domain_id,
        "UserProfileArn": arn,
        "UserProfileName": name,
        "HomeEfsFileSystemUid": str(store.next_uid),
        "Status": "InService",
        "LastModifiedTime": now,
        "CreationTime": now,
    }
    store.next_uid += 5
    for member in ("SingleSignOnUserIdentifier", "SingleSignOnUserValue"):
        if member in request:
            detail[member] = request[member]
    if "UserSettings" in request:
        detail["UserSettings"] = merged({}, request["UserSettings"], "merge", account.none_clears)
    return Resource("user-profile", key_of(domain_id, name), arn, detail)


def _check_sign_on(domain: Resource, request: Request) -> None:
    given = [m for m in ("SingleSignOnUserIdentifier", "SingleSignOnUserValue") if m in request]
    if domain.detail["AuthMode"] == "SSO" and len(given) < 2:
        raise invalid(
            "SingleSignOnUserIdentifier and SingleSignOnUserValue are required when the AuthMode of the domain is SSO."
        )
    if domain.detail["AuthMode"] != "SSO" and given:
        raise invalid(f"{' and '.join(given)} can not be specified when the AuthMode of the domain is IAM.")


@operation("DescribeUserProfile")
def describe_user_profile(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a profile, members unknown to the installed model included."""
    return account.store.get("user-profile", request["DomainId"], request["UserProfileName"]).detail


@operation("UpdateUserProfile")
def update_user_profile(account: Account, request: Request) -> Answer:
    """Merge settings into a profile; they hold from the end of Updating on."""
    profile = account.store.get("user-profile", request["DomainId"], request["UserProfileName"])
    sent = request.get("UserSettings", {})
    _refuse_while_changing(profile)
    if "CustomPosixUserConfig" in sent:
        raise invalid("CustomPosixUserConfig can not be updated. Delete the user profile and create it again.")
    stored = profile.detail.get("UserSettings", {})
    settings = merged(stored, sent, account.semantics, account.none_clears)
    running = running_apps(account, profile)
    if running and sorted(settings.get("SecurityGroups", [])) != sorted(stored.get("SecurityGroups", [])):
        names = ", ".join(app.detail["AppName"] for app in running)
        raise in_use(
            f"Unable to update SecurityGroups of UserProfile {profile.detail['UserProfileName']} "
            f"while it has apps in status InService: [{names}]."
        )
    changes = {"UserSettings": settings} if settings or "UserSettings" in profile.detail else {}
    _begin(account, "UpdateUserProfile", profile, "Updating", "Update_Failed", changes)
    return {"UserProfileArn": profile.arn}


@operation("DeleteUserProfile")
def delete_user_profile(account: Account, request: Request) -> Answer:
    """Delete a profile that has no running app and no space."""
    store = account.store
    profile = store.get("user-profile", request["DomainId"], request["UserProfileName"])
    _refuse_while_changing(profile)
    name = profile.detail["UserProfileName"]
    if running_apps(account, profile):
        raise in_use(f"Unable to delete UserProfile {name} because it has apps that are InService.")
    owned = [s.detail["SpaceName"] for s in store.all("space") if owner_key(s) == profile.key]
    if owned:
        raise in_use(f"Unable to delete UserProfile {name} because it owns spaces: [{', '.join(owned)}].")
    reason = account.faults.take_reason("DeleteUserProfile")
    failed = {"FailureReason": reason} if reason else {}
    store.begin(profile, "Deleting", account.delay, "Delete_Failed" if reason else "", failed)
    return {}


def owner_key(space: Resource) -> tuple[str, ...]:
    """Return the key of the profile that owns a space."""
    owner = space.detail.get("OwnershipSettings", {}).get("OwnerUserProfileName", "")
    return key_of(space.detail["DomainId"], owner)


@operation("ListUserProfiles")
def list_user_profiles(account: Account, request: Request) -> Answer:
    """Return a page of profiles, without their settings."""
    return _LISTING.answer_to(request, account.store, "user-profile")


def _refuse_while_changing(profile: Resource) -> None:
    if profile.status in _CHANGING:
        raise in_use(
            f"UserProfile {profile.detail['UserProfileName']} is in status {profile.status}. "
            "Wait until the operation that is under way has ended."
        )


def _begin(account: Account, name: str, profile: Resource, status: str, failed: str, changes: dict[str, Any]) -> None:
    """Start a change that ends InService, or in a failure that leaves the settings as they were."""
    reason = account.faults.take_reason(name)
    if reason is None:
        account.store.begin(profile, status, account.delay, "InService", changes)
    else:
        account.store.begin(profile, status, account.delay, failed, {"FailureReason": reason})
