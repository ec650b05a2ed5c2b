from django.db import migrations

from hangshi.access.guard import Guard, KeepHistory, PlaceOnly


class Migration(migrations.Migration):
    dependencies = [("flagpay", "0001_initial"), ("access", "0004_policies")]
    operations = [Guard("pay_sheet"), PlaceOnly("pay_sheet"), KeepHistory("pay_sheet")]
