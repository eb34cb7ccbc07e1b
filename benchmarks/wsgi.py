"""The application as gunicorn serves it in production, where connections to the database are kept; demo data allowed."""

import os

from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gis_core.settings")
settings.DATABASES["default"]["CONN_MAX_AGE"] = 600

from gis_core.wsgi import application  # noqa: E402

__all__ = ["application"]
