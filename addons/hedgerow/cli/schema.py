"""``hedgerow schema``: JSON Schemas for editors, made from the readers' own tables."""

from __future__ import annotations

import json
from pathlib import Path

import click

from hedgerow.cli.common import Failure, Place, as_json, home, placed
from hedgerow.core.topics import TOPICS
from hedgerow.stores.categories import load_categories
from hedgerow.stores.schema import json_schemas


@click.command()
@click.argument("name", required=False)
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="Write all of them into this folder.")
@as_json
@placed
def schema(place: Place, name: str | None, out: Path | None, as_json: bool) -> None:
    """Print the schema NAME (band, floor, helplines, site, words), or write all of them with --out. Always JSON."""
    schemas = json_schemas(load_categories(place.sources.list_file("categories.yaml")).ids, _topics())
    if out is not None:
        out.mkdir(parents=True, exist_ok=True)
        for known, content in schemas.items():
            (out / f"{known}.json").write_text(_text(content))
    elif name in schemas:
        click.echo(_text(schemas[name]), nl=False)
    else:
        raise Failure(f"name one of: {', '.join(schemas)}; or --out FOLDER for all")


def _topics() -> tuple[str, ...]:
    files = (home() / "policies" / "words").glob("*.yaml")
    return tuple(sorted(TOPICS | {path.name.partition(".")[0] for path in files}))


def _text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"
