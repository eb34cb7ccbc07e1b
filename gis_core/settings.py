"""Django settings, read from the environment; README.md lists the variables.

Development is the default. ``DONGNE_ENV=production`` refuses to start with a default
secret key, with DEBUG, or without allowed hosts; ``gis_core.checks`` refuses demo accounts.
"""

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent


def _flag(name: str, default: bool = False) -> bool:
    return os.environ.get(name, str(int(default))).lower() in {"1", "true", "yes", "on"}


def _words(name: str) -> list[str]:
    return [word.strip() for word in os.environ.get(name, "").split(",") if word.strip()]


def _wheel_library(package: str, pattern: str) -> str:
    """The shared library a wheel carries beside its package (``<package>.libs``)."""
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise ImproperlyConfigured(f"{package} is not installed; run script/bootstrap")
    libs = Path(spec.origin).parent.parent / f"{package}.libs"
    found = sorted(libs.glob(pattern))
    if not found:
        raise ImproperlyConfigured(f"no {pattern} in {libs}; set GDAL_LIBRARY_PATH and GEOS_LIBRARY_PATH")
    return str(found[-1])


def _database(url: str) -> dict[str, object]:
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.pop("host", parts.hostname or ""),
        "PORT": str(parts.port or ""),
        # runserver and the tests' server answer in ever new threads: kept connections would pile up to the limit.
        "CONN_MAX_AGE": 0 if TESTING or "runserver" in sys.argv else 600,
        "CONN_HEALTH_CHECKS": True,
        # Small statements dominate the web's work: planning for JIT and parallel workers costs more than it
        # gives (benchmarks/README.md). Reports that want parallel query set it for their own transaction.
        "TEST": {"NAME": os.environ.get("TEST_DATABASE", "test_dongne")},
        "OPTIONS": {"options": "-c jit=off -c max_parallel_workers_per_gather=0", **query},
    }


ENV = os.environ.get("DONGNE_ENV", "development")
PRODUCTION = ENV == "production"
TESTING = "pytest" in sys.modules
DEBUG = _flag("DEBUG", default=not PRODUCTION and not TESTING)

_DEVELOPMENT_KEY = "development-only-key-never-for-production"
SECRET_KEY = os.environ.get("SECRET_KEY", _DEVELOPMENT_KEY)
ALLOWED_HOSTS = _words("ALLOWED_HOSTS") or ([] if PRODUCTION else ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS = _words("CSRF_TRUSTED_ORIGINS")
# Keys of encrypted columns, the newest first (gis_core.encryption). They must outlive SECRET_KEY: see operations.md.
FIELD_KEYS = _words("FIELD_KEYS") or [_DEVELOPMENT_KEY]

if PRODUCTION:
    if SECRET_KEY == _DEVELOPMENT_KEY or len(SECRET_KEY) < 40:
        raise ImproperlyConfigured("production needs SECRET_KEY: a secret of its own, 40 characters or more")
    if DEBUG:
        raise ImproperlyConfigured("production refuses DEBUG")
    if FIELD_KEYS[0] == _DEVELOPMENT_KEY or any(len(key) < 40 for key in FIELD_KEYS):
        raise ImproperlyConfigured("production needs FIELD_KEYS: secrets of 40 characters or more, the newest first")
    if not ALLOWED_HOSTS:
        raise ImproperlyConfigured("production needs ALLOWED_HOSTS")

GDAL_LIBRARY_PATH = os.environ.get("GDAL_LIBRARY_PATH") or _wheel_library("pyogrio", "libgdal*.so*")
GEOS_LIBRARY_PATH = os.environ.get("GEOS_LIBRARY_PATH") or _wheel_library("shapely", "libgeos_c*.so*")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.gis",
    "leaflet",
    "rest_framework",
    "knox",
    "axes",
    "pgtrigger",
    "pghistory",
    "django_filters",
    "django_tables2",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "csp",
    "gis_core",
    "facilities",
    "vacanthouses",
    "disaster",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # The tests' own server has static files already.
    *([] if TESTING else ["whitenoise.middleware.WhiteNoiseMiddleware"]),
    "gis_core.middleware.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "gis_core.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "gis_core.middleware.HistoryMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "gis_core.urls"
WSGI_APPLICATION = "gis_core.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "gis_core.context_processors.shell",
            ],
        },
    }
]

