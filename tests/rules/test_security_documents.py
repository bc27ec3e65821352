"""What docs/security says is what the code does, where a number or a name can be compared."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from oslonac.accounts import actions as accounts
from oslonac.administration import ledger
from oslonac.cases.trust import rules as trust_rules
from oslonac.config import gunicorn_conf
from oslonac.config.postgres import server
from oslonac.documents import rules as documents
from oslonac.documents.inspecting import office, pdfs
from oslonac.exchange import rules as exchange
from oslonac.kit import text
from oslonac.matching.index import question
from oslonac.notices import actions as notices
from oslonac.notices import outgoing
from oslonac.protocols.dcr import expressions, state

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LIMITS = (DOCS / "security" / "limits.md").read_text("utf-8")
MEBIBYTE = 1024 * 1024


def _tries(action: str, per: str) -> int:
    rates = settings.ACCOUNT_RATE_LIMITS[action].split(",")
    return next(int(rate.split("/")[0]) for rate in rates if rate.endswith(f"10m/{per}"))


# The beginning of a line of limits.md, and the numbers in bold that it must have.
NUMBERS: dict[str, list[int]] = {
    "wrong passwords": [_tries("login_failed", "key")],
    "the same on a device": [_tries("login_failed_known", "key")],
    "wrong tries from one": [_tries("login_failed", "ip")],
    "proofs asked again": [_tries("reauthenticate", "user")],
    "session left alone": [30, settings.OSLONAC_SESSION_HOURS],
    "a proof of identity": [settings.OSLONAC_STEP_UP_MINUTES],
    "tokens of the API": [accounts.TOKEN_DAYS],
    "emergency access": [
        trust_rules.EMERGENCY_MINUTES,
        trust_rules.MOST_EMERGENCY_MINUTES,
        trust_rules.SHORTEST_REASON,
    ],
    "events in one export": [exchange.MOST_EVENTS],
    "a password of an export": [exchange.SHORTEST_PASSWORD],
    "browsers that get": [notices.MOST_BROWSERS],
    "an absence": [notices.LONGEST_ABSENCE_DAYS],
    "a form or request": [
        settings.DATA_UPLOAD_MAX_MEMORY_SIZE // MEBIBYTE,
        settings.DATA_UPLOAD_MAX_NUMBER_FIELDS,
    ],
    "a file": [
        settings.OSLONAC_UPLOAD_BYTES // MEBIBYTE,
        documents.MOST_UNPACKED_BYTES // MEBIBYTE,
        office._MOST_PARTS,
        documents.MOST_PIXELS // 1_000_000,
        documents.MOST_PAGES,
        pdfs.MOST_OBJECTS,
    ],
    "a narrative": [text.LONGEST_NARRATIVE, text.LONGEST_LINE],
    "entries of one answer": [200],
    "search by name": [question.LONGEST],
    "ledger as a file": [ledger.MOST_IN_A_FILE],
    "replaying a procedure": [state.LONGEST_CHAIN, expressions.LONGEST],
    "e-mail and push": [outgoing.MOST],
}


@pytest.mark.parametrize("begins", NUMBERS)
def test_limits_are_those_of_the_code(begins: str) -> None:
    lines = [line for line in LIMITS.splitlines() if line.startswith(f"| {begins}")]
    assert len(lines) == 1, begins
    assert [int(found) for found in re.findall(r"\*\*(\d+)\*\*", lines[0])] == NUMBERS[begins]


def test_no_number_in_bold_goes_uncompared() -> None:
    bold = [line for line in LIMITS.splitlines() if line.startswith("|") and "**" in line]
    known = tuple(f"| {begins}" for begins in NUMBERS)
    assert [line for line in bold if not line.startswith(known)] == []


def test_the_server_is_as_large_as_is_said() -> None:
    assert (gunicorn_conf.workers, gunicorn_conf.threads, gunicorn_conf.timeout) == (2, 4, 60)
    assert server.LOG_LIMIT_BYTES == 10 * MEBIBYTE
    assert "one older file of 10 MB" in (DOCS / "security" / "logs.md").read_text("utf-8")


def test_every_file_of_code_that_is_named_exists() -> None:
    for page in (DOCS / "security").glob("*.md"):
        for path in re.findall(r"`([a-z_]+/[a-z_/]+\.py)`", page.read_text("utf-8")):
            assert (ROOT / "src" / "oslonac" / path).exists() or (ROOT / path).exists(), path


def test_every_variable_that_is_named_exists() -> None:
    code = "".join(path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    for page in [*(DOCS / "security").glob("*.md"), DOCS / "how-to" / "proxy.md"]:
        for name in re.findall(r"OSLONAC_[A-Z_]+[A-Z]", page.read_text("utf-8")):
            assert name in code, (page.name, name)


def test_the_inventory_names_every_key_and_secret() -> None:
    said = (DOCS / "security" / "cryptography.md").read_text("utf-8")
    for name in ("kek-N", "ledger", "index", "login", "names-1", "session.key", "push.pem"):
        assert f"`{name}`" in said, name
    assert settings.PASSWORD_HASHERS[0].endswith("PBKDF2PasswordHasher")


def test_the_proxy_of_the_guide_does_what_is_demanded() -> None:
    said = (DOCS / "how-to" / "proxy.md").read_text("utf-8")
    server_block = said[said.index("listen 443") : said.index("```", said.index("listen 443"))]
    protocols = re.search(r"ssl_protocols (.+);", server_block)
    assert protocols is not None and protocols.group(1).split() == ["TLSv1.2", "TLSv1.3"]
    suites = re.search(r"ssl_ciphers (.+);", server_block)
    assert suites is not None
    for suite in suites.group(1).split(":"):
        assert suite.startswith("ECDHE-") and ("GCM" in suite or "POLY1305" in suite), suite
    for header, value in {
        "X-Forwarded-For": "$remote_addr",
        "X-Forwarded-Proto": "$scheme",
        "X-Forwarded-Host": '""',
        "X-Real-IP": '""',
        "Forwarded": '""',
    }.items():
        assert re.search(rf"proxy_set_header {header}\s+{re.escape(value)};", server_block), header
    assert "return 301 https://$host$request_uri;" in said
    assert "$request_uri" not in re.search(r"log_format .+", said).group()  # type: ignore[union-attr]
