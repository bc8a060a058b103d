"""Writes activations.json: values and gradients of PyTorch's activations and of formulas, computed in float64.

Usage: python make_activations.py            (needs torch)
Tensors are {"shape": [...], "data": base64 of little-endian float32}, in PyTorch's order. `fields` are those of the
layer `kind` of the language.
"""
import base64
import json
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(33)
cases = []
# Near zero, where digits are lost, and far out, where exponentials overflow.
ENDS = [0, 1e-8, -1e-8, 1e-3, -1e-3, 5, -5, 20.5, -20.5, 60, -60, 88.5, -88.5, 100, -100, 1000, -1000]


def pack(t):
    data = np.ascontiguousarray(t.detach().numpy().astype("<f4"))
    return {"shape": list(t.shape), "data": base64.b64encode(data.tobytes()).decode()}


def case(name, kind, fields, function, x, parameters=()):
    # float32 values, so that both sides are given the same.
    x = x.float().double().requires_grad_()
    parameters = [torch.tensor(p).float().double().requires_grad_() for p in parameters]
    y = function(x, *parameters)
    gradient = torch.randn(y.shape).float().double()
    grads = torch.autograd.grad(y, [x, *parameters], gradient)
    assert all(torch.isfinite(g).all() for g in (y, *grads)), name
    cases.append({
        "name": name, "kind": kind, "fields": fields, "input": pack(x), "parameters": [pack(p) for p in parameters],
        "output": pack(y), "outputGradient": pack(gradient), "inputGradient": pack(grads[0]),
        "parameterGradients": [pack(g) for g in grads[1:]],
    })


def activation(name, module, fields=None, without=(), also=()):
    """`without` takes kinks away whose slope is a matter of convention."""
    ends = [v for v in ENDS if v not in without] + list(also)
    text = "".join(f", {k} {v}" for k, v in (fields or {}).items())
    case(f"{name}{text}", name, fields or {}, module, torch.randn(2, 5, 7) * 3)
    case(f"{name}{text}, ends", name, fields or {}, module, torch.tensor([ends]))


activation("relu", nn.ReLU())
activation("silu", nn.SiLU())
activation("elu", nn.ELU())
activation("elu", nn.ELU(0.7), {"alpha": 0.7})
activation("relu6", nn.ReLU6(), also=[6])
activation("leaky_relu", nn.LeakyReLU())
activation("leaky_relu", nn.LeakyReLU(0.3), {"negative_slope": 0.3})
activation("selu", nn.SELU(), without=[0])
activation("gelu", nn.GELU())
activation("gelu", nn.GELU("tanh"), {"approximate": "tanh"})
activation("mish", nn.Mish())
activation("hardswish", nn.Hardswish())
activation("hardsigmoid", nn.Hardsigmoid(), also=[3, -3])
activation("hardtanh", nn.Hardtanh(), also=[1, -1])
activation("hardtanh", nn.Hardtanh(-0.5, 2), {"min_val": -0.5, "max_val": 2})
activation("sigmoid", nn.Sigmoid())
activation("tanh", nn.Tanh())
activation("softplus", nn.Softplus())
activation("softplus", nn.Softplus(2, 5), {"beta": 2, "threshold": 5})
activation("softsign", nn.Softsign())
activation("log_sigmoid", nn.LogSigmoid())

for shape in [(3, 6), (2, 6, 5), (2, 6, 4, 9)]:
    x = torch.randn(*shape) * 3
    case(f"prelu {list(shape)}", "prelu", {}, F.prelu, x, [[0.25]])
    case(f"prelu by channel {list(shape)}", "prelu", {"num_parameters": 6}, F.prelu, x,
         [[0.1, -0.2, 0.3, 0.25, 0, 1.5]])

EVERY = "x * sigmoid(b * x) + c * tanh(x) ** 3 - log1p(exp(-abs(d * x)))"


def every(x, b, c, d):
    return x * torch.sigmoid(b * x) + c * torch.tanh(x) ** 3 - torch.log1p(torch.exp(-torch.abs(d * x)))


def by_channel(function):
    return lambda x, *p: function(x, *(v.view(-1, *[1] * (x.dim() - 2)) for v in p))


for shape in [(2, 5), (3, 5, 7), (2, 3, 9, 11), (2, 70, 3)]:
    x = torch.randn(*shape) * 2
    case(f"formula {list(shape)}", "formula", {"y": EVERY}, every, x, [[1.5], [-0.5], [0.8]])
    values = [torch.randn(shape[1]).tolist() for _ in range(3)]
    case(f"formula by channel {list(shape)}", "formula", {"y": EVERY, "per": "channel"}, by_channel(every), x, values)

torch_names = {"max": torch.maximum, "min": torch.minimum, "pi": torch.pi, "relu": F.relu, "softplus": F.softplus,
               "abs": torch.abs, "e": np.e,
               **{n: getattr(torch, n) for n in ["exp", "log", "log1p", "expm1", "sqrt", "tanh", "sigmoid", "erf", "sin",
                                                 "cos", "sign", "where"]}}


def formula(text, values, scale=2.0, torch_text=None, x=None):
    names = list(values)
    code = compile(torch_text or text, "formula", "eval")
    case(f"formula {text}", "formula", {"y": text},
         lambda x, *p: eval(code, {**torch_names, "x": x, **dict(zip(names, p))}),
         torch.randn(2, 41) * scale if x is None else torch.tensor([x]), [[v] for v in values.values()])


formula("x + sin(a * x) ** 2 / a", {"a": 0.7}, 20)
formula("max(a * x, b * x)", {"a": 1.1, "b": 0.2})
formula("min(x, a) + relu(x) / (1 + x ** 2)", {"a": 0.3})
formula("x ** 3 - 2 * x ** 5 / 7 + 1 / (1 + x ** 4)", {})
formula("abs(x) ** p", {"p": 1.7})
formula("(x * x + 0.5) ** -1.5 + sqrt(x * x + s)", {"s": 0.5})
formula("x ** 2 + x ** 3", {}, x=[0, -1, 2, -3, 100])
formula("exp(-x * x / 2) * cos(w * x)", {"w": 3}, 3)
formula("log(1 + exp(x)) - 1 / (1 + exp(-x)) + log(x * x + 1) + expm1(-abs(x)) + erf(x) * sign(x)", {}, 4)
formula("x if x > 0 else a * (exp(x) - 1)", {"a": 0.6}, torch_text="where(x > 0, x, a * expm1(x))")
formula("a if x < -1 or not x <= 1 else b * x if x != 0 and x >= -0.5 else -x", {"a": 0.4, "b": 2},
        torch_text="where((x < -1) | (x > 1), a, where(x >= -0.5, b * x, -x))")
formula("x * pi + e - -x", {})

path = pathlib.Path(__file__).with_name("activations.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
