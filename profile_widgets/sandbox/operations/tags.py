"""Tags of any resource that the sandbox holds itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from profile_widgets.sandbox.account import Account
from profile_widgets.sandbox.operations.registry import Answer, Request, operation
from profile_widgets.sandbox.refusals import invalid, not_found
from profile_widgets.sandbox.state import Resource

TAGS_PER_RESOURCE = 50


def tag_pairs(tags: Iterable[Mapping[str, str]]) -> dict[str, str]:
    """Return tags as a mapping; refuse keys that come twice or are AWS's own."""
    pairs: dict[str, str] = {}
    for tag in tags:
        if tag["Key"].lower().startswith("aws:"):
            raise invalid("Tag keys can not start with aws: (reserved for AWS use).")
        if tag["Key"] in pairs:
            raise invalid(f"Duplicate tag keys found: {tag['Key']}. Please note that tag keys are case sensitive.")
        pairs[tag["Key"]] = tag["Value"]
    return pairs


def _tagged(account: Account, request: Request) -> Resource:
    resource = account.store.find_arn(request["ResourceArn"])
    if resource is None:
        raise not_found(f"Resource {request['ResourceArn']} does not exist.")
    return resource


def _shown(resource: Resource) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in sorted(resource.tags.items())]


@operation("ListTags")
def list_tags(account: Account, request: Request) -> Answer:
    """Return all tags of a resource: the quota is as large as the smallest page."""
    return {"Tags": _shown(_tagged(account, request))}


@operation("AddTags")
def add_tags(account: Account, request: Request) -> Answer:
    """Add or overwrite tags; return all of the resource."""
    resource = _tagged(account, request)
    after = {**resource.tags, **tag_pairs(request["Tags"])}
    if len(after) > TAGS_PER_RESOURCE:
        raise invalid(f"The number of tags can not exceed {TAGS_PER_RESOURCE}.")
    resource.tags.update(after)
    return {"Tags": _shown(resource)}


@operation("DeleteTags")
def delete_tags(account: Account, request: Request) -> Answer:
    """Remove tags by their keys; a key that is not there is no error."""
    resource = _tagged(account, request)
    for key in request["TagKeys"]:
        resource.tags.pop(key, None)
    return {}
