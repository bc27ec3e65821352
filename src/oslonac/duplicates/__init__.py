"""Pairs of records that may be one person: found, compared by a person, joined, separated again.

  rules      statuses of a pair, who decides, what a pack says
  finding    pairs by the machinery of `matching`, after every change and over the whole register
  facts      a person as a record to compare, with family, travel group and encounters
  beside     two records beside each other, a line a fact
  who_sees    who sees which of the two, and what joining them changes
  actions    asking, deciding, joining, separating

Belongs here: everything between the index of names and `people.merging`. Does not: how alike two
people are (`matching`), what a joined id leads to (`people.merging`). Nothing is joined without a
person who decides; a pair tells nobody anything of a record they do not see.
"""
