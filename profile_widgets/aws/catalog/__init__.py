"""Values that exist in the account: what a field may be filled with, without typing an ARN.

:class:`Catalog` reads a list when it is first asked for, never before, and keeps it for the session. Each kind of value
is one function here that registers itself under its name.
"""

from importlib import import_module
from pkgutil import iter_modules

from profile_widgets.aws.catalog.catalog import Catalog
from profile_widgets.aws.catalog.registry import CATALOG, Kind, kind
from profile_widgets.aws.protocol import Offer, Offers

for _each in iter_modules(__path__, f"{__name__}."):
    import_module(_each.name)

__all__ = ["CATALOG", "Catalog", "Kind", "Offer", "Offers", "kind"]
