"""One definition of a step for any record: its page, its operation, its questions.

Belongs here: what a `Step` and a `Target` are, the fields of forms, the page that takes a step,
both versions after a lost race, the operation of the API and the list of questions made from the
same form. Does not: single steps and what is known of their records (each room has its `steps`),
rules (the actions hold them).
"""
