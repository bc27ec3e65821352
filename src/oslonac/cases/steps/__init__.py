"""Steps on a case page that belong to no room of their own, one declaration for each.

Belongs here: forms and which action they call. Does not: rules (the actions hold them), HTTP
(`cases.views`). `AppConfig.ready` registers them; rooms above cases register theirs alike.
"""
