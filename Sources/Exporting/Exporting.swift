import ActivationCompiler
import EvolveTypes
import Foundation

/// `Exporting`: a function as a file that others use.
///
/// What is written comes from the verified program and its gradient, never from a model's text; but for its first comment,
/// which stands in a comment. Each file says what it computes, where it comes from, and a few values to check it by.
/// Python, C and Swift files are self-contained: they need their ecosystem and nothing of ours.
///
/// The gradient is ours everywhere, so that a branch that is not taken contributes zero and never NaN.
/// Not here: how a function is found in a store (Reporting), which file it goes to (the command).
package enum ExportTarget: String, CaseIterable, Sendable {
    case c, swift, numpy, pytorch, jax, tensorflow, triton, onnx, latex, json

    /// Of the file.
    package var suffix: String {
        switch self {
        case .c: ".h"
        case .swift: ".swift"
        case .numpy: "_numpy.py"
        case .pytorch: "_torch.py"
        case .jax: "_jax.py"
        case .tensorflow: "_tensorflow.py"
        case .triton: "_triton.py"
        case .onnx: ".onnx"
        case .latex: ".tex"
        case .json: ".json"
        }
    }

    /// - Throws: `Failure` when the target cannot hold such a function.
    package func file(of function: ExportedFunction) throws -> Data {
        switch self {
        case .c: Data(CExport.text(of: function).utf8)
        case .swift: Data(try SwiftExport.text(of: function).utf8)
        case .numpy: Data(NumPyExport.text(of: function).utf8)
        case .pytorch: Data(TorchExport.text(of: function).utf8)
        case .jax: Data(JAXExport.text(of: function).utf8)
        case .tensorflow: Data(TensorFlowExport.text(of: function).utf8)
        case .triton: Data(try TritonExport.text(of: function).utf8)
        case .onnx: ONNXExport.model(of: function)
        case .latex: Data(LaTeXExport.text(of: function).utf8)
        case .json: try JSONExport.data(of: function)
        }
    }
}
