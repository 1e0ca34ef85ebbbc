from django.db import migrations

from organiser_portal.core.guards import Guarded


class Migration(migrations.Migration):
    dependencies = [("partners", "0002_exact_money")]

    operations = [Guarded("conversion", ["organisation", "connection", "campaign", "partner"])]
