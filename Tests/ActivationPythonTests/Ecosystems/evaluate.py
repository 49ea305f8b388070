"""Runs Python functions as their authors would: evaluate.py SOURCES.json > values.json

SOURCES.json: list of {"name", "source"}; each source defines activation(x). Values: for each name, a list over x in float64.
"""

import json
import sys

import numpy as np

POINTS = np.concatenate([np.linspace(-6, 6, 97), [0.0, 1e-8, -1e-8, 20.0, -20.0, 0.5, 1.0, -1.0, 2.0]])


def evaluate(source):
    scope = {}
    exec(source, scope)
    function = scope.get("activation") or next(f for name, f in reversed(scope.items()) if callable(f) and not name.startswith("_"))
    if "torch" in source:
        import torch

        return function(torch.tensor(POINTS)).double().numpy()
    if "jax" in source or "jnp" in source:
        import jax

        jax.config.update("jax_enable_x64", True)
        return np.asarray(function(jax.numpy.array(POINTS)))
    if "tensorflow" in source:
        import tensorflow as tf

        return function(tf.constant(POINTS)).numpy()
    if "np." in source or "numpy" in source:
        return np.asarray(function(POINTS)) * np.ones_like(POINTS)
    return np.array([function(float(x)) for x in POINTS])


sources = json.load(open(sys.argv[1]))
print(json.dumps({"x": POINTS.tolist(), "values": {s["name"]: evaluate(s["source"]).tolist() for s in sources}}))
