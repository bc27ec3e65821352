"""Concerns, assessments, plan, promises and contacts as sections of the case page."""

from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from oslonac.accounts.queries import office_name
from oslonac.cases import moments, rules, tabs
from oslonac.cases.extensions import EXTENSIONS
from oslonac.cases.models import Activity, Assessment, Concern, Goal, Plan
from oslonac.cases.page.rows import CaseFile
from oslonac.cases.page.shapes import Entry, Section, texts
from oslonac.cases.page.work import add, joined
from oslonac.cases.steps import registry
from oslonac.directory import codes
from oslonac.kit.clock import local_day
from oslonac.planning.steps.concerns import SAFETY
from oslonac.planning.steps.contacts import INFORMATION
from oslonac.planning.steps.plans import Reached
from oslonac.web.shapes import Fact, Flag, Kind

RECENT = 4


def register() -> None:
    """Called when the application starts."""
    EXTENSIONS.sections.update(
        concerns=concerns,
        assessments=assessments,
        plan=plan,
        promises=promises,
        contacts=contacts,
    )
    EXTENSIONS.brief.append(concerns_in_brief)


PARTS = {
    "safety": _lazy("Safety now"),
    "needs": _lazy("Needs"),
    "strengths": _lazy("Strengths"),
    "family": _lazy("Family"),
    "health": _lazy("Health"),
    "child_view": _lazy("The person's own view"),
    "conclusion": _lazy("Conclusion"),
}


def concerns(file: CaseFile) -> Section:
    """Concerns, the open ones first; a suspicion shows that it waits for a decision."""
    order = {"open": 0, "monitored": 1, "ended": 2}
    rows = sorted(file.concerns, key=lambda c: order[c.status])
    return Section(
        anchor="concerns",
        title=_("Concerns"),
        entries=[_concern(file, row) for row in rows],
        empty=_("No concerns are recorded."),
        actions=add(file, "concern"),
    )


def concerns_in_brief(file: CaseFile) -> list[Fact]:
    """Those that have not ended, a line each that leads to it."""
    url = tabs.at(file.case.pk, "concerns")
    return [
        Fact(
            codes.title("concerns", row.kind),
            capfirst(str(rules.ConcernStatus(row.status).label)),
            note=_("suspicion: needs a decision to end") if row.is_suspicion else "",
            url=url,
        )
        for row in file.concerns
        if row.status != rules.ConcernStatus.ENDED
    ]


def _concern(file: CaseFile, row: Concern) -> Entry:
    kinds: dict[str, Kind] = {"open": "alert", "monitored": "warn", "ended": "calm"}
    flags = [Flag(capfirst(str(rules.ConcernStatus(row.status).label)), kinds[row.status])]
    if row.is_suspicion:
        flags.append(Flag(_("suspicion: needs a decision to end"), "calm", "lock"))
    notified = ""
    if row.notified_at:
        notified = _("%(body)s: recorded as informed on %(day)s") % {
            "body": str(row.notified_body),
            "day": moments.day(row.notified_at),
        }
    decided = ""
    if row.decision:
        label = capfirst(str(rules.ConcernDecision(row.decision).label))
        decided = _("%(decision)s, %(name)s, %(day)s") % {
            "decision": label,
            "name": file.name(row.decided_by_id),
            "day": moments.day(row.decided_at) if row.decided_at else "",
        }
    review = ""
    if row.review_on and row.status != rules.ConcernStatus.ENDED:
        review = _("review on %(day)s") % {"day": moments.of_day(row.review_on)}
    safety = str(dict(SAFETY).get(row.safety_offered, ""))
    return Entry(
        title=codes.title("concerns", row.kind),
        line=joined(
            _("raised %(day)s by %(name)s")
            % {"day": moments.day(row.raised_at), "name": file.name(row.raised_by_id) or "…"},
            notified,
            decided,
            safety,
            review,
        ),
        flags=flags,
        texts=texts(
            ("", file.text(row, "detail")), (_("Reasons"), file.text(row, "decision_reason"))
        ),
        actions=registry.buttons(file.actor, file.case, row, "concern-notice", "concern-decision"),
        kind="alert" if row.status == rules.ConcernStatus.OPEN and row.is_suspicion else "",
    )


