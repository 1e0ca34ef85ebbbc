from django.db import migrations

from organiser_portal.core.guards import Guarded


class Migration(migrations.Migration):
    dependencies = [("connections", "0008_payload_dictionary")]

    operations = [Guarded("sourcepayload", ["connection"])]
