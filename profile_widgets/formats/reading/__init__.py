"""Forms in which a request can come into the kit; each is one module that registers itself under its name."""

from profile_widgets.formats.reading import boto3_call, cli_command, cloudformation, json_text, yaml_text
from profile_widgets.formats.reading.reader import Reading, read
from profile_widgets.formats.reading.registry import IMPORTERS, Context, Found, Importer, importer

__all__ = [
    "IMPORTERS",
    "Context",
    "Found",
    "Importer",
    "Reading",
    "boto3_call",
    "cli_command",
    "cloudformation",
    "importer",
    "json_text",
    "read",
    "yaml_text",
]
