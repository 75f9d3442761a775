"""Training plans, the reserved capacity of the account; times are days from now, fees are made up."""

from __future__ import annotations

from typing import Any, Final

PLANS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "genomics-p5-winter",
        "status": "Active",
        "begins": -9,
        "days": 42,
        "instance": "ml.p5.48xlarge",
        "count": 2,
        "in_use": 1,
        "targets": ("studio-apps", "training-job"),
        "fee": "41210.50",
    },
    {
        "name": "language-p4d-quarter",
        "status": "Scheduled",
        "begins": 12,
        "days": 90,
        "instance": "ml.p4d.24xlarge",
        "count": 4,
        "targets": ("training-job",),
        "fee": "98000.00",
    },
    {
        "name": "protein-trn1-autumn",
        "status": "Expired",
        "begins": -120,
        "days": 30,
        "instance": "ml.trn1.32xlarge",
        "count": 1,
        "targets": ("training-job",),
        "fee": "9120.00",
    },
    {
        "name": "vision-p5-spring",
        "status": "Failed",
        "message": "The upfront fee could not be charged.",
        "instance": "ml.p5.48xlarge",
        "count": 1,
        "targets": ("studio-apps",),
        "fee": "20605.25",
    },
)
