"""Read SageMaker's service model, as the installed botocore has it, with the sandbox's own eyes.

The sandbox plays the service. It therefore must not share its reading of the model with the rest of the kit: a fake AWS
that shared our judge would confirm our mistakes. Only the raw JSON document of the model is used here, none of
botocore's shape classes.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Shape = Mapping[str, Any]


class ServiceModel:
    """Answer questions about operations and shapes of one service model.

    >>> model = installed_model()
    >>> model.input_shape("DescribeUserProfile")["required"]
    ['DomainId', 'UserProfileName']
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self._operations: Mapping[str, Any] = document["operations"]
        self._shapes: Mapping[str, Shape] = document["shapes"]

    @property
    def operations(self) -> frozenset[str]:
        """Name every operation of the service."""
        return frozenset(self._operations)

    def shape(self, name: str) -> Shape:
        """Return the raw shape of that name; KeyError if the model has none."""
        return self._shapes[name]

    def has_shape(self, name: str) -> bool:
        """Tell whether the installed model knows a shape of that name."""
        return name in self._shapes

    def input_shape(self, operation: str) -> Shape:
        """Return the input structure of an operation; an operation without input has an empty structure."""
        reference = self._operations[operation].get("input")
        return self._shapes[reference["shape"]] if reference else {"type": "structure", "members": {}}

    def has_pages(self, operation: str) -> bool:
        """Tell whether an operation is a list that comes in pages."""
        shapes = (self.input_shape(operation), self.output_shape(operation))
        return all("NextToken" in shape["members"] for shape in shapes)

    def output_shape(self, operation: str) -> Shape:
        """Return the output structure of an operation; an operation without output has an empty structure."""
        reference = self._operations[operation].get("output")
        return self._shapes[reference["shape"]] if reference else {"type": "structure", "members": {}}


@lru_cache(maxsize=1)
def installed_model() -> ServiceModel:
    """Load SageMaker's model from the installed botocore, once a process (about 50 ms)."""
    from botocore.loaders import Loader

    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"))
