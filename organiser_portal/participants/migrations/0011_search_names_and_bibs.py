"""Fragments are looked for in names, e-mails and bibs alone: references are full of "ada" and "bea".

The text of rows that are held is written anew, a thousand at a time, each thousand by itself.
"""

from django.db import migrations

from organiser_portal.participants.folding import search_text

AT_ONCE = 1_000
READ = {
    "Entry": ("first_name", "last_name", "email", "bib", "provider_bib"),
    "Application": ("first_name", "last_name", "email"),
}


def write_anew(apps, schema_editor):
    alias = schema_editor.connection.alias
    for name, fields in READ.items():
        model = apps.get_model("participants", name)
        last = 0
        while rows := list(
            model.objects.using(alias).filter(pk__gt=last).order_by("pk").only("search_text", *fields)[:AT_ONCE]
        ):
            changed = [row for row in rows if _renew(row, fields)]
            model.objects.using(alias).bulk_update(changed, ["search_text"], batch_size=AT_ONCE)
            last = rows[-1].pk


def _renew(row, fields):
    """Whether it read otherwise."""
    was, row.search_text = row.search_text, search_text(*(getattr(row, field) for field in fields))
    return row.search_text != was


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("participants", "0010_search_and_sort_indexes")]

    operations = [migrations.RunPython(write_anew, migrations.RunPython.noop, elidable=True)]
