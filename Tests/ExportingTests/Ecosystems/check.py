"""Runs exported files in the ecosystem they are for, and compares with the reference interpreter.

  check.py numpy|torch|jax|tensorflow|triton|onnx FOLDER

FOLDER holds the files and cases.json: for each function its name, type, parameters, and x, g, y, dx, dp, [batch × units].
In double precision everything has to agree to 1e-9; in float32 to what rounding each value of the program to float32
changes ("loose", from the interpreter), and one point in two hundred may be on the other side of a jump.
Prints a line for each function that fails; exit status 1 if there are any.
"""

import importlib.util
import json
import os
import pathlib
import sys

import numpy as np


def load(folder, case, suffix):
    path = folder / (case["name"] + suffix)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def numbers(values):
    """JSON has no infinities: they are texts."""
    return np.array(values, dtype=object).astype(np.float64) if values else np.zeros(0)


class Check:
    def __init__(self, folder):
        self.folder = folder
        self.cases = json.loads((folder / "cases.json").read_text())
        self.failures = []

    def fail(self, case, text):
        self.failures.append(case["name"])
        print(f"{case['name']}: {text}")

    def exact(self, case, what, found, wanted):
        found, wanted = np.asarray(found, dtype=np.float64), numbers(wanted)
        if found.shape != wanted.shape:
            return self.fail(case, f"{what} has the shape {found.shape}, not {wanted.shape}")
        finite = np.isfinite(wanted)
        if not np.array_equal(np.isfinite(found), finite):
            place = np.argmax(np.isfinite(found) != finite)
            return self.fail(case, f"{what}[{place}] is {found.flat[place]}, not {wanted.flat[place]}")
        scale = np.max(np.abs(wanted[finite]), initial=0) if what == "dp" else np.abs(wanted)
        with np.errstate(all="ignore"):
            error = np.where(finite, np.abs(found - wanted) / (1 + scale), 0)
        if np.max(error, initial=0) > 1e-9:
            place = np.argmax(error)
            self.fail(case, f"{what}[{place}] is {found.flat[place]}, not {wanted.flat[place]}")

    def rough(self, case, what, found, wanted, loose):
        found, wanted, loose = np.asarray(found, dtype=np.float64), numbers(wanted), numbers(loose)
        if found.shape != wanted.shape:
            return self.fail(case, f"{what} has the shape {found.shape}, not {wanted.shape}")
        known = np.isfinite(wanted) & np.isfinite(loose) & (np.abs(wanted) < 1e30)
        off = known & ~(np.abs(found - wanted) <= 2e-5 * (1 + np.abs(wanted)) + loose)
        if np.mean(off) > 0.005:
            place = np.argmax(off)
            x = numbers(case["x"]).flat[place] if found.size > 1 else "?"
            self.fail(case, f"{what} at {x} is {found.flat[place]}, not {wanted.flat[place]}; {np.sum(off)} so")

    def end(self):
        print(f"{len(self.cases) - len(set(self.failures))} of {len(self.cases)} agree")
        sys.exit(1 if self.failures else 0)


def check_numpy(check):
    for case in check.cases:
        module = load(check.folder, case, "_numpy.py")
        x, g = numbers(case["x"]), numbers(case["g"])
        check.exact(case, "y", getattr(module, case["name"])(x), case["y"])
        dx, dp = getattr(module, case["name"] + "_vjp")(x, g)
        check.exact(case, "dx", dx, case["dx"])
        check.exact(case, "dp", dp, case["dp"])
        if getattr(module, case["name"])(x.astype(np.float32)).dtype != np.float32:
            check.fail(case, "float32 does not stay float32")


