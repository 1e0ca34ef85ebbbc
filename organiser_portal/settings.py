"""Settings of the portal. Everything that differs between machines comes from the environment or `.env`.

Safe when forgotten: DEBUG is off, cookies are secure, only known provider hosts are called, and the
portal refuses to start without its keys. `.env.example` lists every variable.
"""

from pathlib import Path

from django.utils.csp import CSP
from kombu import Queue

from organiser_portal.core.environment import Environment
from organiser_portal.sync.lanes import Lane

BASE_DIR = Path(__file__).resolve().parent.parent

env = Environment()
env.read_file(BASE_DIR / ".env")

DEBUG = env.flag("DEBUG", default=False)
DEFAULT_EXCEPTION_REPORTER_FILTER = "organiser_portal.core.discretion.AlwaysDiscreet"
SECRET_KEY = env.required("SECRET_KEY")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
PORTAL_URL = env.str("PORTAL_URL", default="http://127.0.0.1:8000")

# Fernet keys for credentials at rest, newest first. The first encrypts, all decrypt.
CREDENTIAL_KEYS = env.list("CREDENTIAL_KEYS")
# The sandbox stands for the providers on this machine; only then may a base URL be a private address.
PROVIDER_SANDBOX = env.flag("PROVIDER_SANDBOX", default=False)

INSTALLED_APPS = [
    "organiser_portal.core",
    "organiser_portal.organisations",
    "organiser_portal.saved_views",
    "organiser_portal.connections",
    "organiser_portal.events",
    "organiser_portal.participants",
    "organiser_portal.partners",
    "organiser_portal.admissions",
    "organiser_portal.sync",
    "organiser_portal.operations",
    "organiser_portal.console",
    "organiser_portal.core.administration.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django_filters",
    "django_htmx",
]

MIDDLEWARE = [
    "organiser_portal.operations.probes.Probes",  # before anything that asks who, where from, or the database
    "organiser_portal.core.request_ids.RequestIds",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "organiser_portal.core.private.Private",
    "django.middleware.gzip.GZipMiddleware",  # docs/security.md says why that is safe here
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "organiser_portal.core.nul.WithoutNul",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "organiser_portal.organisations.signed_in.LastSeen",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "organiser_portal.urls"
WSGI_APPLICATION = "organiser_portal.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "organiser_portal.organisations.access.tenant",
            ],
        },
    },
]

IN_VAR = f"sqlite:///{BASE_DIR / 'var' / 'portal.sqlite3'}"
DATABASES = {"default": env.database("DATABASE_URL", default=IN_VAR)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # Writers queue from the start instead of failing when a read turns into a write.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-32000;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
    # Seconds for a server that takes the call and says nothing.
    DATABASES["default"]["OPTIONS"] = {"connect_timeout": 3} | DATABASES["default"].get("OPTIONS", {})
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {
    "default": {"BACKEND": "organiser_portal.core.steady_cache.SteadyCache"},
    # Many entries: by Django's 300, guesses at many accounts would soon push out what was counted of one.
    "shared": env.cache_address("CACHE_URL", default="locmemcache://portal?max_entries=10000"),
    # What a process may remember for itself: asked on every page, so neither a network nor a fault of it is in the way.
    "process": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "process",
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    },
}

