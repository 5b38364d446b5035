"""Who may do what: the one place that every action asks, by role and by agency."""

from __future__ import annotations

from enum import StrEnum

from db.people import LEADERSHIP, Contact, Person, Role


class Right(StrEnum):
    """What an action does, as far as being allowed to is concerned."""

    GREET = "greet"
    LINK = "link"
    ASK = "ask"
    JUDGE = "judge"
    READ_DOCUMENTS = "read_documents"
    SEE_OWN_DATA = "see_own_data"
    REVIEW_ANSWERS = "review_answers"
    INVITE = "invite"
    REPORT = "report"
    SEE_DUTIES = "see_duties"
    MANAGE_DUTIES = "manage_duties"
    MANAGE_PEOPLE = "manage_people"
    SEE_PROGRESS = "see_progress"
    ARRANGE_STAFF = "arrange_staff"


# What everyone may, and what strangers may besides where questions are public.
_EVERYONE = frozenset({Right.GREET, Right.LINK, Right.SEE_OWN_DATA})
_PUBLIC = frozenset({Right.ASK, Right.JUDGE, Right.READ_DOCUMENTS})
# What needs a role; everything else any registered person may do.
_ROLES = {
    Right.REVIEW_ANSWERS: frozenset({Role.COORDINATOR, Role.ADMIN}),
    Right.INVITE: frozenset({Role.LEADER, Role.COORDINATOR, Role.ADMIN}),
    Right.REPORT: frozenset({Role.FOCAL_POINT, Role.LEADER, Role.COORDINATOR, Role.ADMIN}),
    Right.SEE_PROGRESS: frozenset({Role.FOCAL_POINT, Role.LEADER, Role.COORDINATOR, Role.ADMIN}),
    Right.MANAGE_DUTIES: frozenset({Role.COORDINATOR, Role.ADMIN}),
    Right.MANAGE_PEOPLE: frozenset({Role.COORDINATOR, Role.ADMIN}),
    Right.ARRANGE_STAFF: frozenset({Role.LEADER, Role.COORDINATOR, Role.ADMIN}),
}
# Who acts for every agency; others act for their own only.
_ANY_AGENCY = frozenset({Role.COORDINATOR, Role.ADMIN})


def permits(contact: Contact | None, right: Right, *, is_public: bool = False) -> bool:
    """Whether this person (None: a stranger) may do that at all; `is_public`: strangers may ask."""
    if right in _EVERYONE:
        return True
    if contact is None:
        return is_public and right in _PUBLIC
    return right not in _ROLES or contact.role in _ROLES[right]


def permits_for_agency(contact: Contact, right: Right, agency_code: str | None) -> bool:
    """Whether this person may do that where it concerns this agency."""
    return permits(contact, right) and (contact.role in _ANY_AGENCY or (agency_code is not None and contact.agency_code == agency_code))


def sees_every_agency(person: Person | None) -> bool:
    """Whether the whole province is theirs to see: who coordinates, and the leaders of the province."""
    if person is None:
        return False
    leads = person.contact.role is Role.LEADER and person.agency is not None and person.agency.kind == LEADERSHIP
    return leads or person.contact.role in _ANY_AGENCY


def may_see_duties(person: Person, agency_code: str) -> bool:
    """Whether this person may see what this agency owes, with its history and files; answering for it is another matter."""
    return sees_every_agency(person) or permits_for_agency(person.contact, Right.SEE_DUTIES, agency_code)
