"""Makes torch_parity.json: logits, gradients and 20 Adam steps of the report's models in PyTorch, for the same weights and batch.

Weights and batch come from a formula that the Swift test repeats, so that only results need be stored; of each gradient
its norms and 24 values. Dropout is off. Usage: make_torch_parity.py > torch_parity.json
"""
import json
import numpy as np, torch, torch.nn as nn

BATCH, CLASSES, STEPS = 3, 6, 20

def uniform(count, seed):
    """Hash of the index (the finalizer of MurmurHash3) as a number in [-1, 1)."""
    x = (np.arange(1, count + 1, dtype=np.uint64) * 0x9E3779B1 + seed) & 0xFFFFFFFF
    for shift, factor in ((16, 0x85EBCA6B), (13, 0xC2B2AE35)):
        x ^= x >> shift
        x = (x * factor) & 0xFFFFFFFF
    x ^= x >> 16
    return ((x >> 8).astype(np.float64) / 2**23 - 1).astype(np.float32)

def clips(count, seed):
    """Noise below an envelope that differs from clip to clip: plain noise has the same means for all, and a network that
    cannot tell its clips apart amplifies rounding."""
    noise = (uniform(BATCH * count, seed).reshape(BATCH, count) + 1) / 2
    index = np.arange(count)
    envelope = np.stack([(index // 97 + 13 * clip) % 7 for clip in range(BATCH)])
    return (noise * (envelope / np.float32(7)).astype(np.float32)).astype(np.float32)

def cnn(dims, widths, channels):
    conv, pool = (nn.Conv1d, nn.MaxPool1d) if dims == 1 else (nn.Conv2d, nn.MaxPool2d)
    layers = []
    for a, b in zip([channels] + widths, widths):
        layers += [conv(a, b, 3, padding=1), nn.GroupNorm(1, b), nn.SiLU(), pool(2, 2, ceil_mode=True)]
    return nn.Sequential(*layers, nn.AdaptiveAvgPool1d(1) if dims == 1 else nn.AdaptiveAvgPool2d(1), nn.Flatten())

class Net(nn.Module):
    def __init__(self, one, two):
        super().__init__()
        self.one = cnn(1, [128, 256, 512], 27) if one else None
        self.two = cnn(2, [32, 64, 512, 1024], 1) if two else None
        width = 512 * one + 1024 * two
        self.head = nn.Sequential(nn.Linear(width, 128), nn.LayerNorm(128), nn.SiLU(), nn.Linear(128, CLASSES))

    def forward(self, a, b):
        paths = ([self.one(a)] if self.one is not None else []) + ([self.two(b)] if self.two is not None else [])
        return self.head(torch.cat(paths, 1))

def fill(net):
    for index, p in enumerate(net.parameters()):
        u = torch.from_numpy(uniform(p.numel(), index * 7919)).reshape(p.shape)
        # Matrices and kernels by fan-in; vectors small, those of even position in a pair (weight, bias) around one for norms.
        if p.dim() > 1:
            value = u / (p[0].numel() ** 0.5)
        else:
            value = 0.1 * u
        p.data.copy_(value)
    for m in net.modules():
        if isinstance(m, (nn.GroupNorm, nn.LayerNorm)):
            m.weight.data += 1

def sample(g):
    flat = g.detach().reshape(-1).double()
    places = [(j * 2654435761 + 12345) % flat.numel() for j in range(24)]
    return {"l2": flat.norm().item(), "max": flat.abs().max().item(), "values": [flat[i].item() for i in places]}

def main():
    torch.manual_seed(0)
    out = {}
    a = torch.from_numpy(clips(27 * 301, 1).reshape(BATCH, 27, 301))
    b = torch.from_numpy(clips(64 * 64, 2).reshape(BATCH, 1, 64, 64))
    y = torch.tensor([0, 4, 2])
    for name, paths in {"cnn1d": (True, False), "cnn2d": (False, True), "combined": (True, True)}.items():
        net = Net(*paths)
        fill(net)
        loss = nn.CrossEntropyLoss()
        logits = net(a, b)
        value = loss(logits, y)
        value.backward()
        gradients = [sample(p.grad) for p in net.parameters()]
        adam, losses = torch.optim.Adam(net.parameters(), lr=1e-3, weight_decay=1e-4), []
        for _ in range(STEPS):
            adam.zero_grad()
            l = loss(net(a, b), y)
            l.backward()
            adam.step()
            losses.append(l.item())
        out[name] = {"logits": logits.detach().reshape(-1).tolist(), "loss": value.item(), "gradients": gradients, "losses": losses}
    print(json.dumps(out))

main()
