"""Editing a user profile without a screen: load, change, review, submit, follow, verify."""

from profile_widgets.editing.draft import ProfileDraft
from profile_widgets.editing.outcome import Outcome, Step

__all__ = ["Outcome", "ProfileDraft", "Step"]
