"""Conflicts that are open already get their rows, so that the list shows them."""

from django.db import migrations

from organiser_portal.participants.patterns import pattern

CHUNK = 1_000


def find(apps, schema_editor):
    Conflict = apps.get_model("participants", "Conflict")
    entries = apps.get_model("participants", "Entry").objects.exclude(conflicts={})
    rows = (
        Conflict(
            organisation_id=organisation_id,
            entry_id=entry_id,
            field=name,
            differs=pattern(held["ours"], held["theirs"]).value,
        )
        for entry_id, organisation_id, conflicts in entries.values_list("id", "organisation_id", "conflicts").iterator()
        for name, held in conflicts.items()
    )
    Conflict.objects.bulk_create(rows, batch_size=CHUNK)


class Migration(migrations.Migration):
    dependencies = [("participants", "0003_conflicts")]

    operations = [migrations.RunPython(find, migrations.RunPython.noop)]
