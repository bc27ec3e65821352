"""Documents, a legal hold, a centre's periods and a proposal to destroy, so that nobody of the
demonstration opens an empty page.

Belongs here: what is kept and destroyed, through the real actions. Does not: anything destroyed
for good; that is left to whoever tries it.
"""

import io

from django.db import transaction
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
_LIST = "Lista kategorija CSR Vranje 03/2024 (izmišljena)"
# An invented list of an invented centre: it shows how periods work and states nothing of law.
_YEARS = {"child_file": 10, "guardianship": 30, "transit": 5}
_NOTE = (
    "Izmišljeni dokument demonstracije.\n\n"
    "Lekarski pregled: bez akutnih nalaza. Preporučen kontrolni pregled za dve nedelje.\n"
)


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
                document=_LIST,
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
                reference="Zahtev 14/2026 (izmišljen)",
            )
        if len(rows) > 1:
            actions.give_hold(
                actor=head.actor,
                at=world.now,
                case=rows[1],
                reason="proceedings",
                text="Izmišljeni krivični postupak; spisi su zatraženi.",
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
    for kind, title, file in (
        ("finding_opinion", "Nalaz lekara (izmišljen)", take_in(io.BytesIO(_NOTE.encode()))),
        ("service_plan", "Slika plana sa sastanka (izmišljena)", _picture()),
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
