"""Signing in through an organisation's provider: linked accounts only, nothing of a claim kept."""

import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount, SocialToken
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from oslonac.access.roles import Role
from oslonac.accounts import bound_factors
from oslonac.accounts.models import User
from oslonac.accounts.oidc import configuration
from oslonac.audit.models import Event
from tests import cast
from tests.app import oidc_provider
from tests.second_factor import code_for

pytestmark = pytest.mark.django_db
HOME = "/account/"


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[Any]:
    cache.clear()
    with oidc_provider.running() as found:
        secret = tmp_path / "secret"
        secret.write_text(oidc_provider.SECRET + "\n")
        monkeypatch.setenv("OSLONAC_OIDC_SERVER", found.address)
        monkeypatch.setenv("OSLONAC_OIDC_CLIENT", oidc_provider.CLIENT)
        monkeypatch.setenv("OSLONAC_OIDC_SECRET_FILE", str(secret))
        monkeypatch.setenv("OSLONAC_OIDC_NAME", "Ministry")
        settings.SOCIALACCOUNT_PROVIDERS = configuration.providers()
        settings.OSLONAC_CSP_EXTRA = configuration.form_targets()
        yield found


@pytest.fixture
def mira() -> cast.Member:
    return cast.member("Mira Mirić", Role.INTERPRETER)


def through(client: Client, process: str = "login") -> Any:
    """From the button to the provider and back; the answer to the callback."""
    url = reverse("openid_connect_login", args=[configuration.PROVIDER_ID])
    out = client.post(f"{url}?process={process}")
    assert out.status_code == 302, out.content[-600:]
    back = requests.get(out["Location"], allow_redirects=False, timeout=10).headers["Location"]
    parts = urlsplit(back)
    return client.get(parts.path, {name: each[0] for name, each in parse_qs(parts.query).items()})


def test_a_linked_account_signs_in(provider: Any, mira: cast.Member) -> None:
    own = mira.client()
    assert "Link the sign-in through Ministry" in own.get(HOME).content.decode()
    assert through(own, "connect")["Location"] == HOME
    assert Event.objects.filter(name="sign_in.linked", actor_id=mira.user.pk).exists()
    fresh = Client()
    page = fresh.get(reverse("account_login"))
    assert "Sign in through Ministry" in page.content.decode()
    assert provider.address in page["Content-Security-Policy"]
    assert through(fresh)["Location"] == "/"
    assert fresh.get(HOME).status_code == 200
    assert "code_challenge" in provider.asked[0] and provider.asked[0]["scope"] == "openid"


def test_linking_asks_again_who_it_is(provider: Any, mira: cast.Member, settings: Any) -> None:
    settings.OSLONAC_STEP_UP = True
    mira.user.set_password("lipa reka kamen oblak")
    mira.user.save()
    own = mira.client()
    url = reverse("openid_connect_login", args=[configuration.PROVIDER_ID]) + "?process=connect"
    assert own.post(url).status_code == 403 and provider.asked == []
    assert own.post(url, {"stepup_password": "x"}).status_code == 403 and provider.asked == []
    assert own.post(url, {"stepup_password": "lipa reka kamen oblak"}).status_code == 302


def test_nothing_of_a_claim_is_kept(provider: Any, mira: cast.Member) -> None:
    through(mira.client(), "connect")
    kept = SocialAccount.objects.get()
    # A MAC over whose link it is stands there (`accounts.bound_factors`), and nothing else.
    assert set(kept.extra_data) == {bound_factors.NAME}
    assert provider.sub not in kept.uid and len(kept.uid) == 64
    assert not SocialToken.objects.exists()


def test_somebody_unknown_is_not_let_in_and_no_account_is_made(provider: Any) -> None:
    before = User.objects.count()
    client = Client()
    assert through(client)["Location"] == reverse("account_login")
    assert "No account is linked" in client.get(reverse("account_login")).content.decode()
    assert client.get(HOME).status_code == 302
    assert User.objects.count() == before and not SocialAccount.objects.exists()
    assert Event.objects.filter(name="session.refused", record_id=None).count() == 1


def test_a_closed_account_is_not_let_in(provider: Any, mira: cast.Member) -> None:
    through(mira.client(), "connect")
    User.objects.filter(pk=mira.user.pk).update(is_active=False)
    client = Client()
    assert through(client)["Location"] == reverse("account_login")
    assert client.get(HOME).status_code == 302


def test_the_second_factor_is_asked_for_all_the_same(provider: Any, settings: Any) -> None:
    settings.OSLONAC_SECOND_FACTOR = True
    ana = cast.ana()
    secret = generate_totp_secret()
    own = ana.client()
    session = own.session
    session["second_factor"] = True
    session.save()
    through(own, "connect")
    TOTP.activate(ana.user, secret)
    client = Client()
    assert through(client)["Location"].startswith(reverse("mfa_authenticate"))
    assert client.get(HOME).status_code == 302
    client.post(reverse("mfa_authenticate"), {"code": code_for(secret)})
    assert client.get(HOME).status_code == 200


def test_one_sign_in_opens_one_account(provider: Any, mira: cast.Member) -> None:
    through(mira.client(), "connect")
    other = cast.member("Jovana J.", Role.INTERPRETER)
    through(other.client(), "connect")
    assert [row.user_id for row in SocialAccount.objects.all()] == [mira.user.pk]


