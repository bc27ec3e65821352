"""Django settings. What differs between installations comes from the environment.

  OSLONAC_DEMO=1        demonstration: the cast signs in with one click, no second factor
  OSLONAC_HOSTS         comma-separated host names that the server answers to
  OSLONAC_HTTPS=1       served over https: secure cookies, HSTS
  OSLONAC_PROXIES       how many proxies stand before the server (default: 1 with https)
  OSLONAC_PROXY_ADDRESSES  where the proxy connects from, addresses or networks separated by
                        commas (default: this machine); its headers are believed from there alone
  OSLONAC_PACK          folder of the country pack (default: the Serbia pack)
  OSLONAC_UPLOAD_MB     largest file that is taken, in MB (default: 25)
  OSLONAC_BREACHED      file of SHA-1 hashes of breached passwords, sorted; none: not looked up
  OSLONAC_CLAMAV        ClamAV's socket, or host:port; OSLONAC_CLAMAV_UNREACHABLE=quarantine keeps
                        files unopened while it does not answer (default: refuse)
  OSLONAC_LOG, OSLONAC_SYSLOG   form and second place of the logs: see `logs`
Database and folders: see `datafolder`. E-mail and pushed messages: see `outgoing`.
"""

import os
from pathlib import Path
from typing import Any

from oslonac.accounts.oidc import configuration as oidc
from oslonac.config import datafolder, logs, outgoing, secret
from oslonac.config.packfolder import pack_dir
from oslonac.config.rooms import DEMO, ROOMS
from oslonac.country.reading import read_country
from oslonac.kit.translations import CATALOGUES

BASE_DIR = Path(__file__).resolve().parents[1]
OSLONAC_DEMO = os.environ.get("OSLONAC_DEMO") == "1"
# How many invented children follow behind the first start, for the word on the sign-in page.
OSLONAC_DEMO_CHILDREN = int(os.environ.get("OSLONAC_DEMO_CHILDREN", "0"))
OSLONAC_HTTPS = os.environ.get("OSLONAC_HTTPS") == "1"
OSLONAC_DATA = str(datafolder.data_dir())
OSLONAC_KEYS = str(datafolder.keys_dir())
OSLONAC_PACK = str(pack_dir())
# Notes on the ledger outside the database (audit.witness).
OSLONAC_WITNESS = str(datafolder.data_dir() / "ledger")
_COUNTRY = read_country(pack_dir())
TIME_ZONE = _COUNTRY.calendar.zone
OSLONAC_PHONE_REGION = _COUNTRY.phone_region
OSLONAC_SECOND_FACTOR = not OSLONAC_DEMO

# Actions that open or guard much want a proof of identity of at most so many minutes.
OSLONAC_STEP_UP = True
OSLONAC_STEP_UP_MINUTES = 5

# A case opened in an emergency: proposed and longest length.
OSLONAC_EMERGENCY_MINUTES = 30
OSLONAC_EMERGENCY_MOST_MINUTES = 120

DEBUG = False
SECRET_KEY = secret.secret_key(datafolder.keys_dir())
ALLOWED_HOSTS = [
    host.strip()
    for host in os.environ.get("OSLONAC_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
    if host.strip()
]
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS] if OSLONAC_HTTPS else []

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    *ROOMS,
    # After ours, so that our templates come first.
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    # Last: it imports `jobs.py` of every package above (see oslonac.kit.jobs).
    "procrastinate.contrib.django",
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "jobs"

MIDDLEWARE = [
    "oslonac.web.middleware.SecurityHeaders",
    "oslonac.web.compression.Compression",
    "oslonac.web.proxy.ProxyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "oslonac.web.middleware.Language",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "oslonac.accounts.middleware.SessionLimits",
    "oslonac.accounts.middleware.Acting",
    "oslonac.accounts.rate_limit.RateLimitMiddleware",
    "oslonac.accounts.middleware.OwedSteps",
    "oslonac.accounts.drafts.DraftsSaved",
]

