"""What each event is called on pages: a table by name, and the two families of refusals.

A test demands a title for every action and every event that any package records. Does not belong
here: what an event means for a case's history (`cases.timeline`).
"""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from oslonac.access.roles import Permission

TITLES: dict[str, Any] = {
    "absence.ended": lazy("Absence ended"),
    "absence.recorded": lazy("Absence of a colleague recorded"),
    "account.closed": lazy("Account closed: its last post ended"),
    "activity.ended": lazy("Activity of the plan ended"),
    "activity.planned": lazy("Activity planned"),
    "assessment.begun": lazy("Assessment begun"),
    "assessment.completed": lazy("Assessment completed"),
    "assessment.saved": lazy("Assessment saved"),
    "best_interest.decided": lazy("Best interest decided"),
    "block.lifted": lazy("Block lifted"),
    "block.set": lazy("Somebody blocked from a record"),
    "case.assigned": lazy("Case assigned"),
    "case.closed": lazy("Case closed"),
    "case.opened": lazy("Case opened"),
    "case.reopened": lazy("Case opened again"),
    "channels.chosen": lazy("Ways to be told chosen"),
    "clock.suspended": lazy("Deadline suspended"),
    "clock.resumed": lazy("Deadline running again"),
    "clock.extended": lazy("Deadline extended"),
    "closing.answered": lazy("Request to close answered"),
    "closing.requested": lazy("Closing requested"),
    "closing.withdrawn": lazy("Request to close withdrawn"),
    "concern.decided": lazy("Concern decided"),
    "concern.notified": lazy("Concern passed on"),
    "concern.raised": lazy("Concern raised"),
    "conflict.declared": lazy("Conflict of interest declared"),
    "consent.recorded": lazy("Consent recorded"),
    "consent.withdrawn": lazy("Consent withdrawn"),
    "contact.added": lazy("Contact added to the directory"),
    "contact.corrected": lazy("Contact of the directory corrected"),
    "contact.made": lazy("Contact with the person recorded"),
    "contact.removed": lazy("Contact removed from the directory"),
    "demo.built": lazy("Demonstration built"),
    "demo.signed_in": lazy("Signed in as one of the invented people"),
    "document.added": lazy("Document added"),
    "document.read": lazy("Document read"),
    "document.released": lazy("Document released"),
    "document.removed": lazy("Document removed"),
    "emergency.given_back": lazy("Emergency access given back"),
    "emergency.opened": lazy("Case opened in an emergency"),
    "emergency.reviewed": lazy("Emergency access reviewed"),
    "encounter.corrected": lazy("Encounter corrected"),
    "encounter.person": lazy("Person added to an encounter"),
    "encounter.recorded": lazy("Encounter recorded"),
    "goal.added": lazy("Goal added"),
    "goal.saved": lazy("Goal saved"),
    "grant.ended": lazy("Grant ended"),
    "grant.given": lazy("Grant given"),
    "group.decided": lazy("Separation of a travel group decided"),
    "group.joined": lazy("Joined to a travel group"),
    "group.met": lazy("Travel group met"),
    "guardian.appointed": lazy("Guardian appointed"),
    "guardian.ended": lazy("Guardianship ended"),
    "guardian.handed_over": lazy("Guardianship handed over"),
    "guardian.written": lazy("Decision on guardianship written"),
    "identity.confirmed": lazy("Proved again who acts"),
    "intake.person": lazy("Person added at intake"),
    "intake.recorded": lazy("Intake recorded"),
    "ledger.exported": lazy("List from the ledger taken out"),
    "ledger.searched": lazy("Ledger searched by a name"),
    "ledger.verified": lazy("Ledger verified"),
    "membership.ended": lazy("Post ended"),
    "membership.given": lazy("Post given"),
    "name.added": lazy("Name added"),
    "notices.tried": lazy("Ways to be told tried out"),
    "organisation.corrected": lazy("Organisation of the directory corrected"),
    "own_request.answered": lazy("Request about one's own data answered"),
    "own_request.made": lazy("Request about one's own data made"),
    "own_request.told": lazy("Told of the answer about one's own data"),
    "own_request.withdrawn": lazy("Request about one's own data withdrawn"),
    "pack.loaded": lazy("Country pack loaded"),
    "password.changed": lazy("Password changed"),
    "password.handed_over": lazy("One-time password handed over"),
    "pathway.changed": lazy("Pathway changed"),
    "person.distinct": lazy("Said to be two different people"),
    "person.made": lazy("Person recorded"),
    "placement.ended": lazy("Placement ended"),
    "placement.made": lazy("Placed"),
    "person.met_again": lazy("Person met again"),
    "plan.drafted": lazy("Plan drafted"),
    "plan.in_force": lazy("Plan in force"),
    "plan.reviewed": lazy("Plan reviewed"),
    "priority.changed": lazy("Priority changed"),
    "procedures.moved": lazy("Case moved to newer versions of its procedures"),
    "promise.ended": lazy("Promise ended"),
    "promise.made": lazy("Promise made"),
    "relation.checked": lazy("Relation checked"),
    "relation.claimed": lazy("Relation stated"),
    "reminders.sent": lazy("Reminders sent"),
    "reporter.told": lazy("Reporter told"),
    "sealed.read": lazy("Sealed fields read"),
    "search.asked": lazy("Searched for people"),
    "register.compared": lazy("Register compared with itself"),
    "reminders.muted": lazy("Reminders of a duty silenced"),
    "reminders.unmuted": lazy("Reminders of a duty sounded again"),
    "search.elsewhere": lazy("Asked about people of other offices"),
    "second_factor.added": lazy("Second factor set up"),
    "second_factor.removed": lazy("Second factor removed"),
    "second_factor.renewed": lazy("Second factor renewed"),
    "second_factor.taken_off": lazy("Second factor taken off by an administrator"),
    "session.closed": lazy("Session ended"),
    "session.ended_elsewhere": lazy("Session ended from elsewhere"),
    "session.opened": lazy("Signed in"),
    "session.refused": lazy("Sign-in refused"),
    "sessions.ended": lazy("Sessions ended from elsewhere"),
    "sign_in.linked": lazy("Sign-in of the organisation linked"),
    "sign_in.unlinked": lazy("Sign-in of the organisation unlinked"),
    "statement.made": lazy("Fact about a person stated"),
    "step.done": lazy("Step of the procedure done"),
    "subscription.ended": lazy("Deputy ended"),
    "subscription.made": lazy("Deputy set"),
    "tie.noted": lazy("Who stands with whom noted"),
    "token.made": lazy("Token for a program made"),
    "token.revoked": lazy("Token for a program ended"),
    "disposal.answered": lazy("Disposal answered by a second person"),
    "disposal.proposed": lazy("Disposal proposed"),
    "disposal.withdrawn": lazy("Proposal to dispose withdrawn"),
    "disposals.taken": lazy("Report of disposals taken out"),
    "export.made": lazy("File handed out, encrypted to its receiver"),
    "identity.erased": lazy("Everything about a child destroyed, for good"),
    "hold.given": lazy("Kept by order: hold given"),
    "hold.lifted": lazy("Hold lifted"),
    "period.set": lazy("Period of keeping set"),
    "duplicate.answered": lazy("Two records: answered"),
    "duplicate.apart": lazy("Two records: two people"),
    "duplicate.asked": lazy("Two records: somebody asked"),
    "duplicate.found": lazy("Two records that may be one person found"),
    "duplicate.gone": lazy("Two records are no longer alike"),
    "duplicate.named": lazy("Two records named as perhaps one person"),
    "duplicate.returned": lazy("Two records that were two people to be looked at again"),
    "duplicates.elsewhere": lazy("Told whom to ask about a record elsewhere that may be the same"),
    "merge.refused": lazy("Joining two records refused"),
    "merge.requested": lazy("Joining two records asked for"),
    "merge.withdrawn": lazy("Request to join two records taken back"),
    "person.merged": lazy("Two records joined: one person"),
    "person.unmerged": lazy("Two joined records separated again"),
    "tracing.asked": lazy("Tracing: case manager asked"),
    "tracing.checked": lazy("Tracing: one side checked"),
    "tracing.closed": lazy("Tracing closed"),
    "tracing.dismissed": lazy("Tracing: possibility dismissed"),
    "tracing.followed_up": lazy("Tracing: visited after reunification"),
    "tracing.looked": lazy("Tracing: compared with the register"),
    "tracing.opened": lazy("Tracing opened"),
    "tracing.reopened": lazy("Tracing opened again"),
    "tracing.reunified": lazy("Reunified"),
    "tracing.shared": lazy("Tracing: told whom to call"),
    "tracing.sought": lazy("Tracing: person sought described"),
    "tracing.withdrawn": lazy("Tracing: request withdrawn"),
    "transfer.answered": lazy("Transfer answered"),
    "transfer.proposed": lazy("Transfer proposed"),
    "transfer.withdrawn": lazy("Transfer withdrawn"),
    "triage.decided": lazy("Triage decided"),
    "triage.to_case": lazy("Triage led to a case"),
    "unusual.looked_into": lazy("Unusual reading looked into"),
    "unusual.noticed": lazy("Unusual reading noticed"),
    "user.changed": lazy("User changed"),
    "user.made": lazy("User made"),
    "whereabouts.restricted": lazy("Whereabouts restricted"),
}

