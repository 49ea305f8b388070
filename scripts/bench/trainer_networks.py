"""The networks of `evolve bench --export`, trained by JAX and by PyTorch: the same data, initial values and batches.

  trainer_networks.py jax|torch FOLDER FUNCTION REPEATS [NETWORKS STEPS]

Runs on one core. JAX trains all networks in one call: jit of vmap over networks of scan over steps. PyTorch trains
NETWORKS of them for STEPS steps, one after the other, as a script of its users would (a step of eager PyTorch costs the
same whatever came before). Prints one JSON object: core seconds of compiling and of each repeat's training, the time
per network and step in microseconds, the losses of
the first network's first steps and, from JAX, the normalised error of every network on its training points.
"""

import json
import os
import pathlib
import sys
import time

os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false"
os.environ["JAX_PLATFORMS"] = "cpu"
for name in ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np

BETAS = (0.9, 0.999)
EPSILON = 1e-8


class Networks:
    """The exported arrays; see NetworkExport in Sources/Evaluation."""

    def __init__(self, folder):
        folder = pathlib.Path(folder)
        facts = json.loads((folder / "manifest.json").read_text())
        assert facts["optimiser"] == "adam" and facts["schedule"] == "cosine", "the bench trains with Adam and cosine"
        self.count, self.steps, self.batch, self.rate = (facts[k] for k in ("networks", "steps", "batch", "rate"))
        points = facts["points"]["train"]

        def array(name, kind, *shape):
            return np.fromfile(folder / name, kind).reshape(self.count, *shape)

        self.inputs = array("train_inputs", "<f4", points, facts["inputs"])
        self.targets = array("train_targets", "<f4", points, 1)
        self.batches = array("batches", "<i4", self.steps, self.batch)
        sizes = [facts["inputs"], *facts["hidden"], 1]
        self.layers = [
            (array(f"weights_{index}", "<f4", fan_in, units), array(f"bias_{index}", "<f4", units))
            for index, (fan_in, units) in enumerate(zip(sizes, sizes[1:]))
        ]


def core_seconds():
    """Of this process and all its threads: other work on the machine does not count."""
    return time.process_time()


def jax_functions():
    import jax
    import jax.numpy as jnp

    def gelu(x):
        return jax.nn.gelu(x, approximate=False)

    def turbulent(x):
        c = x - x.mean()
        z = c / (jnp.sqrt((c * c).mean()) + 1e-6)
        return jnp.sign(x) * jnp.log1p(0.5 * jnp.abs(x)) + 0.2 * jnp.exp(-0.5 * z * z) * jnp.sin(2 * x)

    return {
        "relu": jax.nn.relu,
        "gelu": gelu,
        "silu": jax.nn.silu,
        "gelu_sine": lambda x: gelu(x) + 0.1 * jnp.sin(x),
        "gelu_sinc": lambda x: gelu(x) * (1 + 0.5 * jnp.sinc(x)),
        "gmtu": lambda x: jnp.tanh(1.5 * x) * jnp.exp(-0.2 * x * x) + 0.1 * x,
        "turbulent": turbulent,
        "snake": lambda x: x + jnp.sin(x) ** 2,
    }


