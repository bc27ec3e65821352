"""Print recovery sheets: words on paper that restore a lost key file."""

import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--sheets", type=int, default=1, help="how many sheets (default: 1)")
    parser.add_argument("--threshold", type=int, default=1, help="how many of them open it")


def run(args: argparse.Namespace) -> int:
    """Prints the sheets, this once. Sheets printed before open nothing any more."""
    from oslonac.config import bootstrap, datafolder
    from oslonac.vault import recovery

    datafolder.make_folders()
    bootstrap.ensure_keys()
    folder = datafolder.keys_dir()
    try:
        lines = recovery.make_sheets(folder, threshold=args.threshold, sheets=args.sheets)
    except ValueError as error:
        print(f"No sheets were made: {error}.")
        return 2
    for number, words in enumerate(lines, 1):
        print(f"\nOSLONAC recovery sheet {number} of {len(lines)}; {args.threshold} open the copy")
        listed = words.split()
        for start in range(0, len(listed), 6):
            print("   " + " ".join(f"{word:<12}" for word in listed[start : start + 6]))
    print(f"\nCopy {folder / recovery.COPY_NAME} to where the backups lie; without the sheets it")
    print("opens nothing. Give the sheets to different people, then run: oslonac vault rehearse")
    return 0
