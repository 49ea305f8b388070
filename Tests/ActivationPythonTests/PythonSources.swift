/// Functions as people write them, by the library that they are written in.
enum PythonSources {
    static let all: [(name: String, text: String)] = [
        ("maths", "import math\ndef activation(x):\n    return 0.5 * x * (1 + math.erf(x / math.sqrt(2)))\n"),
        (
            "maths from",
            "from math import exp, tanh, pi\ndef activation(x: float) -> float:\n    return tanh(x) * exp(-x**2 / 2) + x / pi\n"
        ),
        (
            "branches",
            "def activation(x):\n    if x > 1:\n        y = x\n    elif x < -1:\n        y = -0.1\n    else:\n        y = 0.5 * x * x\n    return y\n"
        ),
        ("early returns", "def activation(x):\n    if x < 0: return 0.01 * x\n    return x\n"),
        ("chain", "def activation(x):\n    return x if -1 < x <= 2 else 2.0 * x\n"),
        (
            "loop",
            "def activation(x):\n    y = 0.0\n    for i in range(1, 4):\n        y += x**i / (i * i)\n    return y / (1 + abs(x)**3)\n"
        ),
        (
            "loop down",
            "def activation(x):\n    y = 0\n    for i in range(5, 0, -2):\n        y = y * 0.5 + i * x\n    return y\n"
        ),
        (
            "series by hand",
            "import math\ndef activation(x):\n    term, total = 1.0, 0.0\n    n = 0\n    while n < 3:\n        total = total + term\n        term = term * 0.25\n        n = n + 1\n    return total * x\n"
        ),
        ("swap", "def activation(x):\n    a, b = x, 2 * x\n    a, b = b, a\n    return a - 3 * b\n"),
        (
            "helper",
            "ALPHA = 0.3\n\ndef gate(v, slope=2.0):\n    return 1 / (1 + 2.718281828459045 ** (-slope * v))\n\ndef activation(x, beta=0.5):\n    \"\"\"A gated line.\"\"\"\n    return ALPHA * x + beta * x * gate(x) + gate(x, slope=0.5)\n"
        ),
        ("lambda", "import numpy as np\nactivation = lambda x: x * np.tanh(np.log1p(np.exp(x)))\n"),
        (
            "numpy",
            "import numpy as np\ndef activation(x):\n    return np.where(x > 0, x, np.expm1(x)) + np.sin(np.pi * x) * 0.1\n"
        ),
        (
            "numpy mask",
            "import numpy as np\ndef activation(x):\n    mask = (x > -1) & ~(x > 2)\n    return mask * x**2 + (1 - mask) * np.abs(x)\n"
        ),
        (
            "numpy many",
            "import numpy as np\ndef activation(x):\n    return np.clip(x, -2, 3) + np.maximum(x, 0.1 * x) - np.minimum(x, np.sign(x)) + np.hypot(x, 1.0) + np.arctan2(x, 2.0) + np.cbrt(x)\n"
        ),
        (
            "numpy sinc",
            "import numpy as np\ndef activation(x):\n    return np.sinc(x) + np.floor(x) * 0.1 + np.mod(x, 1.5) + x % 0.7\n"
        ),
        (
            "numpy select",
            "import numpy as np\ndef activation(x):\n    y = np.square(x)\n    y = np.sqrt(y + 1.0)\n    return np.logaddexp(x, 0.0) + np.power(y, 1.5) / 10 + np.heaviside(x, 0.5)\n"
        ),
        (
            "numpy methods",
            "import numpy as np\ndef activation(x):\n    return x.clip(-1, 1) + np.float64(0.5) * np.reciprocal(1.0 + np.abs(x))\n"
        ),
        (
            "torch",
            "import torch\nimport torch.nn.functional as F\n\ndef activation(x):\n    return F.gelu(x) + 0.1 * torch.sin(x) - F.softplus(x, beta=2) + torch.sigmoid(x)\n"
        ),
        (
            "torch tanh gelu",
            "import torch.nn.functional as F\ndef activation(x):\n    return F.gelu(x, approximate='tanh')  # torch\n"
        ),
        (
            "torch methods",
            "import torch\ndef activation(x):\n    return x.sigmoid() * x + x.clamp(min=-0.5) + x.abs().sqrt() + (-x.pow(2)).exp() + torch.where(x.ge(1.0), x.cos(), x.tanh())\n"
        ),
        (
            "torch zoo",
            "import torch\nimport torch.nn.functional as F\ndef activation(x):\n    return F.elu(x, alpha=0.7) + F.celu(x, 1.3) + F.selu(x) + F.leaky_relu(x, 0.2) + F.mish(x) + F.hardtanh(x) + F.relu6(x)\n"
        ),
        (
            "torch zoo 2",
            "import torch\nimport torch.nn.functional as F\ndef activation(x):\n    return F.hardswish(x) + F.hardsigmoid(x) + F.logsigmoid(x) + F.softsign(x) + F.tanhshrink(x) + F.hardshrink(x) + F.softshrink(x) + F.silu(x) + F.threshold(x, 0.5, 0.1)\n"
        ),
        (
            "torch module",
            "import torch\nfrom torch import nn\ndef activation(x):\n    return nn.GELU()(x) - 0.5 * nn.LeakyReLU(0.3)(x)\n"
        ),
        (
            "jax",
            "import jax\nimport jax.numpy as jnp\n\n@jax.jit\ndef activation(x):\n    return jax.nn.gelu(x) + jnp.where(x < 0, jnp.arctan(x), jax.nn.silu(x)) + jax.nn.relu6(x)\n"
        ),
        (
            "jax exact",
            "import jax\ndef activation(x):\n    return jax.nn.gelu(x, approximate=False) + jax.nn.leaky_relu(x) + jax.nn.hard_sigmoid(x) + jax.nn.soft_sign(x)\n"
        ),
        (
            "jax log",
            "from jax import numpy as jnp\nimport jax\ndef activation(x):\n    s = jnp.log1p(jnp.exp(-jnp.abs(x))) + jnp.maximum(x, 0)\n    return s * jax.scipy.special.erf(x)\n"
        ),
        (
            "tensorflow",
            "import tensorflow as tf\ndef activation(x):\n    return tf.nn.leaky_relu(x) + tf.math.log1p(tf.square(x)) + tf.nn.swish(x) + tf.clip_by_value(x, -1.0, 1.0)\n"
        ),
        (
            "masked",
            "import numpy as np\ndef activation(x):\n    safe = np.where(x == 0, 1.0, x)\n    return np.where(x == 0, 1.0, np.sin(safe) / safe)\n"
        ),
        (
            "words",
            "import numpy as np\ndef activation(x):\n    float_ = 2.0\n    default = 0.5\n    short = x * default\n    return short * float_ - np.exp2(-np.abs(short))\n"
        ),
        (
            "comment",
            "# Ripples on a ramp\ndef activation(x):\n    # not this\n    return (x +\n            0.25 * x)\n"
        ),
    ]

