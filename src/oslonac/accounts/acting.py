"""A request as the middleware `Acting` leaves it, for the types of views."""

from datetime import datetime

from django.http import HttpRequest

from oslonac.access.actor import Actor


class ActingRequest(HttpRequest):
    """`actor` is whoever acts; guarded views are never called without one. `at` is UTC."""

    actor: Actor
    at: datetime
