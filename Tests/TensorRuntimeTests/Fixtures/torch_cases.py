"""What the generators of fixtures share: tensors as {"shape": [...], "data": base64 of little-endian float32}."""
import base64
import json
import pathlib

import numpy as np
import torch


def pack(t):
    data = np.ascontiguousarray(t.detach().numpy().astype("<f4"))
    return {"shape": list(t.shape), "data": base64.b64encode(data.tobytes()).decode()}


def tensor(*shape, scale=1.0):
    """Normal values that float32 holds exactly, so that both sides compute from the same ones."""
    return (torch.randn(*shape) * scale).double().requires_grad_()


def every(value, rank):
    return [value] * rank if isinstance(value, int) else list(value)


class Cases:
    def __init__(self, seed):
        torch.manual_seed(seed)
        self.cases = []

    def add(self, name, op, config, function, inputs, parameters=()):
        output = function(*inputs, *parameters)
        gradient = torch.randn(output.shape).double()
        grads = torch.autograd.grad(output, [*inputs, *parameters], gradient)
        self.cases.append({
            "name": name, "op": op, "config": config,
            "inputs": [pack(t) for t in inputs], "parameters": [pack(t) for t in parameters],
            "output": pack(output), "outputGradient": pack(gradient),
            "inputGradients": [pack(t) for t in grads[:len(inputs)]],
            "parameterGradients": [pack(t) for t in grads[len(inputs):]],
        })

    def write(self, name):
        path = pathlib.Path(__file__).with_name(name)
        path.write_text("[\n" + ",\n".join(json.dumps(c) for c in self.cases) + "\n]\n")
        print(name, len(self.cases), "cases,", path.stat().st_size, "bytes")
