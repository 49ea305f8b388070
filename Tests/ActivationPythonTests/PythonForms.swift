/// Functions as people write them, with forms that only Python has.
extension PythonSources {
    static let forms: [(name: String, text: String)] = [
        (
            "arguments of math",
            "import math\ndef activation(x):\n    return math.log(abs(x) + 2, 2) + math.remainder(x, 2.0) + math.pow(2.0, x / 9)\n"
        ),
        (
            "arguments of torch",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return torch.add(x, torch.tanh(x), alpha=3) - torch.sub(x, 1.0, alpha=0.5) + torch.div(x, 2.0, rounding_mode='floor')\n"
        ),
        (
            "softplus with a threshold",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return F.softplus(x, 2, 5) + F.softplus(x, beta=1.0, threshold=2.0)\n"
        ),
        (
            "decimals",
            "import numpy as np\ndef activation(x):\n    return np.round(x, 1) + np.around(x) if False else np.round(x / 3, 2)\n"
        ),
        (
            "jax gelu by place",
            "import jax\nimport jax.numpy as jnp\nfrom jax import lax\ndef activation(x):\n    return jax.nn.gelu(x, False) + 2 * jax.nn.gelu(x, True)\n"
        ),
        (
            "tensorflow by place",
            "import tensorflow as tf\ndef activation(x):\n    return tf.nn.gelu(x, True) + tf.nn.silu(x, beta=2.0)\n"
        ),
        (
            "relu of Keras",
            "import tensorflow as tf\ndef activation(x):\n    return tf.keras.activations.relu(x, negative_slope=0.1, max_value=2.0) + tf.keras.activations.relu(x, 0.2, threshold=0.5)\n"
        ),
        (
            "and, or as values",
            "def activation(x):\n    return (x > 0 and x) or 0.1 * x\n"
        ),
        (
            "whole remainders",
            "def activation(x):\n    k = -7 % 3\n    y = 0.0\n    for i in range(-3, 4):\n        y += (i % 3 + i // 2) * x\n    return y + k\n"
        ),
        (
            "where of an array",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return x.where(x > 0, 0.1 * x) + x.masked_fill(x < 0, 0.5)\n"
        ),
        (
            "casts",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return x.to(torch.int32) + x.long() * 0.5 + x.bool() * x + (x > 1).float() + x.int()\n"
        ),
        (
            "casts of numpy",
            "import numpy as np\ndef activation(x):\n    return x.astype(int) * 0.5 + np.asarray(x, dtype=np.int64) + x.astype(bool)\n"
        ),
        (
            "constants in steps",
            "import numpy as np\na = 1.0\nb = 2 * a\na *= 3\nFAST = True\nif FAST:\n    k = 0.5\nelse:\n    k = 9.0\ndef activation(x):\n    return a * np.tanh(b * x) + k\n"
        ),
        (
            "steps as an argument",
            "import numpy as np\ndef activation(x, k=2):\n    y = x\n    for _ in range(k):\n        y = np.tanh(y) + 0.1 * x\n    return y\n"
        ),
        (
            "steps as a variable",
            "def activation(x):\n    n = 3\n    y = 0.0\n    for i in range(n):\n        y = y + x ** i\n    return y / (1 + x ** 4)\n"
        ),
        (
            "steps of a helper",
            "def power(v, n):\n    y = 1.0\n    for _ in range(n):\n        y = y * v\n    return y\n\ndef activation(x):\n    return power(x, 2) + power(x, n=3) / 9\n"
        ),
        (
            "everything of math",
            "from math import *\ndef activation(x):\n    return x / (1 + exp(-x)) + pi * max(0, x)\n"
        ),
        (
            "functions inside",
            "import numpy as np\ndef activation(x):\n    s = 0.5\n    def gate(z):\n        return s / (1 + np.exp(-z))\n    twice = lambda v: 2 * gate(v)\n    return x * twice(x)\n"
        ),
        (
            "walrus",
            "import numpy as np\ndef activation(x):\n    return (s := 1 / (1 + np.exp(-x))) * x * (1 - s)\n"
        ),
        (
            "raising",
            "import numpy as np\ndef activation(x, a=1.0):\n    if a <= 0:\n        raise ValueError(f'bad {a}')\n    print(a)\n    return np.tanh(a * x)\n"
        ),
        (
            "contexts",
            "import numpy as np\ndef activation(x):\n    with np.errstate(all='ignore'):\n        return np.where(x > 0, np.log1p(np.abs(x)), 0.0)\n"
        ),
        (
            "one line",
            "import numpy as np\ndef activation(x): y = np.tanh(x); return y * x\n"
        ),
        (
            "select and piecewise",
            "import numpy as np\ndef activation(x):\n    conditions = [x < -1, x < 1]\n    return np.select(conditions, [0.1 * x, x], default=1.0) + np.piecewise(x, [x < 0, x >= 0], [lambda v: -v, 2.0])\n"
        ),
        (
            "lax",
            "import jax\nimport jax.numpy as jnp\nfrom jax import lax\ndef activation(x):\n    return lax.select(x > 0, x, 0.1 * x) + lax.logistic(x) + lax.integer_pow(x, 2) + jax.nn.squareplus(x) + jax.scipy.stats.norm.cdf(x)\n"
        ),
        (
            "lax cond",
            "import jax\nimport jax.numpy as jnp\nfrom jax import lax\n@jax.vmap\ndef activation(x):\n    return lax.cond(x > 0, lambda v: v, lambda v: 0.1 * v, x)\n"
        ),
        (
            "torch sums",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return torch.special.ndtr(x) + torch.lerp(x, torch.tanh(x), 0.3) + torch.addcmul(x, x, torch.sigmoid(x), value=0.5)\n"
        ),
        (
            "in place",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    y = x.clone()\n    y.mul_(2.0).add_(1.0)\n    y[y < 0] *= 0.1\n    return torch.tanh(y) + x.clone().relu_()\n"
        ),
        (
            "masks",
            "import numpy as np\ndef activation(x):\n    y = x.copy()\n    y[x < 0] = 0.5 * (np.exp(x[x < 0]) - 1)\n    return y\n"
        ),
        (
            "at",
            "import jax\nimport jax.numpy as jnp\nfrom jax import lax\ndef activation(x):\n    return x.at[x < 0].set(0.0) + x.at[x > 1].multiply(2.0)\n"
        ),
        (
            "partial",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nfrom functools import partial\nf = partial(F.leaky_relu, negative_slope=0.2)\n"
        ),
        (
            "module outside",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nact = nn.SiLU()\nboth = nn.Sequential(nn.GELU(), nn.Tanh())\ndef activation(x):\n    return act(x) + both(x) + nn.Sequential(nn.Softplus(beta=2), nn.Hardtanh(-2, 2))(x)\n"
        ),
        (
            "Greek",
            "import numpy as np\ndef activation(x, α=1.0, λ=0.5):\n    return α * x + λ * np.sin(x)\n"
        ),
        (
            "a word handed on",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef form(x, mode='none'):\n    return F.gelu(x, approximate=mode)\n\ndef activation(x, mode='tanh'):\n    if mode == 'none':\n        return x\n    return form(x, mode) + form(x)\n"
        ),
        (
            "numbers in base 16",
            "def activation(x):\n    return 0x10 * x / 0b100\n"
        ),
        (
            "an import that may fail",
            "try:\n    import numpy as np\nexcept ImportError:\n    np = None\ndef activation(x):\n    return np.tanh(x)\n"
        ),
        (
            "more arguments",
            "import numpy as np\ndef activation(x, *args, **kwargs):\n    return np.tanh(x)\n"
        ),
        (
            "sums of lists",
            "import numpy as np\nSTEPS = [0.5, 0.25]\ndef activation(x):\n    y = STEPS[1] * x\n    for c in STEPS:\n        y = y + c\n    return y + sum(np.sin(k * x) / k for k in range(1, 4)) + np.max([x, -x], axis=0)\n"
        ),
        (
            "evaluation",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\ndef activation(x):\n    return F.dropout(F.gelu(x), p=0.5, training=False) + F.rrelu(x, 0.1, 0.3)\n"
        ),
        (
            "an object in a function",
            "import torch\nfrom torch import nn\nimport torch.nn.functional as F\nclass Bent(nn.Module):\n    def __init__(self, a=1.0):\n        super().__init__()\n        self.a = a\n    def forward(self, x):\n        return self.gate(x) + self.a\n    def gate(self, x):\n        return x * self.a\n\nclass Fn(torch.autograd.Function):\n    @staticmethod\n    def forward(ctx, i):\n        return i * torch.sigmoid(i)\n\ndef activation(x):\n    return Bent()(x) + Bent(a=0.5)(x) + Fn.apply(x)\n"
        ),
        (
            "a derivative behind it",
            "import numpy as np\ndef swish(x):\n    return x / (1 + np.exp(-x))\n\ndef activation(x):\n    return swish(x)\n\ndef d_swish(x):\n    return 0 * x\n"
        ),
        (
            "truths added",
            "def activation(x):\n    m = x > 0\n    m = m and x < 2\n    return ((x > 0) + (x > 1)) * x + m\n"
        ),
    ]

