"""Judgement: pure functions on plain documents, without widgets and without AWS."""

from profile_widgets.checks.constraints import check_structure
from profile_widgets.checks.problems import ERROR, INFORMATION, WARNING, Fix, Problem
from profile_widgets.checks.request import check

__all__ = ["ERROR", "INFORMATION", "WARNING", "Fix", "Problem", "check", "check_structure"]
