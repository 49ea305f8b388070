import ActivationIR

/// Activations that look at their layer, as a person would write them.
enum LayerExamples {
    static let sources: [(name: String, text: String)] = [
        ("turbulent", turbulent), ("chirp", chirp), ("softmax-like", softmax), ("layer-normalised", layerNorm),
        ("batch-normalised", batchNorm), ("gated by place", place), ("choice of a statistic", choice),
    ]

    /// base(x) + 0.2·exp(−z²/2)·sin(2x), z standardised over the whole tensor (arXiv 2602.05688).
    static let turbulent = """
        // Turbulent
        float activation(float x)
        {
            float mean = tensor_mean(x);
            float centred = x - mean;
            float deviation = sqrtf(tensor_mean(centred * centred) + 1e-6f);
            float z = centred / (deviation + 1e-6f);
            float base = sign(x) * log1pf(0.5f * fabsf(x));
            return base + 0.2f * expf(-0.5f * z * z) * sinf(2.0f * x);
        }
        """

    static let chirp = """
        // a chirp coupled to its neighbours
        float activation(float x)
        {
            float a = trainable(0.1f);
            return x + a * sinf(unit_shift(x, 1) * unit_shift(x, -1));
        }
        """

    static let softmax = """
        // softmax over the units, times x
        float activation(float x)
        {
            float weight = expf(x - unit_max(x));
            return x * weight / unit_sum(weight) * unit_count();
        }
        """

    static let layerNorm = """
        // gelu of the layer-normalised pre-activation
        static float normalised(float v, float gain)
        {
            float centred = v - unit_mean(v);
            return gain * centred / sqrtf(unit_mean(centred * centred) + 1e-3f);
        }
        float activation(float x)
        {
            float gain = trainable(1.0f);
            float shift = trainable(0.0f);
            return gelu(normalised(x, gain) + shift);
        }
        """

    static let batchNorm = """
        float activation(float x)
        {
            float centred = x - batch_mean(x);
            float n = centred / sqrtf(batch_mean(centred * centred) + 1e-3f);
            return fmaxf(n, 0.1f * n) + 0.01f * batch_max(tanhf(x)) + 0.001f * batch_sum(sinf(x));
        }
        """

    static let place = """
        float activation(float x)
        {
            float phase = unit_index() / unit_count();
            return x * sigmoid(x) + 0.1f * sinf(6.2831853f * phase + x) * tensor_max(tanhf(x));
        }
        """

    static let choice = """
        // statistics are taken over all elements, whatever the branch
        float activation(float x)
        {
            if (x > tensor_mean(x)) {
                float peers = unit_mean(x * x);
                return x + 0.1f * tanhf(peers);
            }
            return 0.1f * tensor_sum(sinf(x)) * 0.01f + 0.3f * x;
        }
        """
}
