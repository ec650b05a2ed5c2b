"""Reads of jobs: an account sees its own."""

from django.db.models import QuerySet

from hangshi.jobs.models import Job


def of_account(account: int) -> "QuerySet[Job]":
    """The latest first, with how far they are."""
    return Job.objects.filter(account_id=account).select_related("progress").order_by("-pk")