def assessments(file: CaseFile) -> Section:
    return Section(
        anchor="assessments",
        title=_("Assessments"),
        entries=[_assessment(file, row) for row in file.assessments],
        empty=_("No assessment is recorded yet."),
        actions=add(file, "assessment")
        if not any(a.status == rules.AssessmentStatus.BEGUN for a in file.assessments)
        else [],
    )


def _assessment(file: CaseFile, row: Assessment) -> Entry:
    running = row.status == rules.AssessmentStatus.BEGUN
    alone = str(rules.AloneWithChild(row.alone_with_child).label) if row.alone_with_child else ""
    done = ""
    if row.completed_at:
        done = _("completed %(day)s by %(name)s") % {
            "day": moments.day(row.completed_at),
            "name": file.name(row.completed_by_id),
        }
    return Entry(
        title=capfirst(str(rules.AssessmentKind(row.kind).label)),
        line=joined(
            _("started %(day)s by %(name)s")
            % {"day": moments.day(row.begun_at), "name": file.name(row.begun_by_id) or "…"},
            done,
            alone,
        ),
        flags=[
            Flag(
                str(rules.AssessmentStatus(row.status).label),
                "warn" if running else "ok",
            )
        ],
        texts=texts(*((PARTS[name], file.text(row, name)) for name in Assessment.TEXTS)),
        actions=registry.buttons(file.actor, file.case, row, "assessment", kind="quiet"),
    )


def plan(file: CaseFile) -> Section:
    """The plan in force, then a draft; ended ones folded away."""
    order = {"in_force": 0, "draft": 1, "ended": 2}
    rows = sorted(file.plans, key=lambda p: order[p.status])
    current = [_plan(file, p) for p in rows if p.status != rules.PlanStatus.ENDED]
    in_force = any(p.status == rules.PlanStatus.IN_FORCE for p in rows)
    drafted = any(p.status == rules.PlanStatus.DRAFT for p in rows)
    return Section(
        anchor="plan",
        title=_("Plan"),
        entries=current,
        older=[_plan(file, p) for p in rows if p.status == rules.PlanStatus.ENDED],
        empty=_("There is no plan yet."),
        actions=add(file, *(() if drafted else ("plan",)), *(("review",) if in_force else ())),
    )


def _plan(file: CaseFile, row: Plan) -> Entry:
    kinds: dict[str, Kind] = {"in_force": "ok", "draft": "warn", "ended": "calm"}
    reviews = [
        joined(
            _("reviewed %(day)s") % {"day": moments.day(r.happened_at)},
            str(rules.ReviewOutcome(r.outcome).label),
        )
        for r in file.reviews[:1]
        if row.status == rules.PlanStatus.IN_FORCE
    ]
    moment = row.in_force_at or row.made_at
    return Entry(
        title=_("Plan of %(day)s") % {"day": moments.day(moment)},
        line=joined(file.name(row.made_by_id), *reviews),
        flags=[Flag(str(rules.PlanStatus(row.status).label), kinds[row.status])],
        texts=texts((_("The person's own view"), file.text(row, "child_view"))),
        parts=[_goal(file, goal) for goal in file.goals if goal.plan_id == row.pk],
        actions=registry.buttons(file.actor, file.case, row, "plan", "goal-add", kind="quiet"),
    )


def _goal(file: CaseFile, row: Goal) -> Entry:
    kinds: dict[str, Kind] = {"yes": "ok", "partly": "warn", "no": "alert"}
    due = moments.of_day(row.due_on) if row.due_on else ""
    domain = codes.title("plan_goal_domains", row.domain)
    return Entry(
        title=moments.isolated(file.text(row, "outcome")) or domain,
        line=joined(domain, _("by %(day)s") % {"day": due} if due else ""),
        flags=[Flag(str(Reached(row.reached).label), kinds[row.reached])] if row.reached else [],
        texts=texts((_("How it can be seen"), file.text(row, "indicator"))),
        parts=[_activity(file, a) for a in file.activities if a.goal_id == row.pk],
        actions=registry.buttons(file.actor, file.case, row, "activity-add", "goal"),
    )


