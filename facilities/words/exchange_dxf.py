"""What reading a DXF did and could not do, in the user's language."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Sentences = Mapping[str, str | Promise]

FINDINGS: Sentences = {
    "dxf.size": _("In %(unit_name)s the plan is %(width_m)s m wide and %(height_m)s m deep. Check that this is right."),
    "dxf.mended": _("The file was damaged. Repaired: %(count)s (the first: %(first)s)"),
    "dxf.errors": _("The file has errors that could not be repaired: %(count)s (the first: %(first)s)"),
    "dxf.hidden": _("Left out because their layers are off or frozen: %(entities)s entities"),
    "dxf.too_deep": _("Blocks nested too deeply were left out: %(count)s"),
    "dxf.joined": _("Lines that stop short were led on to the next line: %(count)s"),
    "dxf.loose": _("Lines that enclose nothing: %(lines)s, %(length_m)s m in all. Is a wall open there?"),
    "dxf.walls": _("Taken for walls because they are thin: %(faces)s faces, %(area_m2)s m² in all"),
    "dxf.cupboard": _("Taken for walls, but as large as a cupboard: %(count)s. Draw them if they are rooms."),
    "dxf.face_in_room": _("Faces between walls that lie in a room drawn as a shape were left out: %(count)s"),
    "dxf.closed_ring": _("Shapes that were not closed were closed: %(count)s"),
    "dxf.nested": _("Rooms drawn inside others were cut out of them: %(count)s"),
    "dxf.overlap": _("Rooms were drawn over each other; the larger one gave way: %(count)s"),
    "dxf.outline_taken": _("A shape around the rooms was taken for the outline of the level: %(count)s"),
    "dxf.tiny": _("Too small for a room and left out: %(count)s"),
    "dxf.several_names": _("%(name)s: the drawing has further names there (%(others)s). Is a wall missing?"),
    "dxf.text_outside": _("Names that stand in no room: %(count)s"),
    "dxf.doors": _("Doors read from their swings or blocks: %(count)s"),
    "dxf.unsure_door": _("Doors of which the drawing does not show where they close: %(count)s. Check their place."),
    "dxf.sliding_door": _("Openings between rooms with lines in them were taken for sliding doors: %(count)s"),
    "dxf.gap": _("Openings between wall ends without a door became gaps: %(count)s"),
    "dxf.window": _("Openings to the outside with lines in them were taken for windows and left out: %(count)s"),
    "dxf.entrance": _("Doors that lead outside were marked as entrances: %(count)s"),
    "dxf.three_rooms": _("Openings that touch more than two rooms: %(count)s"),
    "dxf.added": _("Rooms drawn by hand in our export: %(count)s"),
    "dxf.not_ours": _("Other things drawn by hand in our export were left out: %(shapes)s"),
}
REFUSALS: Sentences = {
    "dxf.dwg": _("This is a DWG drawing (%(version)s). Save it as DXF in your CAD program and upload that."),
    "dxf.too_wide": _(
        "In this unit the drawing would be %(width_m)s m by %(height_m)s m, which no building is. Choose another unit, "
        "or only the layers of this building."
    ),
    "dxf.no_face": _(
        "The %(lines)s lines of the chosen layers enclose no room. Choose the wall layers, a wider doorway, or another "
        "unit."
    ),
}
UNITS: Mapping[str, str | Promise] = {
    "mm": _("millimetres"),
    "cm": _("centimetres"),
    "m": _("metres"),
    "in": _("inches"),
    "ft": _("feet"),
}
ROLES: Mapping[str, str | Promise] = {
    "ignore": _("Leave out"),
    "rooms": _("Rooms as closed shapes"),
    "walls": _("Walls"),
    "doors": _("Doors and windows"),
    "texts": _("Names of rooms"),
}
