"""What is known of instance types: family, vCPU, memory, GPUs, local disk and network, each with its source.

The facts stand in ``instances.json``, which ``scripts/instances`` writes. AWS adds types with every few releases of
botocore: a type that is not in the table has no facts here, and can be chosen all the same.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Any

SYSTEM = "system"
"""What AWS calls the type that an app runs on by itself."""

UNKNOWN = "facts unknown"
"""What stands in the place of facts that the table does not have."""

GPU, TRAINIUM = "gpu", "trainium"
"""The kinds of accelerators."""

_PURPOSES = {
    "t": "burstable",
    "m": "general purpose",
    "c": "compute optimized",
    "r": "memory optimized",
    "g": "GPU",
    "p": "GPU",
    "trn": "Trainium",
    "geospatial": "geospatial",
}
_TIMES = "\u00d7"
_SYSTEM_MEANS = {
    "JupyterServer": "“system” is the only type that JupyterServer apps take; AWS charges nothing for it.",
    "KernelGateway": "For KernelGateway apps “system” means ml.t3.medium. Studio's own pages do not use this default.",
}
_SYSTEM_ELSEWHERE = (
    "AWS explains “system” for JupyterServer apps (the only type they take) and for KernelGateway apps (ml.t3.medium) "
    "only. Here, choose a type by its name."
)


@dataclass(frozen=True)
class Accelerator:
    """Describe the GPUs or Trainium devices of a type.

    ``count`` devices of ``gib`` GiB each, as EC2 counts them; ``sold`` is the size that the card is sold as, where
    that is another number (``24 GB``), else empty. ``kind`` is ``gpu`` or ``trainium``.
    """

    name: str
    kind: str
    count: int
    gib: int
    sold: str = ""

    @property
    def words(self) -> str:
        """Return how many there are of what, and the memory of each."""
        return f"{self.count} {_TIMES} {self.name} {self.gib:,} GiB{f' ({self.sold})' if self.sold else ''}"


@dataclass(frozen=True)
class Instance:
    """Describe an instance type.

    ``memory`` is in GiB and ``disk`` in GB of local NVMe storage; ``None`` is what no source tells, and for ``disk``
    also that there is none. ``network`` is in words; ``source`` says where the facts are from.
    """

    name: str
    vcpu: int | None = None
    memory: float | None = None
    accelerator: Accelerator | None = None
    disk: int | None = None
    network: str = ""
    source: str = ""

    @property
    def family(self) -> str:
        """Return the family's name as AWS writes it: ``g4dn``."""
        return family(self.name)

    @property
    def purpose(self) -> str:
        """Return what the family is made for, in a word or two; empty when that is not known."""
        return purpose(self.name)


def family(name: str) -> str:
    """Return the family in a type's name.

    Example::

        >>> family("ml.g4dn.xlarge"), family("system")
        ('g4dn', 'system')
    """
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else name


def purpose(name: str) -> str:
    """Return what a type's family is made for, also of a type without facts; empty when that is not known.

    Example::

        >>> purpose("ml.r7i.large"), purpose("ml.g99.large")
        ('memory optimized', 'GPU')
    """
    letters = ""
    for letter in family(name):
        if not letter.isalpha():
            break
        letters += letter
    return _PURPOSES.get(letters, "")


@cache
def known() -> Mapping[str, Instance]:
    """Return the facts of every type in the table, by name."""
    text = resources.files("profile_widgets.model").joinpath("instances.json").read_text(encoding="utf-8")
    table: dict[str, Any] = json.loads(text)
    sources: dict[str, str] = table["sources"]
    return MappingProxyType({name: _instance(name, row, sources) for name, row in table["types"].items()})


def _instance(name: str, row: Mapping[str, Any], sources: Mapping[str, str]) -> Instance:
    told = dict(row)
    device = told.pop("accelerator", None)
    source = sources[told.pop("source")]
    return Instance(name, **told, accelerator=Accelerator(**device) if device else None, source=source)


def facts(name: str) -> Instance | None:
    """Return the facts of a type, ``None`` when the table does not have it.

    Example::

        >>> facts("ml.g4dn.xlarge").vcpu, facts("ml.future.large")
        (4, None)
    """
    return known().get(name)


def detail(name: str) -> str:
    """Return a type's facts in a line.

    Example::

        >>> detail("ml.t3.medium"), detail("ml.future.large")
        ('2 vCPU, 4 GiB', 'facts unknown')
    """
    if name == SYSTEM:
        return "the app's own default"
    found = facts(name)
    if found is None or found.vcpu is None or found.memory is None:
        return UNKNOWN
    parts = [f"{found.vcpu} vCPU", f"{found.memory:,g} GiB"]
    return ", ".join([*parts, found.accelerator.words] if found.accelerator else parts)


@lru_cache(maxsize=512)
def described(name: str) -> str:
    """Return a type's facts in a line, with what its family is made for: what a search goes through.

    Example::

        >>> described("ml.r7i.large")
        '2 vCPU, 16 GiB · memory optimized'
    """
    return " · ".join(filter(None, (detail(name), purpose(name))))


def system_means(path: str) -> str:
    """Return what ``system`` means for the app at a path, in a sentence; source: AWS's documentation of ResourceSpec.

    Example::

        >>> system_means("UserSettings.KernelGatewayAppSettings.DefaultResourceSpec.InstanceType")[:52]
        'For KernelGateway apps “system” means ml.t3.medium. '
    """
    ends = "AppSettings"
    apps = [part.removesuffix(ends) for part in path.split(".") if part.endswith(ends)]
    return _SYSTEM_MEANS.get(apps[-1], _SYSTEM_ELSEWHERE) if apps else _SYSTEM_ELSEWHERE
