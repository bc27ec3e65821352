"""Pages of the procedures: the list, one in full, its diagram, its booklet, its exchange form."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from oslonac.access.roles import Permission
from oslonac.accounts.acting import ActingRequest
from oslonac.accounts.guards import permitted
from oslonac.kit.errors import Hidden
from oslonac.kit.translations import code_of, tag_of
from oslonac.protocols import catalogue, changes, library, paper, wording
from oslonac.protocols.booklet import Row
from oslonac.protocols.dcr_xml import export
from oslonac.protocols.drawing import draw
from oslonac.protocols.library import Kept
from oslonac.web.pdf import render_pdf
from oslonac.web.shapes import Cell, Column, Flag, Link, Table

STEP = "step-"


@permitted(Permission.SIGNED_IN)
def index(request: ActingRequest) -> HttpResponse:
    """All procedures that new cases begin on."""
    checked = library.checked()
    kept = library.current()
    columns = [
        Column(_("Procedure")),
        Column(_("Version")),
        Column(_("Steps"), numeric=True),
        Column(_("Legal sources")),
        Column(_("Checked by machine")),
    ]
    rows = [_listed(each, checked) for each in kept]
    context = {
        "page_title": _("Procedures"),
        "count": len(kept),
        "table": Table(_("Procedures"), columns, rows, _("This pack holds no procedures.")),
        "booklets": _booklets(""),
    }
    return render(request, "protocols/index.html", context)


def _listed(kept: Kept, checked: dict[str, library.Checked] | None) -> list[Cell | str]:
    sources = library.grounds(kept.protocol)
    read = sum(ground.verified for ground in sources)
    steps = sum(len(section.rows) for section in library.told(kept.protocol))
    url = reverse("protocols:page", args=[kept.protocol.id])
    return [
        Cell(
            kept.title, url, note=library.said(kept.protocol.about) if kept.protocol.about else ""
        ),
        Cell(kept.protocol.version, note=_since(kept)),
        str(steps),
        Cell(
            ngettext("%(n)d verified", "%(n)d verified", read) % {"n": read},
            note=_unread(len(sources) - read),
        ),
        _check_cell(kept.protocol.id, checked),
    ]


def _since(kept: Kept) -> str:
    return _("in use since %(day)s") % {"day": _day(kept.loaded_at)}


def _day(moment: Any) -> str:
    return date_format(localtime(moment), "DATE_FORMAT")


def _unread(count: int) -> str:
    if not count:
        return ""
    return ngettext("%(n)d as guidance", "%(n)d as guidance", count) % {"n": count}


def _check_cell(protocol: str, found: dict[str, library.Checked] | None) -> Cell:
    if found is None:
        return Cell(_("being checked"))
    if (checked := found.get(protocol)) is None:
        return Cell(_("no longer in the pack"))
    if checked.errors:
        words = ngettext("%(n)d mistake", "%(n)d mistakes", len(checked.errors))
        return Cell("", flag=Flag(words % {"n": len(checked.errors)}, "alert"))
    if checked.warnings:
        words = ngettext("%(n)d remark", "%(n)d remarks", len(checked.warnings))
        return Cell("", flag=Flag(words % {"n": len(checked.warnings)}, "warn"))
    return Cell("", flag=Flag(_("nothing found"), "ok"))


@permitted(Permission.SIGNED_IN)
def page(request: ActingRequest, protocol: str) -> HttpResponse:
    """One procedure: picture, table, sources, versions. `?version=` shows an older one."""
    all_versions = library.versions(protocol)
    kept = _chosen(all_versions, request.GET.get("version", ""), protocol)
    shown = kept.protocol
    older = next((v for v in all_versions if v.loaded_at < kept.loaded_at), None)
    context = {
        "page_title": kept.title,
        "kept": kept,
        "about": library.said(shown.about) if shown.about else "",
        "since": _since(kept),
        "diagram": SafeString(_diagram(shown, link=STEP)),
        "sections": [
            (section.title, [_row(row) for row in section.rows]) for section in library.told(shown)
        ],
        "sources": [(each, paper.ground_note(each)) for each in library.grounds(shown)],
        "versions": [_version_link(each, kept) for each in all_versions],
        "changes": _changes(older, kept),
        "older": older,
        "checked": (library.checked() or {}).get(shown.id) if kept.current else None,
        "booklets": _booklets(shown.id),
        "crumbs": [Link(_("Procedures"), reverse("protocols:index")), Link(kept.title)],
    }
    return render(request, "protocols/page.html", context)


def _chosen(all_versions: list[Kept], wanted: str, protocol: str) -> Kept:
    """The version asked for, else the one in use, else the latest. Raises Hidden."""
    if not all_versions:
        raise Hidden("protocol", protocol)
    if wanted:
        found = next((v for v in all_versions if str(v.edition) == wanted), None)
        if found is None:
            raise Hidden("protocol", protocol)
        return found
    return next((v for v in all_versions if v.current), all_versions[0])


def _row(row: Row) -> dict[str, Any]:
    return {
        "row": row,
        "anchor": f"{STEP}{row.id}",
        "who": [wording.role(role) for role in row.who],
        "form": wording.form(row.form),
        "guidance": row.verified is False,
    }


def _diagram(protocol: Any, *, link: str = "", standalone: bool = False) -> str:
    return draw(
        protocol,
        wording.tag(),
        standalone=standalone,
        say=wording.wording(),
        role=wording.role,
        link=link,
    )


def _version_link(version: Kept, shown: Kept) -> dict[str, Any]:
    base = reverse("protocols:page", args=[version.protocol.id])
    return {
        "label": version.protocol.version,
        "since": _since(version),
        "url": base if version.current else f"{base}?version={version.edition}",
        "shown": version.edition == shown.edition,
        "current": version.current,
    }


def _changes(older: Kept | None, kept: Kept) -> list[dict[str, Any]]:
    if older is None:
        return []
    parts = {
        changes.Part.WHAT: _("What"),
        changes.Part.WHO: _("Who"),
        changes.Part.WHEN: _("When"),
        changes.Part.AFTER: _("Waits for"),
        changes.Part.HOW: _("How"),
        changes.Part.FORM: _("Form"),
        changes.Part.EVIDENCE: _("Shown by"),
        changes.Part.SOURCES: _("Sources"),
        changes.Part.VERIFIED: _("Verified"),
    }
    kinds = {
        changes.Kind.ADDED: _("new step"),
        changes.Kind.REMOVED: _("step removed"),
        changes.Kind.CHANGED: _("changed"),
    }
    return [
        {
            "title": change.title,
            "kind": kinds[change.kind],
            "lines": [(parts[d.part], d.before, d.after) for d in change.differences],
        }
        for change in library.changed(older.protocol, kept.protocol)
    ]


@permitted(Permission.SIGNED_IN)
def step(request: ActingRequest, activity: str) -> HttpResponse:
    """From a step of a case to what the procedure says of it."""
    found = catalogue.entry(activity)
    if found is None:
        raise Hidden("activity", activity)
    return redirect(f"{reverse('protocols:page', args=[found.protocol.id])}#{STEP}{found.step.id}")


@permitted(Permission.SIGNED_IN)
def diagram(request: ActingRequest, protocol: str) -> HttpResponse:
    """The picture as a file."""
    kept = _chosen(library.versions(protocol), request.GET.get("version", ""), protocol)
    content = _diagram(kept.protocol, standalone=True)
    return _file(content.encode(), f"{protocol}.svg", "image/svg+xml")


@permitted(Permission.SIGNED_IN)
def dcr_xml(request: ActingRequest, protocol: str) -> HttpResponse:
    """DCR XML, for the DCR tools."""
    kept = _chosen(library.versions(protocol), request.GET.get("version", ""), protocol)
    content = export(kept.protocol, wording.tag())
    return _file(content.encode(), f"{protocol}.dcr.xml", "application/xml")


@permitted(Permission.SIGNED_IN)
def booklet(request: ActingRequest, tag: str, protocol: str = "") -> HttpResponse:
    """The booklet as PDF, in the language of its address: one procedure or all."""
    language = code_of(tag)
    if tag_of(language) != tag or language not in dict(settings.LANGUAGES):
        raise Hidden("booklet", tag)
    with translation.override(language):
        if protocol:
            kept = [_chosen(library.versions(protocol), request.GET.get("version", ""), protocol)]
        else:
            kept = library.current()
        pdf = render_pdf("sop_booklet", paper.booklet_data(kept))
    return _file(pdf, f"{protocol or 'procedures'}.{tag}.pdf", "application/pdf")


def _booklets(protocol: str) -> list[dict[str, str]]:
    """The booklet in every language, each named in its own."""
    return [
        {
            "label": name,
            "tag": tag,
            "url": reverse("protocols:one_booklet", args=[protocol, tag])
            if protocol
            else reverse("protocols:booklet", args=[tag]),
        }
        for tag, name in ((tag_of(code), str(name)) for code, name in settings.LANGUAGES)
    ]


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
