import ActivationIR
import EvolveTypes

/// A Python file on Triton: forward and backward, each one pass over the data, and a PyTorch module around them.
enum TritonExport {
    static let language = Language(
        literal: Python.literal,
        constant: { "tl.full(x.shape, \(Python.literal($0)), tl.float32)" },
        functions: [
            .absolute: "tl.abs({0})", .minimum: "tl.minimum({0}, {1})", .maximum: "tl.maximum({0}, {1})",
            .copySign: "_copysign({0}, {1})", .floor: "tl.floor({0})", .ceiling: "tl.ceil({0})",
            .truncate: "_trunc({0})", .roundEven: "_rint({0})", .maskedMultiply: "_masked({0}, {1})",
            .select: "tl.where({0}, {1}, {2})", .squareRoot: "tl.sqrt({0})", .cubeRoot: "_cbrt({0})",
            .exp: "tl.exp({0})", .exp2: "tl.exp2({0})", .expm1: "_expm1({0})", .log: "tl.log({0})",
            .log2: "tl.log2({0})", .log10: "(tl.log2({0}) * 0.3010299956639812)", .log1p: "_log1p({0})",
            .sin: "tl.sin({0})", .cos: "tl.cos({0})", .tan: "_tan({0})", .asin: "_asin({0})", .acos: "_acos({0})",
            .atan: "_atan({0})", .sinh: "_sinh({0})", .cosh: "_cosh({0})", .tanh: "_tanh({0})",
            .asinh: "_asinh({0})", .acosh: "_acosh({0})", .atanh: "_atanh({0})", .erf: "tl.erf({0})",
            .erfc: "(1.0 - tl.erf({0}))", .pow: "_pow({0}, {1})", .atan2: "_atan2({0}, {1})",
            .hypot: "tl.sqrt({0} * {0} + {1} * {1})", .remainder: "_fmod({0}, {1})", .sigmoid: "tl.sigmoid({0})",
            .softplus: "_softplus({0})",
        ],
        helpers: [
            jit("_copysign", "a, b", ["return tl.where((b < 0) | ((b == 0) & (1.0 / b < 0)), -tl.abs(a), tl.abs(a))"]),
            jit("_trunc", "a", ["return tl.where(a < 0, tl.ceil(a), tl.floor(a))"]),
            jit(
                "_rint", "a",
                [
                    "up = tl.floor(a + 0.5)", "isOdd = up - 2.0 * tl.floor(0.5 * up) == 1.0",
                    "return tl.where((up - a == 0.5) & isOdd, up - 1.0, up)",
                ]),
            jit("_masked", "a, b", ["return tl.where(a == 0, 0.0 * tl.abs(a), a * b)"]),
            jit("_cbrt", "a", ["root = tl.exp2(tl.log2(tl.abs(a)) / 3.0)", "return tl.where(a < 0, -root, root)"]),
            jit(
                "_expm1", "a",
                [
                    "near = a * (1.0 + a * (1 / 2 + a * (1 / 6 + a * (1 / 24 + a * (1 / 120 + a * (1 / 720 + a / 5040))))))",
                    "return tl.where(tl.abs(a) < 0.4, near, tl.exp(a) - 1.0)",
                ]),
            jit(
                "_log1p", "a",
                [
                    "sum = 1.0 + a",
                    "return tl.where(sum == 1.0, a, tl.log(sum) * (a / tl.where(sum == 1.0, 1.0, sum - 1.0)))",
                ]),
            jit(
                "_tanh", "a",
                [
                    "rise = _expm1(2.0 * tl.minimum(tl.abs(a), 15.0))", "size = rise / (rise + 2.0)",
                    "return tl.where(a < 0, -size, size)",
                ]),
            jit(
                "_sinh", "a",
                [
                    "rise = _expm1(tl.abs(a))", "size = 0.5 * (rise + rise / (rise + 1.0))",
                    "return tl.where(a < 0, -size, size)",
                ]),
            jit("_cosh", "a", ["return 0.5 * (tl.exp(a) + tl.exp(-a))"]),
            jit(
                "_asinh", "a",
                [
                    "size = tl.abs(a)", "rise = _log1p(size + size * size / (1.0 + tl.sqrt(1.0 + size * size)))",
                    "return tl.where(a < 0, -rise, rise)",
                ]),
            jit("_acosh", "a", ["over = a - 1.0", "return _log1p(over + tl.sqrt(2.0 * over + over * over))"]),
            jit("_atanh", "a", ["return 0.5 * _log1p(2.0 * a / (1.0 - a))"]),
            // Reduced to |a| ≤ tan(π/8), then a polynomial (Moshier 1989, Methods and Programs for Mathematical Functions).
            jit(
                "_atan", "a",
                [
                    "size = tl.abs(a)", "isLarge, isMiddle = size > 2.414213562373095, size > 0.4142135623730950",
                    "reduced = tl.where(isLarge, -1.0 / size, tl.where(isMiddle, (size - 1.0) / (size + 1.0), size))",
                    "start = tl.where(isLarge, 1.5707963267948966, tl.where(isMiddle, 0.7853981633974483, 0.0))",
                    "z = reduced * reduced",
                    "series = ((8.05374449538e-2 * z - 1.38776856032e-1) * z + 1.99777106478e-1) * z - 3.33329491539e-1",
                    "angle = start + (series * z * reduced + reduced)", "return tl.where(a < 0, -angle, angle)",
                ]),
            jit(
                "_atan2", "a, b",
                [
                    "angle = _atan(a / tl.where(b == 0, 1.0, b))",
                    "turned = tl.where(b < 0, tl.where(a < 0, angle - 3.141592653589793, angle + 3.141592653589793), angle)",
                    "upright = tl.where(a == 0, 0.0, tl.where(a < 0, -1.5707963267948966, 1.5707963267948966))",
                    "return tl.where(b == 0, upright, turned)",
                ]),
            jit("_asin", "a", ["return _atan2(a, tl.sqrt((1.0 - a) * (1.0 + a)))"]),
            jit("_acos", "a", ["return _atan2(tl.sqrt((1.0 - a) * (1.0 + a)), a)"]),
            jit("_tan", "a", ["return tl.sin(a) / tl.cos(a)"]),
            jit(
                "_fmod", "a, b",
                ["quotient = a / b", "return a - b * tl.where(quotient < 0, tl.ceil(quotient), tl.floor(quotient))"]),
            jit(
                "_pow", "a, b",
                [
                    "size = tl.exp2(b * tl.log2(tl.abs(a)))", "isOdd = b - 2.0 * tl.floor(0.5 * b) == 1.0",
                    "isWhole = tl.floor(b) == b",
                    "signed = tl.where(isOdd, -size, tl.where(isWhole, size, float(\"nan\")))",
                    "return tl.where(b == 0, 1.0, tl.where(a < 0, signed, size))",
                ]),
            jit("_softplus", "a", ["return tl.maximum(a, 0.0) + _log1p(tl.exp(-tl.abs(a)))"]),
        ],
        reserved: Python.reserved.union([
            "count", "place", "mask", "BLOCK", "x_at", "y_at", "g_at", "dx_at", "parts_at",
        ]), globals: Python.globals, fields: Python.module, forms: ["{name}", "_{name}_forward", "_{name}_backward"],
        typeForms: ["{type}", "_{type}"], companion: "{0}_at")

