"""The JSON API: one NinjaAPI made of the packages' routers."""

from ninja import NinjaAPI

api = NinjaAPI(title="Oslonac", version="1", urls_namespace="api")