def check_torch(check):
    import torch

    for case in check.cases:
        module = load(check.folder, case, "_torch.py")
        layer = getattr(module, case["type"])()
        if layer(torch.zeros(2, 3)).dtype != torch.float32:
            check.fail(case, "float32 does not stay float32")
        layer = layer.double()
        with torch.no_grad():
            for parameter, initial in zip(layer.parameters(), case["initials"]):
                parameter.fill_(initial)
        x = torch.tensor(numbers(case["x"]), requires_grad=True)
        y = layer(x)
        y.backward(torch.tensor(numbers(case["g"])))
        check.exact(case, "y", y.detach(), case["y"])
        check.exact(case, "dx", x.grad, case["dx"])
        check.exact(case, "dp", [p.grad.item() for p in layer.parameters()], case["dp"])
        function = getattr(module, case["name"])
        if not torch.equal(function(x, *case["initials"]), y):
            check.fail(case, "the function is not the module")
        if case["dp"] and str(case["initials"][0])[:4] not in repr(layer):
            check.fail(case, f"{layer} does not show its parameters")
        if case["dp"] and case.get("compile"):
            check_half(check, case, *torch_half(torch, module, case))
        if case.get("smooth"):
            few = torch.linspace(-2.2, 2.3, 12, dtype=torch.float64).reshape(3, 4).requires_grad_()
            if not torch.autograd.gradcheck(layer, (few,), eps=1e-6, atol=1e-5, raise_exception=False):
                check.fail(case, "gradcheck")
            if not case["layer"]:
                check_torch_twice(check, case, torch, function, few)
        if case.get("compile"):
            torch.compiler.reset()
            compiled = torch.compile(layer, fullgraph=True)
            again = x.detach().clone().requires_grad_()
            z = compiled(again)
            z.backward(torch.tensor(numbers(case["g"])))
            check.exact(case, "y of torch.compile", z.detach(), case["y"])
            check.exact(case, "dx of torch.compile", again.grad, case["dx"])
            if not case["layer"]:
                along = torch.func.jvp(layer, (x.detach(),), (torch.tensor(numbers(case["g"])),))[1]
                check.exact(case, "dx of torch.func.jvp", along.detach(), case["dx"])
                rows = torch.func.vmap(lambda row: layer(row))(x)
                check.exact(case, "y of torch.func.vmap", rows.detach(), case["y"])
            state = layer.state_dict()
            if len(state) != len(case["dp"]):
                check.fail(case, f"the state is {state}")


def torch_half(torch, module, case):
    """dL/dp in float16, where parts of the sum are more than float16 holds; and in float64."""
    results = []
    for dtype in [torch.float16, torch.float64]:
        layer = getattr(module, case["type"])().to(torch.promote_types(dtype, torch.float32))
        y = layer(torch.full((1000, 100), 3.0, dtype=dtype))
        if y.dtype != dtype:
            return [float("nan")], [0.0]
        y.sum().backward()
        results.append([p.grad.item() for p in layer.parameters()])
    return results


def check_half(check, case, found, wanted):
    if not np.allclose(found, wanted, rtol=2e-2, atol=200):
        check.fail(case, f"dp of float16 is {found}, not {wanted}")


def check_torch_twice(check, case, torch, function, x):
    """Forward over backward, backward twice, and parameters that differ from unit to unit."""
    row = x.detach()[0]
    hessian = torch.func.hessian(lambda v: function(v).sum())(row)
    if not torch.allclose(hessian, torch.func.jacrev(torch.func.jacrev(lambda v: function(v).sum()))(row)):
        check.fail(case, "torch.func.hessian is not the Jacobian of the gradient")
    if torch.func.jacfwd(function)(row).shape != (4, 4):
        check.fail(case, "torch.func.jacfwd")
    units = [torch.full((4,), p, dtype=torch.float64, requires_grad=True) for p in case["initials"]]
    rule = lambda *all: torch.autograd.gradcheck(function, all, atol=1e-5, check_forward_ad=True, raise_exception=False)
    if not rule(x, *units):
        check.fail(case, "parameters of units, or the forward derivative")
    if not torch.autograd.gradgradcheck(function, (x, *units), atol=1e-4, raise_exception=False):
        check.fail(case, "the second derivative")


def check_jax(check):
    import jax

    jax.config.update("jax_enable_x64", True)
    import jax.numpy as jnp

    for case in check.cases:
        module = load(check.folder, case, "_jax.py")
        function = getattr(module, case["name"])
        if function(jnp.zeros((2, 3), jnp.float32)).dtype != jnp.float32:
            check.fail(case, "float32 does not stay float32")
        x, g = jnp.array(numbers(case["x"])), jnp.array(numbers(case["g"]))
        y, back = jax.vjp(function, x, *[float(p) for p in case["initials"]])
        dx, *dp = back(g)
        check.exact(case, "y", y, case["y"])
        check.exact(case, "dx", dx, case["dx"])
        check.exact(case, "dp", dp, case["dp"])
        if case.get("compile"):
            loss = lambda x: jnp.sum(function(x) * g)
            check.exact(case, "y of jax.jit", jax.jit(function)(x), case["y"])
            check.exact(case, "dx of jax.jit", jax.jit(jax.grad(loss))(x), case["dx"])
            if case["dp"]:
                half = [jnp.full((1000, 100), 3.0, t) for t in [jnp.float16, jnp.float64]]
                totals = [
                    jax.grad(lambda p: jnp.sum(function(x, *p), dtype=float))([float(p) for p in case["initials"]])
                    for x in half
                ]
                check_half(check, case, *totals)
            if not case["layer"]:
                along = jax.jvp(function, (x,), (g,))[1]
                check.exact(case, "dx of jax.jvp", along, case["dx"])
                check.exact(case, "y of jax.vmap", jax.vmap(function)(x), case["y"])
                each = jax.vmap(jax.vmap(jax.grad(lambda one: function(one))))(x)
                check.exact(case, "dx of jax.vmap", each * g, case["dx"])


