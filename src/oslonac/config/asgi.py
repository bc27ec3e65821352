"""The ASGI application, for those who serve Oslonac with an ASGI server of their own."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oslonac.config.settings")

application = get_asgi_application()
