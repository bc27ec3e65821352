"""The WSGI application that gunicorn serves. Nothing else belongs here."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oslonac.config.settings")

application = get_wsgi_application()
