"""Writes shapes.json: more layers as they stand in a spec, with what PyTorch gives for them in float64; the form of
layers.json, whose script says what it is.

Usage: python make_shapes.py            (needs torch)
"""
import base64
import json
import pathlib

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(9)
cases = []


def exact(shape, spread, scale=32, middle=0.0):
    """Values around `middle` that a short decimal says exactly."""
    values = torch.randint(round((middle - spread) * scale), round((middle + spread) * scale) + 1, tuple(shape))
    return values.double() / scale, {"shape": list(shape), "scale": scale, "values": values.flatten().tolist()}


def pack(t):
    data = np.ascontiguousarray(t.detach().numpy().astype("<f4"))
    return {"shape": list(t.shape), "data": base64.b64encode(data.tobytes()).decode()}


def case(layer, shape, function, parameters=()):
    """`function` takes x and the parameters, which are pairs of name and shape."""
    x, written = exact(shape, 2)
    made = {name: exact(extents, 0.6, middle=1.0 if name == "weight" and len(extents) == 1 else 0.0)
            for name, extents in parameters}
    tensors = [x.requires_grad_()] + [value.requires_grad_() for value, _ in made.values()]
    output = function(*tensors)
    gradient, gradient_text = exact(output.shape, 1)
    found = torch.autograd.grad(output, tensors, gradient)
    cases.append({
        "layer": layer, "input": written, "parameters": {name: text for name, (_, text) in made.items()},
        "output": pack(output), "output_gradient": gradient_text, "input_gradient": pack(found[0]),
        "parameter_gradients": {name: pack(g) for name, g in zip(made, found[1:])},
    })


case("reshape: [3, -1]", [2, 4, 3, 3], lambda x: x.reshape(2, 3, -1))
case("reshape: [2, 6, 2]", [2, 24], lambda x: x.reshape(2, 2, 6, 2))
case("permute: {dims: [1, 0]}", [2, 4, 7], lambda x: x.permute(0, 2, 1))
case("permute: {dims: [2, 0, 1]}", [2, 3, 4, 5], lambda x: x.permute(0, 3, 1, 2))
case("permute: {dims: [1, 2, 0]}", [2, 3, 4, 5], lambda x: x.permute(0, 2, 3, 1))
case("permute: {dims: [1, 0, 2]}", [2, 3, 4, 5], lambda x: x.permute(0, 2, 1, 3))
case("flatten", [2, 3, 2, 4], lambda x: x.flatten(1))
case("flatten: {start_dim: 1}", [2, 3, 2, 4], lambda x: x.flatten(2))
case("flatten: {end_dim: -2}", [2, 3, 2, 4], lambda x: x.flatten(1, 2))
case("upsample: 2", [2, 3, 5], lambda x: F.interpolate(x, scale_factor=2, mode="nearest"))
case("upsample: {scale_factor: [2, 3]}", [2, 3, 4, 2], lambda x: F.interpolate(x, scale_factor=(2, 3), mode="nearest"))
case("upsample: {scale_factor: 3, mode: linear}", [2, 3, 5],
     lambda x: F.interpolate(x, scale_factor=3, mode="linear", align_corners=False))
case("upsample: {scale_factor: [2, 4], mode: bilinear}", [2, 3, 3, 2],
     lambda x: F.interpolate(x, scale_factor=(2, 4), mode="bilinear", align_corners=False))
case("upsample: {scale_factor: 2, mode: bilinear}", [1, 2, 1, 4],
     lambda x: F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False))

case("batch_norm", [3, 4, 2, 3], lambda x, w, b: F.batch_norm(x, None, None, w, b, True),
     [("weight", [4]), ("bias", [4])])
case("batch_norm: {eps: 0.1, affine: false}", [5, 4], lambda x: F.batch_norm(x, None, None, None, None, True, eps=0.1))
case("instance_norm", [2, 3, 9], lambda x: F.instance_norm(x))
case("instance_norm: {affine: true}", [2, 18, 3, 2], lambda x, w, b: F.instance_norm(x, weight=w, bias=b),
     [("weight", [18]), ("bias", [18])])
case("group_norm: 4", [2, 8, 3, 2], lambda x, w, b: F.group_norm(x, 4, w, b), [("weight", [8]), ("bias", [8])])
case("scale: 0.5", [2, 3, 4], lambda x, w: x * w.reshape(-1, 1), [("weight", [3])])


def squeeze_excitation(x, w1, b1, w2, b2):
    conv = F.conv1d if x.dim() == 3 else F.conv2d
    s = x.mean(dim=tuple(range(2, x.dim())), keepdim=True)
    return x * conv(F.relu(conv(s, w1, b1)), w2, b2).sigmoid()


for text, shape, squeezed in [("squeeze_excitation: 2", [2, 6, 3, 4], 3),
                              ("squeeze_excitation: {squeeze_channels: 5}", [3, 4, 7], 5)]:
    ones = [1] * (len(shape) - 2)
    case(text, shape, squeeze_excitation,
         [("fc1.weight", [squeezed, shape[1], *ones]), ("fc1.bias", [squeezed]),
          ("fc2.weight", [shape[1], squeezed, *ones]), ("fc2.bias", [shape[1]])])

case("avg_pool1d: {kernel_size: 3, padding: 1, count_include_pad: false}", [2, 3, 8],
     lambda x: F.avg_pool1d(x, 3, 3, 1, count_include_pad=False))
case("avg_pool2d: {kernel_size: 2, stride: 1}", [2, 3, 3, 4], lambda x: F.avg_pool2d(x, 2, 1))
case("adaptive_avg_pool1d: 3", [2, 3, 8], lambda x: F.adaptive_avg_pool1d(x, 3))
case("adaptive_avg_pool2d: [2, 3]", [2, 3, 3, 4], lambda x: F.adaptive_avg_pool2d(x, (2, 3)))
case("adaptive_max_pool1d: 3", [2, 3, 8], lambda x: F.adaptive_max_pool1d(x, 3))
case("adaptive_max_pool2d: [2, 3]", [2, 3, 3, 4], lambda x: F.adaptive_max_pool2d(x, (2, 3)))
case("global_max_pool", [2, 5, 3, 4], lambda x: x.amax((2, 3)))
case("conv1d: {out_channels: 4, kernel_size: 4, padding: same, init: zeros}", [2, 3, 6],
     lambda x, w, b: F.conv1d(x, w, b, padding="same"), [("weight", [4, 3, 4]), ("bias", [4])])

path = pathlib.Path(__file__).with_name("shapes.json")
path.write_text("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
