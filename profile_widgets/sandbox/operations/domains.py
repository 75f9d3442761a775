"""Domains: describe, update and list."""

from __future__ import annotations

from typing import Any

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.merging import merged
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.paging import Listing
from profile_widgets.sandbox.refusals import in_use, invalid

_LISTING = Listing(
    answer="Domains",
    members=("DomainArn", "DomainId", "DomainName", "Status", "CreationTime", "LastModifiedTime", "Url"),
)
_MERGED = {
    "DefaultUserSettings": "DefaultUserSettings",
    "DefaultSpaceSettings": "DefaultSpaceSettings",
    "DomainSettingsForUpdate": "DomainSettings",
}
"""The members of an update that are merged into a structure, and that structure's name in the description."""


@operation("DescribeDomain")
def describe_domain(account: Account, request: Request) -> Answer:
    """Return everything that is stored of a domain."""
    return account.store.get("domain", request["DomainId"]).detail


@operation("UpdateDomain")
def update_domain(account: Account, request: Request) -> Answer:
    """Merge settings into a domain; they hold from the end of Updating on."""
    domain = account.store.get("domain", request["DomainId"])
    if domain.status in ("Pending", "Updating", "Deleting"):
        raise in_use(f"Domain {domain.detail['DomainId']} is in status {domain.status}.")
    defaults = request.get("DefaultUserSettings", {})
    if defaults.get("AutoMountHomeEFS") == "DefaultAsDomain":
        raise invalid("AutoMountHomeEFS can not be DefaultAsDomain in the default user settings of a domain.")
    changes: dict[str, Any] = {}
    for name, value in request.items():
        if name in _MERGED:
            target = _MERGED[name]
            changes[target] = merged(domain.detail.get(target, {}), value, account.semantics, account.none_clears)
        elif name != "DomainId":
            changes[name] = value
    reason = account.faults.take_reason("UpdateDomain")
    status = "InService"
    if reason is not None:
        status, changes = "Update_Failed", {"FailureReason": reason}
    account.store.begin(domain, "Updating", account.delay, status, changes)
    return {"DomainArn": domain.arn}


@operation("ListDomains")
def list_domains(account: Account, request: Request) -> Answer:
    """Return a page of domains."""
    return _LISTING.answer_to(request, account.store, "domain")
