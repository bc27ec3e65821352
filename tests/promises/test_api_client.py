"""The description of the API becomes a client, whole, by the tool of those who use it."""

import json
import subprocess
import sys
from pathlib import Path

KEPT = Path(__file__).resolve().parents[2] / "docs" / "reference" / "openapi.json"
METHODS = ("get", "post", "put", "patch", "delete")


def test_every_operation_is_in_the_client_without_a_warning(tmp_path: Path) -> None:
    settings = tmp_path / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    made = subprocess.run(
        [
            *(sys.executable, "-m", "openapi_python_client", "generate", "--path", str(KEPT)),
            *("--config", str(settings), "--output-path", str(tmp_path / "client")),
        ],
        capture_output=True,
        text=True,
        timeout=300,
    )
    said = made.stdout + made.stderr
    assert made.returncode == 0, said[-2000:]
    assert "warning" not in said.lower(), said[:2000]
    paths = json.loads(KEPT.read_text("utf-8"))["paths"].values()
    operations = sum(method in METHODS for path in paths for method in path)
    calls = [p for p in (tmp_path / "client").glob("*/api/*/*.py") if p.name != "__init__.py"]
    assert len(calls) == operations > 150
    assert any(path.name == "record_intake.py" for path in calls)
