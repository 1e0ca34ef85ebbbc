#!/usr/bin/env python
"""Django's command line for the portal."""

import json
import os
import sys

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "organiser_portal.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        if "--json" in sys.argv:
            sys.stdout.write(json.dumps({"ok": False, "error": str(fault)}) + "\n")
        sys.exit(str(fault))
