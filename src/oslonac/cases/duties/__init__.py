"""What is owed in a case: duties worked out, shown, fulfilled, reminded of; procedures and clocks.

Belongs here: everything between the engine (`protocols`) and the pages that list duties. Does not:
the first page (`today`), what a step does.
"""
