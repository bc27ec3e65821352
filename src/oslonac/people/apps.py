from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "oslonac.people"
    label = "people"
