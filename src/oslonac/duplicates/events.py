"""Events of pairs of records that may be one person."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("duplicate.answered", _("Two records: answered"), data="one other"),
    Event("duplicate.apart", _("Two records: two people"), data="one other reason"),
    Event("duplicate.asked", _("Two records: somebody asked"), data="one other told"),
    Event(
        "duplicate.found",
        _("Two records that may be one person found"),
        data="one other found_by probability evidence",
    ),
    Event(
        "duplicate.gone",
        _("Two records are no longer alike"),
        data="one other found_by probability evidence",
    ),
    Event("duplicate.named", _("Two records named as perhaps one person"), data="one other"),
    Event(
        "duplicate.returned",
        _("Two records that were two people to be looked at again"),
        data="one other found_by probability evidence",
    ),
    Event("duplicate.unnamed", _("Two records taken off the list again"), data="one other"),
    Event(
        "duplicates.elsewhere",
        _("Told whom to ask about a record elsewhere that may be the same"),
        data="purpose told",
    ),
    Event("merge.refused", _("Joining two records refused"), data="one other"),
    Event(
        "merge.requested",
        _("Joining two records asked for"),
        data="one other survivor see_survivor see_merged see_both houses kept_away",
    ),
    Event("merge.withdrawn", _("Request to join two records taken back"), data="one other"),
    Event(
        "person.merged",
        _("Two records joined: one person"),
        data="one other survivor see_survivor see_merged see_both houses kept_away merged blocks",
    ),
    Event(
        "person.unmerged",
        _("Two joined records separated again"),
        data="one other survivor merged then written_since",
    ),
)
