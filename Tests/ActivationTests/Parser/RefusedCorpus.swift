import Testing

/// A snippet with the diagnostics it must get, and no others. A marker stands in a comment under the place:
/// `//   ^ error: part of the message` means the column of the ^ in the nearest line above that is no marker.
struct RefusedSnippet: CustomTestStringConvertible, Sendable {
    struct Expected: Hashable, Sendable {
        var severity: String
        var line: Int
        var column: Int
        var message: String
    }

    var testDescription: String
    var source: String

    init(_ name: String, _ source: String) {
        testDescription = name
        self.source = source
    }

    var expected: [Expected] {
        var expected: [Expected] = []
        var target = 0
        for (index, line) in source.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let marker = line.firstMatch(of: /^\s*\/\/\s*\^ (error|warning): (.+)$/)
            guard let marker, let caret = line.firstIndex(of: "^") else {
                target = index + 1
                continue
            }
            let column = line.distance(from: line.startIndex, to: caret) + 1
            expected.append(
                Expected(severity: String(marker.1), line: target, column: column, message: String(marker.2)))
        }
        return expected
    }
}

extension RefusedSnippet {
    static let all = unavailable + names + types + flow + syntax + habits

    static let unavailable: [RefusedSnippet] = [
        RefusedSnippet(
            "a pointer signature, one diagnostic for the whole function",
            """
                void activation(float *x, float *y, int n) {
            //  ^ error: a function must return a value; write float
                    for (int i = 0; i < n; i++) y[i] = x[i] > 0 ? x[i] : 0;
                }
            """),
        RefusedSnippet(
            "pointer parameter",
            """
            float activation(const float *x) {
                //                       ^ error: pointers are not available
                return x[0] + *x;
            }
            """),
        RefusedSnippet(
            "pointer variable and address",
            """
            float activation(float x) {
                float *p = &x;
                //    ^ error: pointers are not available
                return *p * 2.0f;
                //     ^ error: pointers are not available
            }
            """),
        RefusedSnippet(
            "address operator",
            """
            float helper(float v) { return v; }
            float activation(float x) {
                return helper(&x);
                //            ^ error: the address operator & is not available
            }
            """),
        RefusedSnippet(
            "a bit trick",
            """
            float activation(float x) {
                int i = *(int*)&x;
                //      ^ error: pointers are not available
                i = i & 0x7fffffff;
                //    ^ error: bit operators are not available
                return i;
            }
            """),
        RefusedSnippet(
            "memory and output",
            """
            #include <stdio.h>
            float activation(float x) {
                printf("%f", x);
            //  ^ error: 'printf' is input or output
                float y = malloc(4);
                //        ^ error: 'malloc' is memory management
                return y;
            }
            """),
        RefusedSnippet(
            "goto and labels",
            """
            float activation(float x) {
                if (x > 0) goto end;
                //         ^ error: 'goto' is not available
                end: return x;
            //     ^ error: labels are not available
            }
            """),
        RefusedSnippet(
            "a global that changes",
            """
            static float state = 0.0f;
            float activation(float x) {
                state += x;
            //  ^ error: 'state' is global and must not change
                return state;
            }
            """),
        RefusedSnippet(
            "recursion",
            """
            float f(float x, int n) { return n > 0 ? f(x, n - 1) : x; }
            //                                       ^ error: 'f' calls itself here; recursion is not available
            float activation(float x) { return f(x, 3); }
            """),
        RefusedSnippet(
            "recursion in a circle",
            """
            float g(float x);
            float f(float x) { return g(x); }
            float g(float x) { return f(x); }
            //                        ^ error: 'f' calls itself here
            float activation(float x) { return f(x); }
            """),
        RefusedSnippet(
            "assembler",
            """
            float activation(float x) {
                asm("nop");
            //  ^ error: assembler is not available
                return x;
            }
            """),
        RefusedSnippet(
            "statistics that are not there",
            """
            float activation(float x) {
                float z = (x - batch_mean(x)) / batch_std(x);
                //                              ^ error: 'batch_std' is not available; with float c = v - batch_mean(v), write sqrtf(batch_mean(c * c) + 1e-6f)
                z = z - tensor_min(z);
                //      ^ error: 'tensor_min' is not available; write -tensor_max(-v)
                return z + unit_mean();
                //         ^ error: 'unit_mean' takes 1 argument, found 0
            }
            """),
        RefusedSnippet(
            "a shift by no constant",
            """
            float activation(float x) {
                return unit_shift(x, x);
                //                   ^ error: how far to shift must be a constant, like unit_shift(x, 1)
            }
            """),
        RefusedSnippet(
            "a shift by half a unit",
            """
            float activation(float x) {
                return unit_shift(x, 0.5f);
                //                   ^ error: a shift is by a whole number of units, at most 4096, found 0.5
            }
            """),
        RefusedSnippet(
            "a random activation",
            """
            float activation(float x) {
                return x > rand() ? x : 0.0f;
                //         ^ error: 'rand' is not available: an activation is a function of x alone
            }
            """),
        RefusedSnippet(
            "a macro that pastes is one diagnostic",
            """
            #define CALL(f) f##f
            //               ^ error: # and ## in a macro are not available; write 'CALL' as a helper function
            float activation(float x) { return CALL(x) + CALL(x); }
            """),
        RefusedSnippet(
            "conditional compilation",
            """
                #if FAST > 2
            //  ^ error: #if with a condition is not available; use #ifdef, #ifndef or a C if
                #endif
                #endif
            //  ^ error: #endif without an #if before it; remove it
                #error stop
            //  ^ error: only #include and #define of constants
            float activation(float x) { return x; }
            """),
        RefusedSnippet(
            "a struct",
            """
                struct S { float a; };
            //  ^ error: 'struct' is not available
            float activation(float x) { return x; }
            """),
    ]

