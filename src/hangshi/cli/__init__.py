"""The command `hangshi`. Importing this package makes Django ready, so that the commands below may import models."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hangshi.settings")
django.setup()
