"""HTTP Basic for GIS desktop clients (over TLS), beside sessions and tokens."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils.crypto import constant_time_compare, salted_hmac
from rest_framework import authentication

REMEMBERED_FOR = 300  # seconds


class BasicAuthentication(authentication.BasicAuthentication):
    """Failed attempts count towards the lock-out of django-axes, as on the sign-in page.

    A desktop client sends its password with every request, and checking one takes a good part of a second by design.
    A password that was right is therefore remembered for a while, as a keyed hash in memory; a changed password or
    a deactivated account ends that at once.
    """

    www_authenticate_realm = "Dongne"

    def authenticate_header(self, request: Any) -> str:
        # A script of our own pages is told to sign in again; a Basic challenge would open the browser's own dialog.
        if request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate":
            return 'Token realm="Dongne"'
        return str(super().authenticate_header(request))

    def authenticate_credentials(self, userid: str, password: str, request: Any = None) -> tuple[Any, None]:
        key = "basic." + salted_hmac("dongne.basic", f"{userid}\0{password}", algorithm="sha256").hexdigest()
        pk, encoded = cache.get(key) or (None, "")
        if pk is not None:
            user = get_user_model().objects.filter(pk=pk, is_active=True).first()
            if user is not None and constant_time_compare(user.password, encoded):
                return user, None
        user, _auth = super().authenticate_credentials(userid, password, request)
        cache.set(key, (user.pk, user.password), REMEMBERED_FOR)
        return user, None
