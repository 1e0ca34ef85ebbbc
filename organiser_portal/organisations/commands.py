"""What commands are told of an organisation."""

from django.core.management.base import CommandError

from organiser_portal.organisations.models import Organisation


def organisation_named(slug: str) -> Organisation:
    """Raises CommandError."""
    try:
        return Organisation.objects.get(slug=slug)
    except Organisation.DoesNotExist:
        raise CommandError(f"There is no organisation {slug!r}.") from None
