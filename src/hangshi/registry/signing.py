"""What every write needs: the account behind it told to the row history, a row's id beforehand, a collision told apart; and who signs:
two who are one person, under whatever account or delegation, are told to be one, so that nobody approves what they wrote."""

from dataclasses import dataclass

from django.db import IntegrityError, connection

from hangshi.refusal import Refused


def sign(actor: int | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('hangshi.actor', %s, true)", ["" if actor is None else str(actor)])


def next_id(table: str) -> int:
    """The id that the next row of `table` will have: a path and a seal contain it, so it is needed before the row is."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id'))", [table])
        return int(cursor.fetchone()[0])


def collided(error: IntegrityError, refusal: Refused) -> Exception:
    """The refusal where two rows collide (unique or exclusion constraint); any other fault stays itself."""
    return refusal if getattr(error.__cause__, "sqlstate", "") in ("23505", "23P01") else error


@dataclass(frozen=True)
class Signer:
    """An account as it acts now: the person behind it, where known, its permissions, and those whose rights it uses by delegation."""

    account: int
    person: int | None = None
    permissions: frozenset[str] = frozenset()
    acts_for: "tuple[Signer, ...]" = ()

    @property
    def accounts(self) -> frozenset[int]:
        """The account and every account it acts for, through however many delegations."""
        return frozenset({self.account}).union(*(it.accounts for it in self.acts_for))

    @property
    def persons(self) -> frozenset[int]:
        """The person behind each of `accounts`, where known."""
        own = frozenset() if self.person is None else frozenset({self.person})
        return own.union(*(it.persons for it in self.acts_for))


def same_person(one: Signer, other: Signer) -> bool:
    """Whether they share an account or a person, or one acts for the other, or both act for a third."""
    return bool(one.accounts & other.accounts or one.persons & other.persons)