ROOT_URLCONF = "oslonac.config.urls"
WSGI_APPLICATION = "oslonac.config.wsgi.application"
ASGI_APPLICATION = "oslonac.config.asgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "oslonac.web.context.page",
                "oslonac.accounts.context.own_links",
            ]
        },
    }
]

if OSLONAC_DEMO:  # outside a demonstration none of it exists
    INSTALLED_APPS.append(DEMO)
    TEMPLATES[0]["OPTIONS"]["context_processors"].append("oslonac.demo.context.cast")

DATABASES = datafolder.database_settings()
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["oslonac.accounts.backends.LoginName"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
# The second hasher marks passwords that were handed over and must be changed at first sign-in.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "oslonac.accounts.hashers.HandedOver",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "oslonac.accounts.common_passwords.NotCommon"},
    {"NAME": "oslonac.accounts.common_passwords.NotBreached"},
    {"NAME": "oslonac.accounts.passwords.NotOwnWords"},
]
OSLONAC_BREACHED = os.environ.get("OSLONAC_BREACHED", "")
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_ADAPTER = "oslonac.accounts.adapter.ClosedSignUp"
ACCOUNT_FORMS = {
    "login": "oslonac.accounts.forms.SignInForm",
    "change_password": "oslonac.accounts.forms.PasswordForm",
    "reauthenticate": "oslonac.accounts.forms.ReauthenticateForm",
}
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
# An office of a hundred people shares one address: an address is slowed down only far above
# what they do, while one account is guarded closely ("key" is the account signed in to).
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "120/10m/ip,6/10m/key",
    # On a device on which the account was signed in to before (accounts.known_device).
    "login_failed_known": "6/10m/key",
    "change_password": "10/10m/user",
    "reauthenticate": "10/10m/user",
}
# Behind a proxy the address of the client is the last one the proxy added.
ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("OSLONAC_PROXIES", "1" if OSLONAC_HTTPS else "0"))
OSLONAC_PROXY_ADDRESSES = [
    each.strip()
    for each in os.environ.get("OSLONAC_PROXY_ADDRESSES", "127.0.0.0/8,::1").split(",")
    if each.strip()
]
MFA_ADAPTER = "oslonac.accounts.adapter.SecondFactor"
MFA_FORMS = {
    "authenticate": "oslonac.accounts.forms.CodeForm",
    "reauthenticate": "oslonac.accounts.forms.CodeAgainForm",
    "activate_totp": "oslonac.accounts.forms.AppForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True  # and kept as hashes (accounts.recovery_codes)
MFA_PASSKEY_LOGIN_ENABLED = True
# Browsers offer passkeys over https, and on this machine without.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not OSLONAC_HTTPS
# An office shares an address; a passkey holds no secret that could be guessed.
MFA_RATE_LIMITS = {"webauthn_login": "300/m/ip"}
# An organisation's own sign-in (accounts.oidc): opens linked accounts, makes none.
SOCIALACCOUNT_PROVIDERS = oidc.providers()
SOCIALACCOUNT_ADAPTER = "oslonac.accounts.oidc.adapter.LinkedOnly"
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_STORE_TOKENS = False
OSLONAC_CSP_EXTRA = oidc.form_targets()
# Where weaknesses are reported (RFC 9116): mailto: or https: addresses, separated by blanks.
OSLONAC_SECURITY_CONTACT = os.environ.get("OSLONAC_SECURITY_CONTACT", "").split()
MFA_TOTP_ISSUER = "Oslonac"
MFA_TOTP_TOLERANCE = 0  # a code lives for its 30 seconds; phones set their clocks by the network

# Counters of sign-in tries, shared by all processes; an unlogged table (accounts, migration 2).
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_counter",
        "TIMEOUT": 3600,
        # Far above what can be tried within an hour: whoever fills it must not push out counters.
        "OPTIONS": {"MAX_ENTRIES": 500_000},
    }
}

# So many requests in so many seconds for each person, program or unknown address
# (accounts.rate_limit).
# Where real people are served: a demonstration and the tests walk through everything in seconds.
OSLONAC_RATE_LIMITS_DEFAULT = {"read": (300, 60), "search": (90, 60), "write": (120, 60)}
OSLONAC_RATE_LIMITS = OSLONAC_RATE_LIMITS_DEFAULT if OSLONAC_HTTPS and not OSLONAC_DEMO else {}

