"""Forms in which a request can leave the kit; each is one module here that registers itself under its name."""

from importlib import import_module
from pkgutil import iter_modules

from profile_widgets.formats.hiding import hide_account_ids
from profile_widgets.formats.registry import EXPORTERS, Exporter, export, exporter

for _each in iter_modules(__path__, f"{__name__}."):
    if not _each.ispkg:
        import_module(_each.name)

__all__ = ["EXPORTERS", "Exporter", "export", "exporter", "hide_account_ids"]
