from django.apps import AppConfig

from hangshi.access import profiles


class AccessConfig(AppConfig):
    name = "hangshi.access"

    def ready(self) -> None:
        profiles.current()  # an unknown profile stops the server here, not at the first page
