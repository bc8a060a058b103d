"""Writes joins.json, pooling.json and convolutions.json: operations of the layer catalog, computed by PyTorch in float64.

Usage: python make_catalog.py            (needs torch)
"""
import torch
import torch.nn.functional as F

from torch_cases import Cases, every, tensor

joins = Cases(41)
joins.add("mul", "multiply", {}, lambda a, b: a * b, [tensor(2, 5, 7), tensor(2, 5, 7)])
for shape in [[3, 18, 5], [2, 4, 3, 6]]:
    joins.add(f"gate {shape}", "channelGate", {}, lambda x, g: x * g.reshape(*g.shape, *[1] * (x.dim() - 2)),
              [tensor(*shape), tensor(*shape[:2])])
for shape in [[3, 18, 7], [2, 4, 3, 5], [5, 6]]:
    joins.add(f"scale {shape}", "channelScale", {}, lambda x, w: x * w.reshape(-1, *[1] * (x.dim() - 2)),
              [tensor(*shape)], [tensor(shape[1])])
for small, large in [([2, 5, 1, 1], [2, 5, 3, 4]), ([2, 1, 3, 4], [2, 5, 3, 4]), ([2, 5, 3, 1], [2, 5, 3, 4]),
                     ([2, 5, 1, 4], [2, 5, 3, 4]), ([3, 1, 1], [3, 6, 5]), ([3, 1], [3, 6]), ([2, 1, 3, 1], [2, 4, 3, 5])]:
    joins.add(f"expand {small} to {large}", "expand", {"target": large}, lambda x: x.expand(large), [tensor(*small)])
for shapes, axis in [([[2, 3, 4], [2, 3, 2]], 2), ([[2, 3, 4, 2], [2, 3, 1, 2], [2, 3, 2, 2]], 2),
                     ([[2, 3, 4, 2], [2, 3, 4, 5]], 3)]:
    joins.add(f"concat along {axis} of {len(shapes[0])}", "concatAlong", {"axis": [axis]}, lambda *x: torch.cat(x, axis),
              [tensor(*shape) for shape in shapes])
joins.write("joins.json")

pooling = Cases(42)


def average(name, n, c, extents, kernel, stride, padding=0, ceil=False, include=True):
    rank = len(extents)
    kernel, stride, padding = (every(v, rank) for v in (kernel, stride, padding))
    function = F.avg_pool1d if rank == 1 else F.avg_pool2d
    pooling.add(f"avg_pool{rank}d {name}", "averagePool",
                {"kernel": kernel, "stride": stride, "padding": padding, "ceil": [int(ceil)], "include": [int(include)]},
                lambda x: function(x, kernel, stride, padding, ceil, include), [tensor(n, c, *extents)])


average("2", 2, 5, [7], 2, 2)
average("2, ceil", 2, 5, [7], 2, 2, ceil=True)
average("3 s2 p1, ceil, padding counts", 1, 18, [8], 3, 2, 1, True)
average("3 s2 p1, ceil, padding does not count", 1, 3, [8], 3, 2, 1, True, False)
average("2x2", 2, 17, [4, 6], 2, 2)
average("3x2 s2x3 p1, ceil, padding counts", 2, 3, [7, 8], [3, 2], [2, 3], 1, True)
average("3x2 s2x3 p1, ceil, padding does not count", 2, 3, [7, 8], [3, 2], [2, 3], 1, True, False)
for extents, output in [([7], [3]), ([5], [8]), ([6, 9], [2, 4]), ([3, 5], [7, 7]), ([4, 4], [1, 1])]:
    rank = len(extents)
    for kind, function in [("Average", (F.adaptive_avg_pool1d, F.adaptive_avg_pool2d)[rank - 1]),
                           ("Max", (F.adaptive_max_pool1d, F.adaptive_max_pool2d)[rank - 1])]:
        pooling.add(f"adaptive {kind} {extents} to {output}", f"adaptive{kind}", {"output": output},
                    lambda x: function(x, output if rank > 1 else output[0]), [tensor(2, 17 if extents == [7] else 3, *extents)])
pooling.write("pooling.json")

convolutions = Cases(43)


def conv(name, n, c, o, extents, kernel, stride=1, padding=0, dilation=1, groups=1, bias=True):
    rank = len(extents)
    kernel, stride, dilation = (every(v, rank) for v in (kernel, stride, dilation))
    config = {"channels": [c, o], "kernel": kernel, "stride": stride, "dilation": dilation, "groups": [groups],
              "bias": [int(bias)]}
    if padding == "same":
        lost = [d * (k - 1) for d, k in zip(dilation, kernel)]
        config |= {"padding": [v // 2 for v in lost], "paddingEnd": [v - v // 2 for v in lost]}
    else:
        padding = every(padding, rank)
        config |= {"padding": padding, "paddingEnd": padding}
    function = F.conv1d if rank == 1 else F.conv2d
    convolutions.add(f"conv{rank}d {name}", "paddedConvolution", config,
                     lambda x, w, b=None: function(x, w, b, stride, padding, dilation, groups), [tensor(n, c, *extents)],
                     [tensor(o, c // groups, *kernel, scale=0.3)] + ([tensor(o)] if bias else []))


conv("4, same", 2, 3, 5, [9], 4, padding="same")
conv("2x4 d2x1, same", 2, 3, 4, [6, 7], [2, 4], padding="same", dilation=[2, 1])
conv("3x3, same: winograd", 1, 16, 16, [6, 6], 3, padding="same", bias=False)
conv("depthwise 3 p1", 2, 18, 18, [11], 3, padding=1, groups=18)
conv("depthwise 5 s2 d2 p3", 2, 5, 5, [13], 5, 2, 3, 2, groups=5, bias=False)
conv("depthwise 4, same", 2, 3, 3, [7], 4, padding="same", groups=3)
conv("depthwise 3x3 p1", 1, 67, 67, [4, 3], 3, padding=1, groups=67)
conv("depthwise 3x3 s2 p1", 2, 17, 17, [7, 8], 3, 2, 1, groups=17, bias=False)
conv("depthwise 5x3 s3x1 d1x2 p0x4", 3, 4, 4, [9, 8], [5, 3], [3, 1], [0, 4], [1, 2], groups=4)
conv("depthwise 3x3 p1, three outputs a channel", 2, 6, 18, [5, 7], 3, padding=1, groups=6)
conv("depthwise 3 s2, two outputs a channel", 18, 3, 6, [6], 3, 2, groups=3, bias=False)
conv("3x3 p1, 8 groups of 4", 1, 32, 32, [3, 4], 3, padding=1, groups=8, bias=False)
conv("1x1, 4 groups", 2, 12, 20, [3, 4], 1, groups=4)
conv("3 s2 p1, 3 groups of 5", 2, 15, 6, [9], 3, 2, 1, groups=3)
convolutions.write("convolutions.json")
