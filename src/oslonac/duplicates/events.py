"""Events of pairs of records that may be one person."""

from django.utils.translation import gettext_lazy as _

from oslonac.audit.events import Event, declare

declare(
    Event("duplicate.answered", _("Possible duplicate: question answered"), data="one other"),
    Event(
        "duplicate.apart", _("Possible duplicate: two different people"), data="one other reason"
    ),
    Event("duplicate.asked", _("Possible duplicate: question sent"), data="one other told"),
    Event(
        "duplicate.found",
        _("Possible duplicate found"),
        data="one other found_by probability evidence",
    ),
    Event(
        "duplicate.gone",
        _("Possible duplicate no longer alike"),
        data="one other found_by probability evidence",
    ),
    Event("duplicate.named", _("Possible duplicate added by hand"), data="one other"),
    Event(
        "duplicate.returned",
        _("Possible duplicate to be checked again"),
        data="one other found_by probability evidence",
    ),
    Event("duplicate.unnamed", _("Possible duplicate removed from the list"), data="one other"),
    Event(
        "duplicates.elsewhere",
        _("Shown whom to ask about a possible duplicate elsewhere"),
        data="purpose told",
    ),
    Event("merge.refused", _("Joining two records refused"), data="one other"),
    Event(
        "merge.requested",
        _("Request to join two records"),
        data="one other survivor see_survivor see_merged see_both houses kept_away",
    ),
    Event("merge.withdrawn", _("Request to join two records withdrawn"), data="one other"),
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