    static let names: [RefusedSnippet] = [
        RefusedSnippet(
            "unknown names, once each, with what may be meant",
            """
            float activation(float x) {
                float beta = 0.5f;
                return bata * x + bata + alpha * tanhff(x) + max(x, 0.0f);
                //     ^ error: unknown name 'bata'; did you mean 'beta'?
                //                       ^ error: unknown name 'alpha'; declare it first, like float alpha = …;
                //                               ^ error: unknown function 'tanhff'; did you mean 'tanhf'?
                //                                           ^ error: unknown function 'max'; write fmaxf
            }
            """),
        RefusedSnippet(
            "wrong arity",
            """
            float h(float a, float b) { return a * b; }
            float activation(float x) {
                return powf(x) + h(x) + clamp(x, 1.0f) + trainable();
                //     ^ error: 'powf' takes 2 arguments, found 1
                //               ^ error: 'h' takes 2 arguments, found 1
                //                      ^ error: 'clamp' takes 3 arguments, found 2
                //                                       ^ error: 'trainable' takes 1 argument, found 0
            }
            """),
        RefusedSnippet(
            "a function without its call, a variable that is called",
            """
            float activation(float x) {
                return tanhf + x(2.0f);
                //     ^ error: 'tanhf' is a function; call it
                //             ^ error: 'x' is a variable, not a function; write *
            }
            """),
        RefusedSnippet(
            "defined twice",
            """
            float activation(float x) { return x; }
            float activation(float x) { return 2 * x; }
            //    ^ error: function 'activation' is defined twice
            """),
        RefusedSnippet(
            "declared twice",
            """
            float activation(float x) {
                float a = x, a = 2.0f;
                //           ^ error: 'a' is already declared in this block
                return a;
            }
            """),
        RefusedSnippet(
            "another name for the function",
            """
            float my_act(float x) { return x; }
            //    ^ error: the function must be named activation; rename 'my_act'
            """),
        RefusedSnippet(
            "a second parameter",
            """
            float activation(float x, float alpha) { return x * alpha; }
            //    ^ error: activation takes exactly one parameter: float activation(float x)
            """),
        RefusedSnippet(
            "an int parameter",
            """
            float activation(int x) { return x; }
            //    ^ error: activation takes and returns float: float activation(float x)
            """),
        RefusedSnippet(
            "trainable outside",
            """
            float a = trainable(0.1f);
            //        ^ error: call trainable inside activation
            float activation(float x) { return a * x; }
            """),
        RefusedSnippet(
            "trainable of x",
            """
            float activation(float x) {
                float a = trainable(x);
                //                  ^ error: trainable needs a constant to start from
                return a * x;
            }
            """),
    ]

