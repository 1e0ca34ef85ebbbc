"""What the room of entries asks of this one: who of a kind brings entrants."""

from django.db.models import Q

from organiser_portal.events.bringers import Bringers, answer
from organiser_portal.organisations.models import Organisation
from organiser_portal.partners.models import Partner


@answer
def partners_of_kind(organisation: Organisation, kind: str) -> Bringers:
    partners = Partner.objects.of(organisation).filter(kind=kind)
    return Bringers(names=partners.exclude(name="").values("name"), brought=Q(tie__partner__in=partners))
