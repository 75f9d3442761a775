"""What is edited: shapes of the installed service model, settings as traitlets classes, plain documents, findings."""

from profile_widgets.model.documents import Change, diff, patch
from profile_widgets.model.settings import Structure, model_class
from profile_widgets.model.shapes import Member, input_member, shape

__all__ = ["Change", "Member", "Structure", "diff", "input_member", "model_class", "patch", "shape"]
