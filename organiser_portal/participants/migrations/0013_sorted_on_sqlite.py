from django.db import migrations, models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, LPad, NullIf

from organiser_portal.core.indexes import Constant, OnSQLite


class Migration(migrations.Migration):
    dependencies = [("participants", "0012_counted_by_index")]

    operations = [
        # The same indexes to the letter, so that no database need make them again.
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.RemoveIndex(model_name="entry", name="entry_in_bib_order"),
                migrations.RemoveIndex(model_name="entry", name="entry_in_wave_order"),
                migrations.RemoveIndex(model_name="entry", name="entry_in_partner_order"),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(
                        F("organisation"),
                        LPad(
                            Coalesce(NullIf("bib", Constant("")), "provider_bib"), Constant(40), Constant("0")
                        ),
                        F("id"),
                        condition=~Q(bib="", provider_bib=""),
                        name="entry_in_bib_order",
                    ),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(
                        F("organisation"),
                        Coalesce(NullIf("wave", Constant("")), "provider_wave"),
                        F("id"),
                        condition=~Q(provider_wave="", wave=""),
                        name="entry_in_wave_order",
                    ),
                ),
                migrations.AddIndex(
                    model_name="entry",
                    index=models.Index(
                        F("organisation"),
                        Coalesce(
                            NullIf("own_partner", Constant("")), NullIf("partner_group", Constant("")), "partner_name"
                        ),
                        F("id"),
                        condition=~Q(own_partner="", partner_group="", partner_name=""),
                        name="entry_in_partner_order",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="entry", index=OnSQLite(fields=["organisation", "id"], name="entry_by_arrival")
        ),
    ]
