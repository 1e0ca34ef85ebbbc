from django.db import migrations

from organiser_portal.core.guards import Guarded


class Migration(migrations.Migration):
    dependencies = [("admissions", "0001_initial")]

    operations = [Guarded("admission", ["organisation", "connection", "event_listing", "listing"])]
