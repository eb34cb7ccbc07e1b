"""What services share that write without a map: forms sent twice, what somebody else changed too, retirement."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from gis_core.models import Submission

from .errors import Invalid
from .merge import merge


def make(model: Any, user: Any, values: Mapping[str, Any], token: uuid.UUID | None) -> Any:
    """A new record; what the form with this token made when it was sent first, where it is sent again. One that is
    under way is waited for. Raises Invalid for somebody else's token."""
    facts = {"user": user, "layer": model._meta.model_name}
    if token is not None:
        submission, first = Submission.objects.get_or_create(token=token, defaults=facts)
        if not first:
            if submission.user_id != user.pk or submission.layer != facts["layer"] or submission.record_id is None:
                raise Invalid({"__all__": [_("This form was already sent. Open it again.")]})
            return model.objects.get(pk=submission.record_id)
    made = model.objects.create(**values, created_by=user, updated_by=user)
    if token is not None:
        Submission.objects.filter(token=token).update(record_id=made.pk)
    return made


def locked(record: Any) -> Any:
    """The live record as it is now. Raises Invalid when it was retired meanwhile."""
    found = type(record).objects.live().select_for_update(of=("self",)).filter(pk=record.pk).first()
    if found is None:
        raise Invalid({"__all__": [_("Somebody took this out of use meanwhile.")]})
    return found


def change(current: Any, user: Any, base: Mapping[str, Any], values: Mapping[str, Any]) -> list[str]:
    """Write what the person changed of what they saw to a record that is locked; the names of the fields that somebody
    else changed meanwhile, which are kept. Raises Invalid, with the value of now, where both changed the same."""
    now = {name: getattr(current, name) for name in values}
    merged = merge(base, values, now)
    if merged.clashes:
        told = _("%(who)s changed this meanwhile to “%(now)s”.")
        who = current.updated_by or _("the system")
        texts = {name: _("empty") if now[name] in (None, "") else now[name] for name in merged.clashes}
        raise Invalid({name: [told % {"who": who, "now": text}] for name, text in texts.items()})
    if merged.merged != now:
        write(current, user, **merged.merged)
    return merged.theirs


def write(current: Any, user: Any, **values: Any) -> None:
    """Write columns of a record that is locked; history and version follow by trigger."""
    # Through the instance, so that encrypted columns are encrypted and nothing else is written.
    for name, value in {**values, "updated_by": user}.items():
        setattr(current, name, value)
    current.save(update_fields=[*values, "updated_by"])
    current.refresh_from_db()


def retire(current: Any, user: Any, reason: str, version: int) -> None:
    """Take a locked record out of use. Raises Invalid without a reason, or when it changed meanwhile."""
    if not reason.strip():
        raise Invalid({"reason": [_("Say why.")]})
    refuse_stale(current, version)
    write(current, user, retired_at=timezone.now(), retired_reason=reason.strip()[:200])


def refuse_stale(current: Any, version: int) -> None:
    """Raises Invalid when the record is no longer at the version that the person saw."""
    if current.version != version:
        told = _("%(who)s changed this meanwhile. Look at it again.")
        raise Invalid({"__all__": [told % {"who": current.updated_by or _("the system")}]})
