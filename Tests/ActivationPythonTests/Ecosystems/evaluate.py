"""Runs Python functions as their authors would: evaluate.py SOURCES.json > values.json

SOURCES.json: list of {"name", "source"}; each source defines activation(x), or a class whose objects are called. Values: for each name, a list over x in float64.
"""

import contextlib
import json
import sys

import numpy as np

POINTS = np.concatenate([np.linspace(-6, 6, 97), [0.0, 1e-8, -1e-8, 20.0, -20.0, 0.5, 1.0, -1.0, 2.0]])


def evaluate(source):
    scope = {}
    exec(source, scope)
    function = scope.get("activation") or next(f for name, f in reversed(scope.items()) if callable(f) and not name.startswith("_") and name != "partial")
    if isinstance(function, type):
        function = function.apply if hasattr(function, "apply") and hasattr(function, "backward") else function()
        # Of a module, in double precision as the points are.
        function = function.double() if hasattr(function, "double") else function
    if "torch" in source:
        import torch

        return function(torch.tensor(POINTS)).detach().double().numpy()
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
# What a function prints is no value.
with contextlib.redirect_stdout(sys.stderr):
    values = {s["name"]: evaluate(s["source"]).tolist() for s in sources}
print(json.dumps({"x": POINTS.tolist(), "values": values}))
