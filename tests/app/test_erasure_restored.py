"""The real commands: a backup from before an erasure, restored, brings nobody back."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from oslonac.vault import erasures
from tests.app.runtime import ROOT, environment, oslonac, reachable_folder, sentences

MAKE = """
import io
from oslonac.kit.clock import now
from oslonac.people.models import Person, PersonName
from oslonac.vault import filestore
from oslonac.vault.models import DataKey
from oslonac.vault.sealing import seal
for full in ("Nevidljiva Devojčica", "Ostaje Dečak"):
    key = DataKey.make(); key.save(force_insert=True)
    person = Person.objects.create(key=key, made_at=now())
    name = PersonName(person=person, key=key, script="Latn", written_at=now())
    seal(name, full=full); name.save(force_insert=True)
filestore.store(io.BytesIO(b"file of a child" * 9000))
"""
ERASE = """
from django.db import transaction
from oslonac.kit.clock import now
from oslonac.people.models import Person
from oslonac.vault import erasers
first = Person.objects.order_by("made_at").first()
with transaction.atomic():
    erasers.destroy(erasers.entry_of(
        subject_id=first.pk, key_ids=[first.key_id], ground="request", reference="1/26",
        organisation_id=None, proposed_by=None, approved_by=None, at=now()))
"""
SHOW = """
import json
from oslonac.people.models import PersonName
from oslonac.vault.models import DataKey, Erasure
from oslonac.vault.sealing import open_many
rows = list(PersonName.objects.order_by("written_at"))
print(json.dumps({
    "names": [open_many([row], "full")[row.pk]["full"] for row in rows],
    "destroyed": DataKey.objects.filter(wrapped=None).count(),
    "entries": Erasure.objects.count(),
}))
"""


@pytest.fixture
def place() -> Iterator[Path]:
    with reachable_folder() as folder:
        yield folder


def run(script: str, data: Path, keys: Path) -> str:
    """A piece of the product's own code on an installation."""
    lines = "\n".join(f"    {line}" for line in script.strip().splitlines())
    whole = f"from oslonac.config import bootstrap\nwith bootstrap.django_ready():\n{lines}\n"
    done = subprocess.run(
        [sys.executable, "-c", whole],
        env=environment(data, OSLONAC_KEYS=str(keys)),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return done.stdout


def command(*words: str, data: Path, keys: Path) -> None:
    done = oslonac(*words, data=data, OSLONAC_KEYS=str(keys))
    assert done.returncode == 0, sentences(done)


def prepared(data: Path, keys: Path) -> subprocess.CompletedProcess[str]:
    """What `oslonac up` does to the database before anybody is let in."""
    code = (
        "from oslonac.config import bootstrap, preparation\n"
        "with bootstrap.database_running():\n"
        "    bootstrap.setup_django('owner'); preparation.migrate(); preparation.keep_erased()\n"
        "    bootstrap.close_connections()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code],
        env=environment(data, OSLONAC_KEYS=str(keys)),
        capture_output=True,
        text=True,
        check=False,
    )


def test_no_restore_brings_an_erased_person_back(place: Path) -> None:
    data, keys = place / "data", place / "keys"
    command("migrate", data=data, keys=keys)
    run(MAKE, data, keys)
    before, after = place / "before.backup", place / "after.backup"
    shutil.copytree(keys, place / "old-keys")
    command("backup", str(before), data=data, keys=keys)
    run(ERASE, data, keys)
    command("backup", str(after), data=data, keys=keys)
    gone = {"names": ["—", "Ostaje Dečak"], "destroyed": 1}

    # The old backup, with the list beside the keys.
    command("restore", str(before), data=place / "second", keys=keys)
    found = json.loads(run(SHOW, place / "second", keys))
    assert {key: found[key] for key in gone} == gone
    assert found["entries"] == 0
    assert prepared(place / "second", keys).returncode == 0
    assert json.loads(run(SHOW, place / "second", keys))["entries"] == 1
    files = [path for path in (place / "second" / "files").rglob("*") if path.is_file()]
    assert len(files) == 1

    # A new backup onto a key file that knows of nothing: the list comes with the backup.
    older = place / "older"
    shutil.copytree(place / "old-keys", older)
    command("restore", str(after), data=place / "third", keys=older)
    third = json.loads(run(SHOW, place / "third", older))
    assert (third["names"], third["destroyed"]) == (["Ostaje Dečak"], 1)
    assert prepared(place / "third", older).returncode == 0
    assert len(erasures.parse(erasures.text_of(older))) == 1

    # The control: only old keys, old backup and no list at all would bring her back.
    shutil.copytree(place / "old-keys", place / "oldest")
    command("restore", str(before), data=place / "fourth", keys=place / "oldest")
    assert json.loads(run(SHOW, place / "fourth", place / "oldest"))["destroyed"] == 0

    # And with today's keys but the list taken away, nothing starts.
    (keys / erasures.LIST_NAME).rename(place / "hidden")
    refused = prepared(place / "second", keys)
    assert refused.returncode == 1
    assert "was cut or replaced" in refused.stderr
    told = oslonac("doctor", "--json", data=place / "second", OSLONAC_KEYS=str(keys))
    assert told.returncode == 1
    assert "erasures" in [
        f["code"] for f in json.loads(told.stdout)["findings"] if f["level"] == "error"
    ]
