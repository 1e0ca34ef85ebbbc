"""The portal as a WSGI application."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organiser_portal.settings")

FAILED_TO_BOOT = 3  # gunicorn starts no other worker after this one

try:
    application = get_wsgi_application()
except ImproperlyConfigured as fault:
    sys.stderr.write(f"{fault}\n")
    sys.exit(FAILED_TO_BOOT)
