"""The WSGI application. In production it does not start while demo accounts can sign in."""

import os

from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402

from gis_core.checks import demo_account_errors  # noqa: E402

if settings.PRODUCTION and (errors := demo_account_errors()):
    raise ImproperlyConfigured(errors[0].msg)
