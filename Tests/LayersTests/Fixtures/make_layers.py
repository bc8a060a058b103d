"""Writes layers.json: layers as they stand in a spec, with what PyTorch gives for them in float64.

Usage: python make_layers.py            (needs torch)
One function a layer below; each calls `case`. Inputs, parameters and the output's gradient are short decimals
{"shape", "scale", "values"}, each value an integer over the scale, so that both sides start from the same numbers;
results are {"shape", "data": base64 of little-endian float32}. All are in PyTorch's order, batch first.
"""
import base64
import json
import math
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(3)
cases = []


def exact(shape, spread, scale=32, middle=0.0):
    """Values around `middle` that a short decimal says exactly."""
    values = torch.randint(round((middle - spread) * scale), round((middle + spread) * scale) + 1, tuple(shape))
    return values.double() / scale, {"shape": list(shape), "scale": scale, "values": values.flatten().tolist()}


def pack(t):
    data = np.ascontiguousarray(t.detach().numpy().astype("<f4"))
    return {"shape": list(t.shape), "data": base64.b64encode(data.tobytes()).decode()}


def case(layer, shape, function, module=None, names=lambda name: name):
    """`function` maps a tensor of `shape` as `layer` does; `names` turns a parameter's name of `module` into ours."""
    x, written = exact(shape, 2)
    x.requires_grad_()
    parameters, texts = {}, {}
    if module is not None:
        module.double()
        for name, parameter in module.named_parameters():
            around = 1.0 if "norm" in name and name.endswith("weight") else 0.0
            with torch.no_grad():
                value, text = exact(parameter.shape, 0.6, middle=around)
                parameter.copy_(value)
            parameters[names(name)], texts[names(name)] = parameter, text
    output = function(x)
    gradient, gradient_text = exact(output.shape, 1)
    found = torch.autograd.grad(output, [x, *parameters.values()], gradient)
    cases.append({
        "layer": layer, "input": written, "parameters": texts, "output": pack(output),
        "output_gradient": gradient_text, "input_gradient": pack(found[0]),
        "parameter_gradients": {name: pack(g) for name, g in zip(parameters, found[1:])},
    })


def linear():
    m = nn.Linear(5, 4)
    case("linear: 4", [3, 5], m, m)


linear()

path = pathlib.Path(__file__).with_name("layers.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
