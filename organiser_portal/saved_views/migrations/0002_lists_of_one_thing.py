from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("saved_views", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="savedview", name="listing", field=models.CharField(max_length=40)
        ),
        migrations.AlterField(
            model_name="usualview", name="listing", field=models.CharField(max_length=40)
        ),
    ]
