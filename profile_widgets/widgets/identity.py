"""The section in which a new profile gets its name, its single sign-on user and its tags."""

from __future__ import annotations

from typing import TYPE_CHECKING

from profile_widgets.widgets.structures import SectionEditor

if TYPE_CHECKING:
    from profile_widgets.editing.draft import ProfileDraft
    from profile_widgets.widgets.form import SettingsEditor

MEMBERS = ("UserProfileName", "SingleSignOnUserIdentifier", "SingleSignOnUserValue", "Tags")


def identity_section(form: SettingsEditor, draft: ProfileDraft) -> SectionEditor:
    """Make the section for a draft that is to be created; single sign-on is asked for where the domain may have it."""
    model = draft.model
    sso = draft.domain is None or draft.domain.auth_mode != "IAM"
    return SectionEditor(
        form,
        model,
        model.member,
        target=model,
        members=[name for name in MEMBERS if name in model.member.members and (sso or "SignOn" not in name)],
        title="New profile",
        group="Who",
        api="",
        help="How the new profile is called, and its tags.",
        more="",
        expanded=True,
    )
