"""The blind index: finding people in a sealed register by name, phone, document.

  recipe      which keys a person has (pure)
  planning    which keys a question tries, and in which order (pure)
  secret      the keys keyed, salted, cut to 64 bits
  models      entries and generations
  generations   which are kept up to date, which one is searched
  writing     entries kept with every change of a person
  building    the whole register: rebuilding, rotation of the key, checks
  question    what somebody asks, and the answer
  candidates  from keys to people, in steps
  answering   decrypting, comparing, ranking
  scope       whom an actor may see
  service     what other packages call

Belongs here: everything that turns a question into ranked people of the register. Does not: who is
told what of a record they may not see (the package whose record it is), pages, any decision. Other
packages import `service` and `scope`, nothing else.
"""
