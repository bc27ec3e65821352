"""Search for people and cases, and what may be shown of those the actor may not see.

  asking      what was typed, read and answered among the records open to whoever asks
  filters     which records count: place, status, mine
  elsewhere   people in records that are not open: asked with a purpose, answered by policy
  policy      what the pack lets be told to whom; which records are protected
  relaying    offices told that somebody asks for a person of theirs (in the worker)
  known       before a person is written down: who may be known already
  wording     evidence in sentences

Belongs here: everything between the index of names (`matching.index`) and the pages. Does not:
finding and ranking, merging, tracing of families.
"""