def _activity(file: CaseFile, row: Activity) -> Entry:
    late = row.status == rules.ActivityStatus.PLANNED and row.due_on < local_day(file.at)
    kinds: dict[str, Kind] = {"planned": "calm", "done": "ok", "dropped": "warn"}
    flag = (
        Flag(_("overdue"), "alert")
        if late
        else Flag(str(rules.ActivityStatus(row.status).label), kinds[row.status])
    )
    owner = file.name(row.owner_id) or office_name(row.owner_organisation)
    return Entry(
        title=moments.isolated(file.text(row, "what")) or _("An activity, text not shown"),
        line=joined(owner, _("by %(day)s") % {"day": moments.of_day(row.due_on)}),
        flags=[flag],
        texts=texts((_("Note"), file.text(row, "note"))),
        actions=registry.buttons(file.actor, file.case, row, "activity"),
        anchor=f"activity-{row.pk}",
    )


def promises(file: CaseFile) -> Section:
    """Promises, open ones first; a late one is marked, for the child waits."""
    rows = sorted(file.promises, key=lambda p: (p.status != "open", p.due_on))
    return Section(
        anchor="promises",
        title=_("Promises made"),
        entries=[_promise(file, row) for row in rows],
        empty=_("No promises are recorded."),
        actions=add(file, "promise"),
        note=_kept(file),
    )


def _kept(file: CaseFile) -> str:
    ended = [p for p in file.promises if p.status != rules.PromiseStatus.OPEN]
    if not ended:
        return ""
    kept = sum(p.status == rules.PromiseStatus.KEPT for p in ended)
    return _("%(kept)d of %(all)d kept.") % {"kept": kept, "all": len(ended)}


def _promise(file: CaseFile, row: Any) -> Entry:
    late = row.status == rules.PromiseStatus.OPEN and row.due_on < local_day(file.at)
    kinds: dict[str, Kind] = {"open": "calm", "kept": "ok", "withdrawn": "warn"}
    status = row.status
    flag = (
        Flag(_("overdue"), "alert")
        if late
        else Flag(str(rules.PromiseStatus(status).label), kinds[status])
    )
    return Entry(
        title=moments.isolated(file.text(row, "what")) or _("A promise, text not shown"),
        line=joined(
            _("by %(day)s") % {"day": moments.of_day(row.due_on)},
            file.name(row.owner_id),
        ),
        flags=[flag],
        texts=texts(("", file.text(row, "note"))),
        actions=registry.buttons(file.actor, file.case, row, "promise"),
    )


def contacts(file: CaseFile) -> Section:
    entries = [_contact(file, row) for row in file.contacts]
    return Section(
        anchor="contacts",
        title=_("Contacts"),
        entries=entries[:RECENT],
        older=entries[RECENT:],
        empty=_("No contacts are recorded yet."),
        actions=add(file, "contact"),
    )


def _contact(file: CaseFile, row: Any) -> Entry:
    kind, alone = row.kind, row.alone_with_child
    flags = [
        Flag(
            str(rules.AloneWithChild(alone).label),
            "ok" if alone == rules.AloneWithChild.YES else "calm",
        )
    ]
    if row.told_story:
        flags.append(Flag(_("had to retell the story"), "warn"))
    information = dict(INFORMATION)
    given = ", ".join(str(information.get(c, c)) for c in row.information_given)
    language = row.language
    interpreter = file.text(row, "interpreter")
    return Entry(
        title=_("%(kind)s, %(moment)s")
        % {
            "kind": capfirst(str(rules.ContactKind(kind).label)),
            "moment": moments.short(row.happened_at),
        },
        line=joined(
            file.name(row.by_id),
            codes.title("languages", language) if language else "",
            _("interpreter %(name)s") % {"name": moments.isolated(interpreter)}
            if interpreter
            else "",
            _("where the person lives") if row.at_residence else "",
        ),
        flags=flags,
        texts=texts(("", file.text(row, "narrative")), (_("Information given"), given)),
    )
