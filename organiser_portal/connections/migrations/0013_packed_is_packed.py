from django.db import migrations


def do_not_pack_again(apps, schema_editor):
    """PostgreSQL would try to make each bundle smaller, in vain: a third of what it takes to store one."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE connections_payloadbundle ALTER COLUMN data SET STORAGE EXTERNAL")


class Migration(migrations.Migration):
    dependencies = [("connections", "0012_payload_bundle")]

    operations = [migrations.RunPython(do_not_pack_again, migrations.RunPython.noop)]
