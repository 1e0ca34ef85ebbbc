"""How runs and changes on their way are listed: newest first, in columns of one's choice."""

from organiser_portal.core.columns import Column
from organiser_portal.core.tables import Table

RUNS = Table(
    sort="-began",
    columns=(
        Column(key="what", heading="What", locked=True),
        Column(key="began", heading="Began", sort="id", default=True),
        Column(key="ended", heading="How it ended", phone=True, default=True),
        Column(key="seen", heading="Seen", numeric=True, phone=True, default=True),
        Column(key="counts", heading="Of these", default=True),
        Column(key="new", heading="New", numeric=True),
        Column(key="changed", heading="Changed", numeric=True),
        Column(key="gone", heading="Gone", numeric=True),
        Column(key="rejected", heading="Refused by us", numeric=True),
        Column(key="promised", heading="Promised", numeric=True),
        Column(key="pages", heading="Pages", numeric=True, default=True),
        Column(key="requests", heading="Requests", numeric=True),
        Column(key="took", heading="Took", numeric=True, default=True),
    ),
)

CHANGES = Table(
    sort="-saved",
    columns=(
        Column(key="entry", heading="Entry", locked=True),
        Column(key="change", heading="Change", default=True),
        Column(key="state", heading="State", phone=True, default=True),
        Column(key="saved", heading="Saved", sort="id", default=True),
        Column(key="by", heading="By", default=True),
        Column(key="tries", heading="Tries", numeric=True),
        Column(key="reference", heading="Reference"),
    ),
)