AUTH_USER_MODEL = "organisations.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "organisations:choose"
ACCOUNT_ADAPTER = "organiser_portal.organisations.accounts.AccountAdapter"
ACCOUNT_FORMS = {"reset_password": "organiser_portal.organisations.accounts.ForgottenForm"}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # an account is made from an invitation that reached its mailbox
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
    "invitation_link": "20/m/ip",  # each leaves a session behind
    "invitation": "20/m/ip",  # opening the door that an invitation is
    "invite": "60/h/user",  # so that nobody posts mail through us
}
ALLAUTH_TRUSTED_PROXY_COUNT = env.number("TRUSTED_PROXIES", default=0)
USERSESSIONS_TRACK_ACTIVITY = True

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("STATIC_ROOT", default=str(BASE_DIR / "var" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

_mail = env.mail_address("EMAIL_URL", default="consolemail://")
MAILERS = {
    "default": {
        "BACKEND": _mail["EMAIL_BACKEND"],
        "OPTIONS": {
            option: _mail[name]
            for option, name in {
                "host": "EMAIL_HOST",
                "port": "EMAIL_PORT",
                "username": "EMAIL_HOST_USER",
                "password": "EMAIL_HOST_PASSWORD",
                "use_tls": "EMAIL_USE_TLS",
                "use_ssl": "EMAIL_USE_SSL",
            }.items()
            if _mail.get(name)
        }
        | ({"timeout": 20} if _mail.get("EMAIL_HOST") else {}),  # seconds
    }
}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Organiser Portal <portal@localhost>")

INSECURE_HTTP = env.flag("INSECURE_HTTP", default=DEBUG)  # the demo runs on plain http
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not INSECURE_HTTP
SESSION_COOKIE_HTTPONLY = True
SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=not INSECURE_HTTP)
SECURE_HSTS_SECONDS = 0 if INSECURE_HTTP else env.number("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not INSECURE_HTTP
SECURE_REFERRER_POLICY = "same-origin"
if env.flag("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
    "manifest-src": [CSP.SELF],
}

CELERY_BROKER_URL = env.broker_address("CELERY_BROKER_URL", default="memory://localhost//")
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_DEFAULT_QUEUE = Lane.CLOCK
# Of RabbitMQ alone: "quorum" keeps what waits on several of its nodes. Celery finds out by itself what that needs.
BROKER_QUEUES = env.one_of({"classic", "quorum"}, "BROKER_QUEUES", default="classic")
CELERY_TASK_QUEUES = [  # a worker without -Q listens to all of them
    Queue(lane, routing_key=lane, queue_arguments={"x-queue-type": "quorum"} if BROKER_QUEUES == "quorum" else None)
    for lane in Lane
]
# What staff begin takes minutes: behind it the minute's hand-out would wait.
CELERY_TASK_ROUTES = {"organiser_portal.participants.tasks.run_*": {"queue": Lane.SYNC.value}}
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 1_800
CELERY_TASK_SOFT_TIME_LIMIT = 1_740
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_CONNECTION_MAX_RETRIES = None  # for ever; after Celery's hundred, 47 minutes, a worker ends
# Whoever saves an edit does not wait for a broker that is away: the next minute hands it out.
SOON_GIVEN_UP = {
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0.1,
    "interval_max": 0.2,
    "socket_timeout": 2,
    "socket_connect_timeout": 2,  # seconds, of Redis
    "read_timeout": 2,
    "write_timeout": 2,  # of RabbitMQ
}
CELERY_BROKER_CONNECTION_TIMEOUT = 2
if CELERY_BROKER_URL.startswith("memory:"):
    CELERY_BROKER_TRANSPORT_OPTIONS = {"polling_interval": 0.1}  # seconds until an idle thread sees an edit
else:
    CELERY_BROKER_TRANSPORT_OPTIONS = SOON_GIVEN_UP
# Seconds. While no worker is there ticks pile up, and when one is back the newest does what is to be done.
TICK = {"options": {"expires": 300}}
CELERY_BEAT_SCHEDULE = {
    "dispatch-due": {"task": "organiser_portal.sync.tasks.dispatch_due", "schedule": 60.0, **TICK},
    "watch": {"task": "organiser_portal.operations.tasks.watch", "schedule": 60.0, **TICK},
    "resume-batches": {"task": "organiser_portal.participants.tasks.resume_batches", "schedule": 60.0, **TICK},
    "forget-imports": {"task": "organiser_portal.participants.tasks.forget_imports", "schedule": 3_600.0, **TICK},
}

# For whoever collects the figures: GET /metrics with "Authorization: Bearer TOKEN". Empty: there is no such page.
METRICS_TOKEN = env.str("METRICS_TOKEN", default="")

LOG_FORMAT = env.one_of({"plain", "json"}, "LOG_FORMAT", default="plain")
LOG_LEVEL = env.one_of({"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}, "LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"ids": {"()": "organiser_portal.core.logs.WithIds"}},
    "formatters": {
        "plain": {
            "()": "organiser_portal.core.logs.Lines",
            "fmt": "{asctime} {levelname} {name} {message}",
            "style": "{",
        },
        "json": {"()": "organiser_portal.core.logs.JsonLines"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["ids"]}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    # httpx logs whole addresses, and addresses can carry references.
    "loggers": {
        "httpx": {"level": "WARNING"},
        "httpcore": {"level": "WARNING"},
        # Django's own would go to a handler of its own, or to the administrators by mail.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
    },
}
