"""python -m exports VERB …: files for meetings and analysts.

python -m exports data --period 2025-Q2 [--period 2025-to-06] [--unit 720] [--as-of 2025-06-20] OUT.zip
"""

import argparse
import sys

from exports.package_command import add_data_verb


def main(arguments: list[str] | None = None) -> int:
    """0: the files were written; 1: they were not, told on the error output."""
    parser = argparse.ArgumentParser(
        "exports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    add_data_verb(verbs)
    options = parser.parse_args(arguments)
    return options.run(options)


if __name__ == "__main__":
    sys.exit(main())
