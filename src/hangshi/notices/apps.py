from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "hangshi.notices"
