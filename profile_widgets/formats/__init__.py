"""Forms in which a request can leave the kit; each is one module that registers itself under its name."""

from profile_widgets.formats import boto3_snippet, cli_command, cloudformation, json_text, terraform, yaml_text
from profile_widgets.formats.hiding import hide_account_ids
from profile_widgets.formats.registry import EXPORTERS, Exporter, export, exporter

__all__ = [
    "EXPORTERS",
    "Exporter",
    "boto3_snippet",
    "cli_command",
    "cloudformation",
    "export",
    "exporter",
    "hide_account_ids",
    "json_text",
    "terraform",
    "yaml_text",
]
