"""python -m pages [--server.port N …]: serve the dashboard, every address of it through the frame from the first on."""

import sys
from pathlib import Path

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli

# A folder named pages/ beside app.py is also the framework's old way to find pages: until somebody has opened the
# first page, an address would run a file of that folder without app.py, and so without frame and guard.
PagesManager.uses_pages_directory = False

if __name__ == "__main__":
    app = Path(__file__).parent.parent / "app.py"
    sys.argv = ["streamlit", "run", str(app), *sys.argv[1:]]
    sys.exit(cli.main())
