// ActivationCompiler
