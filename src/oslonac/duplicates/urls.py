"""Routes of pairs."""

from django.urls import path

from oslonac.duplicates.views import naming, pages, steps

app_name = "duplicates"

urlpatterns = [
    path("duplicates/", pages.index, name="index"),
    path("duplicates/name/", naming.name, name="name"),
    path("duplicates/name/<uuid:person_id>/", naming.choose, name="choose"),
    path("duplicates/<uuid:pair_id>/", pages.pair, name="pair"),
    path("duplicates/<uuid:pair_id>/apart/", steps.apart, name="apart"),
    path("duplicates/<uuid:pair_id>/ask/", steps.ask, name="ask"),
    path("duplicates/<uuid:pair_id>/answer/", steps.answer, name="answer"),
    path("duplicates/<uuid:pair_id>/join/", steps.join, name="join"),
    path("duplicates/<uuid:pair_id>/confirm/", steps.confirm, name="confirm"),
    path("duplicates/<uuid:pair_id>/refuse/", steps.refuse, name="refuse"),
    path("duplicates/<uuid:pair_id>/withdraw/", steps.withdraw, name="withdraw"),
    path("duplicates/<uuid:pair_id>/separate/", steps.separate, name="separate"),
    path("duplicates/<uuid:pair_id>/again/", steps.again, name="again"),
    path("duplicates/<uuid:pair_id>/take-back/", naming.take_back, name="take_back"),
]
