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
            Language.Helper(
                name: "_total",
                text: """
                    def _total(a, p):
                        \"""dL/dp: the sum of its parts in the type of p, which is float32 at least, and in its shape.\"""
                        return a.to(p.dtype).sum_to_size(p.shape)
                    """),
        ],
        broadcast: "torch.broadcast_to({0}, x.shape)",
        setting: [
            "if x.dim() < 2:", "    raise ValueError(\"x must be [samples..., units]\")",
            "batch, everything = tuple(range(x.dim() - 1)), tuple(range(x.dim()))",
        ],
        reserved: Python.reserved.union(["inputs", "output"]), globals: Python.globals, fields: Python.module,
        forms: ["{name}"], typeForms: ["{type}", "_{type}", "_{type}Forward"], companion: "{0}_dot")

    static func text(of function: ExportedFunction) -> String {
        let file = PythonFile(function, language)
        let (name, type) = (file.names.function, file.names.type)
        let all = ["x"] + file.parameters
        let total = file.names.helper("_total")
        let backward = file.slopes(indent: 2) { dx, slopes in
            ["return " + ([dx] + slopes.enumerated().map { "\(total)(\($1), given[\($0)])" }).joined(separator: ", ")]
        }
        let given = file.parameters.map { ", self.\($0)" }.joined()
        let gradients = file.parameters.map { "module.\($0).grad.item()" }.joined(separator: ", ")
        let coerced = file.lines(
            (file.parameters.isEmpty ? [] : ["wide = torch.promote_types(x.dtype, torch.float32)"])
                + file.parameters.map { "\($0) = torch.as_tensor(\($0), dtype=wide, device=x.device)" }, 1)
        let arguments = all.joined(separator: ", ")
        let applied =
            function.readsLayer
            ? "    return _\(type).apply(\(arguments))"
            : """
                # torch.compile takes no function with a jvp; torch.func does not miss it there.
                rule = _\(type) if torch.compiler.is_compiling() else _\(type)Forward
                return rule.apply(\(arguments))
            """
        return """
            \(file.header(usage: usage(function, type)))
            import torch
            from torch import nn
            \(file.helpers(also: file.parameters.isEmpty ? [] : ["_total"]))

            class _\(type)(torch.autograd.Function):
                \"""The gradient is exact: a branch that is not taken contributes zero, never NaN.\"""
            \(function.readsLayer ? "" : "\n    generate_vmap_rule = True\n")
                @staticmethod
                def forward(\(arguments)):
            \(cast(file))\(file.value(indent: 2))

                @staticmethod
                def setup_context(ctx, inputs, output):
                    ctx.save_for_backward(*inputs)\(function.readsLayer ? "" : "\n        ctx.save_for_forward(*inputs)")

                @staticmethod
                def backward(ctx, g):
            \(unpacked(file))\(backward)
            \(function.readsLayer ? "" : forward(file))

            class \(type)(nn.Module):
            \(module(file))    def forward(self, x):
                    return \(name)(x\(given))


            def \(name)(x\(file.defaults)):
                \"""\(meaning(function))\"""
                x = x if x.is_floating_point() else x.to(torch.get_default_dtype())
            \(coerced.isEmpty ? "" : coerced + "\n")\(applied)
            \(file.check([
                "import numpy as np", "",
                "module, x = \(type)().double(), torch.tensor(X, dtype=torch.float64, requires_grad=True)",
                "y = module(x)", "y.backward(torch.tensor(G, dtype=torch.float64))",
                "y, dx, dp = y.detach(), x.grad, [\(gradients)]",
            ]))
            """
    }

    private static func usage(_ function: ExportedFunction, _ type: String) -> [String] {
        let parameters =
            function.parameters.isEmpty
            ? []
            : ["Parameters have the shape (1,), which sharding (FSDP) asks for; dL/dp is summed in float32 at least."]
        return [
            function.readsLayer
                ? "layer = \(type)(): a module, under torch.compile, autocast and torch.func.grad; not vmap, jvp or jacfwd."
                : "layer = \(type)(): a module like nn.GELU, under torch.compile, autocast, and torch.func (vmap, jvp, hessian)."
        ] + parameters + ExportHeader.second(of: function)
    }

    private static func meaning(_ function: ExportedFunction) -> String {
        if function.parameters.isEmpty { return "The same as a function." }
        return function.readsLayer
            ? "The same as a function, whose parameters are numbers or tensors of one."
            : "The same as a function, whose parameters are numbers or tensors that broadcast to the shape of x."
    }

    /// The parameters in the type of x: tensors of a dimension would make y theirs.
    private static func cast(_ file: PythonFile) -> String {
        guard !file.parameters.isEmpty else { return "" }
        let values = file.parameters.map { "\($0).to(x.dtype)" }.joined(separator: ", ")
        return "        \(file.parameters.joined(separator: ", ")) = \(values)\n"
    }

    private static func unpacked(_ file: PythonFile) -> String {
        guard !file.parameters.isEmpty else { return "        (x,) = ctx.saved_tensors\n" }
        let names = file.parameters.count == 1 ? "(\(file.parameters[0]),)" : file.parameters.joined(separator: ", ")
        return "        x, *given = ctx.saved_tensors\n        \(names) = [each.to(x.dtype) for each in given]\n"
    }

    /// The derivative in a direction, for torch.func.
    private static func forward(_ file: PythonFile) -> String {
        let tangents = file.names.companions
        let body = file.derivatives(indent: 2) { slopes in
            ["return " + zip(slopes, tangents).map { "\($0) * \($1).to(x.dtype)" }.joined(separator: " + ")]
        }
        return """


            class _\(file.names.type)Forward(_\(file.names.type)):
                generate_vmap_rule = True

                @staticmethod
                def jvp(ctx, \(tangents.joined(separator: ", "))):
            \(unpacked(file))\(body)

            """
    }

    private static func module(_ file: PythonFile) -> String {
        guard !file.parameters.isEmpty else { return "" }
        let fields = zip(file.parameters, file.function.parameters).map {
            "        self.\($0) = nn.Parameter(torch.tensor([\(Python.literal($1.initial))]))\n"
        }
        return """
                def __init__(self):
                    super().__init__()
            \(fields.joined())
            \(repr)

            """
    }

    /// What a module shows of itself in a text.
    static let repr = """
            def extra_repr(self):
                def shown(each):
                    return f"{each.item():g}" if each.numel() == 1 and not each.is_meta else str(tuple(each.shape))

                return ", ".join(f"{name}={shown(each)}" for name, each in self.named_parameters())

        """
}
