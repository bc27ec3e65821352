"""The booklet of procedures as paper: data of the layout `sop_booklet`."""

from collections.abc import Sequence
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from oslonac.kit.clock import now
from oslonac.protocols import library, wording
from oslonac.protocols.booklet import Row, Term
from oslonac.protocols.drawing import draw
from oslonac.protocols.library import Kept


def booklet_data(kept: Sequence[Kept]) -> dict[str, Any]:
    """One or all procedures, in the language of the moment; see typst/sop_booklet.typ."""
    one = kept[0].title if len(kept) == 1 else ""
    return {
        "lang": wording.tag().split("-")[0],
        "dir": "ltr",
        "title": one or _("Who does what, when and how"),
        "subtitle": _("The procedures that Oslonac runs on every case"),
        "printed": _("Printed %(day)s") % {"day": date_format(localtime(now()), "DATE_FORMAT")},
        "page": _("Page {page} of {pages}"),
        "note": _(
            "Deadlines without a confirmed legal source are marked as guidance. Nobody is ever "
            "late by them."
        ),
        "contents": _("Contents"),
        "columns": [_("What"), _("Who"), _("When"), _("How, and what shows that it was done")],
        "sources": _("Sources"),
        "guidance": _("guidance"),
        "procedures": [_procedure(each) for each in kept],
    }


def _procedure(kept: Kept) -> dict[str, Any]:
    protocol = kept.protocol
    version = _("Version %(version)s, in use here since %(day)s") % {
        "version": protocol.version,
        "day": date_format(localtime(kept.loaded_at), "DATE_FORMAT"),
    }
    return {
        "title": kept.title,
        "version": version,
        "about": library.said(protocol.about) if protocol.about else "",
        "diagram": draw(
            protocol,
            wording.tag(),
            standalone=True,
            say=wording.wording(),
            role=wording.role,
        ),
        "diagram_words": _("The procedure as a diagram; the table says the same in words."),
        "sections": [
            {"title": section.title, "rows": [_row(row) for row in section.rows]}
            for section in library.told(protocol)
        ],
        "sources": [
            {"cited": ground.cited, "note": ground_note(ground)}
            for ground in library.grounds(protocol)
        ],
    }


def _row(row: Row) -> dict[str, Any]:
    how = [row.how] if row.how else []
    if row.evidence:
        how.append(_("Shown by: %(evidence)s") % {"evidence": row.evidence})
    how += [_("Can also end with: %(end)s") % {"end": end} for end in row.outcomes]
    if form := wording.form(row.form):
        how.append(_("Form: %(form)s") % {"form": form})
    return {
        "what": row.what,
        "sources": "; ".join(row.sources),
        "who": ", ".join(wording.role(role) for role in row.who),
        "when": [*map(_term, row.when), *row.after],
        "how": how,
    }


def _term(term: Term) -> str:
    """A deadline, and whether anybody can be late by it."""
    if term.verified:
        return term.text
    return _("%(when)s (guidance)") % {"when": term.text}


def ground_note(ground: library.Ground) -> str:
    """Whether it was read, where, and from when it is in force."""
    parts = [
        _("read: %(where)s") % {"where": ground.read}
        if ground.verified
        else _("not confirmed: guidance only")
    ]
    if ground.as_of:
        parts.append(_("as the text stood in %(day)s") % {"day": ground.as_of})
    if ground.read_on:
        parts.append(_("read on %(day)s") % {"day": date_format(ground.read_on, "DATE_FORMAT")})
    if ground.since:
        parts.append(_("in force from %(day)s") % {"day": date_format(ground.since, "DATE_FORMAT")})
    if ground.until:
        parts.append(_("until %(day)s") % {"day": date_format(ground.until, "DATE_FORMAT")})
    return "; ".join(parts)
