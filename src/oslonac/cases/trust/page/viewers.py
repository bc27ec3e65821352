"""Who can see this case and why; what the reader cannot see and why."""

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from oslonac.access import roles
from oslonac.access.models import Grant
from oslonac.access.rules import Basis, Level, Reason, Scope
from oslonac.cases import moments
from oslonac.cases.models import Case
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.steps import registry
from oslonac.directory import codes
from oslonac.web.shapes import Action, Viewer

HOLDERS_SHOWN = 4


def viewers(file: CaseFile) -> list[Viewer]:
    """Every grant in force that no block closes: person or role holders, reason, ground, level,
    until when, given by whom."""
    closed = {user_id for user_id, scope in file.kept.items() if scope == Scope.ALL}
    return [_viewer(file, grant) for grant in file.grants if grant.grantee_id not in closed]


def _viewer(file: CaseFile, grant: Grant) -> Viewer:
    reason = Reason(grant.reason)
    level = str(Level(grant.level).label)
    kept_off = grant.grantee_id is not None and grant.grantee_id in file.kept
    if grant.whereabouts and not kept_off:
        level = _("%(level)s, and where the person is") % {"level": level}
    until = ""
    if grant.ends_at is not None:
        until = _("until %(moment)s") % {"moment": moments.short(grant.ends_at)}
    return Viewer(
        name=_who(file, grant),
        reason=_("%(reason)s (%(basis)s)")
        % {"reason": str(reason.label), "basis": rests_on(grant)},
        level=level,
        until=until,
        by=_given_by(file, grant),
        emergency=reason == Reason.BREAK_GLASS,
        end=registry.button("grant-end", file.actor, file.case, grant, kind="plain"),
    )


def rests_on(grant: Grant) -> str:
    """The basis, and the legal ground where one was named."""
    basis = str(Basis(grant.basis).label)
    if not grant.ground:
        return basis
    verified = codes.extras("legal_grounds").get(grant.ground, {}).get("verified")
    named = codes.title("legal_grounds", grant.ground)
    if not verified:
        named = _("%(ground)s, not confirmed") % {"ground": named}
    return _("%(basis)s: %(ground)s") % {"basis": basis, "ground": named}


def _given_by(file: CaseFile, grant: Grant) -> str:
    since = moments.day(grant.starts_at)
    giver = file.name(grant.given_by_id)
    if not giver:
        return _("since %(day)s") % {"day": since}
    return _("since %(day)s, given by %(name)s") % {"day": since, "name": giver}


def _who(file: CaseFile, grant: Grant) -> str:
    if grant.grantee_id:
        name = file.name(grant.grantee_id) or "…"
        return _("%(name)s (you)") % {"name": name} if grant.grantee_id == _me(file) else name
    if _tells_where(file, grant):
        return _("The carers where the person is placed (place not shown)")
    role = capfirst(roles.label(grant.role))
    office = f"{role}, {grant.organisation}"
    held = [pk for pk in file.holders.get(grant.principal, []) if file.kept.get(pk) != Scope.ALL]
    names = [
        _("you") if user_id == _me(file) else file.name(user_id) for user_id in held[:HOLDERS_SHOWN]
    ]
    if not held:
        return _("%(office)s: nobody at present") % {"office": office}
    rest = "…" if len(held) > HOLDERS_SHOWN else ""
    return f"{office}: {', '.join(names)}{rest}"


def _tells_where(file: CaseFile, grant: Grant) -> bool:
    """The house that cares for a child is where the child is."""
    told = file.case.reach.tells_where(file.case.whereabouts_restricted)
    return not told and grant.reason == Reason.PLACEMENT


def _me(file: CaseFile) -> object:
    return file.actor.user_id


def not_shown(case: Case) -> list[str]:
    """What this reader's access leaves out, in plain sentences; empty when everything is shown."""
    reach = case.reach
    sentences = []
    if not reach.shows(Level.CASE):
        sentences.append(
            _("The content of the case: what happened, what is planned, who is around.")
        )
    if not reach.shows(Level.NARRATIVE):
        sentences.append(
            _("What people wrote: accounts, reasons, assessments, the person's words.")
        )
    if not reach.shows(Level.IDENTITY):
        sentences.append(_("Names, documents and phone numbers."))
    if not reach.whereabouts:
        restricted = (
            _("Where the person is: the whereabouts are restricted.")
            if not reach.tells_where(case.whereabouts_restricted)
            else _("Exact addresses.")
        )
        sentences.append(restricted)
    return sentences


def why_so(case: Case, grants: list[Grant], principals: tuple) -> str:
    """On what the reader's access rests, in a sentence."""
    own = [grant for grant in grants if grant.principal in principals]
    reasons = list(dict.fromkeys(str(Reason(grant.reason).label) for grant in own))
    if not reasons:
        return ""
    return _(
        "You can see this case for these reasons: %(reasons)s. To see more, you need "
        "another access."
    ) % {"reasons": "; ".join(reasons)}


def give_button(file: CaseFile) -> Action | None:
    return registry.button("grant", file.actor, file.case)