    /// Classes, whose objects compute something; the last class is meant.
    static let classes: [(name: String, text: String)] = [
        (
            "module",
            """
            import torch
            from torch import nn
            import torch.nn.functional as F

            class Mish(nn.Module):
                \"\"\"Mish, by its softplus.\"\"\"

                def __init__(self):
                    super().__init__()

                def forward(self, x):
                    return x * torch.tanh(F.softplus(x))

            """
        ),
        (
            "module with parameters",
            """
            import torch
            from torch import nn

            class AconC(nn.Module):
                def __init__(self, width=1):
                    super().__init__()
                    self.p1 = nn.Parameter(torch.full((width,), 1.2))
                    self.p2 = nn.Parameter(torch.tensor([0.8]))
                    self.beta = nn.Parameter(0.5 * torch.ones(width))
                    self.register_buffer("shift", torch.tensor(0.25))
                    self.gate = nn.Sigmoid()

                def forward(self, x):
                    beta = self.beta * (self.p1 - self.p2) * x
                    return (self.p1 - self.p2) * x * self.gate(beta) + self.p2 * x - self.shift

            """
        ),
        (
            "module with settings",
            """
            import torch
            from torch.nn import Parameter, Module

            class Snake(Module):
                def __init__(self, features=1, alpha=None, inplace: bool = False, **kwargs):
                    super(Snake, self).__init__(**kwargs)
                    self.features = features
                    self.inplace = inplace
                    if alpha is not None:
                        self.alpha = Parameter(torch.ones(features) * alpha)
                    else:
                        self.alpha = Parameter(torch.ones(features) * 1.5)

                def forward(self, x):
                    y = self.ripple(x)
                    if self.inplace:
                        y = 0.0 * y
                    return x + y / (self.features + 1)

                def ripple(self, z):
                    return torch.pow(torch.sin(z * self.alpha), 2) / self.alpha

            """
        ),
        (
            "PReLU",
            "import torch\nfrom torch import nn\nclass A(nn.Module):\n    def __init__(self):\n        super().__init__()\n"
                + "        self.act = nn.PReLU()\n    def forward(self, input):\n        return self.act(input - 0.5)\n"
        ),
        (
            "autograd function",
            """
            import torch

            class Swish(torch.autograd.Function):
                @staticmethod
                def forward(ctx, i):
                    result = i * torch.sigmoid(i)
                    ctx.save_for_backward(i)
                    return result

                @staticmethod
                def backward(ctx, g):
                    i, = ctx.saved_tensors
                    s = torch.sigmoid(i)
                    return g * (s * (1 + i * (1 - s)))

            """
        ),
        (
            "layer of Keras",
            """
            import tensorflow as tf

            class PTanh(tf.keras.layers.Layer):
                def __init__(self, scale=2.0, **kwargs):
                    super().__init__(dtype="float64", **kwargs)
                    self.scale = scale

                def build(self, shape):
                    self.w = self.add_weight(name="w", shape=(), initializer="ones", trainable=True)
                    self.b = self.add_weight(name="b", shape=(), initializer=tf.keras.initializers.Constant(0.25))

                def call(self, inputs):
                    return self.gate(inputs) * self.w + self.b

                def gate(self, z):
                    return self.scale * tf.tanh(z)

            """
        ),
        (
            "class of Python",
            "import numpy as np\nclass Ricker:\n    width = 1.5\n    def __call__(self, x):\n"
                + "        z = (x / self.width) ** 2\n        return (1 - z) * np.exp(-z / 2)\n"
        ),
        (
            "an argument that is None",
            "import numpy as np\ndef activation(x, slope=None):\n    if slope is None:\n        slope = 0.25\n"
                + "    return np.where(x > 0, x, slope * x)\n"
        ),
        (
            "a trained constant",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nbeta = nn.Parameter(torch.tensor(1.5))\ndef activation(x):\n    return x * torch.sigmoid(beta * x)\n"
        ),
    ]