def test_unlinking(provider: Any, mira: cast.Member) -> None:
    own = mira.client()
    through(own, "connect")
    assert "Unlink" in own.get(HOME).content.decode()
    own.post(reverse("accounts:unlink"))
    assert not SocialAccount.objects.exists()
    assert through(Client())["Location"] == reverse("account_login")


@pytest.mark.parametrize("how", ["deny", "audience", "state"])
def test_what_goes_wrong_leads_back_with_a_sentence(
    provider: Any, mira: cast.Member, how: str
) -> None:
    through(mira.client(), "connect")
    client = Client()
    if how == "state":
        url = reverse("openid_connect_callback", args=[configuration.PROVIDER_ID])
        answer = client.get(url, {"code": "x", "state": "forged"})
    else:
        provider.deny = how == "deny"
        provider.audience = "somebody-else" if how == "audience" else provider.audience
        answer = through(client)
    assert answer.status_code == 302, answer.content[-400:]
    assert "did not work" in client.get(answer["Location"]).content.decode()
    assert client.get(HOME).status_code == 302


def forged_key() -> Any:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


WRONG: dict[str, Callable[[Any], None]] = {
    "signed by somebody else": lambda p: setattr(p, "signed_by", forged_key()),
    "not signed": lambda p: setattr(p, "algorithm", "none"),
    "signed with the client secret": lambda p: (
        setattr(p, "algorithm", "HS256"),
        setattr(p, "signed_by", oidc_provider.SECRET * 6),
    )[0],
    "of another issuer": lambda p: p.claims.update(iss="https://elsewhere.example"),
    "for another client": lambda p: p.claims.update(aud="somebody-else"),
    "for several, meant for another": lambda p: p.claims.update(
        aud=[oidc_provider.CLIENT, "b"], azp="b"
    ),
    "too old": lambda p: p.claims.update(exp=int(time.time()) - 120),
    "without an end": lambda p: p.claims.update(exp=None),
    "not yet valid": lambda p: p.claims.update(nbf=int(time.time()) + 600),
    "without a nonce": lambda p: p.claims.update(nonce=None),
    "of another sign-in": lambda p: p.claims.update(nonce="another"),
    "an access token": lambda p: setattr(p, "typ", "at+jwt"),
    "a logout token": lambda p: p.claims.update(events={"logout": {}}),
}


@pytest.mark.parametrize("how", WRONG)
def test_a_token_that_is_not_theirs_for_us_now_opens_nothing(
    provider: Any, mira: cast.Member, how: str
) -> None:
    through(mira.client(), "connect")
    WRONG[how](provider)
    client = Client()
    answer = through(client)
    assert len(provider.tokens) == 2  # it was made and sent
    assert answer["Location"] == reverse("account_login")
    assert "did not work" in client.get(answer["Location"]).content.decode()
    assert client.get(HOME).status_code == 302


def test_a_token_works_once(provider: Any, mira: cast.Member) -> None:
    through(mira.client(), "connect")
    assert through(Client())["Location"] == "/"
    provider.replay = provider.tokens[-1]
    assert through(Client())["Location"] == reverse("account_login")
    assert len({asked["nonce"] for asked in provider.asked}) == len(provider.asked) == 3


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": "https://elsewhere.example"},
        {"jwks_uri": "http://elsewhere.example/keys"},
        {"token_endpoint": "file:///etc/passwd"},
    ],
)
def test_a_document_of_another_issuer_is_not_believed(provider: Any, said: dict[str, str]) -> None:
    provider.said = said
    client = Client()
    answer = client.post(reverse("openid_connect_login", args=[configuration.PROVIDER_ID]))
    assert answer["Location"] == reverse("account_login")
    assert "did not work" in client.get(answer["Location"]).content.decode()
    assert provider.asked == []


def test_redirects_of_the_provider_are_not_followed(provider: Any) -> None:
    provider.moved = True
    answer = Client().post(reverse("openid_connect_login", args=[configuration.PROVIDER_ID]))
    assert answer["Location"] == reverse("account_login")


def test_a_provider_that_is_away_is_told_in_a_sentence(
    provider: Any, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    monkeypatch.setenv("OSLONAC_OIDC_SERVER", "http://127.0.0.1:1")
    settings.SOCIALACCOUNT_PROVIDERS = configuration.providers()
    client = Client()
    answer = client.post(reverse("openid_connect_login", args=[configuration.PROVIDER_ID]))
    assert answer["Location"] == reverse("account_login")
    assert "did not work" in client.get(answer["Location"]).content.decode()


def test_what_is_asked_for_is_not_taken_from_the_address(provider: Any) -> None:
    url = reverse("openid_connect_login", args=[configuration.PROVIDER_ID])
    out = Client().post(f"{url}?scope=profile,email&auth_params=nonce%3Dx%26prompt%3Dnone")
    asked = parse_qs(urlsplit(out["Location"]).query)
    assert asked["scope"] == ["openid"] and "prompt" not in asked
    assert len(asked["nonce"][0]) >= 32


def test_without_a_provider_there_is_nothing(client: Client, db: None) -> None:
    assert client.post("/account/oidc/organisation/login/").status_code == 404
    assert client.get("/account/oidc/organisation/login/callback/").status_code == 404
    assert "through" not in client.get(reverse("account_login")).content.decode()


def test_a_provider_over_plain_http_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OSLONAC_OIDC_SERVER", "http://login.example.org")
    with pytest.raises(configuration.BadProvider):
        configuration.providers()
