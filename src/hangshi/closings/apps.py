from django.apps import AppConfig


class ClosingsConfig(AppConfig):
    name = "hangshi.closings"
