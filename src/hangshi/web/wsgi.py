"""The door for a WSGI server; the check of the views runs here, before the first request."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
application = get_wsgi_application()
