"""The portal's settings with what a test run needs: throw-away keys, quick hashing, mail kept in memory."""

import os

os.environ.setdefault("SECRET_KEY", "tests-only")
os.environ.setdefault("CREDENTIAL_KEYS", "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=")
os.environ["INSECURE_HTTP"] = "on"
os.environ["DEBUG"] = "off"
os.environ["PROVIDER_SANDBOX"] = "on"
os.environ["CELERY_BROKER_URL"] = "memory://localhost//"
os.environ["DATABASE_URL"] = os.environ.get("SUITE_DATABASE_URL", "sqlite:///var/test.sqlite3")

from organiser_portal.settings import *  # noqa: F403 - settings are inherited this way

if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405 - inherited
    # A test outlives no crash of the server, and no statement of a test is worth compiling.
    DATABASES["default"]["OPTIONS"]["options"] = "-c synchronous_commit=off -c jit=off"  # noqa: F405 - inherited
# Looks through every static file whenever a test opens a browser of its own.
MIDDLEWARE = [name for name in MIDDLEWARE if not name.startswith("whitenoise.")]  # noqa: F405 - inherited
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
