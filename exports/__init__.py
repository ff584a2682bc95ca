"""FILES: a writer takes a view and gives bytes."""

from exports.table_files import table_text, workbook

WRITERS = {"xlsx": workbook, "csv": table_text}  # by the file's ending