    /// What would be translated to another function.
    static let misleading: [(text: String, line: Int, words: String)] = [
        (
            "import numpy as np\ndef activation(x):\n    return np.exp(x, foo=3)\n", 3,
            "has an argument that is not read here: foo"
        ),
        (
            "import torch\ndef activation(x):\n    return torch.sqrt(x, 5)\n", 3,
            "has an argument that is not read here"
        ),
        (
            "import jax.numpy as jnp\ndef activation(x):\n    return jnp.mean(x, where=x > 0)\n", 3,
            "not read here: where"
        ),
        (
            "def activation(x):\n    return min(x)\n", 2,
            "of one argument"
        ),
        (
            "def activation(x):\n    return x * sum(x)\n", 2,
            "adds up a list"
        ),
        (
            "w = 1.0\nfor i in range(3):\n    w = w * 0.5\ndef activation(x):\n    return w * x\n", 2,
            "'w' is given its value in a loop"
        ),
        (
            "import torch\na = torch.ones(1)\na.mul_(3)\ndef activation(x):\n    return a * x\n", 3,
            "'a' is changed"
        ),
        (
            "import torch\ndef activation(x):\n    return x * torch.sigmoid(x).detach()\n", 3,
            "changes the gradient"
        ),
        (
            "import jax\ndef activation(x):\n    return x * jax.lax.stop_gradient(x)\n", 3,
            "changes the gradient"
        ),
        (
            "import torch\ndef activation(x):\n    with torch.no_grad():\n        s = torch.sigmoid(x)\n    return s * x\n",
            3,
            "changes the gradient"
        ),
        (
            "import numpy as np\ndef activation(x):\n    return ((x > 0) + (x > 1)) * np.exp(x)\n", 3,
            "is no sum"
        ),
        (
            "import torch\nimport torch.nn.functional as F\ndef activation(x):\n    return F.dropout(x)\n", 4,
            "random"
        ),
        (
            "import torch\ndef activation(x):\n    x, gate = x.chunk(2)\n    return x * gate\n", 3,
            "splits the layer"
        ),
        (
            "import torch\ndef activation(x):\n    y = x\n    y.mul_(2)\n    return x + y\n", 4,
            "one array"
        ),
        (
            "import torch\nimport torch.nn.functional as F\ndef activation(x):\n    return F.relu(x, inplace=True) + x\n",
            4,
            "changed in place"
        ),
        (
            "from mine import gelu\ndef activation(x):\n    return gelu(x)\n", 3,
            "'mine.gelu' is not read"
        ),
        (
            "import jax\nimport jax.numpy as jnp\ndef f(x):\n    return jnp.sin(x)\nactivation = jax.grad(f)\n", 5,
            "what 'activation' does"
        ),
        (
            "def twice(f):\n    return lambda x: 2 * f(x)\n\n@twice\ndef activation(x):\n    return x\n", 4,
            "'twice' changes 'activation'"
        ),
        (
            "import numpy as np\ndef activation(x):\n    y = np.zeros(3)\n    y[0] = 2.0\n    return y * x\n", 4,
            "whole arrays"
        ),
        (
            "import torch\nbeta = torch.nn.Parameter(torch.tensor(1.0))\ndef g(x):\n    return beta * x\ndef activation(x):\n    return g(x)\n",
            4,
            "'beta' is trained"
        ),
        (
            "def activation(x):\n    α = 1.0\n    alpha = 2.0\n    return α * x + alpha\n", 3,
            "the same name in C"
        ),
        (
            "def activation(x):\n    try:\n        return 1 / x\n    except ZeroDivisionError:\n        return 0.0\n",
            2,
            "'try' is not read"
        ),
    ]
}
