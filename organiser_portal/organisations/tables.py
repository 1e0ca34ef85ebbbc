"""How the audit trail is listed: newest first, in columns of one's choice."""

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table

AUDIT = Table(
    sort="-when",
    columns=(
        Column(key="what", heading="What", locked=True),
        Column(key="kind", heading="Kind", default=True),
        Column(key="who", heading="By"),
        Column(key="when", heading="When", sort="id", phone=True, default=True),
    ),
)
