"""Writes ../fixtures/statistics.json: what scipy and statsmodels say about a few seeded samples.

    pip install numpy scipy statsmodels
    python make_statistics.py
"""

import json
import pathlib

import numpy as np
import scipy
import statsmodels
from scipy import stats
from scipy.optimize import brentq
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.power import TTestPower
from statsmodels.stats.proportion import proportion_confint
from statsmodels.stats.weightstats import ttost_paired

rng = np.random.default_rng(20261128)


def sample(differences):
    d = np.asarray(differences, float)
    n = len(d)
    kept = d[d != 0]
    ranked = stats.wilcoxon(
        kept, method=stats.PermutationMethod(n_resamples=2**n) if n <= 14 else "exact"
    )
    ranks = stats.rankdata(np.abs(kept))
    t = d.mean() / (d.std(ddof=1) / np.sqrt(n))
    interval = stats.t.interval(0.95, n - 1, loc=d.mean(), scale=stats.sem(d))
    wilson = proportion_confint((d > 0).sum() + 0.5 * (d == 0).sum(), n, method="wilson")
    flip = stats.permutation_test(
        (d,),
        lambda x, axis: np.abs(np.mean(x, axis=axis)),
        permutation_type="samples",
        n_resamples=np.inf if n <= 14 else 200_000,
        alternative="greater",
        vectorized=True,
        random_state=1,
    ) if n <= 14 else None
    bca = stats.bootstrap(
        (d,), np.mean, method="BCa", n_resamples=200_000, random_state=np.random.default_rng(1), batch=2000
    ).confidence_interval
    return {
        "differences": d.tolist(),
        "mean": d.mean(),
        "sd": d.std(ddof=1),
        "interval": list(interval),
        "signFlip": None if flip is None else flip.pvalue,
        "wilcoxon": ranked.pvalue,
        "positive": float(ranks[kept > 0].sum()),
        "tost": ttost_paired(d, np.zeros(n), -0.02, 0.02)[0],
        "dzInterval": [noncentrality(t, n - 1, 0.975) / np.sqrt(n), noncentrality(t, n - 1, 0.025) / np.sqrt(n)],
        "wilson": list(wilson),
        "bca": [bca.low, bca.high],
    }


def noncentrality(t, df, p):
    return brentq(lambda nc: stats.nct.cdf(t, df, nc) - p, t - 30, t + 30, xtol=1e-12)


samples = [
    sample(rng.normal(0.015, 0.02, 10)),
    sample(rng.normal(0.0, 0.03, 6)),
    sample(np.round(rng.normal(0.01, 0.02, 12), 2)),
    sample(rng.normal(0.004, 0.01, 13)),
    sample(rng.normal(0.01, 0.05, 40)),
    sample(rng.exponential(0.02, 9) - 0.01),
]
p = [0.001, 0.04, 0.03, 0.2, 0.04, 0.9]
effects = [0.5, 0.75, 1.0, 1.25, 1.5, 2.0]
fixture = {
    "made with": {"scipy": scipy.__version__, "statsmodels": statsmodels.__version__},
    "samples": samples,
    "holm": {"p": p, "adjusted": multipletests(p, method="holm")[1].tolist()},
    "power": [
        {
            "dz": dz,
            "runs": int(np.ceil(TTestPower().solve_power(dz, power=0.8, alpha=0.05))),
            "power10": float(TTestPower().power(dz, 10, 0.05)),
        }
        for dz in effects
    ],
}
out = pathlib.Path(__file__).parent.parent / "fixtures" / "statistics.json"
out.parent.mkdir(exist_ok=True)
out.write_text(json.dumps(fixture, indent=1) + "\n")
