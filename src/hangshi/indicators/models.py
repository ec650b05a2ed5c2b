"""Kept figures: monthly cells of the two big facts, what has changed since they were folded, and incomes in pairs."""

from django.db import models

from hangshi.registry.models import Path, Unit


class Cell(models.Model):
    """What a definition counted in a month: `own` in the unit itself, `total` in the unit and all below it."""

    version = models.CharField("定义版本", max_length=16, db_collation="C")
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="+", db_index=False)
    path = Path("路径")
    month = models.DateField("月份")
    own = models.DecimalField(max_digits=30, decimal_places=2)
    total = models.DecimalField(max_digits=30, decimal_places=2)

    class Meta:
        db_table = "indicator_cell"
        constraints = [models.UniqueConstraint(fields=["version", "unit", "month"], name="indicator_cell_once")]


class Dirty(models.Model):
    """The rows of a fact changed in this unit and month. Append-only but for the fold, so writers never wait for each other."""

    fact = models.CharField(max_length=20, db_collation="C")
    unit_id = models.BigIntegerField()
    path = Path("路径")
    month = models.DateField()

    class Meta:
        db_table = "indicator_dirty"
        indexes = [models.Index(fields=["fact", "path"], name="indicator_dirty_fact_path")]


class Built(models.Model):
    """Cells of this definition version exist for all months. A unit that moves empties this table; the next fold builds anew."""

    version = models.CharField(max_length=16, primary_key=True, db_collation="C")
    fact = models.CharField(max_length=20)

    class Meta:
        db_table = "indicator_built"


class Income(models.Model):
    """An income of a household beside the one of the year before, paired by trigger when either is written or reversed.

    Ids without foreign keys: the trigger on `entry` alone writes here, and the row goes with its entry.
    """

    entry_id = models.BigIntegerField(primary_key=True)
    unit_id = models.BigIntegerField()
    path = Path("路径")
    household_id = models.BigIntegerField()
    year = models.IntegerField()
    income = models.DecimalField(max_digits=18, decimal_places=2)
    before = models.DecimalField(max_digits=18, decimal_places=2, null=True)
    persons = models.IntegerField()
    rose = models.BooleanField()
    day = models.DateField()

    class Meta:
        db_table = "indicator_income"
        indexes = [
            models.Index(
                fields=["path", "day"], include=["household_id", "persons", "rose"], name="indicator_income_below"
            ),
            models.Index(fields=["household_id", "year"], name="indicator_income_household"),
        ]