def run_jax(networks, function, repeats):
    import jax
    import jax.numpy as jnp

    activation = jax_functions()[function]

    def loss(layers, inputs, targets):
        h = inputs
        for weights, bias in layers[:-1]:
            h = activation(h @ weights + bias)
        weights, bias = layers[-1]
        return jnp.mean((h @ weights + bias - targets) ** 2)

    def step(points, state, now):
        (layers, first, second), (batch, number) = state, now
        value, gradient = jax.value_and_grad(loss)(layers, points[0][batch], points[1][batch])
        first = jax.tree.map(lambda m, g: BETAS[0] * m + (1 - BETAS[0]) * g, first, gradient)
        second = jax.tree.map(lambda v, g: BETAS[1] * v + (1 - BETAS[1]) * g * g, second, gradient)
        rate = networks.rate * 0.5 * (1 + jnp.cos(jnp.pi * number / networks.steps))
        scale = rate / (1 - BETAS[0] ** (number + 1))
        root = jax.lax.rsqrt(1 - BETAS[1] ** (number + 1))
        layers = jax.tree.map(lambda p, m, v: p - scale * m / (jnp.sqrt(v) * root + EPSILON), layers, first, second)
        return (layers, first, second), value

    def train(layers, inputs, targets, batches):
        zeros = jax.tree.map(jnp.zeros_like, layers)
        numbers = jnp.arange(networks.steps, dtype=jnp.float32)
        (layers, _, _), losses = jax.lax.scan(
            lambda s, n: step((inputs, targets), s, n), (layers, zeros, zeros), (batches, numbers)
        )
        return losses, loss(layers, inputs, targets) / jnp.var(targets)

    arguments = (networks.layers, networks.inputs, networks.targets, networks.batches)
    begin = core_seconds()
    compiled = jax.jit(jax.vmap(train)).lower(*arguments).compile()
    compile_seconds = core_seconds() - begin
    train_seconds = []
    for _ in range(repeats):
        begin = core_seconds()
        losses, errors = jax.block_until_ready(compiled(*arguments))
        train_seconds.append(core_seconds() - begin)
    return {
        "version": jax.__version__,
        "compile_seconds": compile_seconds,
        "train_seconds": train_seconds,
        "microseconds": [s / networks.count / networks.steps * 1e6 for s in train_seconds],
        "first_losses": losses[0, :20].tolist(),
        "train_errors": errors.tolist(),
    }


def torch_functions():
    import torch
    from torch.nn import functional

    def turbulent(x):
        c = x - x.mean()
        z = c / (torch.sqrt((c * c).mean()) + 1e-6)
        return torch.sign(x) * torch.log1p(0.5 * torch.abs(x)) + 0.2 * torch.exp(-0.5 * z * z) * torch.sin(2 * x)

    return {
        "relu": functional.relu,
        "gelu": functional.gelu,
        "silu": functional.silu,
        "gelu_sine": lambda x: functional.gelu(x) + 0.1 * torch.sin(x),
        "gelu_sinc": lambda x: functional.gelu(x) * (1 + 0.5 * torch.sinc(x)),
        "gmtu": lambda x: torch.tanh(1.5 * x) * torch.exp(-0.2 * x * x) + 0.1 * x,
        "turbulent": turbulent,
        "snake": lambda x: x + torch.sin(x) ** 2,
    }


def run_torch(networks, function, repeats, count, steps):
    import torch

    torch.set_num_threads(1)
    activation = torch_functions()[function]

    def train(index):
        layers = [(torch.tensor(w[index]), torch.tensor(b[index])) for w, b in networks.layers]
        parameters = [p.requires_grad_() for layer in layers for p in layer]
        inputs, targets = torch.tensor(networks.inputs[index]), torch.tensor(networks.targets[index])
        batches = torch.tensor(networks.batches[index, :steps].astype(np.int64))
        optimiser = torch.optim.Adam(parameters, lr=networks.rate, betas=BETAS, eps=EPSILON, fused=True)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, networks.steps)
        losses = []
        for batch in batches:
            h = inputs[batch]
            for weights, bias in layers[:-1]:
                h = activation(torch.addmm(bias, h, weights))
            weights, bias = layers[-1]
            loss = torch.nn.functional.mse_loss(torch.addmm(bias, h, weights), targets[batch])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            losses.append(loss.detach())
        return [float(value) for value in losses[:20]]

    train(0)  # first calls set things up
    train_seconds = []
    for _ in range(repeats):
        begin = core_seconds()
        for index in range(count):
            losses = train(index)
            if index == 0:
                first = losses
        train_seconds.append(core_seconds() - begin)
    return {
        "version": torch.__version__,
        "compile_seconds": 0.0,
        "train_seconds": train_seconds,
        "microseconds": [s / count / steps * 1e6 for s in train_seconds],
        "first_losses": first,
    }


def main():
    framework, folder, function, repeats, *limits = sys.argv[1:]
    networks = Networks(folder)
    if framework == "jax":
        result = run_jax(networks, function, int(repeats))
    else:
        count, steps = (int(limit) for limit in limits)
        result = run_torch(networks, function, int(repeats), count, min(steps, networks.steps))
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
