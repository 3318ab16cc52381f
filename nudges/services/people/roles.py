"""Who may do what: this module reads roles at each use, so that a change holds at once."""

from nudges.domain.measuring.views import Role
from nudges.services.core import Core


def role_of(core: Core, person_id: str) -> Role:
    """Return the person's role: NUDGER_ADMINS and company.yaml's admins, approvers and authors, else employee."""
    company = core.company()
    if person_id in core.admins or person_id in company.admins:
        return Role.ADMIN
    if person_id in company.approvers:
        return Role.APPROVER
    return Role.AUTHOR if person_id in company.authors else Role.EMPLOYEE


def admins_of(core: Core) -> tuple[str, ...]:
    """Return all admins, company.yaml's first."""
    return tuple(dict.fromkeys((*core.company().admins, *core.admins)))


def approvers_of(core: Core) -> tuple[str, ...]:
    """Return all who may agree to what others publish: approvers first, then admins."""
    return tuple(dict.fromkeys((*core.company().approvers, *admins_of(core))))
