"""A stolen disk, backup or phone shows no name: nothing sealed occurs in a dump."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings

from oslonac import demo
from oslonac.demo import stories
from oslonac.demo.cast import CAST
from oslonac.directory import codes, loading
from oslonac.vault.models import SealedField
from oslonac.vault.sealing import open_many
from tests import database

# Shorter texts (a house number) occur anywhere by chance.
SHORTEST = 8


def _dump(server: database.TestServer, name: str) -> str:
    if server.url:
        program = shutil.which("pg_dump")
        if program is None:
            pytest.skip("no pg_dump for the external server")
    else:
        program = str(server._embedded.programs().program("pg_dump"))
    result = subprocess.run(
        [program, "--dbname", server.dsn("owner", name)], capture_output=True, check=True
    )
    return result.stdout.decode()


def _sealed_texts() -> dict[str, str]:
    """Every text that is sealed in the database, with the column it stands in."""
    found: dict[str, str] = {}
    for model in apps.get_models():
        fields = [f.name for f in model._meta.concrete_fields if isinstance(f, SealedField)]
        if not fields:
            continue
        for texts in open_many(model._default_manager.all(), *fields).values():
            found |= {text: f"{model.__name__}.{name}" for name, text in texts.items() if text}
    return found


def test_no_sealed_text_occurs_in_a_dump(
    fresh_database: str, database_server: database.TestServer
) -> None:
    loading.load_if_changed(Path(settings.OSLONAC_PACK))
    codes.forget_cached()
    public = _dump(database_server, fresh_database)
    demo.build(children=60, seed=11)
    dumped = _dump(database_server, fresh_database)
    texts = _sealed_texts()
    assert {member.name for member in CAST} <= set(texts)
    assert len(texts) > 800
    leaked = {column for text, column in texts.items() if _is_in(text, dumped, public)}
    assert leaked == set()
    said = [each for each in stories.all_sentences() if each in dumped]
    assert said == []


def _is_in(text: str, dumped: str, public: str) -> bool:
    """As text, or as unsealed bytes in a binary column; what the public pack says is no leak."""
    if len(text) < SHORTEST or text in public:
        return False
    return text in dumped or text.encode().hex() in dumped


def test_the_check_would_find_a_leak(fresh_database: str, database_server: Any) -> None:
    from oslonac.directory.models import Place

    name = CAST[0].name
    Place.objects.create(code="leak", kind="settlement", names={"en": name})
    assert _is_in(name, _dump(database_server, fresh_database), "")