# Kinds of records, as refusals and events name them.
KINDS: dict[str, Any] = {
    "case": lazy("case"),
    "encounter": lazy("encounter"),
    "person": lazy("person"),
    "user": lazy("user"),
    "membership": lazy("post"),
    "grant": lazy("grant"),
    "token": lazy("token"),
    "organisation": lazy("organisation"),
    "ledger": lazy("ledger"),
    "event": lazy("event"),
    "session": lazy("session"),
    "pair": lazy("pair of records"),
}


def title_of(name: str) -> str:
    """A title for a stored name, of past versions too: unknown ones are shown as they are."""
    if name in TITLES:
        return str(TITLES[name])
    if name.endswith(".hidden"):
        kind = name.removesuffix(".hidden")
        return _("Asked for something hidden or unknown: %(what)s") % {"what": kind_title(kind)}
    if name.endswith(".denied"):
        return _("Not permitted: %(what)s") % {"what": _wanted(name.removesuffix(".denied"))}
    return name


def kind_title(kind: str) -> str:
    """A kind of record in words; a kind without any as it is."""
    return str(KINDS.get(kind, kind))


def _wanted(what: str) -> str:
    elsewhere = what.endswith(".elsewhere")
    code = what.removesuffix(".elsewhere")
    words = str(Permission(code).label) if code in Permission.values else code
    return _("%(what)s, at another centre") % {"what": words} if elsewhere else words
