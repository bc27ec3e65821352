"""The questions of the steps that whoever asks may take."""

from ninja import Router
from pydantic import Field

from oslonac.access.roles import Permission
from oslonac.steps.questions import VERSION, languages, step_questions
from oslonac.steps.step import all_steps
from oslonac.web.api import ApiRequest, Out, operation

router = Router(tags=["Steps"])
InLanguages = dict[str, str]


class ChoiceOut(Out):
    """One of the answers that may be chosen."""

    value: str | int
    label: InLanguages


class QuestionOut(Out):
    """One question. `list`: the code list whose codes answer it. `kinds`: of which kinds the
    organisation or place may be. `of_the_record`: what may be chosen depends on the record."""

    name: str
    type: str
    required: bool
    label: InLanguages
    help: InLanguages
    in_api: bool = Field(description="Whether the body of the operation has this field.")
    choices: list[ChoiceOut] | None = None
    kinds: list[str] | None = None
    min: int | str | None = None
    max: int | str | None = None
    max_length: int | None = None
    of_the_record: bool = False
    list: str | None = None


class StepRestOut(Out):
    """The operation that takes the answers."""

    method: str
    path: str
    operation: str


class StepOut(Out):
    """One step: on what it is taken, what it asks, where the answers go."""

    step: str
    on: str
    part: str
    action: str
    permission: Permission
    title: InLanguages
    help: InLanguages
    rest: StepRestOut | None
    revision: bool
    questions: list[QuestionOut]


class StepQuestionsOut(Out):
    """The questions of steps, in every language of the interface."""

    version: int
    languages: list[str]
    steps: list[StepOut]


@operation(router, "GET", "/step-questions", Permission.CASE_READ)
def list_step_questions(request: ApiRequest) -> StepQuestionsOut:
    """Lists what the steps that one may take ask: labels, types, choices, rules.

    For programs that ask the same questions elsewhere and send the answers later.
    """
    held = request.actor.permissions
    steps = [step_questions(step) for step in all_steps() if step.permission in held]
    return StepQuestionsOut.model_validate(
        {"version": VERSION, "languages": languages(), "steps": steps}
    )
