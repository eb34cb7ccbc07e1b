"""The survey on a phone as an installable app: what its page consists of (``gis_core.offline.shell``)."""

from django.utils.translation import gettext_lazy as _

from gis_core.models import Role
from gis_core.offline.shell import Shell

SURVEY = Shell(
    id="survey",
    title=_("Vacant-house survey"),
    short_title=_("Survey"),
    template="vacanthouses/survey/app.html",
    modules=("vacanthouses/js/survey/app.js",),
    roles=(Role.SURVEYOR, Role.SURVEY_MANAGER),
)
