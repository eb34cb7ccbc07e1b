"""The words for a refused file."""

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .errors import FileRefused

REFUSALS = {
    "empty": gettext_lazy("The file is empty."),
    "too_large": gettext_lazy("The file is larger than the %(limit)s MB allowed."),
    "unknown": gettext_lazy(
        "This kind of file cannot be attached. Allowed: photos (JPEG, PNG, HEIC, WebP, TIFF), PDF, HWP, HWPX, "
        "Word, Excel, PowerPoint, ODF, ZIP, CSV, TXT."
    ),
    "not_what_it_says": gettext_lazy(
        "The name ends in .%(extension)s, but the content is %(found)s. Rename or convert the file and try again."
    ),
    "damaged": gettext_lazy("The file is damaged or incomplete and cannot be opened."),
    "macros": gettext_lazy("The document holds macros. Save it without macros and try again."),
    "too_many_pixels": gettext_lazy(
        "The picture has more than %(limit)s million pixels. Make it smaller and try again."
    ),
    "not_allowed": gettext_lazy("You may not attach files to this record."),
}


def refusal(error: FileRefused) -> str:
    """The refusal in the language of the page."""
    details = {"limit": settings.UPLOAD_LIMIT_MB, **error.details}
    return str(REFUSALS[error.code]) % details


def named_refusal(name: str, error: FileRefused) -> str:
    return _("%(name)s: %(reason)s") % {"name": name, "reason": refusal(error)}
