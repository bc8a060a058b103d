"""Writes schedules.csv: the learning rate of every step by PyTorch's schedulers.

Each line: epochs, steps of an epoch, warm-up epochs, base rate, final rate, then the rates of the steps 0, 1, 2, ... up to the
first after the training. Needs torch. Usage: make_schedules.py (writes beside itself).
"""
import os
import warnings

import torch
from torch.optim.lr_scheduler import CosineAnnealingLR, LambdaLR, SequentialLR

warnings.filterwarnings("ignore")  # the optimizer takes no steps here
CASES = [  # epochs, steps of an epoch, warm-up epochs, base rate, final rate
    (12, 7, 5, 1e-3, 1e-6),
    (6, 1, 5, 1e-1, 1e-4),
    (20, 3, 1, 1e-2, 0.0),
    (60, 8, 5, 1e-2, 1e-5),
]
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "schedules.csv"), "w") as out:
    for epochs, per_epoch, warmup, base, final in CASES:
        optimizer = torch.optim.Adam([torch.zeros(1, requires_grad=True)], lr=base)
        rise, rest = warmup * per_epoch, (epochs - warmup) * per_epoch
        schedule = SequentialLR(
            optimizer,
            [LambdaLR(optimizer, lambda step: step / rise), CosineAnnealingLR(optimizer, rest, eta_min=final)], [rise])
        rates = []
        for _ in range(epochs * per_epoch + 1):
            rates.append(optimizer.param_groups[0]["lr"])
            schedule.step()
        out.write(",".join(map(repr, [epochs, per_epoch, warmup, base, final] + rates)) + "\n")
