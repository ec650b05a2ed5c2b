from django.apps import AppConfig


class DutiesConfig(AppConfig):
    name = "hangshi.duties"
