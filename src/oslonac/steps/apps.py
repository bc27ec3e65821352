from oslonac.kit import rooms


class StepsConfig(rooms.Room):
    name = "oslonac.steps"
    label = "steps"
    adds = rooms.Adds(api={"api.router": 35})
