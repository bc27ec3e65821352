"""Measure procedures: a case with 200 events, every open case of a country again."""

import argparse
import json
import os
import platform

DEFAULT_CASES = 150_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of `oslonac bench protocols`."""
    parser.add_argument("--cases", type=int, default=DEFAULT_CASES, help="(%(default)s)")
    parser.add_argument("--processes", type=int, default=2, help="side by side (%(default)s)")
    parser.add_argument(
        "--database", action="store_true", help="also on the cases of this installation"
    )
    parser.add_argument("--json", action="store_true", help="for programs")


def run(args: argparse.Namespace) -> int:
    """0 when every target is met; that of the country counts for 150,000 cases on two processes."""
    from oslonac.config.packfolder import pack_dir
    from tools.bench import protocols

    folder = pack_dir() / "protocols"
    report = {
        "long_case": protocols.long_case(folder),
        "country": protocols.country(folder, args.cases, args.processes),
    }
    if args.database:
        from oslonac.config import bootstrap

        with bootstrap.database_running(), bootstrap.django_ready():
            report["kept"] = protocols.kept()
    report["machine"] = {
        "processors": os.cpu_count(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }
    scaled = report["country"]["seconds"] * DEFAULT_CASES / args.cases
    met = {
        "long_case": report["long_case"]["one_procedure_ms"] <= protocols.LONG_TARGET_MS,
        "country": scaled <= protocols.COUNTRY_TARGET_S,
    }
    report["targets_met"] = met
    print(json.dumps(report, indent=1) if args.json else _sentences(report))
    return 0 if all(met.values()) else 1


def _sentences(report: dict) -> str:
    long, all_ = report["long_case"], report["country"]
    lines = [
        f"One case with 200 events: {long['one_procedure_ms']} ms on the longest procedure, "
        f"{long['whole_pack_ms']} ms on the whole pack.",
        f"{all_['cases']} cases again on {all_['processes']} processes: {all_['seconds']} s "
        f"({all_['processor_seconds']} s of the processors, {all_['duties']} duties).",
    ]
    if "kept" in report:
        kept = report["kept"]
        lines.append(
            f"The {kept['open_cases']} open cases kept here: {kept['rebuild_seconds']} s with "
            f"reading and comparing, {kept['rows_written']} rows differed; the job of the night "
            f"looks in {kept['job_looks_seconds']} s and touches {kept['job_touches']}."
        )
    return "\n".join(lines)
