import ActivationIR

/// What the Python exporters have in common: Python's words, and those that its libraries go by.
enum Python {
    /// Among them what the files say inside their definitions.
    static let reserved: Set<String> = [
        "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del", "elif", "else", "except",
        "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal", "not", "or", "pass",
        "raise", "return", "try", "while", "with", "yield", "None", "True", "False", "range", "tuple", "float", "sum",
        "len", "super", "property", "staticmethod", "ValueError",
        "np", "torch", "nn", "jax", "jnp", "tf", "keras", "tl", "triton", "ctx", "self", "x", "g", "batch",
        "everything", "given", "each", "wide",
    ]

    /// Variables of a file's check.
    static let globals: Set<String> = [
        "X", "G", "Y", "DX", "DP", "y", "dx", "dp", "p", "back", "tape", "module", "layer", "device", "name", "found",
        "wanted", "worst", "print", "max", "abs", "SystemExit", "math",
    ]

    static func literal(_ value: Double) -> String {
        value.isFinite ? Literal.shortest(value) : "float(\"\(value.isNaN ? "nan" : value < 0 ? "-inf" : "inf")\")"
    }

    /// Public attributes of torch.nn.Module (2.15): a parameter of that name would hide or break them.
    static let module: Set<String> = [
        "T_destination", "add_module", "apply", "bfloat16", "buffers", "call_super_init", "children", "compile", "cpu",
        "cuda", "double", "dump_patches", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
        "get_parameter", "get_submodule", "half", "ipu", "load_state_dict", "modules", "mtia", "named_buffers",
        "named_children", "named_modules", "named_parameters", "parameters", "register_backward_hook",
        "register_buffer", "register_forward_hook", "register_forward_pre_hook", "register_full_backward_hook",
        "register_full_backward_pre_hook", "register_load_state_dict_post_hook", "register_load_state_dict_pre_hook",
        "register_module", "register_parameter", "register_state_dict_post_hook", "register_state_dict_pre_hook",
        "requires_grad_", "set_extra_state", "set_submodule", "share_memory", "state_dict", "to", "to_empty", "train",
        "training", "type", "xpu", "zero_grad",
    ]

    /// Public attributes of keras.layers.Layer (3.15), and what such a layer may define.
    static let layer: Set<String> = [
        "activity_regularizer", "add_loss", "add_metric", "add_variable", "add_weight", "autocast", "build",
        "build_from_config", "built", "call", "call_signature_parameters", "compute_dtype", "compute_mask",
        "compute_output_shape", "compute_output_spec", "count_params", "dtype", "dtype_policy", "from_config",
        "get_build_config", "get_config", "get_weights", "input", "input_dtype", "input_spec", "load_own_variables",
        "losses", "metrics", "metrics_variables", "name", "non_trainable_variables", "non_trainable_weights", "output",
        "path", "quantization_mode", "quantize", "quantized_build", "quantized_call", "rematerialized_call",
        "save_own_variables", "set_weights", "shape", "stateless_call", "supports_jit", "supports_masking",
        "symbolic_call", "trainable", "trainable_variables", "trainable_weights", "variable_dtype", "variables",
        "weights",
    ]
}
