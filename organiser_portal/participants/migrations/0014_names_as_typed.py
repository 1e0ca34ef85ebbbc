"""Names are found whichever apostrophe or dash they are written with.

What search and sorting work on is written anew for the rows that have such a sign, a thousand at a time.
"""

from functools import reduce
from operator import or_

from django.db import migrations
from django.db.models import Q

from organiser_portal.participants.folding import APOSTROPHES, DASHES, UNSEEN, search_text, sort_name

AT_ONCE = 1_000
READ = {
    "Entry": ("first_name", "last_name", "email", "bib", "provider_bib"),
    "Application": ("first_name", "last_name", "email"),
}
SIGNS = [*APOSTROPHES, *DASHES, *UNSEEN]
NAMES_WITH_ONE = reduce(or_, (Q(**{f"{name}__contains": sign}) for name in ("first_name", "last_name") for sign in SIGNS))


def write_anew(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name, fields in READ.items():
        model = apps.get_model("participants", name)
        found, last = model.objects.using(alias).filter(NAMES_WITH_ONE).order_by("pk").only(*fields), 0
        while rows := list(found.filter(pk__gt=last)[:AT_ONCE]):
            for row in rows:
                row.sort_name = sort_name(row.first_name, row.last_name)
                row.search_text = search_text(*(getattr(row, field) for field in fields))
            model.objects.using(alias).bulk_update(rows, ["sort_name", "search_text"], batch_size=AT_ONCE)
            last = rows[-1].pk


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("participants", "0013_sorted_on_sqlite")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop, elidable=True)]