_url = (
    os.environ.get("DATABASE_URL")
    or subprocess.run(
        [str(BASE_DIR / "script" / "db"), "url"], check=True, capture_output=True, text=True
    ).stdout.strip()
)
DATABASES = {"default": _database(_url)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_USER_MODEL = "gis_core.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "sign-in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign-in"
CSRF_FAILURE_VIEW = "gis_core.views.system.csrf_failed"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = 60 * 60 * 12
SESSION_COOKIE_HTTPONLY = True

AXES_FAILURE_LIMIT = int(os.environ.get("SIGN_IN_FAILURE_LIMIT", "5"))
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_CLIENT_IP_CALLABLE = "gis_core.middleware.client_address"
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "gis_core/locked_out.html"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = False

LANGUAGE_CODE = "ko"
LANGUAGES = [("ko", _("Korean")), ("en", _("English"))]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LOCALE_PATHS = [BASE_DIR / "gis_core" / "locale"]
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = Path(os.environ.get("STATIC_ROOT", BASE_DIR / "staticfiles"))
# Third-party assets of the npm lock file, laid out by script/bootstrap.
VENDOR_DIR = BASE_DIR / ".local" / "vendor"
STATICFILES_DIRS = [("vendor", VENDOR_DIR)]
# Outside production static files are served from where they are written, and a change is seen at once.
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = not PRODUCTION
MEDIA_ROOT = Path(os.environ.get("MEDIA_ROOT", BASE_DIR / ".local" / "media"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if PRODUCTION
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
UPLOAD_LIMIT_MB = int(os.environ.get("UPLOAD_LIMIT_MB", "50"))
# Phones that may be offline: the largest file they send, and the key of what they hand over as a file.
OFFLINE_FILE_LIMIT_MB = int(os.environ.get("OFFLINE_FILE_LIMIT_MB", "30"))
OFFLINE_KEY_FILE = Path(os.environ.get("OFFLINE_KEY_FILE", BASE_DIR / ".local" / "keys" / "offline.pem"))
# Mails (manage.py send_reminders): whether the office sends them, and where their links lead.
REMINDERS = _flag("REMINDERS", default=True)
SITE_URL = os.environ.get("SITE_URL", "").rstrip("/")
EMAIL_HOST = os.environ.get("EMAIL_HOST", "localhost")
EMAIL_PORT = int(os.environ.get("EMAIL_PORT", "25"))
EMAIL_HOST_USER = os.environ.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = os.environ.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = _flag("EMAIL_USE_TLS")
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = os.environ.get("EMAIL_FROM", "dongne@localhost")
if not PRODUCTION:
    EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
# Residents who take part (gis_core.participation): how a code reaches them, by channel, as the dotted path of
# send(contact, subject, text); and the key of their contacts' hashes, which must not change while a round lasts.
CONTACT_SENDERS = {
    "email": "" if PRODUCTION and "EMAIL_HOST" not in os.environ else "gis_core.participation.senders.mail",
    "phone": os.environ.get("PHONE_SENDER", "" if PRODUCTION else "gis_core.participation.senders.console"),
}
CONTACT_KEY = os.environ.get("CONTACT_KEY") or FIELD_KEYS[-1]
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "gis_core.api.authentication.BasicAuthentication",
        "knox.auth.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": [],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": [
        "gis_core.api.parsers.GeoJSONParser",
        "gis_core.api.parsers.PlainJSONParser",
        "gis_core.api.parsers.MergePatchParser",
    ],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "gis_core.api.negotiation.Negotiation",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"anon": os.environ.get("ANONYMOUS_RATE", "6000/hour")},
    "NUM_PROXIES": 1 if PRODUCTION else 0,
    "EXCEPTION_HANDLER": "gis_core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
REST_KNOX = {"TOKEN_TTL": None, "AUTH_HEADER_PREFIX": "Token"}

TASKS = {
    "default": {
        "BACKEND": "django_tasks.backends.immediate.ImmediateBackend" if TESTING else "django_tasks_db.DatabaseBackend"
    }
}

# Pages with a map add the hosts of the base maps in use (gis_core.csp).
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        # Leaflet and htmx position elements through the CSSOM, which CSP allows; no inline style attribute is needed.
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "connect-src": [SELF],
        "font-src": [SELF],
        "worker-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if PRODUCTION:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_SSL_REDIRECT = _flag("SECURE_SSL_REDIRECT", default=True)
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT
    SECURE_HSTS_SECONDS = 31_536_000 if SECURE_SSL_REDIRECT else 0

LEAFLET_CONFIG = {
    "DEFAULT_CENTER": (36.4, 127.8),
    "DEFAULT_ZOOM": 7,
    "MIN_ZOOM": 5,
    "MAX_ZOOM": 21,
    "TILES": [],
    "ATTRIBUTION_PREFIX": False,
    "RESET_VIEW": False,
    "NO_GLOBALS": True,
    "PLUGINS": {},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"gis_core": {"level": "INFO"}, "django.request": {"level": "ERROR"}},
}

# Reads change nothing, so they need no context of history.
PGHISTORY_MIDDLEWARE_METHODS = ("POST", "PUT", "PATCH", "DELETE")
