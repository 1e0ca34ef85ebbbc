"""The style sheets, scripts and icons of the pages."""

from collections.abc import Iterator
from datetime import datetime

from django.contrib.staticfiles.storage import staticfiles_storage

from organiser_portal.operations.checks.finding import Finding, bad, good

NAME = "static files"


def are_collected(_: datetime) -> Iterator[Finding]:
    """A page that cannot find out what its style sheet is called is not shown at all."""
    listed = getattr(staticfiles_storage, "read_manifest", None)
    if listed is not None and listed() is None:
        yield bad(NAME, "They are not collected, so no page can be shown. Run manage.py collectstatic --noinput.")
    else:
        yield good(NAME, "Collected.")
