"""What a provider says of an event beside its races, and whether the public can see it yet."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("events", "0002_initial")]

    operations = [
        migrations.AddField("eventlisting", "draft", models.BooleanField(default=False)),
        migrations.AddField("eventlisting", "facts", models.JSONField(blank=True, default=list)),
    ]
