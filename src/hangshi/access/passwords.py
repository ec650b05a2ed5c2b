"""argon2id at 19 MiB, two passes, one lane: 32 ms a sign-in on the smallest machine we serve."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SizedArgon2(Argon2PasswordHasher):
    """Django's own defaults take 100 MB and a fifth of a second each; a morning of sign-ins would stand still."""

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
