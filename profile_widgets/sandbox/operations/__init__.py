"""The operations of SageMaker that moto lacks, one function each, entered in one table.

A function gets a request that was validated already and runs while the account's lock is held.
"""

from profile_widgets.sandbox.operations import (
    apps,
    domains,
    images,
    lifecycles,
    plans,
    profiles,
    repositories,
    spaces,
    tags,
)
from profile_widgets.sandbox.operations.registry import OPERATIONS

__all__ = [
    "OPERATIONS",
    "apps",
    "domains",
    "images",
    "lifecycles",
    "plans",
    "profiles",
    "repositories",
    "spaces",
    "tags",
]
