"""Writes folds.csv: random splits and cross-validation folds drawn by scikit-learn, as hashes. Needs numpy and scikit-learn.

Each row: the kind, the number of clips of each class, the number of groups, folds, seed, validation size, and the first 16 hex
digits of a SHA-256. For the kinds of folds it is that of the fold of each clip, "0,2,1,...", or "refused" where scikit-learn
raises. For "random" and "stratified_val" it is that of the sets "train;val;test" as in make_splits.py: random is
train_test_split(test_size 0.3) and again (val); stratified_val takes the first fold of StratifiedKFold as test and draws the
validation set from the rest with train_test_split(stratify).

Clip i has the class that comes next in a round over the classes that have clips left, and belongs to group GROUP[(i * i + i // 3)
% groups]. Class codes and group names do not stand in sorted order."""
import csv, hashlib, pathlib, warnings
import numpy as np
from sklearn.model_selection import GroupKFold, KFold, StratifiedGroupKFold, StratifiedKFold, train_test_split

CODES = ["c10", "c2", "B", "a", "é", "Ω", "c1", "_", "Z", "aa", "𝔞", "\ufb00"]
warnings.filterwarnings("ignore")


def labels(counts):
    left, out = list(counts), []
    while any(left):
        for i, c in enumerate(left):
            if c:
                out.append(CODES[i])
                left[i] -= 1
    return out


def group(i, groups):
    return f"s{(i * i + i // 3) % groups}"


def digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def folds(kind, y, g, k, seed):
    maker = {"kfold": KFold, "stratified": StratifiedKFold, "group": GroupKFold, "stratified_group": StratifiedGroupKFold}[kind]
    out = [-1] * len(y)
    for number, (_, test) in enumerate(maker(k, shuffle=True, random_state=seed).split(np.zeros(len(y)), y, g)):
        for i in test:
            out[i] = number
    return digest(",".join(map(str, out)))


def sets(kind, y, k, val, seed):
    index = list(range(len(y)))
    if kind == "random":
        rest, test = train_test_split(index, test_size=0.3, random_state=seed)
        train, held = train_test_split(rest, test_size=val, random_state=seed)
    else:
        rest, test = next(StratifiedKFold(k, shuffle=True, random_state=seed).split(index, y))
        train, held = train_test_split(rest, test_size=val, random_state=seed, stratify=[y[i] for i in rest])
    return digest(";".join(",".join(map(str, part)) for part in (train, held, test)))


def main():
    random = np.random.RandomState(11)
    rows = []
    kinds = ["kfold", "stratified", "group", "stratified_group", "random", "stratified_val"]
    for case in range(240):
        kind = kinds[case % len(kinds)]
        classes = int(random.randint(2, 13))
        k = int(random.randint(2, 9))
        low = 2 * k if kind == "stratified_val" else 3
        counts = [int(c) for c in random.randint(low, 10 ** random.randint(1, 3) + 2 * low, classes)]
        groups = int(random.choice([3, 10, 24, 91]))
        seed = int(random.choice([0, 1, 42, 2**32 - 1, random.randint(2**31)]))
        val = float(random.choice([0.05, 0.1, 0.25])) if kind == "random" else 0.4
        y = labels(counts)
        g = [group(i, groups) for i in range(len(y))]
        try:
            found = sets(kind, y, k, val, seed) if kind in ("random", "stratified_val") else folds(kind, y, g, k, seed)
        except ValueError:
            found = "refused"
        rows.append([kind, " ".join(map(str, counts)), groups, k, seed, val, found])
    with open(pathlib.Path(__file__).with_name("folds.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["kind", "counts", "groups", "folds", "seed", "val", "sets"])
        writer.writerows(rows)
    print(len(rows), "cases,", sum(r[-1] == "refused" for r in rows), "refused")


main()
