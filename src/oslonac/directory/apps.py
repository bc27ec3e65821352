from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    name = "oslonac.directory"
    label = "directory"
