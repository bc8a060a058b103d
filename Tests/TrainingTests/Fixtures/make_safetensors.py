"""Writes python.safetensors with the reference implementation. Needs safetensors and numpy. Usage: make_safetensors.py (writes beside itself).

With a path as argument it reads that file instead and prints its tensors and metadata: a check of what this project writes.
"""
import os
import sys

import numpy as np
from safetensors import safe_open
from safetensors.numpy import save_file

if len(sys.argv) > 1:
    with safe_open(sys.argv[1], "np") as file:
        print(file.metadata())
        for name in file.keys():
            tensor = file.get_tensor(name)
            print(name, tensor.dtype, tensor.shape, tensor.ravel()[:4])
else:
    save_file(
        {
            "time_path.conv1d.weight": np.arange(24, dtype=np.float32).reshape(2, 3, 4) / 8,
            "bias": np.array([0.1, -1e-30, np.inf, -0.0], dtype=np.float32),
            "scalar": np.array(2.5, dtype=np.float32),
            "empty": np.zeros((0, 3), dtype=np.float32),
        },
        os.path.join(os.path.dirname(os.path.abspath(__file__)), "python.safetensors"),
        metadata={"epoch": "7", "note": 'quotes " and ü'},
    )
