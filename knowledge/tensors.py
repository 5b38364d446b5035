"""Named arrays of a safetensors file, mapped into memory instead of read: only what is touched becomes resident."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

_TYPES = {"F16": "<f2", "F32": "<f4", "I32": "<i4", "I64": "<i8", "U64": "<u8", "U8": "u1"}


def map_tensors(path: Path) -> tuple[dict[str, NDArray[np.generic]], dict[str, str]]:
    """The file's read-only arrays by name, and its metadata. The arrays stay valid when the file is replaced.

    The reader of the safetensors library copies every array (15 MB of vectors to encode one question).
    Format: https://huggingface.co/docs/safetensors. Raises FileNotFoundError; ValueError when it is no such file.
    """
    data = np.memmap(path, dtype=np.uint8, mode="r")
    try:
        (length,) = struct.unpack("<Q", data[:8].tobytes())
        header = json.loads(data[8 : 8 + length].tobytes())
        metadata = header.pop("__metadata__", {})
        body = data[8 + length :]
        arrays = {
            name: body[slice(*entry["data_offsets"])].view(_TYPES[entry["dtype"]]).reshape(entry["shape"]) for name, entry in header.items()
        }
    except (struct.error, KeyError, AttributeError, TypeError) as error:
        raise ValueError(f"{path} is no safetensors file") from error
    return arrays, metadata
