"""Where an organisation's rows come from, as a list offers it to be chosen."""

from organiser_portal.connections.gateway import face
from organiser_portal.connections.models import Connection
from organiser_portal.organisations.models import Organisation


def providers_of(organisation: Organisation) -> list[tuple[str, str]]:
    """Key and label of each provider that there is a connection to."""
    keys = Connection.objects.of(organisation).order_by("provider").values_list("provider", flat=True).distinct()
    return [(key, face(key).label) for key in keys]
