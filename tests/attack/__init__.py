"""Long attacks that no test run has time for: `python -m tests.attack`. Importing this package makes Django ready."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()
