"""The application as gunicorn serves it: database connections are kept, and demo data is allowed."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
settings.DATABASES["default"]["CONN_MAX_AGE"] = 600

from gis_core.wsgi import application  # noqa: E402

__all__ = ["application"]
