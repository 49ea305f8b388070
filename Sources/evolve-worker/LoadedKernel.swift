import CTrainer
import Evaluation
import EvolveTypes

/// A loaded shared object; unloaded with the last reference. Only in the kernel's own process.
final class LoadedKernel {
    var kernel = evt_kernel()

    init(path: String) throws {
        var message = [CChar](repeating: 0, count: 512)
        guard evt_kernel_open(path, &kernel, &message, message.count) == EVT_OK else {
            throw Failure(.internalError, "cannot load the compiled kernel: \(text(message)); delete it and try again")
        }
    }

    deinit { evt_kernel_close(&kernel) }
}
