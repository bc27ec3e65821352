"""Documents, a legal hold, a centre's periods and a proposal to destroy, so that nobody of the
demonstration opens an empty page.

Belongs here: what is kept and destroyed, through the real actions. Does not: anything destroyed
for good; that is left to whoever tries it.
"""

import io

from django.db import transaction
from django.utils.translation import gettext as told
from PIL import Image, ImageDraw

from oslonac.cases.models import Case
from oslonac.cases.rules import CaseStatus
from oslonac.demo import mass
from oslonac.demo.ids import seeded
from oslonac.demo.world import World
from oslonac.directory.models import Organisation
from oslonac.documents import actions as documents
from oslonac.documents.intake import TakenIn, take_in
from oslonac.retention import actions

CENTRE = "csw-vranje"
# An invented list of an invented centre: it shows how periods work and states nothing of law.
_YEARS = {"child_file": 10, "guardianship": 30, "transit": 5}


def tell(world: World, seed: int) -> None:
    """Once for each demonstration."""
    if mass.is_done("keeping"):
        return
    with seeded(f"{seed}:keeping") as ids, transaction.atomic():
        ids.at(world.now)
        head, lawyer = world.cast["milena"], world.cast["vesna"]
        for category, years in _YEARS.items():
            actions.set_period(
                actor=head.actor,
                at=world.now,
                organisation=Organisation.objects.get(pk=head.organisation_id),
                category=category,
                years=years,
                document=told("List of categories, CSW Vranje 03/2024 (invented)"),
            )
        _documents(world)
        closed = Case.objects.filter(
            organisation_id=head.organisation_id, status=CaseStatus.CLOSED
        ).order_by("closed_at", "pk")
        rows = [row for row in closed[:10] if not _worked_on_elsewhere(row)]
        if rows:
            actions.propose(
                actor=lawyer.actor,
                at=world.now,
                case=rows[0],
                ground="request",
                reference=told("Request 14/2026 (invented)"),
            )
        if len(rows) > 1:
            actions.give_hold(
                actor=head.actor,
                at=world.now,
                case=rows[1],
                reason="proceedings",
                text=told("Invented criminal proceedings; the files were asked for."),
            )
        mass.mark_done("keeping", world.now)


def _worked_on_elsewhere(case: Case) -> bool:
    return Case.objects.filter(person_id=case.person_id).exclude(status=CaseStatus.CLOSED).exists()


def _documents(world: World) -> None:
    """Two documents in the first open file of a case manager."""
    ana = world.cast["ana"]
    case = (
        Case.objects.filter(manager_id=ana.actor.user_id, status=CaseStatus.OPEN)
        .order_by("opened_at", "pk")
        .first()
    )
    if case is None:
        return
    note = told(
        "Invented document of the demonstration. Medical examination: nothing acute was found. "
        "Another examination in two weeks is advised."
    )
    for kind, title, file in (
        (
            "finding_opinion",
            told("Doctor's finding (invented)"),
            take_in(io.BytesIO(note.encode())),
        ),
        ("service_plan", told("Picture of the plan from the meeting (invented)"), _picture()),
    ):
        documents.add(actor=ana.actor, at=world.now, case=case, file=file, kind=kind, title=title)


def _picture() -> TakenIn:
    picture = Image.new("RGB", (640, 420), (250, 248, 240))
    drawing = ImageDraw.Draw(picture)
    for row in range(6):
        drawing.line([(60, 70 + row * 55), (580, 70 + row * 55)], fill=(90, 110, 130), width=3)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return take_in(content)
