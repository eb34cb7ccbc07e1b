"""What the database keeps about layers themselves: their changes and their counts per map cell."""

from django.db import models


class LayerChange(models.Model):
    """One writing statement on a record table (see ``record.note_change``)."""

    id: int
    table_name = models.CharField(max_length=63)

    class Meta:
        indexes = [models.Index(fields=["table_name", "id"], name="layerchange_table")]

    def __str__(self) -> str:
        return f"{self.table_name} {self.id}"


class CellCount(models.Model):
    """How many records of a layer lie in a map cell: signed entries that are summed when read.

    Writers only insert, so they never wait for one another; ``layers.counts.compact`` adds the entries up.
    ``zoom``, ``x``, ``y`` are a Web Mercator cell; ``sum_x``, ``sum_y`` the summed EPSG:3857 coordinates.
    """

    layer = models.CharField(max_length=40)
    zoom = models.SmallIntegerField()
    x = models.IntegerField()
    y = models.IntegerField()
    area_id = models.BigIntegerField(null=True)
    category = models.CharField(max_length=40)
    count = models.IntegerField()
    sum_x = models.FloatField()
    sum_y = models.FloatField()

    class Meta:
        indexes = [models.Index(fields=["layer", "zoom", "x", "y"], name="cellcount_cell")]

    def __str__(self) -> str:
        return f"{self.layer} {self.zoom}/{self.x}/{self.y}: {self.count}"


class Submission(models.Model):
    """A form that made a record, by the token it carried: sent twice, it makes one record."""

    token = models.UUIDField(primary_key=True)
    user = models.ForeignKey("gis_core.User", models.CASCADE, related_name="+")
    layer = models.CharField(max_length=40)
    record_id = models.BigIntegerField(null=True)
    at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.token)
