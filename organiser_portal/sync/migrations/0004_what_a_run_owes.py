from django.db import migrations, models

# As the engine wrote them until now, and told the two by them.
SENTENCES = {
    "rest": "Stopped so that others get their turn, and goes on from here.",
    "gone": "Everything was read, but not in one go, so what is gone is looked for by the next whole walk.",
}


def read_off_the_sentence(apps, schema_editor):
    runs = apps.get_model("sync", "SyncRun").objects.filter(outcome="short")
    for owed, sentence in SENTENCES.items():
        runs.filter(error_sentence=sentence).update(owes=owed)


class Migration(migrations.Migration):
    dependencies = [("sync", "0003_remembered_pages")]

    operations = [
        migrations.AddField(
            model_name="syncrun",
            name="owes",
            field=models.CharField(
                blank=True,
                choices=[("rest", "The rest of the pages"), ("gone", "To look for what is gone")],
                max_length=10,
            ),
        ),
        migrations.RunPython(read_off_the_sentence, migrations.RunPython.noop),
    ]