    private static func jit(_ name: String, _ arguments: String, _ body: [String]) -> Language.Helper {
        Language.Helper(
            name: name,
            text: "@triton.jit\ndef \(name)(\(arguments)):\n" + body.map { "    " + $0 }.joined(separator: "\n"))
    }

    static func text(of function: ExportedFunction) throws -> String {
        guard !function.readsLayer else {
            throw Failure(
                .badInput,
                "\(function.name) reads the layer around an element, which one pass over the data cannot; take pytorch")
        }
        let file = PythonFile(function, language)
        let (name, type) = (file.names.function, file.names.type)
        let places = file.names.companions.dropFirst()
        let pointers = places.map { ", " + $0 }.joined()
        let loads = file.lines(zip(file.parameters, places).map { "\($0) = tl.load(\($1)).to(tl.float32)" }, 1)
        let value = Listing(
            function.program, outputs: [function.program.outputs[0]], language: file.language, names: file.names)
        let backward = file.slopes(indent: 1) { dx, slopes in
            ["tl.store(dx_at + place, \(dx), mask=mask)"]
                + slopes.enumerated().map {
                    "tl.store(parts_at + \($0) * tl.num_programs(0) + tl.program_id(0), tl.sum(tl.where(mask, \($1), 0.0)))"
                }
        }
        let given = file.parameters.indices.map { ", given[\($0)]" }.joined()
        let fields = zip(file.parameters, function.parameters).map {
            "        self.\($0) = nn.Parameter(torch.tensor([\(Python.literal($1.initial))]))\n"
        }
        let gradients = file.parameters.map { "module.\($0).grad.item()" }.joined(separator: ", ")
        let dp = file.parameters.indices.map { ", parts[\($0)].sum().to(given[\($0)]).reshape(given[\($0)].shape)" }
            .joined()
        return """
            \(file.header(usage: [
                "layer = \(type)(): a module for tensors on a GPU; arithmetic is in float32, whatever the tensors are.",
                "Not tested on a GPU by who wrote it: only in Triton's interpreter (TRITON_INTERPRET=1). See the check below.",
            ]))
            import torch
            import triton
            import triton.language as tl
            from torch import nn

            BLOCK = 1024
            \(file.helpers())

            @triton.jit
            def _\(name)_forward(x_at, y_at\(pointers), count, BLOCK: tl.constexpr):
                place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
                mask = place < count
                x = tl.load(x_at + place, mask=mask, other=0.0).to(tl.float32)
            \(loads.isEmpty ? "" : loads + "\n")\(file.lines(value.lines + [""], 1))    tl.store(y_at + place, \(value.outputs[0]), mask=mask)


            @triton.jit
            def _\(name)_backward(x_at, g_at, dx_at, parts_at\(pointers), count, BLOCK: tl.constexpr):
                place = tl.program_id(0) * BLOCK + tl.arange(0, BLOCK)
                mask = place < count
                x = tl.load(x_at + place, mask=mask, other=0.0).to(tl.float32)
                g = tl.load(g_at + place, mask=mask, other=0.0).to(tl.float32)
            \(loads.isEmpty ? "" : loads + "\n")\(backward)


            class _\(type)(torch.autograd.Function):
                @staticmethod
                def forward(ctx, x, *given):
                    x = x.contiguous()
                    ctx.save_for_backward(x, *given)
                    y = torch.empty_like(x)
                    _\(name)_forward[(triton.cdiv(x.numel(), BLOCK),)](x, y\(given), x.numel(), BLOCK)
                    return y

                @staticmethod
                def backward(ctx, g):
                    x, *given = ctx.saved_tensors
                    dx, blocks = torch.empty_like(x), triton.cdiv(x.numel(), BLOCK)
                    parts = torch.zeros(\(max(1, file.parameters.count)), blocks, device=x.device)
                    _\(name)_backward[(blocks,)](x, g.contiguous(), dx, parts\(given), x.numel(), BLOCK)
                    return dx\(dp)


            class \(type)(nn.Module):
                def __init__(self):
                    super().__init__()
            \(fields.joined())
            \(fields.isEmpty ? "" : TorchExport.repr + "\n")    def forward(self, x):
                    return _\(type).apply(x\(file.parameters.map { ", self.\($0)" }.joined()))
            \(file.check([
                "import numpy as np", "",
                "device = \"cuda\" if torch.cuda.is_available() else \"cpu\"",
                "module, x = \(type)().to(device), torch.tensor(X, device=device, requires_grad=True)", "y = module(x)",
                "y.backward(torch.tensor(G, device=device))",
                "y, dx, dp = y.detach().cpu(), x.grad.cpu(), [\(gradients)]",
            ]))
            """
    }
}
