"""Fields for passwords: masked, pasted into, filled by managers, taken whole and as typed."""

import re
from pathlib import Path

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

import oslonac
from oslonac.accounts.models import User
from tests.app.test_sign_in import PASSWORD, sign_in
from tests.app.test_sign_in import centre as centre
from tests.app.test_sign_in import user as user

pytestmark = pytest.mark.django_db
FIELD = re.compile(r"<input[^>]*name=\"(\w*password\w*)\"[^>]*>")
LONG = "Дуга реченица коју само ја знам, са  размацима и Великим словима! " * 2


def test_fields_are_masked_and_named_for_password_managers(client: Client, user: User) -> None:
    cache.clear()
    pages = [client.get(reverse("account_login"))]
    sign_in(client, "mira@test")
    pages.append(client.get(reverse("account_change_password")))
    pages.append(client.get(reverse("accounts:confirm")))
    found = [field for page in pages for field in FIELD.finditer(page.content.decode())]
    names = {field.group(1) for field in found}
    assert {"password", "oldpassword", "password1", "password2", "stepup_password"} <= names
    for field in found:
        tag = field.group()
        assert 'type="password"' in tag, tag
        assert re.search(r'autocomplete="(current|new)-password"', tag), tag
        assert " value=" not in tag and "maxlength" not in tag and "onpaste" not in tag, tag
    scripts = [path.read_text("utf-8") for path in Path(oslonac.__file__).parent.rglob("*.js")]
    assert not [text for text in scripts if re.search(r"[\"'](paste|copy)[\"']", text)]


def test_a_long_password_is_taken_whole_and_as_typed(client: Client, user: User) -> None:
    cache.clear()
    sign_in(client, "mira@test")
    fields = {"oldpassword": PASSWORD, "password1": LONG, "password2": LONG}
    assert client.post(reverse("account_change_password"), fields).status_code == 302
    for other in (LONG[:64], LONG[:72], LONG[:-1], LONG.lower(), LONG.replace("  ", " ")):
        assert sign_in(Client(), "mira@test", other).status_code == 200, other
    assert sign_in(Client(), "mira@test", LONG).status_code == 302
