from django.apps import AppConfig


class FlagpayConfig(AppConfig):
    name = "hangshi.flagpay"
