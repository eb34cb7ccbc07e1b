"""The words for drawings that cannot be read, and for control points that give no scale."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from facilities.plan.underlay import CannotFit
from facilities.underlays.errors import Unreadable

from .document import Labels

REFUSALS: Labels = {
    "not_a_drawing": _("This is no picture and no PDF. Allowed: PNG, JPEG, TIFF, WebP, HEIC, PDF."),
    "password": _("The PDF is locked with a password. Save it without one and try again."),
    "damaged": _("The file is damaged or incomplete and cannot be opened."),
    "too_many_pages": _("The file has %(pages)s pages; at most %(limit)s can be read. Take out the page you need."),
    "no_such_page": _("The file has only %(pages)s pages."),
    "too_many_pixels": _("The picture has more than %(limit)s million pixels. Scan it at 300 dpi and try again."),
    "page_size": _("A page of %(width)s × %(height)s mm is no drawing. Check the page size of the PDF."),
    "too_heavy": _("The file takes too much time or memory to draw. Export the page as a PNG or JPEG and try again."),
    "no_longer_kept": _("The uploaded file is no longer kept; upload it again."),
    "no_file": _("Choose a file first."),
    "no_level": _("Choose the level that the drawing belongs to."),
    "too_many": _("A level takes at most %(limit)s drawings. Remove one that you no longer need."),
}

FIT_REFUSALS: Labels = {
    "too_few": _("At least %(needed)s points are needed; there are %(given)s."),
    "not_a_number": _("A point lies nowhere: its coordinates are no numbers."),
    "same_pixel": _("All points lie at one place of the drawing. Set them far apart."),
    "same_place": _("All points have the same coordinates in the building. Set them far apart."),
    "in_line": _("The points lie on one line. Add a point to the side of it."),
    "mirrored": _("The points would turn the drawing into its mirror image. Check the order of the points."),
    "unlikely_scale": _(
        "One pixel would be %(metres_per_pixel)s m. Check the unit: coordinates and lengths are in metres."
    ),
    "no_resolution": _(
        "The file has no resolution (dpi), so a scale on paper says nothing. Set a known length instead."
    ),
    "no_length": _("Enter the length in metres, greater than 0."),
}


def refusal_text(error: Unreadable) -> str:
    return str(REFUSALS[error.code]) % {"limit": settings.UPLOAD_LIMIT_MB, **error.params}


def fit_refusal_text(error: CannotFit) -> str:
    params = dict(error.params)
    if "metres_per_pixel" in params:
        params["metres_per_pixel"] = f"{params['metres_per_pixel']:.3g}"
    return str(FIT_REFUSALS[error.code]) % params
