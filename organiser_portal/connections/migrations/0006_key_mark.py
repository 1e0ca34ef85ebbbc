from django.db import migrations, models

from organiser_portal.connections.models.connection import key_mark
from organiser_portal.core.encryption import CannotDecrypt, decrypt


def mark_the_keys_there_are(apps, schema_editor):
    connections = apps.get_model("connections", "Connection").objects
    for pk, provider, sealed in connections.exclude(sealed_credentials=b"").values_list(
        "pk", "provider", "sealed_credentials"
    ):
        try:
            connections.filter(pk=pk).update(key_mark=key_mark(provider, decrypt(bytes(sealed))))
        except CannotDecrypt:
            continue  # it cannot be used either, until it is entered again


class Migration(migrations.Migration):
    dependencies = [("connections", "0005_key_turns")]

    operations = [
        migrations.AddField(
            model_name="connection",
            name="key_mark",
            field=models.CharField(blank=True, db_index=True, editable=False, max_length=32),
        ),
        migrations.RunPython(mark_the_keys_there_are, migrations.RunPython.noop),
    ]
