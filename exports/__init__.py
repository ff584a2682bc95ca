"""FILES: a writer takes a view and gives bytes."""

from exports.parquet import parquet
from exports.table_files import table_text, workbook

WRITERS = {"xlsx": workbook, "csv": table_text, "parquet": parquet}  # by the file's ending
