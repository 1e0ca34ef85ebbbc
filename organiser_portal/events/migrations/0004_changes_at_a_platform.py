"""What was changed about events at their platforms, by whom."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('connections', '0004_contract_watch'),
        ('events', '0003_facts_of_an_event'),
        ('organisations', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='EventAction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('verb', models.CharField(max_length=30)),
                ('subject', models.CharField(blank=True, max_length=120)),
                ('key', models.CharField(max_length=32)),
                ('state', models.CharField(choices=[('sending', 'Under way'), ('done', 'Done'), ('refused', 'Refused'), ('failed', 'Not done'), ('unknown', 'Not known')], default='sending', max_length=10)),
                ('sentence', models.CharField(blank=True, max_length=500)),
                ('at', models.DateTimeField()),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('connection', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='connections.connection')),
                ('event_listing', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='actions', to='events.eventlisting')),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='organisations.organisation')),
            ],
            options={
                'ordering': ['-at', '-id'],
                'abstract': False,
                'indexes': [models.Index(fields=['event_listing', '-at'], name='event_action_newest_first')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state', 'sending')), fields=('connection', 'key'), name='same_event_action_once')],
            },
        ),
    ]
