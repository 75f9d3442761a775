"""The table of what CloudFormation's user profile takes, made from the schema that the installed cfn-lint carries.

``python -m tests.exports.tables`` writes it anew; `scripts/tables` calls that.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from profile_widgets.formats import cloudformation

TABLE = Path(cloudformation.__file__).with_name("cloudformation.json")
TYPE = "AWS::SageMaker::UserProfile"
REGION = "us-east-1"
KEPT = ("type", "required", "enum", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems",
        "uniqueItems", "pattern", "$ref")  # fmt: skip
"""The words of a schema that say what may be written."""


def installed_date() -> str:
    """Return the day of the schemas in the installed cfn-lint."""
    import cfnlint

    version = Path(cfnlint.__file__).parent / "data" / "schemas" / "version.json"
    date: str = json.loads(version.read_text("utf-8"))["schema_date"]
    return date[:10]


def installed_table() -> dict[str, Any]:
    """Return the table as the installed cfn-lint's schema gives it."""
    from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, TYPE).schema
    named = {name: _reduced(node) for name, node in schema["definitions"].items()}
    root = _reduced({"properties": schema["properties"], "required": schema["required"]})
    for path in schema.get("readOnlyProperties", ()):
        root["properties"].pop(path.rpartition("/")[2], None)
    return {"type": TYPE, "date": installed_date(), "source": "the resource's schema, as cfn-lint carries it",
            **root, "definitions": named}  # fmt: skip


def _reduced(node: dict[str, Any]) -> dict[str, Any]:
    kept = {word: node[word] for word in KEPT if word in node and node[word] not in (False, ".*")}
    if "$ref" in kept:
        kept["$ref"] = kept["$ref"].rpartition("/")[2]
    if "properties" in node:
        kept["properties"] = {name: _reduced(each) for name, each in node["properties"].items()}
    if "items" in node:
        kept["items"] = _reduced(node["items"])
    return kept


def written(table: dict[str, Any]) -> str:
    """Return the table as it stands in the file."""
    return json.dumps(table, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TABLE.write_text(written(installed_table()), "utf-8")
    sys.stdout.write(f"{TABLE.name}: {TYPE} of {installed_date()}\n")
