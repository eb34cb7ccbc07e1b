"""What reading IMDF, IndoorGML, GeoJSON and IFC did and could not do, in the user's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentences = Mapping[str, str | Promise]

# What ``facilities.exchange.imdf.validate`` finds: %(file)s is a feature type, %(what)s a property, as IMDF calls them.
VALIDATION: Sentences = {
    "imdf.manifest": _("manifest.json: “%(what)s” is missing or wrong."),
    "imdf.missing": _("The archive lacks %(file)s, which every IMDF archive has."),
    "imdf.unknown_file": _("IMDF knows no file %(file)s."),
    "imdf.no_json": _("%(file)s.geojson cannot be read. %(what)s"),
    "imdf.no_feature": _("%(file)s: features that are none of this type: %(count)s"),
    "imdf.bad_id": _("%(file)s: ids that are no UUID of version 4: %(count)s"),
    "imdf.same_id": _("%(file)s: ids used twice: %(count)s"),
    "imdf.geometry_type": _("%(file)s: shapes of a wrong type (%(what)s): %(count)s"),
    "imdf.no_property": _("%(file)s: “%(what)s” is missing: %(count)s"),
    "imdf.bad_property": _("%(file)s: “%(what)s” is not as IMDF has it: %(count)s"),
    "imdf.count": _("%(file)s: there are too few or too many."),
    "imdf.bad_shape": _("%(file)s: shapes that cross themselves, or are not in degrees: %(count)s"),
    "imdf.winding": _("%(file)s: rings that turn the wrong way round: %(count)s"),
    "imdf.spot_outside": _("%(file)s: points for the name that lie outside the shape: %(count)s"),
    "imdf.outside_level": _("%(file)s: shapes that reach beyond their level: %(count)s"),
    "imdf.level_outside_venue": _("Levels that reach beyond the venue: %(count)s"),
    "imdf.units_overlap": _("Rooms that overlap: %(count)s"),
    "imdf.opening_off_wall": _("Openings that lie on no room's edge: %(count)s"),
    "imdf.anchor_outside": _("Anchors that lie outside their room: %(count)s"),
}

FINDINGS: Sentences = {
    "elsewhere": _("The file's building stands %(km)s km from this one."),
    "outside_korea": _("The building in the file is not in Korea; its plan was read, its place was not."),
    "guessed_shaft": _("Stairs and lifts above one another were taken for one shaft: %(count)s"),
    "found_entrance": _("Openings that lead outside were taken for entrances: %(count)s"),
    "imdf.other_version": _("The archive is of IMDF version %(version)s; it was read as 1.0.0."),
    "imdf.levels_merged": _("Several levels of one storey (ordinal %(ordinal)s) became one: %(count)s"),
    "imdf.named_by_occupant": _("Rooms are called by who is in them: %(count)s"),
    "imdf.file_missing": _("The archive lacks %(file)s."),
    "geojson.local_metres": _("The coordinates were taken for metres of the building."),
    "geojson.axes_swapped": _("Latitude stood before longitude in the file; it was read the right way round."),
    "geojson.read_as": _("The property %(what)s was read as %(role)s."),
    "indoorgml.srs_ignored": _("The file names the reference system %(srs)s, but its coordinates are not in it."),
    "indoorgml.axes_swapped": _("In the file x and y stand the other way round than %(srs)s says."),
    "indoorgml.no_srs": _("The file names no reference system; its coordinates were taken as they are."),
    "indoorgml.door_cells": _("Cells that are doors became openings: %(count)s"),
    "indoorgml.unit_unclear": _(
        "A storey would be %(height)s high in the file's unit. If that is wrong, read the file again with a unit of "
        "%(suggested)s m."
    ),
    "indoorgml.walls": _("Boundaries without a way through were left out: %(count)s"),
    **VALIDATION,
}
REFUSALS: Sentences = {
    "elsewhere": _("The building in the file stands %(km)s km from this one. It belongs to another building."),
    "archive.locked": _("The archive is locked with a password."),
    "archive.escapes": _("The archive holds a path that leads out of it (%(name)s); it is not opened."),
    "archive.bomb": _("The archive unpacks to far more than it should (%(name)s); it is not opened."),
    "imdf.file_missing": _("The archive lacks %(file)s."),
    "imdf.choose_building": _("The archive holds several buildings. Choose one."),
    "ifc.choose_building": _("The model holds several buildings. Choose one."),
    "ifc.no_spaces": _("The model has storeys but no rooms (IfcSpace): they were not modelled."),
    "ifc_not_installed": _("IFC models are not read at this site: the administrator has to install %(package)s."),
    "geojson.which_crs": _("The file does not say in which reference system it is. Choose one."),
    "indoorgml.unsafe": _("The XML declares entities or a document type, which is not safe to read."),
}
ROLES: Mapping[str, str | Promise] = {
    "name": _("name"),
    "category": _("category"),
    "level": _("level"),
    "number": _("room number"),
}
