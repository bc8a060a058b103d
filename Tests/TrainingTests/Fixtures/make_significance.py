"""Writes mcnemar.csv: p-values of McNemar's test by SciPy's binomial distribution, for McNemarTests.swift.

exact is scipy.stats.binomtest (two-sided, p = 1/2); mid_p is the definition of Fagerland, Lydersen and Laake (2013):
exact minus the probability of the observed split. Needs SciPy. Usage: make_significance.py (writes beside itself).
"""
import os

from scipy.stats import binom, binomtest

PAIRS = [(0, 0), (0, 1), (1, 0), (1, 1), (0, 5), (2, 7), (5, 5), (6, 16), (10, 24), (25, 25), (30, 51), (59, 121),
         (400, 470), (1000, 1100), (3, 900), (20000, 20400)]

rows = ["only_first,only_second,exact,mid_p"]
for b, c in PAIRS:
    n, k = b + c, min(b, c)
    exact = binomtest(k, n, 0.5).pvalue if n else 1.0
    mid = min(1.0, 2 * binom.cdf(k, n, 0.5) - binom.pmf(k, n, 0.5)) if n else 1.0
    rows.append(f"{b},{c},{exact!r},{mid!r}".replace("np.float64(", "").replace(")", ""))
path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "mcnemar.csv")
with open(path, "w") as file:
    file.write("\n".join(rows) + "\n")