    static let types: [RefusedSnippet] = [
        RefusedSnippet(
            "remainder of floats",
            """
            float activation(float x) {
                x %= 2;
            //  ^ error: '%' works on int only; write fmodf
                return x % 2.0f;
                //       ^ error: '%' works on int only; write fmodf
            }
            """),
        RefusedSnippet(
            "const is const",
            """
            float activation(float x) {
                const float a = 0.5f;
                a = x;
            //  ^ error: 'a' is const or static and never changes; remove that word
                return a;
            }
            """),
        RefusedSnippet(
            "a static variable that changes",
            """
            float activation(float x) {
                static float mean = 0.0f;
                mean = 0.9f * mean + 0.1f * x;
            //  ^ error: 'mean' is const or static and never changes; remove that word
                return x - mean;
            }
            """),
        RefusedSnippet(
            "arrays and numbers",
            """
            float activation(float x) {
                float c[2] = {1.0f, 2.0f}, d = 3.0f;
                c = x;
            //  ^ error: 'c' is an array; assign its elements, like c[0] = …
                return c + d[0] + c[0.5f];
                //     ^ error: 'c' is an array; read one element, like c[0]
                //         ^ error: 'd' is one number, not an array; remove the [ ]
                //                  ^ error: an index must be int
            }
            """),
        RefusedSnippet(
            "an index that depends on x",
            """
            float activation(float x) {
                float c[2] = {1.0f, 2.0f};
                return c[(int)x];
                //       ^ error: the index of 'c' depends on x
            }
            """),
        RefusedSnippet(
            "an index out of bounds",
            """
            float activation(float x) {
                float c[3] = {x}, s = 0.0f;
                for (int i = 0; i <= 3; i++) { s += c[i]; }
                //                                    ^ error: 'c' has elements 0 to 2, found index 3
                return s;
            }
            """),
        RefusedSnippet(
            "int division by zero, and a truncation nobody meant",
            """
            float activation(float x) {
                float half = 1 / 2;
                //             ^ warning: 1 / 2 is 0 in int; write 1.0f / 2.0f
                int zero = 0;
                return half * x + 3 % zero;
                //                  ^ error: division of int by zero
            }
            """),
        RefusedSnippet(
            "a chain of comparisons, abs of a float, a power",
            """
            float activation(float x) {
                if (-1 < x < 1) return abs(x);
                //         ^ error: a chain of comparisons
                //                     ^ error: abs works on int and cuts the fraction off; write fabsf
                return x ^ 2;
                //       ^ error: '^' is no power in C; write powf
            }
            """),
        RefusedSnippet(
            "numbers that cannot be",
            """
            float activation(float x) {
                return 1e39f * x + 3000000000 + 1.2.3f + 2f;
                //     ^ error: '1e39f' is too large for float
                //                 ^ error: '3000000000' does not fit in int
                //                              ^ error: '1.2.3f' is no number
                //                                       ^ error: '2f' needs a decimal point before the f: 2.0f
            }
            """),
    ]

    static let flow: [RefusedSnippet] = [
        RefusedSnippet(
            "never reads x",
            """
            float activation(float x) {
            //    ^ error: the result never depends on x
                float y = x;
                y = 3.0f;
                return y;
            }
            """),
        RefusedSnippet(
            "reads trainable only",
            """
            float activation(float z) {
            //    ^ error: the result never depends on z
                float a = trainable(1.0f);
                return tanhf(a);
            }
            """),
        RefusedSnippet(
            "a trainable without effect is a warning",
            """
            float activation(float x) {
                float a = trainable(1.0f);
                //        ^ warning: trainable 'a' does not change the result
                return x;
            }
            """),
        RefusedSnippet(
            "missing return on some path",
            """
            float activation(float x) {
            //    ^ error: 'activation' can end without a return
                if (x > 0.0f) return x;
                else if (x < 0.0f) return -x;
            }
            """),
        RefusedSnippet(
            "read before it has a value",
            """
            float activation(float x) {
                float y;
                return y * x;
                //     ^ error: 'y' is read before it has a value
            }
            """),
        RefusedSnippet(
            "a loop whose end depends on x",
            """
            float activation(float x) {
                float y = x;
                while (y > 0.001f) { y = y * 0.5f - 0.1f * sinf(y); }
            //  ^ error: how often this loop runs depends on x; count to a constant
                return y;
            }
            """),
        RefusedSnippet(
            "a loop without end",
            """
            float activation(float x) {
                while (1) { x += 1.0f; }
            //  ^ error: this loop has no end
                return x;
            }
            """),
        RefusedSnippet(
            "a for without end",
            """
            float activation(float x) {
                for (;;) { x = x * 0.5f; }
            //  ^ error: this loop has no end
                return x;
            }
            """),
        RefusedSnippet(
            "a loop that only x ends",
            """
            float activation(float x) {
                while (true) { x = sinf(x); if (x < 0.5f) break; }
            //  ^ error: how often this loop runs depends on x; count to a constant
                return x;
            }
            """),
        RefusedSnippet(
            "a loop with too many turns",
            """
            float activation(float x) {
                for (int i = 0; i < 100000; i++) { x += 1.0f; }
            //  ^ error: loops run more than 1024 times in all; use a smaller constant bound
                return x;
            }
            """),
        RefusedSnippet(
            "break outside",
            """
            float activation(float x) {
                if (x > 0) break;
                //         ^ error: 'break' outside a loop
                return x;
            }
            """),
        RefusedSnippet(
            "a value nobody uses",
            """
            float activation(float x) {
                x * 2.0f;
            //  ^ warning: this value is not used
                return x;
            }
            """),
    ]

