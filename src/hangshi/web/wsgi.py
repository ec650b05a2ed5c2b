"""The door for a WSGI server; the check of the views runs here, before the first request."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
application = get_wsgi_application()
# What is loaded stays: the collector need not walk it again, nor come by several times a page.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
