"""Writes norms.json (batch normalisation and its gradients) and batch_norm_steps.json (running statistics over several
batches, and evaluation by them), from PyTorch in float64.

Usage: python make_norms.py            (needs torch)
"""
import json
import pathlib

import torch
import torch.nn.functional as F

from torch_cases import Cases, pack, tensor

norms = Cases(31)
for shape, affine, tracks in [([5, 7], True, True), ([2, 1, 3], True, True), ([3, 18, 9], True, True),
                              ([2, 5, 4, 6], True, False), ([40, 17, 2], False, True), ([1, 4, 3, 3], True, True)]:
    weights = [tensor(shape[1]), tensor(shape[1])] if affine else []
    norms.add(f"batch_norm {shape}", "batchNorm", {"affine": [int(affine)], "tracks": [int(tracks)]},
              lambda x, w=None, b=None: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5), [tensor(*shape, scale=2)],
              weights)
x = (torch.randn(6, 3, 40) + 300).double().requires_grad_()
norms.add("batch_norm with a large mean", "batchNorm", {"affine": [1], "tracks": [1]},
          lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5), [x], [tensor(3), tensor(3)])
norms.write("norms.json")

runs = []
for momentum in [0.1, 0.7, None]:
    norm = torch.nn.BatchNorm1d(5, eps=1e-3, momentum=momentum).double()
    torch.nn.init.normal_(norm.weight)
    torch.nn.init.normal_(norm.bias)
    norm.weight.data, norm.bias.data = norm.weight.data.float().double(), norm.bias.data.float().double()
    steps = []
    for batch in [4, 3, 6]:
        x = tensor(batch, 5, 3, scale=3) + 2
        steps.append({"input": pack(x), "output": pack(norm(x)), "mean": pack(norm.running_mean),
                      "variance": pack(norm.running_var), "batches": norm.num_batches_tracked.item()})
    norm.eval()
    x = tensor(2, 5, 1)
    runs.append({"momentum": momentum, "weight": pack(norm.weight), "bias": pack(norm.bias), "steps": steps,
                 "evaluationInput": pack(x), "evaluation": pack(norm(x))})
pathlib.Path(__file__).with_name("batch_norm_steps.json").write_text(
    "[\n" + ",\n".join(json.dumps(run) for run in runs) + "\n]\n")
