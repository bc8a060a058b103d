"""Writes training_options.json: 50 steps of optimizers, schedules, clipping, accumulation and averages by PyTorch, and losses by autograd.

Each training is of 64 values w on the quadratic sum of a * (w - c)^2 / 2, five epochs of ten steps, by the recipe that PyTorch's
documentation gives. `train` is what a spec says for it. Needs torch. Usage: make_training_options.py (writes beside itself).
"""
import json
import os
import re
import warnings

import torch
from torch.optim.lr_scheduler import (
    ConstantLR, CosineAnnealingWarmRestarts, ExponentialLR, LambdaLR, MultiStepLR, OneCycleLR, ReduceLROnPlateau, SequentialLR,
    StepLR)
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

warnings.filterwarnings("ignore")
COUNT, STEPS, PER_EPOCH = 64, 50, 10
index = torch.arange(COUNT, dtype=torch.float64)
START = torch.sin(index * 1.7).float()
SLOPES = (0.3 + (index % 7) / 5).float()


def centre(batch):
    return torch.cos(index * 0.9 + batch).float()


def train(make, schedule=None, by_epoch=False, metrics=None, clip=None, accumulate=1, average=None):
    class Model(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.w = torch.nn.Parameter(START.clone())

    model = Model()
    optimizer = make([model.w])
    scheduler = schedule(optimizer) if schedule else None
    averaged = None
    if average == "ema":
        averaged = AveragedModel(model, multi_avg_fn=get_ema_multi_avg_fn(0.9))
    elif average == "swa":
        averaged = AveragedModel(model)
    rates = []
    for step in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        for batch in range(accumulate):
            loss = (SLOPES * (model.w - centre(batch)) ** 2 / 2).sum() / accumulate
            loss.backward()
        if clip and clip[0] == "norm":
            torch.nn.utils.clip_grad_norm_(model.parameters(), clip[1])
        elif clip:
            torch.nn.utils.clip_grad_value_(model.parameters(), clip[1])
        optimizer.step()
        if average == "ema":
            averaged.update_parameters(model)
        epoch_ends = (step + 1) % PER_EPOCH == 0
        if average == "swa" and epoch_ends and (step + 1) // PER_EPOCH >= 3:
            averaged.update_parameters(model)
        if scheduler and metrics and epoch_ends:
            scheduler.step(metrics[step // PER_EPOCH])
        elif scheduler and not metrics and (epoch_ends or not by_epoch):
            scheduler.step()
    result = {"end": model.w.tolist(), "rates": rates}
    if averaged:
        result["average"] = averaged.module.w.tolist()
    return result


O = torch.optim
sgd = lambda p: O.SGD(p, lr=0.1, momentum=0.9)
plain = lambda p: O.SGD(p, lr=0.1)
adam = lambda p: O.Adam(p, lr=0.03)
LOSSES = [1.0, 0.9, 0.95, 0.91, 0.5]
SCORES = [0.5, 0.52, 0.51, 0.525, 0.3]
trainings = [
    ("{optimizer: {adam: {lr: 0.03, weight_decay: 0.01}}}", train(lambda p: O.Adam(p, lr=0.03, weight_decay=0.01))),
    ("{optimizer: {adam: {lr: 0.3, betas: [0.8, 0.9], amsgrad: true}}}",
     train(lambda p: O.Adam(p, lr=0.3, betas=(0.8, 0.9), amsgrad=True))),
    ("{optimizer: {adamw: 0.03}}", train(lambda p: O.AdamW(p, lr=0.03))),
    ("{optimizer: {adamw: {lr: 0.1, weight_decay: 0.3, amsgrad: true, eps: 0.0001}}}",
     train(lambda p: O.AdamW(p, lr=0.1, weight_decay=0.3, amsgrad=True, eps=1e-4))),
    ("{optimizer: {sgd: 0.1}}", train(plain)),
    ("{optimizer: {sgd: {lr: 0.05, momentum: 0.9, dampening: 0.3, weight_decay: 0.01}}}",
     train(lambda p: O.SGD(p, lr=0.05, momentum=0.9, dampening=0.3, weight_decay=0.01))),
    ("{optimizer: {sgd: {lr: 0.05, momentum: 0.9, nesterov: true, weight_decay: 0.01}}}",
     train(lambda p: O.SGD(p, lr=0.05, momentum=0.9, nesterov=True, weight_decay=0.01))),
    ("{optimizer: rmsprop}", train(lambda p: O.RMSprop(p))),
    ("{optimizer: {rmsprop: {lr: 0.01, alpha: 0.9, momentum: 0.8, centered: true, weight_decay: 0.01, eps: 0.001}}}",
     train(lambda p: O.RMSprop(p, lr=0.01, alpha=0.9, momentum=0.8, centered=True, weight_decay=0.01, eps=1e-3))),
    ("{optimizer: {sgd: 0.1}, schedule: [{step: {step_size: 2, gamma: 0.5}}]}",
     train(plain, lambda o: StepLR(o, 2, 0.5), by_epoch=True)),
    ("{optimizer: {sgd: 0.1}, schedule: [{multi_step: {milestones: [1, 3]}}]}",
     train(plain, lambda o: MultiStepLR(o, [1, 3]), by_epoch=True)),
    ("{optimizer: {sgd: 0.1}, schedule: [{exponential: 0.8}]}",
     train(plain, lambda o: ExponentialLR(o, 0.8), by_epoch=True)),
    ("{optimizer: {sgd: 0.1}, schedule: [{cosine_warm_restarts: {t_0: 1, t_mult: 2, to: 0.01}}]}",
     train(plain, lambda o: CosineAnnealingWarmRestarts(o, 10, 2, eta_min=0.01))),
    ("{optimizer: {sgd: 0.1}, schedule: [{cosine_warm_restarts: 2}]}",
     train(plain, lambda o: CosineAnnealingWarmRestarts(o, 20))),
    ("{optimizer: {sgd: {lr: 0.1, momentum: 0.9}}, schedule: [one_cycle]}",
     train(sgd, lambda o: OneCycleLR(o, 0.1, total_steps=50))),
    ("{optimizer: {adam: 0.03}, schedule: [{one_cycle: {max_lr: 0.2, anneal_strategy: linear, three_phase: true, pct_start: 0.4}}]}",
     train(adam, lambda o: OneCycleLR(
         o, 0.2, total_steps=50, anneal_strategy="linear", three_phase=True, pct_start=0.4))),
    ("{optimizer: {sgd: 0.1}, schedule: [{one_cycle: {cycle_momentum: false, div_factor: 5, final_div_factor: 100}}]}",
     train(plain, lambda o: OneCycleLR(
         o, 0.1, total_steps=50, cycle_momentum=False, div_factor=5, final_div_factor=100))),
    ("{optimizer: {sgd: 0.1}, schedule: [{linear_warmup: 1}, {constant: {factor: 0.5, epochs: 2}}, {exponential: 0.9}]}",
     train(plain, lambda o: SequentialLR(o, [
         LambdaLR(o, lambda s: s / 10), ConstantLR(o, 0.5, 1000), LambdaLR(o, lambda s: 0.9 ** (s // 10))], [10, 30]))),
    ("{optimizer: {sgd: 0.1}, schedule: [{plateau: {patience: 0}}]}",
     train(plain, lambda o: ReduceLROnPlateau(o, patience=0), metrics=LOSSES)),
    ("{optimizer: {sgd: 0.1}, schedule: [{plateau: {factor: 0.5, patience: 0, cooldown: 1, min_lr: 0.04}}]}",
     train(plain, lambda o: ReduceLROnPlateau(o, factor=0.5, patience=0, cooldown=1, min_lr=0.04), metrics=LOSSES)),
    ("{optimizer: {sgd: 0.1}, schedule: [{plateau: {patience: 1, metric: val.uar, threshold: 0.01, threshold_mode: abs}}]}",
     train(plain, lambda o: ReduceLROnPlateau(
         o, mode="max", patience=1, threshold=0.01, threshold_mode="abs"), metrics=SCORES)),
    ("{optimizer: {sgd: 0.1}, schedule: [{plateau: {patience: 1, metric: val.mcc, threshold: 0.03}}]}",
     train(plain, lambda o: ReduceLROnPlateau(o, mode="max", patience=1, threshold=0.03), metrics=SCORES)),
    ("{optimizer: {sgd: 0.1}, clip_gradients: {norm: 0.5}}", train(plain, clip=("norm", 0.5))),
    ("{optimizer: {adam: {lr: 0.03, weight_decay: 0.01}}, clip_gradients: {value: 0.2}}",
     train(lambda p: O.Adam(p, lr=0.03, weight_decay=0.01), clip=("value", 0.2))),
    ("{optimizer: {adam: 0.03}, accumulate: 4}", train(adam, accumulate=4)),
    ("{optimizer: {sgd: {lr: 0.1, momentum: 0.9}}, accumulate: 3, clip_gradients: {norm: 1}}",
     train(sgd, accumulate=3, clip=("norm", 1.0))),
    ("{optimizer: {adam: 0.03}, average: {ema: 0.9}}", train(adam, average="ema")),
    ("{optimizer: {adam: 0.03}, average: {swa: 3}}", train(adam, average="swa")),
]

generator = torch.Generator().manual_seed(7)
logits = torch.randn(9, 6, generator=generator, dtype=torch.float64) * 3
labels = torch.tensor([0, 1, 2, 3, 4, 5, 2, 2, 0])
others = torch.tensor([2, 2, 0, 3, 1, 0, 5, 4, 2])
SHARE = 0.7
WEIGHTS = [0.5, 1.0, 2.0, 1.5, 1.0, 3.0]
YAML_WEIGHTS = "{c0: 0.5, c2: 2, c3: 1.5, c5: 3}"


def focal(gamma, alpha=None):
    def loss(z, y):
        log = torch.log_softmax(z, 1).gather(1, y[:, None])[:, 0]
        weight = 1 if alpha is None else torch.tensor(alpha, dtype=torch.float64)[y]
        return (-weight * (1 - log.exp()) ** gamma * log).mean()
    return loss


def cross_entropy(**options):
    if "weight" in options:
        options["weight"] = torch.tensor(options["weight"], dtype=torch.float64)
    return torch.nn.CrossEntropyLoss(**options)


def balanced(counts):
    return [sum(counts) / (sum(c > 0 for c in counts) * c) if c else 1.0 for c in counts]


COUNTS = [2, 1, 3, 1, 1, 1]
losses = []
for text, criterion in [
        ("cross_entropy", cross_entropy()),
        ("{cross_entropy: {label_smoothing: 0.1}}", cross_entropy(label_smoothing=0.1)),
        ("{cross_entropy: {class_weights: %s}}" % YAML_WEIGHTS, cross_entropy(weight=WEIGHTS)),
        ("{cross_entropy: {class_weights: balanced, label_smoothing: 0.2}}",
         cross_entropy(weight=balanced(COUNTS), label_smoothing=0.2)),
        ("focal", focal(2)), ("{focal: 0.5}", focal(0.5)), ("{focal: 0}", focal(0)),
        ("{focal: {gamma: 3, alpha: %s}}" % YAML_WEIGHTS, focal(3, WEIGHTS)),
        ("{focal: {gamma: 1, alpha: balanced}}", focal(1, balanced(COUNTS)))]:
    def run(loss):
        z = logits.clone().requires_grad_()
        value = loss(z)
        value.backward()
        return {"loss": value.item(), "gradient": z.grad.flatten().tolist()}

    weights = getattr(criterion, "weight", None)
    if weights is None:
        mixed = run(lambda z: SHARE * criterion(z, labels) + (1 - SHARE) * criterion(z, others))
    else:
        # The recipe's two means have different divisors unless the second labels are the first in another order, as mixup's are.
        order = torch.tensor([3, 0, 5, 1, 8, 2, 4, 6, 7])
        mixed = run(lambda z: SHARE * criterion(z, labels) + (1 - SHARE) * criterion(z, labels[order]))
        mixed["others"] = labels[order].tolist()
    mixed.setdefault("others", others.tolist())
    losses.append({"loss": text, "plain": run(lambda z: criterion(z, labels)), "mixed": mixed})


def settings(text):
    quoted = re.sub(r"(?<![\w.])(?!true|false)([a-z_][\w.]*)", r'"\1"', text)
    return {key: json.dumps(value) for key, value in json.loads(quoted).items()}


with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "training_options.json"), "w") as out:
    json.dump({
        "trainings": [{"train": settings(text), **result} for text, result in trainings], "losses_by_epoch": LOSSES,
        "scores_by_epoch": SCORES, "logits": logits.flatten().tolist(), "labels": labels.tolist(), "share": SHARE,
        "losses": losses}, out)
    out.write("\n")
