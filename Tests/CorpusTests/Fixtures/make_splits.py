"""Writes splits.csv: sets drawn by scikit-learn's train_test_split over many sizes, as hashes. Needs numpy and scikit-learn.

Each row: the clips of each class, the sizes of test and validation set, the seed, and the first 16 hex digits of the SHA-256
of the three index lists ("1,2,3;4;5,6": train; val; test), or "refused" where scikit-learn raises. Clip i has the class that
comes next in a round over the classes that have clips left. Class codes are CODES, which do not stand in sorted order."""
import csv, hashlib, pathlib
import numpy as np
from sklearn.model_selection import train_test_split

CODES = ["c10", "c2", "B", "a", "é", "Ω", "c1", "_", "Z", "aa", "𝔞", "\ufb00"]


def labels(counts):
    left, out = list(counts), []
    while any(left):
        for i, c in enumerate(left):
            if c:
                out.append(CODES[i])
                left[i] -= 1
    return out


def digest(counts, test, val, seed):
    y = labels(counts)
    index = list(range(len(y)))
    try:
        rest, tested = train_test_split(index, test_size=test, random_state=seed, stratify=y)
        train, val = train_test_split(rest, test_size=val, random_state=seed, stratify=[y[i] for i in rest])
    except ValueError:
        return "refused"
    text = ";".join(",".join(map(str, part)) for part in (train, val, tested))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def main():
    random = np.random.RandomState(7)
    rows = []
    for case in range(240):
        classes = random.randint(1, 13)
        if case % 3 == 0:
            counts = [int(random.randint(2, 60))] * classes  # equal counts: ties in the remainders
        else:
            counts = [int(c) for c in random.randint(1 if case % 20 == 1 else 2, 10 ** random.randint(1, 4), classes)]
        total = sum(counts)
        test = round(float(random.uniform(0.05, 0.6)), int(random.randint(1, 4)))
        val = round(float(random.uniform(0.02, 0.4)), 2)
        if case % 5 == 0:
            test = int(random.randint(1, max(2, total // 2)))
        if case % 7 == 0:
            val = int(random.randint(1, max(2, total // 4)))
        test, val = test or 0.5, val or 0.5
        seed = int(random.choice([0, 1, 42, 2**32 - 1, random.randint(2**31)]))
        rows.append([" ".join(map(str, counts)), test, val, seed, digest(counts, test, val, seed)])
    with open(pathlib.Path(__file__).with_name("splits.csv"), "w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["counts", "test", "val", "seed", "sets"])
        writer.writerows(rows)
    print(len(rows), "cases,", sum(r[-1] == "refused" for r in rows), "refused")


main()
