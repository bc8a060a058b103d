"""Writes metrics.csv: figures of 1,000 random label sets by scikit-learn, after checking that torchmetrics gives the same.

The labels come from a linear congruential generator that ClassificationMetricsTests.swift has too, so only figures are stored.
Needs scikit-learn and torchmetrics. Usage: make_metrics.py (writes beside itself).
"""
import os
import warnings

import numpy as np
import torch
from sklearn.metrics import (
    accuracy_score, balanced_accuracy_score, cohen_kappa_score, matthews_corrcoef, precision_recall_fscore_support)
from torchmetrics.functional.classification import (
    multiclass_accuracy, multiclass_cohen_kappa, multiclass_f1_score, multiclass_matthews_corrcoef, multiclass_precision,
    multiclass_recall)

warnings.filterwarnings("ignore")  # balanced_accuracy_score warns of classes that are predicted only: that case is wanted
SETS = 1000
state = 2024


def draw(bound):
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 33) % bound


def label_set():
    classes, count, skill = 2 + draw(9), 1 + draw(60), draw(100)
    occurring = 1 + draw(classes)  # the classes above have no clip, but may be predicted
    pairs = []
    for _ in range(count):
        truth = draw(occurring)
        pairs.append((truth, truth if draw(100) < skill else draw(classes)))
    return classes, np.array(pairs).T


rows = []
absent = 0
for index in range(SETS):
    classes, (truth, prediction) = label_set()
    by_class = precision_recall_fscore_support(truth, prediction, labels=range(classes), zero_division=0)
    figures = [accuracy_score(truth, prediction), balanced_accuracy_score(truth, prediction)]
    for average in ("macro", "weighted"):
        figures += precision_recall_fscore_support(truth, prediction, average=average, zero_division=0)[:3]
    # One number for all classes that tells them apart.
    figures += [float(np.dot(np.arange(1, classes + 1), values)) for values in by_class[:3]]
    t, p = torch.tensor(truth), torch.tensor(prediction)
    peers = [multiclass_accuracy(p, t, classes, average="micro")]
    for average in ("macro", "weighted"):
        peers += [f(p, t, classes, average=average) for f in (multiclass_precision, multiclass_recall, multiclass_f1_score)]
    assert np.allclose([float(v) for v in peers], [figures[0]] + figures[2:8], atol=1e-6), (index, peers, figures)
    # UAR is the mean recall of the classes that occur in truth; torchmetrics' macro average has those that are predicted only, too.
    by_class_peer = multiclass_recall(p, t, classes, average="none")[torch.tensor(sorted(set(truth)))]
    assert abs(float(by_class_peer.mean()) - figures[1]) < 1e-6, (index, by_class_peer, figures[1])
    figures += [matthews_corrcoef(truth, prediction), cohen_kappa_score(truth, prediction)]
    assert np.isclose(float(multiclass_cohen_kappa(p, t, classes)), figures[-1], atol=1e-6, equal_nan=True), (index, figures)
    # Of two classes, torchmetrics has values of its own where truth or predictions are all one class; scikit-learn's counts.
    if classes > 2 or min(len(set(truth)), len(set(prediction))) > 1:
        peer = float(multiclass_matthews_corrcoef(p, t, classes))
        assert abs(peer - figures[-2]) < 1e-6, (index, peer, figures[-2])
    absent += len(set(truth)) < classes
    rows.append([repr(float(v)) for v in figures])
assert absent > SETS / 4, absent  # sets that lack a class

header = ("accuracy uar precision_macro recall_macro f1_macro precision_weighted recall_weighted f1_weighted "
          "precision_by_class recall_by_class f1_by_class mcc kappa").split()
with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "metrics.csv"), "w") as out:
    for row in [header] + rows:
        out.write(",".join(row) + "\n")
