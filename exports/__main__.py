"""python -m exports VERB …: files for a meeting, and data for analysts, without the screen.

python -m exports pack --period 2025-Q2 --unit 74 --as-of 2025-06-20 --language vi OUT/
python -m exports data --period 2025-Q2 OUT.zip
"""

import argparse
import sys

from exports import pack_command, package_command
from language import TextError


def main(arguments: list[str] | None = None) -> int:
    """0: the files are written; 1 or 2: they are not, and why is told on the error output."""
    parser = argparse.ArgumentParser(
        "exports", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    pack_command.add_verb(verbs)
    package_command.add_data_verb(verbs)
    options = parser.parse_args(arguments)
    try:
        return options.run(options)
    except TextError as error:
        print(f"{error.text.vi}\n{error.text.en}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
