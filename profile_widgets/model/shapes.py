"""The shapes of the installed service model, as the kit sees them.

A :class:`Member` is one node of an operation's input tree: its owner, name, shape, kind, constraints and help.
Everything comes from botocore's ``sagemaker`` model (``service-2.json``) when it is first asked for; nothing is typed
in here, so a member that AWS adds appears with the next botocore.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from types import MappingProxyType
from typing import Any

from profile_widgets import installed
from profile_widgets.errors import ShapeError
from profile_widgets.model.prose import Prose, prose

CREATE = "CreateUserProfile"
UPDATE = "UpdateUserProfile"
OPERATIONS = (CREATE, UPDATE)

_LEAF_KINDS = {
    "string": "string",
    "integer": "integer",
    "long": "integer",
    "boolean": "boolean",
    "float": "number",
    "double": "number",
}
KINDS = ("structure", "union", "list", "enum", "string", "integer", "boolean", "number", "opaque")
"""Every kind of node.

``opaque`` is a node that the kit keeps and shows but cannot edit (a map, a blob, a timestamp).
"""

_loading = threading.Lock()


@cache
def _load() -> Any:
    import botocore.session

    session = botocore.session.get_session()
    installed.share(session)
    return session.get_service_model("sagemaker")


def service_model() -> Any:
    """Return botocore's model of the SageMaker service, loaded once for the process."""
    with _loading:
        return _load()


@dataclass(frozen=True)
class Member:
    """Describe one node of an input tree.

    ``owner`` is the shape that holds it and ``name`` its member name, AWS's own, verbatim (``""`` for the items of a
    list and for a shape asked for by itself). ``shape`` is the shape's name and ``kind`` one of :data:`KINDS`.
    ``minimum`` and ``maximum`` count characters of strings, items of lists, and are bounds of numbers. ``pattern`` is
    AWS's regular expression, meant to match the whole text. ``enum`` holds the values that this model knows, in its
    order.

    Example::

        >>> shape("UserSettings").members["ExecutionRole"].minimum
        20
    """

    owner: str
    name: str
    shape: str
    kind: str
    required: bool = False
    minimum: int | float | None = None
    maximum: int | float | None = None
    pattern: str | None = None
    enum: tuple[str, ...] = ()
    type_name: str = ""
    _node: Any = field(default=None, repr=False, compare=False)

    @property
    def key(self) -> str:
        """Return ``Owner.Member``, the key under which registries look for this node first."""
        return f"{self.owner}.{self.name}"

    @cached_property
    def help(self) -> Prose:
        """Return AWS's documentation of this member as plain text."""
        return prose(self._node.documentation or "")

    @cached_property
    def members(self) -> Mapping[str, Member]:
        """Return the members of a structure or union in the model's order; empty for other kinds."""
        if self.kind not in ("structure", "union"):
            return MappingProxyType({})
        required = set(self._node.required_members)
        return MappingProxyType(
            {name: _member(self.shape, name, node, name in required) for name, node in self._node.members.items()}
        )

    @cached_property
    def item(self) -> Member:
        """Return the node of a list's items; raises :class:`ShapeError` for other kinds."""
        if self.kind != "list":
            raise ShapeError(f"{self.shape} is a {self.kind}, not a list: it has no items.")
        return _member(self.shape, "", self._node.member, required=True)

    @property
    def is_structure(self) -> bool:
        """Tell whether this node holds named members (a structure or a tagged union)."""
        return self.kind in ("structure", "union")

    @property
    def is_structure_list(self) -> bool:
        """Tell whether this node is a list of structures or unions."""
        return self.kind == "list" and self.item.is_structure


def _kind(node: Any) -> str:
    if node.type_name == "structure":
        return "union" if getattr(node, "is_tagged_union", False) or node.metadata.get("union") else "structure"
    if node.type_name == "list":
        item = _kind(node.member)
        return "opaque" if item in ("list", "opaque") else "list"
    if node.type_name == "string" and node.metadata.get("enum"):
        return "enum"
    return _LEAF_KINDS.get(node.type_name, "opaque")


def _member(owner: str, name: str, node: Any, required: bool) -> Member:
    facts = node.metadata
    return Member(
        owner=owner,
        name=name,
        shape=node.name,
        kind=_kind(node),
        required=required,
        minimum=facts.get("min"),
        maximum=facts.get("max"),
        pattern=facts.get("pattern"),
        enum=tuple(facts.get("enum", ())),
        type_name=node.type_name,
        _node=node,
    )


@cache
def shape(name: str) -> Member:
    """Return a shape of the service by name, as the root of its own tree.

    Raises :class:`ShapeError` when the installed model has no such shape.

    Example::

        >>> shape("JupyterLabAppSettings").kind
        'structure'
    """
    import botocore.model

    try:
        node = service_model().shape_for(name)
    except botocore.model.NoShapeFoundError as missing:
        raise ShapeError(
            f"The installed botocore's SageMaker model has no shape {name!r}. Upgrade boto3, or check the spelling."
        ) from missing
    return _member("", "", node, required=False)


@cache
def input_member(operation: str) -> Member:
    """Return the input tree of an operation, for example ``CreateUserProfile``.

    Raises :class:`ShapeError` when the installed model has no such operation, or the operation takes nothing.
    """
    import botocore.model

    try:
        node = service_model().operation_model(operation).input_shape
    except botocore.model.OperationNotFoundError as missing:
        raise ShapeError(f"The installed botocore's SageMaker model has no operation {operation!r}.") from missing
    if node is None:
        raise ShapeError(f"{operation} takes no parameters.")
    return shape(node.name)


def walk(root: Member, prefix: str = "") -> Iterator[tuple[str, Member]]:
    """Walk every node below ``root``, parents first, as ``(path, member)``; items of lists appear as ``[]``."""
    for name, member in root.members.items():
        path = f"{prefix}.{name}" if prefix else name
        yield path, member
        if member.is_structure:
            yield from walk(member, path)
        elif member.kind == "list":
            yield f"{path}[]", member.item
            yield from walk(member.item, f"{path}[]")
