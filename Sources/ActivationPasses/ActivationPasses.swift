// ActivationPasses
