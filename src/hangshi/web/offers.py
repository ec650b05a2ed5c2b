"""Which acts a page offers as buttons: those that the permission and the service's own check allow now."""

from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse

from hangshi.activities.models import Activity
from hangshi.ledger.models import Entry
from hangshi.registry.models import Household, Membership, Person, Unit
from hangshi.web import acts
from hangshi.web.acts.cases import following
from hangshi.web.acts.shape import Scene
from hangshi.web.jinja import url


@dataclass(frozen=True)
class Button:
    title: str
    address: str
    icon: str


def new(register: str, scene: Scene, unit: object = None) -> Button | None:
    """To a new record of the register, for whoever may make one of any kind; at the unit, if its id is given."""
    it = acts.NEW.get(register)
    if it is None or not it.allowed(scene.may):
        return None
    return Button(it.title, url("new", register, unit=unit), "plus")


def of(register: str, scene: Scene) -> list[Button]:
    """What may be done to the record, the likeliest first."""
    record = scene.record
    if isinstance(record, Membership):
        person = Person.objects.filter(pk=record.person_id).first()  # may live outside the scope
        return of("persons", replace(scene, record=person)) if person and record.until is None else []
    done = [_button(it, record, scene) for it in _likeliest(acts.offered(register, scene), scene)]
    return (
        [*_recordable(record, scene), *done] if isinstance(record, Household) else [*done, *_recordable(record, scene)]
    )


def _likeliest(found: list[acts.Act], scene: Scene) -> list[acts.Act]:
    """A case that can only go back is rather closed."""
    if scene.record is None or not any(it.register == "cases" for it in found):
        return found
    back = [it for it in found if it.key == "move" and not following(scene)]
    return [it for it in found if it not in back] + back


def _button(it: acts.Act, record: Any, scene: Scene) -> Button:
    address = reverse("act", args=[it.register, record.pk, it.key])
    back = (it.register, it.key) == ("cases", "move") and not following(scene)
    return Button(it.name(scene), address, "arrow-back-up" if back else it.icon)


def _recordable(record: Any, scene: Scene) -> list[Button]:
    """New records about this one, with what is known filled in."""
    match record:
        case Household():
            return _if(scene, "visit.write", Button("登记走访", url("visit", household=record.pk), "pencil-plus"))
        case Person():
            return _if(scene, "duty.write", Button("派任责任", url("new", "duties", bearer=record.pk), "link"))
        case Activity():
            again = url("new", "activities", kind=record.kind, unit=record.unit_id)
            return [] if record.household_id else _if(scene, "activity.write", Button("再记一次", again, "plus"))
        case Entry():
            again = url(
                "new",
                "entries",
                kind=record.kind,
                unit=record.unit_id,
                household=record.household_id,
                person=record.person_id,
            )
            return _if(scene, "entry.write", Button("再记一笔", again, "plus"))
        case Unit():
            below = url("new", "units", unit=record.pk)
            return _if(scene, "unit.write", Button("设下级单位", below, "plus")) if record.until is None else []
    return []


def _if(scene: Scene, permission: str, button: Button) -> list[Button]:
    return [button] if scene.may(permission) else []
