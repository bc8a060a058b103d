"""The model of specs/combined-varlen.yaml in PyTorch, stepped through batches of given lengths.

scripts/bench.sh measures it in turn with serspec on the same lengths. Prints one line of JSON: median and mean seconds
of a step, the number of parameters, the peak of resident memory.
"""

import argparse
import json
import os
import resource
import statistics
import time

import torch
from torch import nn
from torch.nn import functional as F

BATCH, CLASSES, HOP, WARM_UP = 64, 6, 160, 3


class Path(nn.Module):
    """Blocks of convolution, normalisation, SiLU, pooling and dropout; then the mean over all positions."""

    def __init__(self, axes, channels):
        super().__init__()
        convolution, self.pool = {1: (nn.Conv1d, F.max_pool1d), 2: (nn.Conv2d, F.max_pool2d)}[axes]
        pairs = list(zip(channels, channels[1:]))
        self.convolutions = nn.ModuleList(convolution(i, o, kernel_size=3, padding=1) for i, o in pairs)
        self.norms = nn.ModuleList(nn.GroupNorm(1, o) for _, o in pairs)

    def forward(self, x):
        for convolution, norm in zip(self.convolutions, self.norms):
            x = self.pool(F.silu(norm(convolution(x))), 2, ceil_mode=True)
            x = F.dropout(x, 0.3, self.training)
        return x.flatten(2).mean(2)


class Combined(nn.Module):
    def __init__(self):
        super().__init__()
        self.time_path = Path(1, [27, 128, 256, 512])
        self.image_path = Path(2, [1, 32, 64, 512, 1024])
        self.hidden, self.norm = nn.Linear(512 + 1024, 128), nn.LayerNorm(128)
        self.logits = nn.Linear(128, CLASSES)

    def forward(self, spectral, image):
        fused = torch.cat([self.time_path(spectral), self.image_path(image)], dim=1)
        return self.logits(F.dropout(F.silu(self.norm(self.hidden(fused))), 0.5, self.training))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", help="samples of each batch's longest clip at 16 kHz, with commas; the first three warm up")
    parser.add_argument("--channels-last", action="store_true")
    parser.add_argument("--compile", action="store_true")
    parser.add_argument("--infer", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(int(os.environ.get("THREADS", "2")))
    torch.manual_seed(42)

    model = Combined()
    image = torch.rand(BATCH, 1, 64, 64)
    if options.channels_last:
        model = model.to(memory_format=torch.channels_last)
        image = image.to(memory_format=torch.channels_last)
    run = torch.compile(model, dynamic=True) if options.compile else model
    adam = torch.optim.Adam(model.parameters(), lr=1e-3, weight_decay=1e-4, foreach=True)
    labels = torch.arange(BATCH) % CLASSES
    model.train(not options.infer)

    seconds = []
    for samples in map(int, options.samples.split(",")):
        spectral = torch.rand(BATCH, 27, samples // HOP + 1)
        start = time.perf_counter()
        if options.infer:
            with torch.inference_mode():
                run(spectral, image)
        else:
            adam.zero_grad()
            loss = F.cross_entropy(run(spectral, image), labels)
            loss.backward()
            adam.step()
            loss.item()
        seconds.append(time.perf_counter() - start)
    seconds = seconds[WARM_UP:]
    print(
        json.dumps(
            {
                "median_s": round(statistics.median(seconds), 5),
                "mean_s": round(statistics.mean(seconds), 5),
                "params": sum(parameter.numel() for parameter in model.parameters()),
                "rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            }
        )
    )


if __name__ == "__main__":
    main()
