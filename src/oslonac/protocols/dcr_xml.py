"""Export of a protocol as DCR XML, the exchange form of the DCR tools.

The elements are those of Slaats, Mukkamala, Hildebrandt, Marquard: Exformatics Declarative Case
Management Workflows as DCR Graphs (BPM 2013): specification with resources and constraints, and a
runtime with the marking. Working days, dates from events and replication have no place there;
deadlines of hours, days and months are ISO 8601 durations, the rest is told in a description.
"""

import xml.etree.ElementTree as ET

from oslonac.kit.calendars import Amount, Unit
from oslonac.protocols.booklet import length, text
from oslonac.protocols.dcr.graph import (
    Condition,
    Exclude,
    Include,
    Milestone,
    NoResponse,
    Relation,
    Response,
)
from oslonac.protocols.protocol import Protocol

CONSTRAINTS: dict[type, tuple[str, str]] = {
    Condition: ("conditions", "condition"),
    Response: ("responses", "response"),
    Milestone: ("milestones", "milestone"),
    Include: ("includes", "include"),
    Exclude: ("excludes", "exclude"),
    NoResponse: ("coresponces", "coresponce"),
}


def export(protocol: Protocol, language: str = "en") -> str:
    """The protocol as an XML document."""
    root = ET.Element("dcrgraph", title=text(protocol.title, language))
    specification = ET.SubElement(root, "specification")
    _resources(protocol, ET.SubElement(specification, "resources"), language)
    constraints = ET.SubElement(specification, "constraints")
    lists = {kind: ET.SubElement(constraints, names[0]) for kind, names in CONSTRAINTS.items()}
    for relation in protocol.graph.relations:
        _constraint(relation, lists[type(relation)])
    _marking(protocol, ET.SubElement(root, "runtime"))
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True) + "\n"


def _resources(protocol: Protocol, resources: ET.Element, language: str) -> None:
    events = ET.SubElement(resources, "events")
    labels = ET.SubElement(resources, "labels")
    mappings = ET.SubElement(resources, "labelMappings")
    guards = ET.SubElement(resources, "expressions")
    for activity in protocol.graph.activities.values():
        step = protocol.step_of(activity.id)
        event = ET.SubElement(events, "event", id=activity.id)
        custom = ET.SubElement(event, "custom")
        roles = ET.SubElement(custom, "roles")
        for who in dict.fromkeys(w.role for w in activity.who):
            ET.SubElement(roles, "role").text = who
        described = [text(step.how, language), f"each {activity.each}" if activity.each else ""]
        ET.SubElement(custom, "eventDescription").text = " ".join(filter(None, described))
        label = text(step.title, language)
        if activity.part_of:
            label = f"Begin: {label}"
        ET.SubElement(labels, "label", id=label)
        ET.SubElement(mappings, "labelMapping", eventId=activity.id, labelId=label)
    for guard in {r.guard.text for r in protocol.graph.relations if r.guard is not None}:
        ET.SubElement(guards, "expression", id=guard, value=guard)
    guards[:] = sorted(guards, key=lambda element: element.get("id") or "")


def _constraint(relation: Relation, parent: ET.Element) -> None:
    element = ET.SubElement(
        parent,
        CONSTRAINTS[type(relation)][1],
        sourceId=relation.source,
        targetId=relation.target,
    )
    if relation.guard is not None:
        element.set("expressionId", relation.guard.text)
    amount = relation.delay if isinstance(relation, Condition) else None
    if isinstance(relation, Response):
        amount = relation.deadline.amount
        if relation.deadline.day_text:
            element.set("description", f"by {relation.deadline.day_text}")
    if amount is not None:
        element.set("time", duration(amount))
        if amount.unit is Unit.WORKING_DAYS:
            element.set("description", length(amount))


def duration(amount: Amount) -> str:
    """ISO 8601. Working days are given as days; the description has the truth."""
    forms = {
        Unit.HOURS: "PT%dH",
        Unit.CALENDAR_DAYS: "P%dD",
        Unit.WORKING_DAYS: "P%dD",
        Unit.MONTHS: "P%dM",
    }
    return forms[amount.unit] % amount.count


def _marking(protocol: Protocol, runtime: ET.Element) -> None:
    marking = ET.SubElement(runtime, "marking")
    ET.SubElement(marking, "executed")
    included = ET.SubElement(marking, "included")
    pending = ET.SubElement(marking, "pendingResponses")
    for activity in protocol.graph.activities.values():
        if activity.included:
            ET.SubElement(included, "event", id=activity.id)
        if activity.pending:
            ET.SubElement(pending, "event", id=activity.id)
