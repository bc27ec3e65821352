"""Events of users, posts, sessions, second factors, tokens."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("account.closed", _("Account closed: its last post ended")),
    Event("form.forged", _("Form refused: it came from another site or an old page")),
    Event("identity.confirmed", _("Identity confirmed again"), data="by"),
    Event("membership.ended", _("Post ended"), data="ends_on"),
    Event("membership.given", _("Post given"), data="user organisation role"),
    Event("pace.exceeded", _("Too many requests")),
    Event("password.changed", _("Password changed")),
    Event("password.handed_over", _("One-time password handed over")),
    Event("second_factor.added", _("Second factor set up"), data="kind"),
    Event("second_factor.removed", _("Second factor removed"), data="kind"),
    Event("second_factor.renewed", _("Second factor renewed"), data="kind"),
    Event("second_factor.taken_off", _("Second factor removed by an administrator")),
    Event("session.closed", _("Session ended"), data="reason"),
    Event("session.ended_elsewhere", _("Session ended from another device"), data="count"),
    Event("session.opened", _("Signed in")),
    Event("session.refused", _("Sign-in refused")),
    Event("sessions.ended", _("Sessions ended from another device"), data="count"),
    Event("sign_in.linked", _("Sign-in of the organisation linked")),
    Event("sign_in.unlinked", _("Sign-in of the organisation unlinked")),
    Event("token.made", _("Token for a program created")),
    Event("token.revoked", _("Token for a program ended")),
    Event("user.changed", _("User changed"), data="is_active"),
    Event("user.made", _("User created")),
)
