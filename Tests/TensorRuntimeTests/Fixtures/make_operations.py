"""Writes operations.json: inputs, outputs and gradients of PyTorch's operations, computed in float64.

Usage: python make_operations.py            (needs torch)
Tensors are {"shape": [...], "data": base64 of little-endian float32}, in PyTorch's order.
"""
import base64
import json
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.manual_seed(20)
cases = []


def pack(t):
    data = np.ascontiguousarray(t.detach().numpy().astype("<f4"))
    return {"shape": list(t.shape), "data": base64.b64encode(data.tobytes()).decode()}


def tensor(*shape, scale=1.0):
    return (torch.randn(*shape) * scale).double().requires_grad_()


def case(name, op, config, function, inputs, parameters=()):
    output = function(*inputs, *parameters)
    gradient = torch.randn(output.shape).double()
    grads = torch.autograd.grad(output, [*inputs, *parameters], gradient)
    cases.append({
        "name": name, "op": op, "config": config,
        "inputs": [pack(t) for t in inputs], "parameters": [pack(t) for t in parameters],
        "output": pack(output), "outputGradient": pack(gradient),
        "inputGradients": [pack(t) for t in grads[:len(inputs)]],
        "parameterGradients": [pack(t) for t in grads[len(inputs):]],
    })


def conv(name, n, c, o, extents, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True):
    rank = len(extents)
    every = lambda v: [v] * rank if isinstance(v, int) else list(v)
    kernel, stride, padding, dilation = map(every, (kernel, stride, padding, dilation))
    weight = tensor(o, c // groups, *kernel, scale=0.3)
    parameters = [weight] + ([tensor(o)] if bias else [])
    function = F.conv1d if rank == 1 else F.conv2d
    case(f"conv{rank}d {name}", "convolution",
         {"channels": [c, o], "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation,
          "groups": [groups], "bias": [int(bias)]},
         lambda x, w, b=None: function(x, w, b, stride, padding, dilation, groups), [tensor(n, c, *extents)], parameters)


conv("3 p1", 3, 5, 7, [13], 3, padding=1)
conv("3 p1, wide", 2, 27, 33, [21], 3, padding=1)
conv("5 s2 d2, no bias", 2, 4, 6, [19], 5, stride=2, padding=3, dilation=2, bias=False)
conv("1", 4, 6, 9, [8], 1)
conv("1 s2", 2, 6, 9, [9], 1, stride=2)
conv("4, even kernel", 2, 3, 4, [10], 4, padding=1)
conv("3 depthwise", 2, 6, 12, [11], 3, padding=1, groups=6)
conv("3, padding beyond the kernel", 1, 2, 3, [5], 3, padding=4)
conv("80 s4", 2, 1, 8, [133], 80, stride=4)
conv("3 p1, batch of one", 1, 16, 16, [4], 3, padding=1)
conv("3 p1, 32 to 48", 2, 32, 48, [22], 3, padding=1)
conv("3x3 p2, 20 to 19", 2, 20, 19, [6, 7], 3, padding=2)
conv("3x3 p1", 2, 3, 5, [7, 9], 3, padding=1)
conv("3x3 p1, one channel", 3, 1, 9, [10, 6], 3, padding=1)
conv("3x3 p1, 16 to 24", 2, 16, 24, [7, 6], 3, padding=1)
conv("3x3 p1, small image", 3, 17, 18, [3, 5], 3, padding=1, bias=False)
conv("3x3, no padding", 1, 8, 8, [9, 9], 3)
conv("3x3 s2 p1", 2, 6, 8, [9, 8], 3, stride=2, padding=1, bias=False)
conv("7x7 s2 p3, one channel", 2, 1, 10, [16, 17], 7, stride=2, padding=3, bias=False)
conv("1x1", 2, 12, 7, [5, 4], 1, bias=False)
conv("1x1 s2", 2, 12, 7, [5, 6], 1, stride=2, bias=False)
conv("1x1 p1", 2, 4, 5, [3, 3], 1, padding=1)
conv("3x5, uneven everything", 2, 4, 6, [11, 13], [3, 5], stride=[2, 1], padding=[0, 3], dilation=[1, 2], groups=2)
conv("3x3 d2 p2 groups 4", 2, 8, 12, [9, 7], 3, padding=2, dilation=2, groups=4)
conv("2x2 s3, pixels that nobody sees", 2, 3, 4, [8, 8], 2, stride=3)

for n, c, spatial, groups, affine in [(3, 8, [5, 6], 1, True), (2, 12, [7], 3, True), (4, 10, [], 2, True),
                                      (1, 37, [9], 1, False), (1, 6, [17, 15], 2, True), (2, 6, [4, 4], 6, True)]:
    weights = [tensor(c), tensor(c)] if affine else []
    case(f"group_norm {[n, c, *spatial]} in {groups}", "groupNorm", {"groups": [groups], "affine": [int(affine)]},
         lambda x, w=None, b=None: F.group_norm(x, groups, w, b, 1e-5), [tensor(n, c, *spatial, scale=2)], weights)
x = (torch.randn(2, 4, 50) + 300).double().requires_grad_()
case("group_norm with a large mean", "groupNorm", {"groups": [1], "affine": [1]},
     lambda x, w, b: F.group_norm(x, 1, w, b, 1e-5), [x], [tensor(4), tensor(4)])

for shape, width, affine in [([5, 128], 128, True), ([3, 7], 7, True), ([2, 3, 4, 5], 20, True), ([1, 33], 33, False)]:
    normalized = [width] if shape[-1] == width else shape[-2:]
    weights = [tensor(*normalized), tensor(*normalized)] if affine else []
    case(f"layer_norm {shape} over {width}", "layerNorm", {"normalized": [width], "affine": [int(affine)]},
         lambda x, w=None, b=None: F.layer_norm(x, normalized, w, b, 1e-5), [tensor(*shape)], weights)

for rows, i, o, bias in [(5, 7, 3, True), (1, 33, 17, True), (130, 3, 5, False), (2, 20, 140, True)]:
    case(f"linear {rows} x {i} to {o}", "linear", {"features": [i, o], "bias": [int(bias)]},
         F.linear, [tensor(rows, i)], [tensor(o, i)] + ([tensor(o)] if bias else []))

for name, function in [("relu", F.relu), ("silu", F.silu), ("elu", lambda x: F.elu(x, 0.7))]:
    case(f"{name}", name, {}, function, [tensor(3, 5, 7, scale=4)])
    case(f"{name}, large values", name, {}, function, [tensor(1, 9, scale=60)])


def pool(name, n, c, extents, kernel, stride, padding=0, ceil=False):
    rank = len(extents)
    every = lambda v: [v] * rank if isinstance(v, int) else list(v)
    kernel, stride, padding = map(every, (kernel, stride, padding))
    function = F.max_pool1d if rank == 1 else F.max_pool2d
    case(f"max_pool{rank}d {name}", "maxPool",
         {"kernel": kernel, "stride": stride, "padding": padding, "ceil": [int(ceil)]},
         lambda x: function(x, kernel, stride, padding, ceil_mode=ceil), [tensor(n, c, *extents)])


pool("2, ceil", 2, 9, [7], 2, 2, ceil=True)
pool("2, floor", 2, 9, [7], 2, 2)
pool("3 s1 p1", 1, 4, [6], 3, 1, 1)
pool("2x2, ceil", 3, 18, [7, 5], 2, 2, ceil=True)
pool("2x2", 2, 8, [6, 6], 2, 2)
pool("3x3 s2 p1", 2, 5, [9, 8], 3, 2, 1)
pool("3x3 s2 p1, ceil: the last window starts in the padding", 2, 5, [4, 7], 3, 2, 1, True)
pool("2x3 s3, gaps, ceil", 2, 5, [10, 11], [2, 3], [3, 4], [1, 0], True)
pool("17x17: more than 256 places", 1, 3, [20, 21], 17, 2, 8)

for shape in [[3, 5, 7], [2, 33, 4, 6], [1, 4, 1]]:
    case(f"global_avg_pool {shape}", "globalAveragePool", {},
         lambda x: x.mean(dim=tuple(range(2, x.dim()))), [tensor(*shape)])

case("concat of features", "concat", {}, lambda *x: torch.cat(x, 1), [tensor(3, 4), tensor(3, 1), tensor(3, 6)])
case("concat of channels", "concat", {}, lambda *x: torch.cat(x, 1), [tensor(2, 4, 3, 2), tensor(2, 5, 3, 2)])
case("add", "add", {}, lambda *x: sum(x), [tensor(2, 4, 3) for _ in range(3)])

path = pathlib.Path(__file__).with_name("operations.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")

# Twenty steps of Adam on given gradients, and cross entropy.
parameter = torch.randn(37).float()
gradients = [torch.randn(37).float() * 0.1 for _ in range(20)]
start = parameter.clone()
parameter.requires_grad_()
optimizer = torch.optim.Adam([parameter], lr=0.003, weight_decay=0.01, foreach=False)
for g in gradients:
    parameter.grad = g.clone()
    optimizer.step()
logits = (torch.randn(5, 6) * 3).double().requires_grad_()
labels = torch.tensor([0, 5, 2, 2, 3])
loss = F.cross_entropy(logits, labels)
loss.backward()
path.with_name("training.json").write_text(json.dumps({
    "start": pack(start), "gradients": [pack(g) for g in gradients], "end": pack(parameter),
    "logits": pack(logits), "labels": labels.tolist(), "loss": loss.item(), "logitsGradient": pack(logits.grad),
    "probabilities": pack(logits.softmax(1))}, indent=1) + "\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
