// ActivationParser
