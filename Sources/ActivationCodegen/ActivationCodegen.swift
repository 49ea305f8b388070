/// `ActivationCodegen`: programs as text that others read.
///
/// `KernelPrinter` prints a gradient program as self-contained C for the kernel interface, in a form that the C compiler
/// vectorises; `FormulaPrinter` prints an activation as mathematics for people.
///
/// Invariants: the programs are verified; the text depends on nothing but the program, so equal programs give equal bytes.
/// Not here: compiling or loading what was printed (Evaluation), changing programs (ActivationPasses).
