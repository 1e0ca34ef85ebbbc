"""Which reader a kind has. By itself, so that it can be sent to another process: no key and no wire comes with it."""

from providers.decoded import Decoded
from providers.errors import BadRecord
from providers.letsdothis import mapping, partners
from providers.letsdothis.people import Ways
from providers.letsdothis.promises import LABEL
from providers.port import Received
from providers.records import Kind


def decode(item: Received, *, ways: Ways, price_unit: str) -> Decoded:
    """Raises BadRecord."""
    match item.kind:
        case Kind.ENTRY:
            return mapping.entry(item.external_id, item.payload, ways, price_unit)
        case Kind.APPLICATION:
            return mapping.application(item.external_id, item.payload, ways)
        case Kind.TICKET_TYPE:
            return mapping.ticket(item.external_id, item.payload, price_unit)
        case Kind.PARTNER:
            return partners.partner(item.external_id, item.payload)
        case Kind.RESERVED_GROUP:
            return partners.group(item.external_id, item.payload)
        case _:
            raise BadRecord(f"{LABEL} sends no {item.kind.value}")
