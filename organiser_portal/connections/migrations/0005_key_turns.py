from django.db import migrations, models


def forget_after_a_crash(apps, schema_editor):
    """What is not worth a write-ahead log costs no flush: a turn is worth a second."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE connections_keyturn SET UNLOGGED")


class Migration(migrations.Migration):
    dependencies = [("connections", "0004_contract_watch")]

    operations = [
        migrations.CreateModel(
            name="KeyTurn",
            fields=[
                ("key", models.CharField(max_length=32, primary_key=True, serialize=False)),
                ("free_at", models.DateTimeField()),
                ("quiet_until", models.DateTimeField(null=True)),
            ],
        ),
        migrations.RunPython(forget_after_a_crash, migrations.RunPython.noop),
    ]
