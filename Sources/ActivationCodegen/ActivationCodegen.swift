// ActivationCodegen
