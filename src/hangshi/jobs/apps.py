from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class JobsConfig(AppConfig):
    name = "hangshi.jobs"

    def ready(self) -> None:
        """The rooms register their long work in modules named `works`."""
        autodiscover_modules("works")
