"""The texts of a column one behind the other, without a text of Python for each of some hundred thousand."""

import pyarrow as pa
from pyarrow import compute


def joined(column: pa.ChunkedArray, between: str = "") -> pa.Buffer:
    """The bytes of all texts of a column, in their order. None may be null."""
    texts = column.combine_chunks()
    whole = pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts)
    return compute.binary_join(whole, between)[0].as_buffer()
