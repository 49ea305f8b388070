/// `ActivationIR`: the meaning of a candidate, as a typed straight-line program.
///
/// A `Program` is a list of `Node`s in static single assignment form: a node's operands always precede it. Loops are
/// already unrolled, branches are `select`s, helpers are inlined. The program says what happens to ONE element: `input`
/// is the pre-activation of one unit in one sample; it runs for every element of a [batch × units] layer, together: a
/// statistic (`batch_mean`) or a shift reads the same node's values at other elements.
///
/// Here live: the operator table (`OperatorTable`), the only place that knows an operator's arity, types, cost, value,
/// derivative rule, C spelling and edge points; `ProgramBuilder`; the verifier; the interpreter in double precision,
/// which is the reference for everything printed; canonical hash and behaviour fingerprint.
///
/// Not here: text (ActivationParser), transformations (ActivationPasses), C (ActivationCodegen).
