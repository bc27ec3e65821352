"""Print the OpenAPI description of the JSON API."""

import argparse
import json
import sys
from pathlib import Path


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--output", type=Path, help="write it to this file instead")
    parser.add_argument("--json", action="store_true", help="for programs (it always is)")


def run(args: argparse.Namespace) -> int:
    """Needs no database."""
    from oslonac.config import bootstrap

    bootstrap.setup_django()
    text = schema_text()
    if args.output is None:
        sys.stdout.write(text)
    else:
        args.output.write_text(text, encoding="utf-8")
        print(f"Written to {args.output}.")
    return 0


def schema_text() -> str:
    """The description in English, as it is kept in docs/reference/openapi.json."""
    from django.utils import translation

    from oslonac.config.api import api

    with translation.override("en"):
        schema = api.get_openapi_schema()
    return json.dumps(schema, indent=1, ensure_ascii=False) + "\n"
