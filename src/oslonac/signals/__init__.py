"""Links between cases, as a question to a person: a phone number, a guardian, a group leader;
and a child that stands in one register and not in another.

  rules      kinds of questions, answers, thresholds as the pack says them
  marks      phone numbers as keyed values, kept with every change
  computing  which questions there are, by the files as they stand
  queries    the questions whose every file the reader sees

Belongs here: asking. Does not: any consequence. A question changes nothing, scores nobody and is
told to nobody who misses one of its files; not even that it exists.
"""
