"""How strict the door is: one profile an installation, chosen by HANGSHI_PROFILE. All figures of all profiles stand here."""

from dataclasses import dataclass, replace
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


@dataclass(frozen=True)
class Profile:
    """`classes`: how many of capitals, small letters, digits and other signs a password needs; `remembered`: how many earlier ones
    may not come back; `rotation` None: a password has no age. Of `free_failures` nothing comes; each further one doubles the wait.
    """

    name: str
    shortest: int
    classes: int
    rotation: timedelta | None
    remembered: int
    free_failures: int
    first_wait: timedelta
    longest_wait: timedelta
    idle: timedelta
    absolute: timedelta
    second_factor: bool


STANDARD = Profile(
    name="standard",
    shortest=10,
    classes=0,
    rotation=None,
    remembered=0,
    free_failures=5,
    first_wait=timedelta(seconds=2),
    longest_wait=timedelta(minutes=15),
    idle=timedelta(minutes=30),
    absolute=timedelta(hours=8),
    second_factor=True,
)
PROFILES = {
    "standard": STANDARD,
    "dengbao3": replace(
        STANDARD,
        name="dengbao3",
        shortest=12,
        classes=3,
        rotation=timedelta(days=90),
        remembered=5,
        first_wait=timedelta(minutes=1),
        longest_wait=timedelta(minutes=30),
        idle=timedelta(minutes=10),
    ),
    "demo": replace(STANDARD, name="demo", second_factor=False),
}


def current() -> Profile:
    """The profile of this installation. An unknown name stops the server: it must not mean the mildest one."""
    try:
        return PROFILES[settings.PROFILE]
    except KeyError:
        raise ImproperlyConfigured(f"HANGSHI_PROFILE={settings.PROFILE}：只能是 {'、'.join(PROFILES)} 之一。") from None
