"""The layout and design system every page is made of.

Belongs here: tokens, stylesheets, browser modules, templates, template tags, drawings, PDF
layouts, navigation, language and security headers.
Does not: anything that knows a case, a person or a grant; pages hand in finished sentences.
"""
