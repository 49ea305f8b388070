import ActivationIR

/// A Python file on PyTorch: a module with its own exact backward.
enum TorchExport {
    static let language = Language(
        literal: Python.literal,
        constant: { "torch.full_like(x, \(Python.literal($0)))" },
        functions: [
            .absolute: "torch.abs({0})", .minimum: "torch.fmin({0}, {1})", .maximum: "torch.fmax({0}, {1})",
            .copySign: "torch.copysign({0}, {1})", .floor: "torch.floor({0})", .ceiling: "torch.ceil({0})",
            .truncate: "torch.trunc({0})", .roundEven: "torch.round({0})", .maskedMultiply: "_masked({0}, {1})",
            .select: "torch.where({0}, {1}, {2})", .squareRoot: "torch.sqrt({0})", .cubeRoot: "_cbrt({0})",
            .exp: "torch.exp({0})", .exp2: "torch.exp2({0})", .expm1: "torch.expm1({0})", .log: "torch.log({0})",
            .log2: "torch.log2({0})", .log10: "torch.log10({0})", .log1p: "torch.log1p({0})",
            .sin: "torch.sin({0})", .cos: "torch.cos({0})", .tan: "torch.tan({0})", .asin: "torch.asin({0})",
            .acos: "torch.acos({0})", .atan: "torch.atan({0})", .sinh: "torch.sinh({0})",
            .cosh: "torch.cosh({0})", .tanh: "torch.tanh({0})", .asinh: "torch.asinh({0})",
            .acosh: "torch.acosh({0})", .atanh: "torch.atanh({0})", .erf: "torch.erf({0})",
            .erfc: "torch.erfc({0})", .pow: "torch.pow({0}, {1})", .atan2: "torch.atan2({0}, {1})",
            .hypot: "torch.hypot({0}, {1})", .remainder: "torch.fmod({0}, {1})", .sigmoid: "torch.sigmoid({0})",
            .softplus: "_softplus({0})",
            .batchMean: "torch.mean({0}, batch, True)", .batchMax: "torch.amax({0}, batch, True)",
            .batchSum: "torch.sum({0}, batch, True)", .unitMean: "torch.mean({0}, -1, True)",
            .unitMax: "torch.amax({0}, -1, True)", .unitSum: "torch.sum({0}, -1, True)",
            .tensorMean: "torch.mean({0}, everything, True)", .tensorMax: "torch.amax({0}, everything, True)",
            .tensorSum: "torch.sum({0}, everything, True)", .unitShift: "torch.roll({0}, -({k}), -1)",
            .unitIndex: "torch.arange(x.shape[-1], dtype=x.dtype, device=x.device)",
            .unitCount: "torch.full_like(x, x.shape[-1])",
        ],
        helpers: [
            Language.Helper(
                name: "_masked",
                text: """
                    def _masked(a, b):
                        return torch.where(a == 0, torch.zeros_like(a), a * b)
                    """),
            Language.Helper(
                name: "_cbrt",
                text: """
                    def _cbrt(a):
                        return torch.copysign(torch.abs(a) ** (1 / 3), a)
                    """),
            Language.Helper(
                name: "_softplus",
                text: """
                    def _softplus(a):
                        return torch.logaddexp(a, torch.zeros_like(a))
                    """),
        ],
        broadcast: "torch.broadcast_to({0}, x.shape)",
        setting: [
            "if x.dim() < 2:", "    raise ValueError(\"x must be [samples..., units]\")",
            "batch, everything = tuple(range(x.dim() - 1)), tuple(range(x.dim()))",
        ],
        reserved: Python.reserved.union([
            "_masked", "_cbrt", "_softplus", "np", "inputs", "output", "training", "forward", "X", "G", "Y", "DX", "DP",
        ]))

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let (name, type) = (file.names.function, file.names.type)
        let all = ["x"] + file.parameters
        let backward = file.slopes(indent: 2) { dx, slopes in
            ["return " + ([dx] + slopes.map { "torch.sum(\($0))" }).joined(separator: ", ")]
        }
        let fields = zip(file.parameters, function.parameters).map {
            "        self.\($0) = nn.Parameter(torch.tensor(\(Python.literal($1.initial))))\n"
        }
        let initialiser =
            fields.isEmpty
            ? "" : "    def __init__(self):\n        super().__init__()\n\(fields.joined())\n"
        let given = file.parameters.map { ", self.\($0)" }.joined()
        let gradients = file.parameters.map { "module.\($0).grad.item()" }.joined(separator: ", ")
        return """
            \(file.header(usage: [
                "layer = \(type)(): a module like nn.GELU; under torch.compile, autocast and torch.func as well.",
            ]))
            import torch
            from torch import nn
            \(file.helpers)

            class _\(type)(torch.autograd.Function):
                \"""The gradient is exact: a branch that is not taken contributes zero, never NaN.\"""
            \(function.readsLayer ? "" : "\n    generate_vmap_rule = True\n")
                @staticmethod
                def forward(\(all.joined(separator: ", "))):
            \(file.value(indent: 2))

                @staticmethod
                def setup_context(ctx, inputs, output):
                    ctx.save_for_backward(*inputs)

                @staticmethod
                def backward(ctx, g):
                    \(all.count == 1 ? "(x,)" : all.joined(separator: ", ")) = ctx.saved_tensors
            \(backward)


            class \(type)(nn.Module):
            \(initialiser)    def forward(self, x):
                    return _\(type).apply(x\(given))


            def \(name)(x\(file.defaults)):
                \"""The same as a function\(file.parameters.isEmpty ? "" : ", whose parameters are numbers or tensors").\"""
                return _\(type).apply(x\(file.parameters.map { ", torch.as_tensor(\($0), dtype=x.dtype, device=x.device)" }.joined()))
            \(file.check([
                "import numpy as np", "",
                "module, x = \(type)().double(), torch.tensor(X, dtype=torch.float64, requires_grad=True)",
                "y = module(x)", "y.backward(torch.tensor(G, dtype=torch.float64))",
                "y, dx, dp = y.detach(), x.grad, [\(gradients)]",
            ]))
            """
    }
}