# Left alone for so long, a session ends; and after a working day in any case.
OSLONAC_SESSION_IDLE_MINUTES = 10 * 60 if OSLONAC_DEMO else 30
OSLONAC_SESSION_HOURS = 12
# So long after the last post ended an account is switched off.
OSLONAC_ACCOUNT_GRACE_DAYS = 30
SESSION_ENGINE = "oslonac.accounts.session_store"  # rows that open no session
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = OSLONAC_HTTPS
SESSION_COOKIE_AGE = OSLONAC_SESSION_HOURS * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_SECURE = OSLONAC_HTTPS
CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
# "no-referrer" would make browsers send `Origin: null` with our own forms.
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 63_072_000 if OSLONAC_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = OSLONAC_HTTPS
# Bound to this host and to https by the browser itself (RFC 6265bis, 4.1.3.2).
SESSION_COOKIE_NAME = "__Host-session" if OSLONAC_HTTPS else "sessionid"
CSRF_COOKIE_NAME = "__Host-csrf" if OSLONAC_HTTPS else "csrftoken"
# Sentences for the next page wait in the session, not readable in a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
CSRF_COOKIE_HTTPONLY = True  # forms and htmx carry the token; no script reads the cookie
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if OSLONAC_HTTPS else None
OSLONAC_DEVICE_COOKIE_NAME = "__Host-device" if OSLONAC_HTTPS else "device"
X_FRAME_OPTIONS = "DENY"
CSRF_FAILURE_VIEW = "oslonac.accounts.forged.answer"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
# Files: sealed as they arrive, nothing clear in memory or in /tmp (vault.uploads, vault.scanning).
FILE_UPLOAD_HANDLERS = ["oslonac.vault.uploads.SealingUploadHandler"]
OSLONAC_UPLOAD_BYTES = int(os.environ.get("OSLONAC_UPLOAD_MB", "25")) * 1024 * 1024
OSLONAC_CLAMAV = os.environ.get("OSLONAC_CLAMAV", "")
OSLONAC_CLAMAV_UNREACHABLE = os.environ.get("OSLONAC_CLAMAV_UNREACHABLE", "refuse")

# Reminders leave the system only where this says how.
MAIL_SERVER = outgoing.mail_server()
OSLONAC_MAIL = MAIL_SERVER is not None
OSLONAC_ADDRESS = outgoing.own_address(ALLOWED_HOSTS, https=OSLONAC_HTTPS)
OSLONAC_PUSH_CONTACT = os.environ.get("OSLONAC_PUSH_CONTACT", "")
OSLONAC_PUSH_SERVICES = outgoing.push_services()
OSLONAC_PUSH_PRIVATE = os.environ.get("OSLONAC_PUSH_PRIVATE") == "1"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
DEFAULT_FROM_EMAIL = os.environ.get("OSLONAC_MAIL_FROM", "oslonac@localhost")
if MAIL_SERVER is not None:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.use_tls, MAIL_SERVER.use_ssl

USE_TZ = True
USE_I18N = True
LANGUAGE_CODE = "en"
# Those of the pack's languages that pages are translated into. English is what pages are written
# in: it stays, for whoever helps.
LANGUAGES = [
    (known.code, known.name)
    for tag, known in CATALOGUES.items()
    if tag == "en" or tag in _COUNTRY.languages
]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "oslonac.locale"
LANGUAGE_COOKIE_NAME = "__Host-language" if OSLONAC_HTTPS else "language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_AGE = 365 * 24 * 60 * 60
LANGUAGE_COOKIE_SECURE = OSLONAC_HTTPS
LANGUAGE_COOKIE_HTTPONLY = True

STATIC_URL = "/static/"
STATICFILES_FINDERS = [
    "oslonac.web.bundles.Bundles",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STATIC_ROOT = str(datafolder.data_dir() / "static")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = False
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

LOGGING = logs.configuration()
