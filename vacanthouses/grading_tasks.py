"""A grading table put in force by the worker, when many houses move."""

from typing import Any

from django.utils.translation import gettext as _

from gis_core import jobs
from gis_core.editing import Invalid

from .models import RuleTable
from .services.grading import put_in_force


@jobs.background
def put_grading_table_in_force(job: jobs.Handle, table: int, digest: str) -> dict[str, Any]:
    try:
        moved = put_in_force(RuleTable.objects.get(pk=table), job.job.created_by, digest, job.progress)
    except Invalid as invalid:
        raise jobs.JobError(" ".join(invalid.errors["__all__"])) from invalid
    return {"facts": [[_("Houses with a new grade"), moved]], "link": f"/rules/{table}/"}