    static let syntax: [RefusedSnippet] = [
        RefusedSnippet(
            "a missing semicolon costs one diagnostic",
            """
            float activation(float x) {
                float a = x * 2.0f
                //                ^ error: expected ';' after the declaration
                return a;
            }
            """),
        RefusedSnippet(
            "errors in three statements are three",
            """
            float activation(float x) {
                float a = x * ;
                //            ^ error: expected a value, found ';'
                float b = (x + 1.0f;
                //                 ^ error: expected ')' to close the '('
                float c = a + b;
                return a + b + c + q;
                //                 ^ error: unknown name 'q'
            }
            """),
        RefusedSnippet(
            "an assignment inside an expression",
            """
            float activation(float x) {
                float a, b;
                a = b > 0.0f && b++ > 1.0f;
                //               ^ error: '++' is a statement of its own; write it before or after this one
                if ((a = x) > 0) return a;
                //     ^ error: assign in a statement of its own (to compare, write ==)
                b = x;
                return x + b++;
                //          ^ error: '++' or '--' of a float inside an expression; write it as a statement
            }
            """),
        RefusedSnippet(
            "a power of Python",
            """
            float activation(float x) {
                return x**2 + 2x;
                //       ^ error: '**' is no operator in C; write powf
                //            ^ error: '2x' is no number
            }
            """),
        RefusedSnippet(
            "a function without its brace",
            """
            float activation(float x)
                float y = 2.0f * x;
            //  ^ error: expected '{' to begin the body of 'activation'
                return y;
            }
            """),
        RefusedSnippet(
            "a parameter without a name, which only a prototype may have",
            """
            float h(float, float);
            float h(float a, float b) { return a + b; }
            float activation(float) { return h(1.0f, 2.0f); }
            //                    ^ error: this parameter has no name
            """),
        RefusedSnippet(
            "a brace that is never closed",
            """
            float activation(float x) {
                //                    ^ error: this '{' is never closed
                return x;
            """),
        RefusedSnippet(
            "a brace too many",
            """
            float activation(float x) { return x; } }
            //                                      ^ error: '}' without a '{' before it
            """),
        RefusedSnippet(
            "Python",
            """
                def activation(x):
            //  ^ error: this is not C
                    return x * sigmoid(x)
            """),
        RefusedSnippet(
            "symbols of mathematics",
            """
            float activation(float x) {
                return x × 2.0f;
                //       ^ error: '×' is no part of C
            }
            """),
        RefusedSnippet(
            "C++",
            """
            float activation(float x) {
                auto y = std::tanh(x);
            //  ^ error: 'auto' is not available
                return std::max(x, y);
                //        ^ error: C++ names are not available
            }
            """),
        RefusedSnippet(
            "nothing at all",
            """
                I am sorry, I cannot do that.
            //  ^ error: unknown type 'I'
            """),
        RefusedSnippet(
            "a comment that never ends",
            """
                float activation(float x) { return x; }
                /* and so on
            //  ^ error: this comment is never closed
            """),
    ]
}
