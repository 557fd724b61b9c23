"""Clusters of points by scikit-learn, from given starts: python reference-clusters.py > clusters.json"""

import json

import numpy as np
from sklearn.cluster import KMeans

rng = np.random.default_rng(5)
centers = rng.uniform(-1, 1, (6, 4))
points = np.concatenate([c + rng.normal(0, 0.25, (40, 4)) for c in centers]).astype(np.float32)
start = points[rng.choice(len(points), 6, replace=False)]
found = KMeans(6, init=start, n_init=1, max_iter=40, tol=0, algorithm="lloyd").fit(points)
print(
    json.dumps(
        {
            "points": np.round(points, 6).ravel().tolist(),
            "start": np.round(start, 6).ravel().tolist(),
            "centers": found.cluster_centers_.ravel().tolist(),
        }
    )
)
