from django.apps import AppConfig


class SchemesConfig(AppConfig):
    name = "hangshi.schemes"
