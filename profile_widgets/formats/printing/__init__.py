"""Forms in which an answer is printed, each as the AWS CLI prints it; one module each, registered under its name."""

from profile_widgets.formats.printing import json_lines, table, text, yaml_lines
from profile_widgets.formats.printing.registry import PRINTERS, Page, Printer, printer, show

__all__ = ["PRINTERS", "Page", "Printer", "json_lines", "printer", "show", "table", "text", "yaml_lines"]
