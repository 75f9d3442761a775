"""A finding about a document: the type lives with the documents, the words for it belong to this floor's interface."""

from profile_widgets.model.problems import ERROR, INFORMATION, SEVERITIES, WARNING, Fix, Problem, ordered, shown

__all__ = ["ERROR", "INFORMATION", "SEVERITIES", "WARNING", "Fix", "Problem", "ordered", "shown"]