    /// What is refused, where, and words of the reason.
    static let refused: [(text: String, line: Int, words: String)] = [
        ("x = 3\n", 0, "no function"),
        ("def activation(x, y):\n    return x * y\n", 1, "'y' has no value"),
        ("def activation():\n    return 1.0\n", 1, "takes no argument"),
        ("def activation(x):\n    y = x\n", 1, "has no return"),
        ("def activation(x):\n    return q * x\n", 2, "'q' is not known"),
        ("import numpy as np\ndef activation(x):\n    return np.fft.fft(x)\n", 3, "'numpy.fft.fft' is not read"),
        ("def activation(x):\n    return x +\n", 2, "expected a value"),
        ("def activation(x):\n    return [v for v in x]\n", 2, "a list is no value"),
        ("def activation(x):\n    return x[0]\n", 2, "one element"),
        ("class A:\n    pass\n", 1, "nothing says what it computes"),
        (
            "class A:\n    def __init__(self, n):\n        self.k = n\n    def forward(self, x):\n        return self.k * x\n",
            3, "'n' is not known"
        ),
        (
            "class A:\n    def __init__(self):\n        self.a = nn.Parameter(torch.tensor(1.0))\n    def forward(self, x):\n        return self.a * self.f(x)\n    def f(self, x):\n        return x + self.a\n",
            1, "'a' is trained, and used in several methods"
        ),
        ("class A:\n    def forward(self, x):\n        return self.q * x\n", 3, "not known"),
        (
            "class A(nn.Module):\n    def __init__(self):\n        self.a = nn.Parameter(torch.randn(1))\n    def forward(self, x):\n        return self.a * x\n",
            3, "'torch.randn' is not read"
        ),
        ("def activation(x):\n    return np.exp(*x)\n", 2, "hand on"),
        ("def activation(x):\n    for v in x:\n        pass\n    return 1.0\n", 2, "range"),
        ("def activation(x):\n    return 'a'\n", 2, "string"),
        ("def activation(x):\n    return (x\n", 3, "expected"),
        ("def activation(x):\n   a = 1\n  return a\n", 3, "indented"),
        (
            "def activation(x):\n    return f(x)\n\ndef f(x):\n    return g(x)\n\ndef g(x):\n    return f(x)\n", 8,
            "itself"
        ),
        ("def activation(x):\n    return x, x\n", 2, "several values"),
        ("def activation(x):\n    return 1e999 * x\n", 2, "number"),
        ("def activation(x):\n    return x ? 1 : 2\n", 2, "no part of Python"),
    ]
}
