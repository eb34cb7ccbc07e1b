"""The words the offline shell's scripts say. {name} is filled in by the script (js/map/text.js)."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_TEXT: dict[str, Promise] = {
    "age_days": _("{count} days"),
    "age_hours": _("{count} hours"),
    "age_minutes": _("{count} minutes"),
    "age_now": _("less than a minute"),
    "all_sent": _("Everything has been sent."),
    "export": _("Save unsent as a file"),
    "export_failed": _("The file could not be made."),
    "export_made": _("{count} encrypted files were saved. Give them to the office: only its server can open them."),
    "export_no_key": _("The office's key is not on this phone yet. Download your pack once while you are connected."),
    "file_damaged": _("A photo arrived damaged ({reason}). Please take it again."),
    "file_empty": _("A photo arrived empty. Please take it again."),
    "file_not_on_phone": _("A photo is no longer on this phone. Please take it again."),
    "file_not_photo": _("A file is not a photo. Please take it again."),
    "file_refused": _("The server did not take a photo. Please take it again."),
    "file_too_large": _("A photo is too large for the server. Please take it again."),
    "file_truncated": _("A photo arrived incomplete. Please take it again."),
    "fix_denied": _(
        "This page may not see your position. Allow it in the browser's settings; you can save without it."
    ),
    "fix_exact": _("Position is exact, within {metres} m."),
    "fix_good": _("Position is good, within {metres} m."),
    "fix_none": _("No position yet. You can save without it."),
    "fix_poor": _("Position is very rough, within {metres} m. Under the open sky it gets better; you can save anyway."),
    "fix_rough": _("Position is rough, within {metres} m. Wait a moment for a better one; you can save anyway."),
    "fix_unavailable": _("The phone finds no position just now. You can save without it."),
    "install": _("Install this app, so that it opens without a network."),
    "install_ios": _(
        "Add this app to the home screen (Share, then “Add to Home Screen”): "
        "otherwise the phone deletes what is kept here after seven days without a visit."
    ),
    "install_menu": _("Add this app to the home screen (browser menu, “Install app”), so that your records stay safe."),
    "install_now": _("Install app"),
    "little_space": _(
        "This phone has little space left. Send what waits, or delete other files, before taking photos."
    ),
    "need_you": _("{count} need your attention."),
    "new_version": _("A new version is ready. What you saved stays."),
    "not_persisted": _("The browser may delete old data when space runs out. Send your records every day."),
    "offline": _("No network"),
    "online": _("Connected"),
    "others_unsent": _(
        "{count} records of another person wait on this phone. They are sent when that person signs in."
    ),
    "pack_done": _("Downloaded. You can work without a network now."),
    "pack_full": _("There is no space left on this phone. The pack from before is still here."),
    "pack_offline": _("No connection. The pack from before is still here."),
    "pack_progress": _("Map pictures {done} of {of}"),
    "pack_refused": _("The pack could not be downloaded: {message}"),
    "pack_signin": _("Sign in to download your pack."),
    "pack_tiles_failed": _("{count} map pictures did not come. Download again when the network is better."),
    "pack_tiles_full": _(
        "Houses and forms are here. For {count} pictures of the map there is too little space on this phone."
    ),
    "photo_empty": _("This photo is empty (0 bytes). Please take it again."),
    "photo_not_read": _("This browser cannot read this file as a photo. Please take it as JPEG."),
    "photo_original": _("This browser cannot make this photo smaller. It is kept as it is."),
    "photo_too_large": _("This file is too large. Photos may have up to 30 MB."),
    "room_map": _("Remove map pictures"),
    "room_map_done": _("The pictures of the map were removed. Download again when there is space."),
    "room_map_none": _("There are no pictures of the map on this phone."),
    "room_send": _("Send, then clear what arrived"),
    "room_wait": _("Making room …"),
    "save_full": _(
        "There is no space left on this phone. The newest photo is not saved yet; what was saved before is safe. "
        "Stay on this page and make room."
    ),
    "send_busy": _("Another tab is sending."),
    "send_done": _("Everything has arrived at the server."),
    "send_full": _("The phone is full: nothing more can be noted. Make room; your records are kept."),
    "send_later": _("The server is busy. It is tried again by itself."),
    "send_left": _("Not everything could be sent yet. It is tried again by itself."),
    "send_nothing": _("There is nothing to send."),
    "send_now": _("Send now"),
    "send_offline": _("No connection to the server. Your records are kept and are sent later."),
    "send_other": _("Somebody else is signed in. Sign in again to send your records."),
    "send_signin": _("Sign in again to send. Your records are kept."),
    "server_said": _("The server said: {message}"),
    "sign_in": _("Sign in"),
    "size_mb": _("{size} MB"),
    "size_small": _("under 0.1 MB"),
    "state_conflict": _("Changed by somebody else meanwhile: please decide"),
    "state_done": _("Arrived at the server"),
    "state_draft": _("Draft, not yet saved"),
    "state_queued": _("Saved on this phone, not yet sent"),
    "state_rejected": _("Not accepted: please correct"),
    "state_sending": _("Is being sent"),
    "state_waiting": _("Sent; photos are still under way"),
    "take_version": _("Change to it now"),
    "unsent": _("{count} not sent yet, the oldest for {age}."),
    "unsent_photos": _("{size} of photos."),
}


def text() -> dict[str, str]:
    """The words in the language of the page."""
    return {key: str(value) for key, value in _TEXT.items()}
