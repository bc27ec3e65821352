from oslonac.kit import rooms


class DemoConfig(rooms.Room):
    name = "oslonac.demo"
    label = "demo"
    adds = rooms.Adds(routes={"demo/": "urls"})
