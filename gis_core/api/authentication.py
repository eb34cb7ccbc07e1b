"""HTTP Basic for GIS desktop clients (over TLS), beside sessions and tokens."""

from rest_framework import authentication


class BasicAuthentication(authentication.BasicAuthentication):
    """Failed attempts count towards the lock-out of django-axes, as on the sign-in page."""

    www_authenticate_realm = "Dongne"
