from django.apps import AppConfig


class HandoffConfig(AppConfig):
    name = "hangshi.handoff"
