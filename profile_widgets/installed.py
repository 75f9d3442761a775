"""One reader of botocore's data for all sessions: each further copy of SageMaker's service model takes 16 MiB."""

from __future__ import annotations

import threading
from typing import Any

_loaders: dict[str, Any] = {}
_lock = threading.Lock()


def share(core: Any) -> None:
    """Let a botocore session read service models and endpoints through the loader that the others use.

    Sessions whose ``data_path`` differs (AWS_DATA_PATH, or the profile's) have a loader of their own.
    """
    path = str(core.get_config_variable("data_path"))
    with _lock:
        if path in _loaders:
            core.register_component("data_loader", _loaders[path])
        else:
            _loaders[path] = core.get_component("data_loader")
