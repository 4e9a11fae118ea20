"""A peer for `depositary check`: PyYAML's C loader and one reused jsonschema validator a kind, nothing else.

    python plain_check.py PROJECT

What most projects would write. It checks no reference, no date, no rule, and names no line.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import jsonschema
import yaml
from referencing import Registry, Resource


class _Loader(yaml.CSafeLoader):
    """Dates stay text, as our schemas want them."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


def main(root: Path) -> int:
    """How many records break their schema."""
    schemas = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in (root / "schemas").glob("*.schema.json")}
    registry = Registry().with_resources((name, Resource.from_contents(schema)) for name, schema in schemas.items())
    broken = 0
    for folder in sorted((root / "seeds").iterdir()):
        validator = jsonschema.Draft202012Validator(schemas[f"{folder.name}.schema.json"], registry=registry)
        for path in sorted(folder.rglob("*.yaml")):
            with open(path, encoding="utf-8") as file:
                broken += not validator.is_valid(yaml.load(file, Loader=_Loader))
    return broken


if __name__ == "__main__":
    found = main(Path(sys.argv[1]))
    print(f"{found} broken")
    sys.exit(1 if found else 0)