def check_tensorflow(check):
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    import tensorflow as tf

    for case in check.cases:
        module = load(check.folder, case, "_tensorflow.py")
        x = tf.constant(numbers(case["x"]))
        parameters = [tf.constant(float(p), tf.float64) for p in case["initials"]]
        with tf.GradientTape() as tape:
            tape.watch([x, *parameters])
            y = getattr(module, case["name"])(x, *parameters)
        dx, *dp = tape.gradient(y, [x, *parameters], output_gradients=tf.constant(numbers(case["g"])))
        check.exact(case, "y", y, case["y"])
        check.exact(case, "dx", dx, case["dx"])
        check.exact(case, "dp", dp, case["dp"])
        if getattr(module, case["name"])([[1, 2], [3, 4]]).dtype != tf.float32:
            check.fail(case, "whole numbers are not taken")
        if case["dp"] and case.get("compile"):
            totals = []
            for dtype in [tf.float16, tf.float64]:
                p = [tf.constant(float(p)) for p in case["initials"]]
                with tf.GradientTape() as tape:
                    tape.watch(p)
                    z = tf.reduce_sum(tf.cast(getattr(module, case["name"])(tf.fill((1000, 100), tf.constant(3.0, dtype)), *p), tf.float64))
                totals.append([float(d) for d in tape.gradient(z, p)])
            check_half(check, case, *totals)
        layer = getattr(module, case["type"])()
        z = layer(tf.constant(numbers(case["x"]), tf.float32))
        if z.dtype != tf.float32 or len(layer.trainable_weights) != len(case["dp"]):
            check.fail(case, "the Keras layer is of another type, or has other weights")
        if case.get("compile"):
            check.exact(case, "y of tf.function", tf.function(getattr(module, case["name"]))(x), case["y"])


def check_triton(check):
    os.environ["TRITON_INTERPRET"] = "1"
    import torch

    for case in check.cases:
        if case["layer"]:
            continue
        module = load(check.folder, case, "_triton.py")
        layer = getattr(module, case["type"])()
        x = torch.tensor(numbers(case["x32"]), dtype=torch.float32, requires_grad=True)
        y = layer(x)
        y.backward(torch.tensor(numbers(case["g32"]), dtype=torch.float32))
        check.rough(case, "y", y.detach(), case["y32"], case["yLoose"])
        check.rough(case, "dx", x.grad, case["dx32"], case["dxLoose"])


def check_onnx(check):
    import onnx
    import onnxruntime

    def run(model, feeds):
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        return session.run(None, feeds)

    for case in check.cases:
        model = onnx.load(check.folder / (case["name"] + ".onnx"))
        onnx.checker.check_model(model)
        x = numbers(case["x32"]).astype(np.float32)
        check.rough(case, "y", run(model, {"x": x})[0], case["y32"], case["yLoose"])
        if not case["layer"]:
            flat = run(model, {"x": x})[0]
            for each in [*model.graph.input, *model.graph.output]:
                each.type.tensor_type.ClearField("shape")
            cube = run(model, {"x": x.reshape(16, 16, 16)})[0]
            if not np.array_equal(cube.reshape(64, 64), flat, equal_nan=True):
                check.fail(case, "three dimensions are not as two")
        # The gradient is a function in the model: a graph around it.
        slopes = next(f for f in model.functions if f.name.endswith("_slopes"))
        node = onnx.helper.make_node(slopes.name, list(slopes.input), list(slopes.output), domain="evolve")
        del model.graph.node[:], model.graph.output[:]
        model.graph.node.append(node)
        model.graph.input.append(onnx.helper.make_tensor_value_info("g", onnx.TensorProto.FLOAT, None))
        for name in slopes.output:
            model.graph.output.append(onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, None))
        dx = run(model, {"x": x, "g": numbers(case["g32"]).astype(np.float32)})[0]
        check.rough(case, "dx", dx, case["dx32"], case["dxLoose"])


def main():
    ecosystem, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    check = Check(folder)
    globals()["check_" + ecosystem](check)
    check.end()


main()
