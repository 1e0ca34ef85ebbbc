from django.db import migrations

from organiser_portal.core.guards import Guarded


class Migration(migrations.Migration):
    dependencies = [("participants", "0014_names_as_typed")]

    operations = [
        Guarded("entry", ["organisation", "connection", "race", "listing", "ticket_type", "created_by"]),
        Guarded("application", ["organisation", "connection", "race", "listing"]),
    ]
