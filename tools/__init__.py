"""What measures, tries and proves the product and does not ship with it.

Belongs here: benchmarks (`bench`), the access matrix (`access_matrix`), trials of the comparison
of names against made-up registers and rivals (`trial`), linking past one machine (`scale`), the
figures of the house (`house`), and the `oslonac` commands of these (`commands`), which are there
in a checkout alone. Does not belong here: anything that an installation needs. The product imports
nothing from here; a contract of the layers says so.
"""
