"""Timed DCR graphs: dynamic condition response graphs, executed on the events of a case.

The terms are those of the papers:

* Hildebrandt, Mukkamala: Declarative Event-Based Workflow as Distributed Dynamic Condition
  Response Graphs (PLACES 2010) - marking (executed, pending response, included), enabled.
* Hildebrandt, Mukkamala, Slaats: Nested Dynamic Condition Response Graphs (FSEN 2011) -
  nesting, milestone.
* Hildebrandt, Mukkamala, Slaats, Zanitti: Contracts for cross-organizational workflows as timed
  Dynamic Condition Response Graphs (JLAP 82, 2013) - condition with delay, response with deadline.
* Debois, Hildebrandt, Slaats: Safety, Liveness and Run-Time Refinement for Modular
  Process-Aware Information Systems with Dynamic Sub Processes (FM 2015) - replication.

Where law needs more than the papers give, the module that departs from them says so.

| Module | Holds |
|---|---|
| `expressions` | guards: three-valued logic over facts and data |
| `graph` | activities and relations |
| `authors` | whose deed counts |
| `time` | deadlines and delays on a working calendar |
| `marking` | what a run remembers |
| `execution` | from a graph, events, facts and now to the state |
| `explain` | a sentence for each obligation, possibility and block |

Pure: the standard library and `kit` only. No files, no clock, no database.
"""
