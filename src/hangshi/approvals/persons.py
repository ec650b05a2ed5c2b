"""When two who sign are one person: nobody approves what they wrote, under whatever account or delegation."""

from dataclasses import dataclass


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
