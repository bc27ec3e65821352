"""Routes below one case: the page, its paper, and every step."""

from django.urls import URLPattern, path

from oslonac.cases.tabs import Tab
from oslonac.cases.views import case, step, summary

patterns: list[URLPattern] = [
    path("cases/<uuid:case_id>/", case.page, name="case"),
    *(
        path(f"cases/<uuid:case_id>/{tab}/", case.page, {"tab": tab.value}, name=f"case_{tab}")
        for tab in Tab
        if tab != Tab.NOW
    ),
    path("cases/<uuid:case_id>/summary.pdf", summary.paper, name="summary"),
    path("cases/<uuid:case_id>/do/<slug:slug>/", step.take, name="step"),
    path("cases/<uuid:case_id>/do/<slug:slug>/<uuid:subject_id>/", step.take, name="step_on"),
    path(
        "cases/<uuid:case_id>/undo/<slug:slug>/<uuid:subject_id>/<int:revision>/",
        step.undo,
        name="undo",
    ),
]
