from gis_core.editing.forms import RecordForm
from gis_core.models import Proposal


class ProposalRecordForm(RecordForm):
    """Residents write proposals, and the pages of their round decide: nothing of one is changed here."""

    class Meta:
        model = Proposal
        fields: tuple[str, ...] = ()
