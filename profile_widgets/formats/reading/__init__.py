"""Forms in which a request can come into the kit; each is one module here that registers itself under its name."""

from importlib import import_module
from pkgutil import iter_modules

from profile_widgets.formats.reading.reader import Reading, read
from profile_widgets.formats.reading.registry import IMPORTERS, Context, Found, Importer, importer

for _each in iter_modules(__path__, f"{__name__}."):
    import_module(_each.name)

__all__ = ["IMPORTERS", "Context", "Found", "Importer", "Reading", "importer", "read"]
