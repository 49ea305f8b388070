import Evaluation
import Glibc

/// Does once what libraries do when they are first used and a locked-in process could not: opening files, above all.
func warmUp() {
    // Kernels name these as what they need. Loaded already, they are not looked for.
    for library in ["libm.so.6", "libmvec.so.1"] { dlopen(library, RTLD_NOW) }
    // How Foundation prints numbers.
    _ = TuningRequest.Number(value: 1, places: [], isNegative: false).moved(by: 0.1)
}
