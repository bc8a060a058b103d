"""Writes layers.json: layers as they stand in a spec, with what PyTorch gives for them in float64.

Usage: python make_layers.py            (needs torch)
One function a layer below; each calls `case`. Inputs, parameters and the output's gradient are short decimals
{"shape", "scale", "values"}, each value an integer over the scale, so that both sides start from the same numbers;
results are {"shape", "data": base64 of little-endian float32}. All are in PyTorch's order, batch first.
"""
import base64
import json
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


def swap(x):
    """[N, C, T] to the order of batch_first modules, and back."""
    return x.transpose(1, 2)


def linear():
    m = nn.Linear(5, 4)
    case("linear: 4", [3, 5], m, m)
    m = nn.Linear(5, 4, bias=False)
    case("linear: {out_features: 4, bias: false}", [3, 2, 5], m, m)
    m = nn.Linear(3, 4)
    case("linear: {out_features: 4, axis: 0}", [2, 3, 7], lambda x: swap(m(swap(x))), m)
    m = nn.Linear(3, 4)
    case("linear: {out_features: 4, axis: 0}", [2, 3, 4, 5], lambda x: m(x.movedim(1, 3)).movedim(3, 1), m)


def recurrent(kind, module):
    def one(fields, shape, **arguments):
        m = module(shape[1], batch_first=True, **arguments)
        case(f"{kind}: {{{fields}}}", shape, lambda x: swap(m(swap(x))[0]), m)

    def last(fields, shape, **arguments):
        m = module(shape[1], batch_first=True, **arguments)

        def final(x):
            state = m(swap(x))[1]
            state = (state[0] if kind == "lstm" else state).view(m.num_layers, -1, shape[0], m.hidden_size)[-1]
            return torch.cat(list(state), dim=1)
        case(f"{kind}: {{{fields}, output: last}}", shape, final, m)

    one("hidden_size: 8", [3, 5, 7], hidden_size=8)
    # More sequences than one tile, and vectors with a rest.
    one("hidden_size: 19, bidirectional: true", [18, 3, 4], hidden_size=19, bidirectional=True)
    one("hidden_size: 5, num_layers: 3, bidirectional: true, bias: false", [2, 4, 6], hidden_size=5, num_layers=3,
        bidirectional=True, bias=False)
    one("hidden_size: 6", [4, 3, 1], hidden_size=6)
    last("hidden_size: 6", [3, 4, 5], hidden_size=6)
    last("hidden_size: 4, num_layers: 2, bidirectional: true", [3, 4, 5], hidden_size=4, num_layers=2,
         bidirectional=True)


def attention():
    for fields, shape, arguments in [("num_heads: 2", [2, 8, 5], {}), ("num_heads: 3, bias: false", [2, 6, 19], {"bias": False}),
                                     ("num_heads: 1", [3, 4, 1], {})]:
        m = nn.MultiheadAttention(shape[1], int(fields[11]), batch_first=True, **arguments)
        case(f"multi_head_attention: {{{fields}}}", shape,
             lambda x: swap(m(swap(x), swap(x), swap(x), need_weights=False)[0]), m)


class Positions(nn.Module):
    """Learned vectors, one a position."""

    def __init__(self, length, channels):
        super().__init__()
        self.weight = nn.Parameter(torch.empty(length, channels))

    def forward(self, x):
        return x + self.weight[:x.shape[2]].T


def positions():
    m = Positions(9, 5)
    case("positional_encoding: {kind: learned, max_length: 9}", [2, 5, 7], m, m)
    for channels, length in [(6, 40), (5, 3)]:
        t = torch.arange(length).double()
        table = torch.zeros(channels, length).double()
        for c in range(channels):
            angle = t / 10000 ** (2 * (c // 2) / channels)
            table[c] = angle.sin() if c % 2 == 0 else angle.cos()
        case("positional_encoding", [1, channels, length], lambda x: x + table)


def transformer():
    for fields, shape, arguments in [
            ("num_heads: 2, dim_feedforward: 10", [2, 6, 5], {}),
            ("num_heads: 1, dim_feedforward: 20, activation: gelu, norm_first: true, layer_norm_eps: 1e-3", [2, 8, 7],
             {"activation": "gelu", "norm_first": True, "layer_norm_eps": 1e-3})]:
        m = nn.TransformerEncoderLayer(shape[1], int(fields[11]), int(fields[31:33]), dropout=0.0, batch_first=True,
                                       **arguments)
        case(f"transformer_encoder_layer: {{{fields}, dropout: 0}}", shape, lambda x: swap(m(swap(x))), m)


class AttentiveStatistics(nn.Module):
    """Okabe, Koshinaka, Shinoda 2018."""

    def __init__(self, channels, inner, eps):
        super().__init__()
        self.attention, self.score, self.eps = nn.Linear(channels, inner), nn.Linear(inner, 1, bias=False), eps

    def forward(self, x):
        a = self.score(torch.tanh(self.attention(swap(x)))).softmax(dim=1)
        mean = (a * swap(x)).sum(1)
        variance = (a * (swap(x) - mean[:, None]) ** 2).sum(1)
        return torch.cat([mean, (variance + self.eps).sqrt()], dim=1)


def pooling():
    m = AttentiveStatistics(5, 3, 1e-5)
    case("attentive_stats_pool: 3", [2, 5, 9], m, m)
    m = AttentiveStatistics(19, 4, 0.01)
    case("attentive_stats_pool: {attention_channels: 4, eps: 0.01}", [3, 19, 4], m, m)


def softmax():
    for layer, shape, dim in [("softmax", [3, 21], 1), ("softmax", [2, 5, 4], 1), ("softmax: 1", [2, 19, 6], 2),
                              ("softmax: -1", [2, 3, 4, 5], 3), ("softmax: -2", [2, 3, 4, 5], 2),
                              ("softmax: {dim: 0}", [2, 3, 4, 5], 1)]:
        case(layer, shape, lambda x: F.softmax(x, dim=dim))


linear()
recurrent("lstm", nn.LSTM)
recurrent("gru", nn.GRU)
attention()
positions()
transformer()
pooling()
softmax()

path = pathlib.Path(__file__).with_name("layers.json")
path.write_text("[\n" + ",\n".join(json.dumps(c, separators=(",", ":")) for c in cases) + "\n]\n")
print(len(cases), "cases,", path.stat().st_size, "bytes")
